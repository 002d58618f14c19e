"""A small S3 client: signature version 4, streams in both directions, versions and locks. The standard library alone, so that the copier stays small in memory.

Every call ends: a connection that says nothing for `timeout` seconds is given up. What the store refuses is an `Refused` with the store's code.
"""

import hashlib
import hmac
import http.client
import ssl
import urllib.parse
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import datetime, timezone

EMPTY = hashlib.sha256(b"").hexdigest()
UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED_CLOCK_SKEW_SECONDS = 900


class Failed(Exception):
    """The store did not answer, or not as S3 does."""


class Refused(Failed):
    """The store answered with an error. `code` is S3's, for example AccessDenied."""

    def __init__(self, status, code, text):
        super().__init__(f"{code} ({status}){f': {text}' if text else ''}")
        self.status, self.code = status, code


@dataclass(frozen=True)
class Version:
    """One line of a list of versions. `marker`: a delete marker, which has neither content nor ETag."""

    key: str
    id: str
    marker: bool
    modified: str
    etag: str = ""
    size: int = 0


class Store:
    """One S3 endpoint as one identity. `context` is the TLS context, None: plain HTTP (loopback only). `name` is verified and sent as Host."""

    def __init__(self, address, port, access, secret, context=None, name=None, timeout=30, clock=None):
        self.address, self.port, self.access, self.secret = address, port, access, secret
        self.context, self.name, self.timeout = context, name or address, timeout
        self.clock = clock or (lambda: datetime.now(timezone.utc))
        self.connection = None

    # --- calls ------------------------------------------------------------------------------------------------------------

    def call(self, method, path, query=(), headers=None, body=b"", signed=True):
        """Status, headers and whole body of a small answer. Raises Refused for 400 and above, Failed where nothing came."""
        with self.open(method, path, query, headers, body, signed) as answer:
            return answer.status, answer.headers, answer.read()

    def open(self, method, path, query=(), headers=None, body=b"", signed=True):
        """The answer as a stream, to be closed. `body` is bytes, or a reader whose length is in `Content-Length`."""
        fresh = self.connection is None
        try:
            return self._answer(method, path, query, headers, body, signed)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            # A kept connection that the other side has closed meanwhile: asked once more, if the body can be sent again.
            again = not fresh and isinstance(body, bytes) and isinstance(error, (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError))
            if not again:
                raise Failed(f"{self.name}:{self.port}: {reason(error)}") from error
        try:
            return self._answer(method, path, query, headers, body, signed)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Failed(f"{self.name}:{self.port}: {reason(error)}") from error

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _answer(self, method, path, query, headers, body, signed):
        if self.connection is None:
            self.connection = self._connect()
        quoted = quote(path)
        asked = canonical_query(query)
        sent = {"Host": f"{self.name}:{self.port}", **(headers or {})}
        if signed:
            sent = self._signed(method, quoted, asked, sent, body)
        target = f"{quoted}?{asked}" if asked else quoted
        self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        if isinstance(body, bytes) and (body or method in ("PUT", "POST")):
            sent["Content-Length"] = str(len(body))
        for name, value in sent.items():
            self.connection.putheader(name, value.encode("utf-8"))
        self.connection.endheaders()
        if isinstance(body, bytes):
            if body:
                self.connection.send(body)
        else:
            while piece := body.read(256 * 1024):
                self.connection.send(piece)
        answer = self.connection.getresponse()
        if answer.status >= 400:
            text = answer.read()
            answer.close()
            raise refusal(answer.status, text)
        return Answer(answer)

    def _connect(self):
        if self.context is None:
            return http.client.HTTPConnection(self.address, self.port, timeout=self.timeout)
        connection = http.client.HTTPSConnection(self.name, self.port, timeout=self.timeout, context=self.context)
        # The address is told by the inventory; the name is what the certificate must carry.
        connection._create_connection = lambda _, timeout, source: _dial(self.address, self.port, timeout)
        return connection

    def _signed(self, method, path, query, headers, body):
        """AWS Signature Version 4 over every header that is sent."""
        now = self.clock()
        stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        payload = UNSIGNED if not isinstance(body, bytes) else hashlib.sha256(body).hexdigest() if body else EMPTY
        headers = {**headers, "x-amz-date": stamp, "x-amz-content-sha256": payload}
        lower = {name.lower(): " ".join(value.split()) for name, value in headers.items() if name.lower() != "content-length"}
        names = ";".join(sorted(lower))
        lines = "".join(f"{name}:{lower[name]}\n" for name in sorted(lower))
        request = "\n".join([method, path, query, lines, names, payload])
        scope = f"{day}/us-east-1/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
        key = f"AWS4{self.secret}".encode()
        for part in (day, "us-east-1", "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        return {**headers, "Authorization": f"AWS4-HMAC-SHA256 Credential={self.access}/{scope}, SignedHeaders={names}, Signature={signature}"}

    # --- what is asked ------------------------------------------------------------------------------------------------------

    def buckets(self):
        return [text(one, "Name") for one in elements(self.call("GET", "/")[2], "Bucket")]

    def versions(self, bucket, prefix=""):
        """Every version and delete marker of a bucket, in the store's order (by key, newest first), a page at a time."""
        after = {}
        while True:
            query = [("versions", ""), ("max-keys", "1000"), ("encoding-type", "url"), *([("prefix", prefix)] if prefix else []), *after.items()]
            root = ElementTree.fromstring(self.call("GET", f"/{bucket}", query)[2])
            encoded = text(root, "EncodingType") == "url"
            for one in root:
                kind = local(one.tag)
                if kind in ("Version", "DeleteMarker"):
                    yield version(one, kind == "DeleteMarker", encoded)
            if text(root, "IsTruncated") != "true":
                return
            following = {"key-marker": text(root, "NextKeyMarker"), "version-id-marker": text(root, "NextVersionIdMarker")}
            if encoded:
                following["key-marker"] = urllib.parse.unquote(following["key-marker"])
            if following == after or not following["key-marker"]:
                raise Failed(f"{self.name}: list of {bucket} says that more follows, and not from where")
            after = {name: value for name, value in following.items() if value}


class Answer:
    """An answer's stream. What is left of it is read when it is closed, so that the connection can be used again."""

    def __init__(self, answer):
        self.answer, self.status, self.headers = answer, answer.status, answer.headers

    def read(self, size=None):
        return self.answer.read() if size is None else self.answer.read(size)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        while self.answer.read(64 * 1024):
            pass
        self.answer.close()


def client_context(folder):
    """TLS as every workload of ours speaks it: the region's root alone is believed, and our own certificate is shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(f"{folder}/ca.crt")
    context.load_cert_chain(f"{folder}/server.crt", f"{folder}/server.key")
    return context


def _dial(address, port, timeout):
    import socket

    return socket.create_connection((address, port), timeout)


def quote(path):
    return urllib.parse.quote(path, safe="/-_.~")


def canonical_query(query):
    pairs = sorted((urllib.parse.quote(name, safe="-_.~"), urllib.parse.quote(value, safe="-_.~")) for name, value in query)
    return "&".join(f"{name}={value}" for name, value in pairs)


def refusal(status, body):
    try:
        root = ElementTree.fromstring(body)
        return Refused(status, text(root, "Code") or f"HTTP{status}", text(root, "Message"))
    except ElementTree.ParseError:
        return Refused(status, f"HTTP{status}", body[:200].decode("utf-8", "replace").strip())


def version(one, marker, encoded):
    key = text(one, "Key")
    return Version(
        urllib.parse.unquote(key) if encoded else key,
        text(one, "VersionId"),
        marker,
        text(one, "LastModified"),
        text(one, "ETag").strip('"'),
        int(text(one, "Size") or 0),
    )


def local(tag):
    return tag.rsplit("}", 1)[-1]


def text(element, name):
    for one in element:
        if local(one.tag) == name:
            return one.text or ""
    return ""


def elements(body, name):
    return [one for one in ElementTree.fromstring(body).iter() if local(one.tag) == name]


def reason(error):
    """What went wrong, in few words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return " ".join(str(error).split()) or type(error).__name__
