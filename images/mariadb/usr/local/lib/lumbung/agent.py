"""The agent beside MariaDB: founding guard, parent of the database process, and the one who says who the primary is.

A server starts closed (read only, following nobody) and is opened, or follows, when it is known what it is:
  primary   remembered as such, and the other site does not say that it is the primary; it takes writes under the site's lease alone
  standby   follows the other site; one that is broken is made anew from the primary, by itself once a day at most
  closed    in doubt: neither takes writes nor follows, and says why
"""
import os
import signal
import sys
import threading
import time
import traceback

import guard_files
import lease_disk
import lease_file
import mariadb_binlogs as binlogs
import mariadb_clone as clone
import mariadb_facts as facts_of
from guard_decision import Names, decide
from mariadb_engine import Died, Engine, empty, found, new_system, region_of, write_region
from mariadb_http import CONTROL, handler_of
from mariadb_peer import Peer
from mariadb_turning import NotTurned
from mariadb_watch import Watch
from tls_server import LocalServer, TlsServer, serve

RUN = os.environ.get("LUMBUNG_RUN", "/run/lumbung")
GUARD_SECONDS = 2
WATCH_SECONDS = 1
STALE_SECONDS = 6
GIVE_WAY_SECONDS = 10


def utc():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Agent:
    def __init__(self):
        self.stopping = threading.Event()
        self.settings = facts_of.read_settings()
        self.memory = facts_of.read_memory()
        self.state = "waiting"
        self.line = "starting"
        self.engine = None
        self.watch = None
        self.peer = Peer(self)
        self.server = TlsServer(facts_of.CONFIG, facts_of.AGENT_PORT, handler_of(self))
        self.copying = threading.Lock()
        self.backup = None
        self.again = False

    # --- what others are told ---------------------------------------------------------------------------------------------
    def say(self, text):
        print("lumbung-mariadb: " + text, file=sys.stderr, flush=True)

    def show(self, state, line):
        self.state = state
        if line.split(":")[0] != self.line.split(":")[0] or "MiB" not in line:
            if line != self.line:
                self.say(line)
        self.line = line

    def running(self):
        watch = self.watch
        return watch is not None and self.state == "running" and time.monotonic() - watch.at < STALE_SECONDS

    def takes_writes(self):
        return self.running() and self.watch.role == "primary" and self.watch.open

    def health(self):
        if self.state != "running":
            return False, self.line
        if not self.running():
            return False, f"MariaDB does not answer (for more than {STALE_SECONDS} s) {self.watch.fault if self.watch else ''}".rstrip()
        return self.watch.health()

    def answer(self):
        well, line = self.health()
        base = {
            "region": self.settings["REGION_IDENTITY"],
            "site": self.settings["SITE"],
            "workload": self.settings["WORKLOAD"],
            "system": self.memory.get("system"),
            "state": self.state,
            "role": "uninitialized",
            "healthy": well,
            "line": line,
            "mode": self.settings["MODE"],
            "rpo_seconds": int(self.settings["RPO_SECONDS"]),
        }
        if self.running():
            base |= self.watch.answer()
        elif self.state == "running":
            base["state"] = "silent"
        return base

    # --- the life of a server ---------------------------------------------------------------------------------------------
    def main(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        serve(self.server)
        serve(LocalServer(CONTROL, handler_of(self)))
        self.peer.start()
        while not self.stopping.is_set():
            self.guard()
            if not self.stopping.is_set():
                self.run()
        return 0

    def going(self):
        return not self.stopping.is_set()

    def guard(self):
        """Returns when there are data that may be started, or when all is to stop."""
        while self.going():
            self.settings, self.memory = facts_of.read_settings(), facts_of.read_memory()
            facts = facts_of.gather(self.settings, self.memory)
            decision = decide(facts, self.names())
            self.void_permit(decision, facts.permit)
            if decision.action == "start":
                return
            try:
                if decision.action == "found":
                    if lease_file.arm(RUN):
                        return self.found()
                    self.begin_first(True)
                    self.show("waiting", f"wait [wait-lease]: a new server is founded under the lease alone: {self.lease_line()}")
                    self.stopping.wait(GUARD_SECONDS)
                    continue
                if decision.action == "clone":
                    return self.clone()
                self.show("refused" if decision.action == "refuse" else "waiting", f"{decision.action} [{decision.code}]: {decision.message}")
            except clone.CloneFailed as error:
                self.show("waiting", f"wait [clone]: a copy from {self.settings['PEER_SITE']} is due: {error}")
            self.stopping.wait(GUARD_SECONDS)
        return None

    @staticmethod
    def lease_line():
        record = lease_file.read_lease(RUN)
        return f"[{record['code']}] {record['message']}"

    def begin_first(self, founds=False):
        lease_disk.begin_first(facts_of.IDENTITY, lease_file.read_lease(RUN), self.memory, founds)

    def names(self):
        return Names(*(self.settings.get(key, "") for key in ("REGION", "SITE", "WORKLOAD", "PEER_SITE")))

    def remember(self, **changed):
        self.memory = {**self.memory, "region": self.settings["REGION_IDENTITY"], **changed}
        facts_of.remember(self.memory)

    def void_permit(self, decision, permit):
        """A permit counts for the situation it was given in: one that is not used must not wait for a worse one."""
        used = decision.action in ("found", "clone") or (decision.action == "wait" and permit == "reseed")
        if permit is not None and not used:
            self.take_permit()
            self.say(f"the permit '{permit}' is void here ({decision.code}): removed")

    def take_permit(self):
        if os.path.exists(facts_of.PERMIT):
            os.unlink(facts_of.PERMIT)

    def found(self):
        self.show("founding", "initialising a new, empty server")
        self.remember(state="founding")
        self.take_permit()
        empty(facts_of.DATA)
        found(facts_of.DATA)

    def clone(self):
        site = self.settings["PEER_SITE"]
        self.show("cloning", f"copying the data from {site}")
        self.remember(state="cloning")
        self.take_permit()
        peer = facts_of.ask_peer(self.settings)
        if peer is None:
            raise clone.CloneFailed(f"{site} does not answer")
        clone.take(self.settings, peer, lambda text: self.show("cloning", f"copying the data from {site}: {text}"))
        self.remember(state="data", role="standby", system=peer["system"])

    def run(self):
        """Starts MariaDB and stays with it until it ends, all is to stop, or the data are to be made anew."""
        self.show("starting", "MariaDB is starting")
        self.engine = Engine()
        self.again = False
        try:
            if self.engine.wait_ready(self.going) and self.belongs():
                self.watch = Watch(self, self.engine, RUN)
                self.watch.begin()
                self.state = "running"
                while self.going() and not self.again:
                    if not self.engine.alive():
                        raise Died(f"MariaDB ended with exit code {self.engine.process.returncode}: see its log")
                    self.watch.look()
                    self.obey_permit()
                    self.stopping.wait(WATCH_SECONDS)
        finally:
            self.state = "stopping"
            if self.watch:
                self.watch.end()
            code = self.engine.stop()
            self.say(f"MariaDB ended with exit code {code}")
            self.watch = self.engine = None

    def belongs(self):
        """Whether the data say that they are this region's. A new server is told so first."""
        if self.memory.get("state") == "founding":
            system = new_system()
            write_region(self.engine, self.settings, system)
            facts_of.write_marker({"region": self.settings["REGION_IDENTITY"], "system": system, "role": "primary"})
        marker, region = facts_of.read_marker(), region_of(self.engine)
        if region != (self.settings["REGION_IDENTITY"], marker.get("system")):
            self.show("refused", f"refuse [misfit]: the data say region and server {region}, expected {self.settings['REGION_IDENTITY']} and "
                      f"{marker.get('system')}. Nothing is touched")
            while self.going() and guard_files.read_permit(facts_of.PERMIT) != "reseed":
                self.stopping.wait(GUARD_SECONDS)
            return False
        return True

    def obey_permit(self):
        """A reseed that a person permitted while the server runs: a standby is made anew as soon as the other site can give its data."""
        permit = guard_files.read_permit(facts_of.PERMIT)
        if permit is None:
            return
        if permit == "found" or self.watch.armed():
            self.take_permit()
            self.say(f"the permit '{permit}' is void here: this server runs{' and is the primary' if self.watch.armed() else ''}")
        elif self.peer.is_primary():
            self.again = True

    def repair(self, reason):
        """The data here are thrown away and copied anew. Once a day at most, as a person should know what breaks more often."""
        self.say(f"replication is broken ({reason}): this standby is made anew from {self.settings['PEER_SITE']}, once")
        repairs = (self.memory.get("repairs") or [])[-9:]
        self.remember(state="cloning", repairs=[*repairs, {"at": utc(), "reason": reason}])
        self.again = True

    # --- what others ask of it --------------------------------------------------------------------------------------------
    def reload(self):
        """Empty, or why it failed. Certificates first: what follows may need them."""
        try:
            self.server.reload()
            self.settings = facts_of.read_settings()
            watch = self.watch
            if watch and self.running():
                self.engine.reload_settings()
                watch.reload()
            return ""
        except Exception as error:  # pylint: disable=broad-except
            traceback.print_exc()
            return f"{type(error).__name__}: {error}"[:200]

    def turn(self, verb):
        """(whether it did, one line): `close` makes the primary a standby of the other site, `open` a standby the primary, under the lease."""
        return self.order(lambda watch: watch.close_writes() if verb == "close" else watch.take_over())

    def keep(self, since):
        """(whether it did, one line): what only this server has is kept aside. since: a GTID; None: nobody knows since when."""
        return self.order(lambda watch: watch.keep_aside(since))

    def order(self, given):
        watch = self.watch
        if watch is None or self.state != "running":
            return False, f"MariaDB does not run: {self.line}"
        try:
            return True, given(watch)
        except NotTurned as error:
            return False, str(error)

    def give_copy(self, write):
        """Why no copy is given to the other site's server; or gives it and returns None. Raises CloneFailed, OSError."""
        if not self.takes_writes():
            return "this server is not the running primary"
        # A standby that is to be made anew goes before a backup, which is taken again: with `sync` the backup may even wait for this standby.
        backup = self.backup
        if backup:
            backup.kill()
        if not self.copying.acquire(timeout=GIVE_WAY_SECONDS if backup else 0):
            return "a copy is being given already"
        try:
            self.say(f"giving a copy to {self.settings['PEER_SITE']}")
            with self.watch.writes_held():
                clone.give(write)
            self.say("the copy was given")
            return None
        finally:
            self.copying.release()

    def why_no_backup(self):
        """Empty where this server may be read for backups: it runs and knows what it is."""
        watch = self.watch
        if not self.running() or watch.role not in ("primary", "standby"):
            return "this server does not run, as primary or as standby"
        return ""

    def commits_wait(self):
        """Whether this is a primary in sync mode whose standby is away."""
        seen = self.watch.seen
        return self.watch.role == "primary" and seen.get("rpl_semi_sync_master_enabled") == 1 and int(seen.get("rpl_semi_sync_master_clients", 0)) == 0

    def give_backup(self, write, since):
        """Why no copy is given to the site's own repository host, or gives it and returns None; `since`: an LSN or None. Raises CloneFailed, OSError."""
        why = self.why_no_backup()
        if why:
            return why
        if self.commits_wait():
            return f"commits wait for {self.settings.get('PEER_SITE') or 'the other site'} (sync), and a backup would wait with them"
        if not self.copying.acquire(blocking=False):
            return "a copy is being given already"
        try:
            self.say("giving a copy to the repository host" + (f", of what changed after {since}" if since else ""))
            clone.give(write, since, self.backup_begun)
            self.say("the copy was given")
            return None
        finally:
            self.backup = None
            self.copying.release()

    def backup_begun(self, process):
        self.backup = process

    def give_binlogs(self, write, after):
        """Why no binary logs are given to the site's own repository host; or gives them and returns None. Raises CloneFailed, Gone, OSError."""
        why = self.why_no_backup()
        if why:
            return why
        binlogs.give(write, binlogs.finish(self.watch.ask, after))
        return None


def main():
    try:
        sys.exit(Agent().main())
    except Died as error:
        print(f"lumbung-mariadb: {error}", file=sys.stderr, flush=True)
        sys.exit(1)
