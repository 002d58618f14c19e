"""Copies buckets from the other site's store into this one: every version in order, delete markers, metadata, locks. Nothing is ever deleted here.

A round of a bucket reads the other side's whole list. It is complete when all that stood in the list stands here; its age counts from its beginning.
"""

import hashlib
import re
import subprocess
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import copy_plan
from apply import administrator
from keys import keys_of
from s3 import Failed, Refused, Store, client_context
from settings import TLS, identities, room, size

ORIGIN = "x-amz-meta-lumbung-origin"
CARRIED = ("Content-Type", "Content-Encoding", "Content-Disposition", "Content-Language", "Cache-Control", "Expires")
UNTIL = "x-amz-object-lock-retain-until-date"
LOCKS_PER_ROUND = 50
LOCKS_AFTER_SECONDS = 60
ROLE_SECONDS = 5
SKEW_SECONDS = 60
# Stands in the memory where a version's lock would: a delete marker has none.
MARKER = "marker"
PLAIN_MD5 = re.compile(r"^[0-9a-f]{32}$")


class Idle(Exception):
    """Nothing is to be copied now, for a reason that is no failure of the copying itself."""


def own_role():
    """`active`, `standby` or `unknown`, as the gateway of this site says."""
    return subprocess.run(["lumbung-role"], capture_output=True, text=True, timeout=10, check=False).stdout.strip() or "unknown"


def copying_role():
    """The same, but `closing` where the site ended its epoch in good order: it gives its last copies and takes none."""
    return subprocess.run(["lumbung-role", "copies"], capture_output=True, text=True, timeout=10, check=False).stdout.strip() or "unknown"


class Copier:
    def __init__(self, told, memory, role=copying_role, clock=None):
        self.told, self.peer, self.memory, self.role, self.clock = told, told["peer"], memory, role, clock
        # When our role was asked last, and seconds by which our clock is ahead of the other site's.
        self.asked, self.skew = 0.0, 0

    # --- may we? ------------------------------------------------------------------------------------------------------------

    def source(self):
        """The other site's store, as its copier of the epoch in force there. Raises Idle unless we are standby and it is active, or closing; Failed."""
        self.must_be_standby()
        context = client_context(TLS)
        address, port, name = self.peer["address"], self.peer["port"], self.peer["name"]
        door = Store(address, port, "", "", context, name, timeout=10)
        try:
            _, headers, body = door.call("GET", "/.lumbung/role", signed=False)
        finally:
            door.close()
        self.skew = skew(headers.get("date"), self.clock)
        if body not in (b"active", b"closing"):
            raise Idle(f"{self.peer['site']} is {body.decode('utf-8', 'replace')[:20]} too: nobody copies")
        epoch = headers.get("lumbung-epoch", "")
        if not epoch.isdecimal():
            raise Failed(f"{self.peer['site']} does not say of which epoch its store is")
        one = keys_of(identities()["peer"]["secret"], int(epoch))
        return Store(address, port, one["accessKey"], one["secretKey"], context, name, timeout=60, clock=self.clock)

    def must_be_standby(self):
        role = self.role()
        self.asked = time.monotonic()
        if role != "standby":
            raise Idle(f"this site is {role}: it copies from nowhere")

    def still_standby(self):
        """Asked again while a long round goes on, so that a promoted site is left alone within seconds."""
        if time.monotonic() - self.asked > ROLE_SECONDS:
            self.must_be_standby()

    # --- a bucket -------------------------------------------------------------------------------------------------------------

    def round(self, bucket):
        """One complete round. Returns how many versions came. Raises Idle, Failed."""
        began = time.time()
        theirs = self.source()
        ours = administrator(timeout=60)
        try:
            came = sum(self._object(theirs, ours, bucket["id"], key, versions) for key, versions in by_key(theirs.versions(bucket["id"])))
            if bucket["lockDays"]:
                self._locks(theirs, ours, bucket["id"])
        except Refused as error:
            raise Failed(self._told(error)) from error
        finally:
            theirs.close()
            ours.close()
        self.memory.complete(bucket["id"], began)
        return came

    def _told(self, error):
        """A refusal in words that say what to do."""
        if error.code == "RequestTimeTooSkewed":
            return f"{self.peer['site']} refuses: the clocks differ by {abs(self.skew)} s, at most 900 s are let through. Set this machine's clock or theirs (chrony)"
        if error.code in ("InvalidAccessKeyId", "SignatureDoesNotMatch"):
            return f"{self.peer['site']} refuses the copier's key ({error.code}): rotated there and not here? lumbung up at both sites"
        return f"{self.peer['site']}: {error}"

    def _object(self, theirs, ours, bucket, key, versions):
        known = self.memory.known(bucket, key)
        if all(ref(one) in known for one in versions):
            return 0
        self.still_standby()
        there = [copy_plan.Item(ref(one), None if one.marker else origin(theirs, bucket, one, self.peer["site"])) for one in versions]
        first = {item.origin: one for one, item in zip(versions, there, strict=True) if not item.marker}
        here = [copy_plan.Item(ref(one), None if one.marker else as_whole(origin(ours, bucket, one, self.told["site"]), one, first)) for one in local_versions(ours, bucket, key)]
        by_ref = {ref(one): (one, item) for one, item in zip(versions, there, strict=True)}
        came = 0
        for act in copy_plan.plan(there, here, known):
            one, item = by_ref[act.ref]
            if isinstance(act, copy_plan.Known):
                self.memory.keep(bucket, key, act.ref, act.local, MARKER if one.marker else until(ours, bucket, key, act.local))
                continue
            self.still_standby()
            local, lock = mark(ours, bucket, key) if item.marker else copy(theirs, ours, bucket, one, item.origin)
            self.memory.keep(bucket, key, act.ref, local, lock)
            came += 1
        return came

    def _locks(self, theirs, ours, bucket):
        """Locks that were extended there are extended here: a part of them each round, the longest not compared first."""
        for key, there, local, lock in self.memory.least_checked(bucket, time.time() - LOCKS_AFTER_SECONDS, LOCKS_PER_ROUND):
            self.still_standby()
            wanted = until(theirs, bucket, key, version_id(there))
            if wanted > lock:
                retain(ours, bucket, key, local, wanted)
            self.memory.keep(bucket, key, there, local, max(wanted, lock))


