"""An HTTPS server that lets in whoever shows a certificate of the region, and an HTTP server on a local socket. Handlers are handed in."""
import os
import socketserver
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANDSHAKE_SECONDS = 3
MAX_CONNECTIONS = 48


def server_tls(config):
    """config: folder with tls/. A client must show a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(config + "/tls/server.crt", config + "/tls/server.key")
    context.load_verify_locations(config + "/tls/ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class Handler(BaseHTTPRequestHandler):
    """local: asked over the socket in the container, by our own scripts."""

    protocol_version = "HTTP/1.1"
    timeout = 10
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

    def common_name(self):
        """Of the certificate that the client showed."""
        subject = dict(pair for part in self.connection.getpeercert()["subject"] for pair in part)
        return subject.get("commonName")

    def address_string(self):
        return "local" if self.local else super().address_string()


class TlsServer(ThreadingHTTPServer):
    """The handshake is done in the connection's own thread: one slow client holds up nobody."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, config, port, handler, connections=MAX_CONNECTIONS, address="0.0.0.0"):
        self.config = config
        self.context = server_tls(config)
        self.slots = threading.BoundedSemaphore(connections)
        super().__init__((address, port), handler)

    def reload(self):
        """Takes up a renewed certificate."""
        self.context = server_tls(self.config)

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


class LocalServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path, handler):
        if os.path.exists(path):
            os.unlink(path)
        super().__init__(path, type("Local" + handler.__name__, (handler,), {"local": True}))
        os.chmod(path, 0o600)

    def handle_error(self, request, client_address):
        """As above."""


def serve(server):
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 5}, daemon=True).start()
