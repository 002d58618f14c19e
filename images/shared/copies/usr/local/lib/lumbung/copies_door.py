#!/usr/bin/python3 -B
"""What a copier answers and is told, over HTTPS, beside whatever it copies. The shapes, and what each order means: model/copies.ts.

Usage: copies_door.py

  /config/current/copies.env          CALLERS: who may give orders, with commas
  /usr/local/lib/lumbung/copies       the image's own: `state` prints the list of copies as JSON, `raise EPOCH` has credentials of that epoch count (exit 3: a
                                      later one does) or says in one line that there are none
  /run/lumbung/rounds                 a named pipe from which the copier reads: a line is a round that is to begin
"""
import errno
import json
import os
import signal
import subprocess
import sys
import threading

import door
import guard_files
import tls_server
from door import EPOCH, Refused

PORT = 8010
CONNECTIONS = 8
PROGRAM = os.environ.get("LUMBUNG_LIB", "/usr/local/lib/lumbung") + "/copies"
SECONDS = 60
LATER_COUNTS = 3
VERBS = {"round": {}, "raise": EPOCH}


class Copies:
    """program: the image's `copies`. run: folder with the pipe."""

    def __init__(self, program, run):
        self.program, self.pipe = program, run + "/rounds"
        self.orders = {"round": self.round, "raise": self.raise_epoch}
        # One raise at a time; who asks for the state waits for nobody.
        self.raising = threading.Lock()

    def state(self):
        """The list of copies. Raises Refused."""
        code, said = self.ask("state")
        if code != 0:
            raise Refused("unknown", said or f"copies state ended with {code}")
        return json.loads(said)

    def ask(self, *words):
        """(exit code, what it said)."""
        try:
            ended = subprocess.run([self.program, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise Refused("slow", f"copies {words[0]} did not end within {SECONDS} s") from error
        return ended.returncode, (ended.stdout if ended.returncode == 0 else ended.stderr).strip()

    def take(self, order):
        """The answer. Raises Refused."""
        note = self.orders[order["verb"]](order)
        return {"copies": self.state(), "note": note}

    def round(self, _):
        try:
            pipe = os.open(self.pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            # Nobody made it, or nobody reads.
            if error.errno in (errno.ENOENT, errno.ENXIO):
                raise Refused("not-copying", "the copier does not run yet: what is here may not be used, or is being filled") from error
            raise
        try:
            os.write(pipe, b"round\n")
        except BlockingIOError:
            # So many wait already.
            pass
        finally:
            os.close(pipe)
        return "a round begins"

    def raise_epoch(self, order):
        with self.raising:
            code, said = self.ask("raise", str(order["epoch"]))
        if code != 0:
            raise Refused("past-epoch" if code == LATER_COUNTS else "not-raised", said or f"copies raise ended with {code}")
        return said


def handler_of(copies, callers):
    """callers: common names that may give orders."""

    class Handler(door.Handler):
        def do_GET(self):
            if self.path != "/copies":
                return self.say(404, "no such path")
            return self.trying(lambda: (200, copies.state()))

        def do_POST(self):
            if self.path != "/copies":
                return self.say(404, "no such path")
            return self.for_ops(lambda _: (202, copies.take(self.order(VERBS))))

    Handler.callers = tuple(callers)
    return Handler


def main():
    config = os.environ.get("LUMBUNG_CONFIG", "/config") + "/current"
    run = os.environ.get("LUMBUNG_RUN", "/run/lumbung")
    server = tls_server.TlsServer(config, PORT, handler_of(Copies(PROGRAM, run), callers_in(config)), CONNECTIONS)

    def reload(*_):
        """A renewed certificate is shown from the next connection on; who may call is read again with it."""
        try:
            server.reload()
            server.RequestHandlerClass.callers = callers_in(config)
        except OSError as error:
            print(f"copies: the new certificate cannot be used: {error}", file=sys.stderr, flush=True)

    signal.signal(signal.SIGHUP, reload)
    server.serve_forever(poll_interval=5)


def callers_in(config):
    return tuple(guard_files.read_settings(config + "/copies.env")["CALLERS"].split(","))


if __name__ == "__main__":
    main()