# --- parts, each of one thing -----------------------------------------------------------------------------------------------


def ref(one):
    """What a version is known by. Without versions the id stays `null` while the content changes."""
    return f"null {one.etag} {one.modified}" if one.id == "null" else one.id


def version_id(named):
    return named.split(" ")[0]


def by_key(versions):
    """(key, versions of it, oldest first), as they come in a list."""
    key, group = None, []
    for one in versions:
        if one.key != key and group:
            yield key, group[::-1]
            group = []
        key = one.key
        group.append(one)
    if group:
        yield key, group[::-1]


def local_versions(ours, bucket, key):
    """Versions of one object, oldest first."""
    found = []
    for one in ours.versions(bucket, prefix=key):
        if one.key == key:
            found.append(one)
        elif found:
            break
    return found[::-1]


def origin(store, bucket, one, site):
    _, headers, _ = store.call("HEAD", f"/{bucket}/{one.key}", [("versionId", one.id)])
    return headers.get(ORIGIN) or f"{site}/{ref(one)}"


def as_whole(named, one, theirs):
    """The origin, unless what is here is not that version's whole content: then it counts as another, and the version is copied anew."""
    other = theirs.get(named)
    if other is None:
        return named
    differs = PLAIN_MD5.match(other.etag) and PLAIN_MD5.match(one.etag) and other.etag != one.etag
    return f"unlike {named}" if differs or other.size != one.size else named


def until(store, bucket, key, version):
    """End of a version's lock as ISO 8601, or an empty text."""
    _, headers, _ = store.call("HEAD", f"/{bucket}/{key}", [("versionId", version_id(version))])
    return headers.get(UNTIL) or ""


def mark(ours, bucket, key):
    _, headers, _ = ours.call("DELETE", f"/{bucket}/{key}")
    return headers.get("x-amz-version-id") or "marker", MARKER


def copy(theirs, ours, bucket, one, first):
    """One version's content, read there and written here as it comes, and compared. Returns its id here and its lock. Raises Failed."""
    free, reserve = room()
    if free < reserve + one.size:
        raise Failed(f"this store is full: {size(free)} free, {one.key} needs {size(one.size)} and {size(reserve)} stay free. Make room; the copy goes on by itself")
    with theirs.open("GET", f"/{bucket}/{one.key}", [("versionId", one.id)]) as answer:
        length = int(answer.headers["Content-Length"])
        headers = {"Content-Length": str(length), ORIGIN: first, **carried(answer.headers)}
        lock = answer.headers.get(UNTIL) or ""
        if lock and lock > now():
            headers |= {"x-amz-object-lock-mode": "COMPLIANCE", UNTIL: lock}
        body = Counted(answer, length, f"{bucket}/{one.key}", one.etag if PLAIN_MD5.match(one.etag) else None)
        with ours.open("PUT", f"/{bucket}/{one.key}", headers=headers, body=body) as written:
            local, etag = written.headers.get("x-amz-version-id") or "null", (written.headers.get("ETag") or "").strip('"')
    if PLAIN_MD5.match(etag) and body.md5.hexdigest() != etag:
        raise Failed(f"{bucket}/{one.key}: sent content of MD5 {body.md5.hexdigest()}, this store has {etag}")
    return local, lock


class Counted:
    """A stream of known length and, where known, MD5. What ends early or differs is an error before its last piece is handed on, and so never an object."""

    def __init__(self, stream, length, name, expected):
        self.stream, self.left, self.name, self.expected = stream, length, name, expected
        self.md5 = hashlib.md5(usedforsecurity=False)

    def read(self, count):
        if self.left == 0:
            return b""
        piece = self.stream.read(min(count, self.left))
        if not piece:
            raise Failed(f"{self.name}: the other site's answer ended {self.left} bytes early")
        self.left -= len(piece)
        self.md5.update(piece)
        if self.left == 0 and self.expected not in (None, self.md5.hexdigest()):
            raise Failed(f"{self.name}: expected content of MD5 {self.expected}, received {self.md5.hexdigest()}")
        return piece


def carried(headers):
    own = {name: headers[name] for name in CARRIED if headers.get(name)}
    return own | {name.lower(): value for name, value in headers.items() if name.lower().startswith("x-amz-meta-") and name.lower() != ORIGIN}


def retain(ours, bucket, key, version, wanted):
    body = f"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{wanted}</RetainUntilDate></Retention>".encode()
    ours.call("PUT", f"/{bucket}/{key}", [("retention", ""), ("versionId", version_id(version))], body=body)


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def skew(date, clock):
    """Seconds by which this clock is ahead of the other site's; 0 where it did not say."""
    if not date:
        return 0
    mine = clock() if clock else datetime.now(timezone.utc)
    return round((mine - parsedate_to_datetime(date)).total_seconds())
