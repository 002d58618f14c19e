"""What the agent answers: over HTTPS to workloads that show a certificate of the region, and on a local socket to its own scripts.

  GET /primary   200 on the one server that takes writes, else 503
  GET /health    200 or 503, and the health line
  GET /mariadb   everything as JSON
  POST /clone                 a copy as a stream: of the running primary for the other site's server; of primary or standby for the site's own
                              repository host, which may add ?since=LSN for what changed after it
  GET  /binlogs?after=NAME    finished binary logs after that one (empty: all) as a tar, for the site's own repository host alone; 410 where
                              they are no longer complete
"""
import json
import os
import re
import socketserver
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mariadb_facts as facts_of
from mariadb_binlogs import Gone, is_name
from mariadb_clone import CloneFailed

HANDSHAKE_SECONDS = 3
CONTROL = os.environ.get("LUMBUNG_RUN", "/run/lumbung") + "/agent.sock"
MAX_CONNECTIONS = 48
LSN = re.compile(r"since=([0-9]{1,20})")


def server_tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(facts_of.CONFIG + "/tls/server.crt", facts_of.CONFIG + "/tls/server.key")
    context.load_verify_locations(facts_of.CONFIG + "/tls/ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    agent = None
    local = False

    def log_message(self, *_):
        pass

    def say(self, status, text, kind="text/plain"):
        body = (text + "\n").encode()
        self.send_response(status)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/primary":
            primary = self.agent.takes_writes()
            self.say(200 if primary else 503, "primary" if primary else "not the primary")
        elif self.path == "/health":
            well, line = self.agent.health()
            self.say(200 if well else 503, line)
        elif self.path == "/mariadb":
            self.say(200, json.dumps(self.agent.answer()), "application/json")
        elif self.path.split("?")[0] == "/binlogs" and not self.local:
            self.binlogs()
        else:
            self.say(404, "no such path")

    def do_POST(self):
        if self.path == "/reload" and self.local:
            why = self.agent.reload()
            self.say(500 if why else 200, why or "done")
        elif self.path.split("?")[0] == "/clone" and not self.local:
            self.clone()
        else:
            self.say(404, "no such path")

    def common_name(self):
        subject = dict(pair for part in self.connection.getpeercert()["subject"] for pair in part)
        return subject.get("commonName")

    def caller(self):
        """`peer`, `backup`, or None: whoever shows neither's certificate."""
        settings, name = facts_of.read_settings(), self.common_name()
        known = {settings.get(key): who for key, who in (("PEER_HOST_NAME", "peer"), ("BACKUP_HOST_NAME", "backup")) if settings.get(key)}
        return known.get(name)

    def clone(self):
        who, query = self.caller(), self.path.partition("?")[2]
        since = LSN.fullmatch(query)
        if who is None:
            return self.say(403, "a copy is for the other site's server and the own site's repository host alone")
        if who == "peer":
            return self.say(400, "a copy for the other site is a whole one") if query else self.stream("a copy", self.agent.give_copy)
        if query and since is None:
            return self.say(400, "expected ?since= and a log sequence number, received something else")
        return self.stream("a backup", lambda write: self.agent.give_backup(write, since.group(1) if since else None))

    def binlogs(self):
        if self.caller() != "backup":
            return self.say(403, "binary logs are for the own site's repository host alone")
        word, _, after = self.path.partition("?")[2].partition("=")
        if word != "after" or not (after == "" or is_name(after)):
            return self.say(400, "expected ?after= and the name of a binary log or nothing, received something else")
        return self.stream("binary logs", lambda write: self.agent.give_binlogs(write, after))

    def stream(self, what, give):
        """What `give(write)` writes, in chunks; 503 and a line where it returns why it writes nothing."""
        self.connection.settimeout(120)
        self.close_connection = True
        started = False

        def begin():
            nonlocal started
            self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.send_header("X-Lumbung-Lineage", facts_of.read_marker().get("lineage", "founded"))
            self.end_headers()
            started = True

        def write(chunk):
            if not started:
                begin()
            self.wfile.write(b"%x\r\n" % len(chunk) + chunk + b"\r\n")

        try:
            why = give(write)
            if why:
                return self.say(503, why)
            self.wfile.write(b"0\r\n\r\n")
        except Gone as error:
            return self.say(410, str(error))
        except CloneFailed as error:
            self.agent.say(f"{what} could not be given: {error}")
            if not started:
                self.say(500, str(error))
            # Otherwise the stream just ends: without its last chunk the other side knows that it is not whole.
        except OSError as error:
            self.agent.say(f"{what} was cut off: {error}")
        return None


class TlsServer(ThreadingHTTPServer):
    """The handshake is done in the connection's own thread: one slow client holds up nobody."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, agent, port):
        self.context = server_tls()
        self.slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__(("0.0.0.0", port), type("AgentHandler", (Handler,), {"agent": agent}))

    def reload(self):
        self.context = server_tls()

    def process_request_thread(self, request, client_address):
        with self.slots:
            try:
                request.settimeout(HANDSHAKE_SECONDS)
                secured = self.context.wrap_socket(request, server_side=True)
            except (OSError, ssl.SSLError):
                self.shutdown_request(request)
                return
            super().process_request_thread(secured, client_address)

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is nothing to tell of."""


class LocalHandler(Handler):
    local = True

    def address_string(self):
        return "local"


class LocalServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, agent):
        if os.path.exists(CONTROL):
            os.unlink(CONTROL)
        super().__init__(CONTROL, type("AgentLocalHandler", (LocalHandler,), {"agent": agent}))
        os.chmod(CONTROL, 0o600)


def serve(server):
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 5}, daemon=True).start()
