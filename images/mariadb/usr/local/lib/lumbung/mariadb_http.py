"""What the agent answers: over HTTPS to workloads that show a certificate of the region, and on a local socket to its own scripts.

  GET /primary   200 on the one server that takes writes, else 503
  GET /health    200 or 503, and the health line
  GET /mariadb   everything as JSON
  POST /close, /open          (local) stops, or begins, to take writes, and waits until it has; 503 and why it has not
  POST /keep                  (local) keeps what only this closed server has, after ?since=GTID where that is known; 503 and why it has not
  POST /clone                 a copy as a stream: of the running primary for the other site's server; of primary or standby for the site's own
                              repository host, which may add ?since=LSN for what changed after it
  GET  /binlogs?after=NAME    finished binary logs after that one (empty: all) as a tar, for the site's own repository host alone; 410 where
                              they are no longer complete
"""
import json
import os
import re

import mariadb_facts as facts_of
import tls_server
from mariadb_binlogs import Gone, is_name
from mariadb_clone import CloneFailed

CONTROL = os.environ.get("LUMBUNG_RUN", "/run/lumbung") + "/agent.sock"
LSN = re.compile(r"since=([0-9]{1,20})")
GTID = re.compile(r"since=([0-9]{1,10}-[0-9]{1,10}-[0-9]{1,20})")


class Handler(tls_server.Handler):
    agent = None

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
        elif self.path in ("/close", "/open") and self.local:
            well, line = self.agent.turn(self.path[1:])
            self.say(200 if well else 503, line)
        elif self.path.split("?")[0] == "/keep" and self.local:
            self.keep()
        elif self.path.split("?")[0] == "/clone" and not self.local:
            self.clone()
        else:
            self.say(404, "no such path")

    def caller(self):
        """`peer`, `backup`, or None: whoever shows neither's certificate."""
        settings, name = facts_of.read_settings(), self.common_name()
        known = {settings.get(key): who for key, who in (("PEER_HOST_NAME", "peer"), ("BACKUP_HOST_NAME", "backup")) if settings.get(key)}
        return known.get(name)

    def keep(self):
        query = self.path.partition("?")[2]
        since = GTID.fullmatch(query)
        if query and since is None:
            return self.say(400, "expected ?since= and a GTID, received something else")
        well, line = self.agent.keep(since.group(1) if since else None)
        return self.say(200 if well else 503, line)

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


def handler_of(agent):
    return type("AgentHandler", (Handler,), {"agent": agent})
