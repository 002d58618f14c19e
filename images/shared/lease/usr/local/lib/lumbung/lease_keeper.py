"""Keeps a site's lease for one engine, and the engine below a watch that kills it when the lease ends.

Usage: lease_keeper.py [COMMAND...]   COMMAND waits for the lease (lease_gate.py arm), then becomes the engine; without it the keeper runs alone
Ends with the command's exit code, or 75 where it closed, so that the runtime starts everything anew, closed.

  /config/current/lease.env    REGION, REGION_IDENTITY, SITE, DESIGNATION, WORKLOAD, KIND, TTL_SECONDS, ENDPOINTS (URLs with commas; none: no
                               witness), PEER_HOST_NAME (this workload at the other site; may be empty), CALLERS (who may give orders, with commas),
                               ADDRESSES (each site with its public ones: `dc 192.0.2.1,drc 192.0.2.2`)
  /run/lumbung/lease           what is decided (lease_file)
  /run/lumbung/lease.sock      how it stands, and orders (lease_door); over HTTPS as well, on port 8010
  /identity/                   what outlives the workload (lease_disk)
"""
import os
import signal
import sys
import threading
import traceback

import guard_files
import lease_file
import lease_tree
import tls_server
from lease_disk import Disk
from lease_door import Door, handler_of
from lease_errands import PROGRAMS, Engine, Errands
from lease_etcd import Store
from lease_peer import Peer
from lease_rounds import Rounds
from lease_types import Me
from lease_watch import CLOSED, HANDED_ON, TICK_SECONDS, WAITED, exit_code, say, start

PORT = 8010
CONNECTIONS = 16
AGAIN_SECONDS = 0.2
# After a closing that the engine did not manage.
RETRY_SECONDS = 3
BUG = 70


def margin_of(ttl):
    """Covers clocks that differ in speed (at most one part in twenty), the watch's period, and a kill on a machine that is overloaded."""
    return max(2.0, ttl / 5)


def me_of(settings):
    ttl = float(settings["TTL_SECONDS"])
    witness = settings["ENDPOINTS"] != ""
    return Me(settings["REGION_IDENTITY"], settings["SITE"], settings["DESIGNATION"], ttl, margin_of(ttl), witness)


class Keeper:
    def __init__(self, config, identity, run):
        self.config = config
        self.settings = self.read_settings()
        self.me, self.run, self.disk = me_of(self.settings), run, Disk(identity, run)
        self.rounds = Rounds(self.me, self.new_store(), self.disk, lease_file.now)
        self.errands = Errands()
        self.ended, self.poke = threading.Event(), threading.Event()
        self.engine = Engine(self.errands, PROGRAMS + "/lease-engine", self.poke.set)
        self.said = None
        self.closing_at = 0.0
        self.server = None

    def read_settings(self):
        return guard_files.read_settings(self.config + "/lease.env")

    def new_store(self):
        """None: the region has no epoch store."""
        return Store(self.settings["ENDPOINTS"].split(","), self.settings["REGION"], self.config) if self.me.witness else None

    def answer(self, identity):
        """Opens the door: to the container, and to the region where there is a certificate to show."""
        handler = handler_of(Door(self, identity), self.settings["CALLERS"].split(","))
        tls_server.serve(tls_server.LocalServer(self.run + "/lease.sock", handler))
        if not os.path.exists(self.config + "/tls/server.crt"):
            return
        self.server = tls_server.TlsServer(self.config, PORT, handler, CONNECTIONS)
        tls_server.serve(self.server)
        if self.settings["PEER_HOST_NAME"]:
            Peer(self.settings["PEER_HOST_NAME"], PORT, self.config, self.run, self.me.ttl).start()

    def renew(self):
        """Round after round. An error of ours ends it, and with it the keeper: the watch closes at the deadline at the latest."""
        try:
            while not self.ended.is_set():
                decision = self.rounds.once()
                memory = self.disk.read_memory()
                # Before anything can be opened in this epoch.
                if self.disk.void_relaxed(memory.epoch):
                    say("keeper", f"epoch {memory.epoch} has begun: commits wait for the other site again, where that is declared")
                lease_file.write_lease(self.run, decision, memory)
                if (decision.state, decision.code) != self.said:
                    say("keeper", f"{decision.state} [{decision.code}]: {decision.message}")
                    self.said = decision.state, decision.code
                self.end_in_good_order(decision)
                self.poke.wait(AGAIN_SECONDS if decision.again else self.me.ttl / 5)
                self.poke.clear()
        except Exception:
            traceback.print_exc()

    def end_in_good_order(self, decision):
        """An epoch that is to end: the engine is told to take no more writes, again where that failed, as long as the lease lasts."""
        due = decision.code == "closing" and not self.disk.idle() and lease_file.now() >= self.closing_at
        if due and self.engine.begin("close", self.disk.read_memory().epoch):
            self.closing_at = lease_file.now() + RETRY_SECONDS

    def tend(self, watch, renewing):
        """Until the watch ends; closes where it is dead, stopped, or nobody renews. Returns the exit code."""
        while True:
            heard = signal.sigtimedwait(WAITED, TICK_SECONDS)
            ended = self.errands.reap()
            if watch is not None and watch.pid in ended:
                lease_tree.kill_below(os.getpid())
                return exit_code(ended[watch.pid])
            stopped = watch is not None and (lease_tree.stat_of(watch.pid) or ("X",))[0] in "TtX"
            if stopped or not renewing.is_alive():
                say("keeper", "the watch is stopped: closing" if stopped else "nobody renews: closing")
                lease_tree.kill_below(os.getpid())
                return CLOSED if stopped else BUG
            number = heard.si_signo if heard else 0
            if number == signal.SIGHUP:
                number = self.reload()
            if number in HANDED_ON:
                if watch is not None:
                    lease_tree.send([watch.pid], number)
                elif number != signal.SIGHUP:
                    return 128 + number

    def reload(self):
        """The signal to hand on. Who is asked for the lease, and by whom, is not changed in the middle of one: all of it ends, to begin anew."""
        if self.read_settings() != self.settings:
            say("keeper", "lease.env has changed: ending, so that the runtime starts everything with it")
            return signal.SIGTERM
        try:
            if self.server:
                self.server.reload()
        except OSError as error:
            # Nothing that takes writes ends for a certificate that cannot be read: the one before goes on being shown.
            say("keeper", f"the new certificate cannot be used: {error}")
        return signal.SIGHUP


def main(command):
    config = os.environ.get("LUMBUNG_CONFIG", "/config") + "/current"
    run = os.environ.get("LUMBUNG_RUN", "/run/lumbung")
    identity = os.environ.get("LUMBUNG_IDENTITY", "/identity")
    keeper = Keeper(config, identity, run)
    os.makedirs(run, exist_ok=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, WAITED)
    lease_tree.become_reaper()
    lease_file.exempt(run, "waiting: nothing was started yet")
    watch = start([sys.executable, "-E", "-s", os.path.dirname(os.path.abspath(__file__)) + "/lease_watch.py", run, *command]) if command else None
    renewing = threading.Thread(target=keeper.renew, daemon=True)
    keeper.answer(identity)
    renewing.start()
    code = keeper.tend(watch, renewing)
    keeper.ended.set()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
