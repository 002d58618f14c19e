"""What a keeper answers and is told, over HTTPS and on a local socket. The shapes, and what each order means: model/lease.ts.

  GET  /lease   everything as JSON
  GET  /data    what lies here, as JSON, whether the engine runs or not; to `ops` alone
  GET  /begun   of that, the timelines that were begun, which costs nothing; likewise
  GET  /grants  what accounts may do here, as the engine itself says, as JSON; to `ops` alone
  GET  /open    200 where this site may take writes now, else 503: a gateway's health check
  GET  /closing 200 where this site was told to end its epoch and no other has begun, else 503: likewise
  POST /lease   an order, from `ops` of any site alone
"""
import json
import os
import re
import signal
import time

import door as any_door
import guard_files
import lease_file
from door import EPOCH, Refused, is_word
from lease_disk import read_json
from lease_errands import PROGRAMS
from lease_rounds import StoreSilent

ADDRESSES = PROGRAMS + "/lease-addresses"
# What was seen of commits that wait is old after so long.
SYNC_SECONDS = 10
# So is what a standby was compared with.
FOLLOW_SECONDS = 20


# Of PostgreSQL's WAL, as `0/3000000`, or a GTID of MariaDB's, as `1-11-42`.
POSITION = re.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}|[0-9]{1,10}-[0-9]{1,10}-[0-9]{1,20}")


def is_position(value):
    return isinstance(value, str) and POSITION.fullmatch(value) is not None


FIELDS = {
    "close": EPOCH,
    "reopen": EPOCH,
    "resign": EPOCH,
    "open": EPOCH,
    "alone": EPOCH,
    "promote": {**EPOCH, "by": ("one word", is_word, False)},
    "confirm": {**EPOCH, "site": ("the id of a site", is_word, True)},
    "wait": {"waits": ("true or false", lambda value: isinstance(value, bool), True)},
    "keep-aside": {"since": ("a position in the WAL, or a GTID", is_position, False)},
    "reseed": {},
    "rejoin": {},
    "addresses": {"address": ("an IPv4 address", is_word, True), "address6": ("an IPv6 address", is_word, False)},
}


class Door:
    """keeper: lease_keeper.Keeper."""

    def __init__(self, keeper, identity):
        self.keeper, self.permit = keeper, identity + "/permit"
        self.orders = {
            "close": self.close, "reopen": self.reopen, "resign": self.resign, "open": self.open, "promote": self.promote,
            "confirm": lambda order: self.give(f"confirm {order['epoch']} {order['site']}"), "alone": lambda order: self.give(f"alone {order['epoch']}"),
            "wait": self.wait, "keep-aside": self.keep_aside,
            "reseed": lambda _: self.replace_data("reseed", ("postgresql", "mariadb")), "rejoin": lambda _: self.replace_data("rejoin", ("postgresql",)),
        }

    # --- how things stand -----------------------------------------------------------------------------------------------------
    def state(self):
        keeper = self.keeper
        me, settings, now = keeper.me, keeper.settings, lease_file.now()
        record, memory, exempt = lease_file.read_lease(keeper.run), keeper.disk.read_memory(), lease_file.why_exempt(keeper.run)
        opened = lease_file.is_open(record, now)
        closing = keeper.disk.read_closing()
        return {
            "region": settings["REGION"], "site": me.site, "workload": settings["WORKLOAD"], "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "witness": me.witness, "state": "open" if opened else "closed", "code": record["code"], "message": record["message"],
            "epoch": memory.epoch, "epochSite": memory.site, "leftSeconds": round(record["deadline"] - now, 1) if opened else 0,
            "ttlSeconds": me.ttl, "marginSeconds": me.margin, "engine": "armed" if exempt is None else "exempt", "exempt": exempt,
            "closing": closing if closing == memory.epoch != 0 else None, "work": keeper.engine.work, "permit": keeper.disk.permit_text(),
            "sync": self.sync(now), "follows": self.follows(now), "store": self.store(now), "known": [known.__dict__ for known in keeper.disk.known()],
        }

    def store(self, now):
        view, rounds = self.keeper.rounds.view, self.keeper.rounds
        if view is None:
            return None
        since = rounds.absent_since
        return {
            "epoch": view.epoch.epoch if view.epoch else 0, "site": view.epoch.site if view.epoch else "",
            "holder": {"epoch": view.holder.epoch, "site": view.holder.site} if view.holder else None,
            "revision": view.revision, "term": view.term, "agoSeconds": round(now - rounds.seen_at, 1),
            "absentSeconds": None if since is None else round(now - since, 1),
        }

    def sync(self, now):
        """As PostgreSQL's sync-watch wrote it; None: nothing here is declared `sync`, or it is MariaDB's agent that says. What is old says nothing of the server."""
        said = read_json(self.keeper.run + "/sync")
        if said is None:
            return None
        known = said if now - said["at"] < SYNC_SECONDS else {}
        return {"mode": "relaxed" if self.keeper.disk.is_relaxed() else "required", **{key: known.get(key) for key in ("waits", "satisfied", "waiting")}}

    def follows(self, now):
        """As PostgreSQL's follow-watch wrote it, a word and why; None: nothing here is compared."""
        try:
            with open(self.keeper.run + "/follow", encoding="utf-8") as file:
                said, at = file.read().splitlines()
        except FileNotFoundError:
            return None
        if now - float(at) > FOLLOW_SECONDS:
            return {"verdict": "unknown", "why": "what compares it does not run"}
        verdict, _, why = said.partition(" ")
        return {"verdict": verdict, "why": why}

    def told(self, what, *part):
        """JSON as the image's `lease-<what>` wrote it. part: a word for it, for less. Raises Refused."""
        program = f"{PROGRAMS}/lease-{what}"
        if not os.path.exists(program):
            raise Refused("not-here", f"{self.keeper.settings['KIND']} says nothing of its {what} here")
        code, said = self.keeper.errands.run([program, *part])
        if code != 0:
            raise Refused(f"no-{what}", said.strip() or f"lease-{what} ended with {code}")
        return json.loads(said)

    def is_closing(self):
        """Whether this guard ends, or ended, its own site's epoch in good order, as far as it knows of none after it."""
        return lease_file.read_lease(self.keeper.run)["code"] in ("closing", "closed-by-order")

    # --- orders ---------------------------------------------------------------------------------------------------------------
    def take(self, order, caller):
        """More fields for the answer. caller: host name of whoever asks; None: from inside the container. Raises Refused."""
        if order["verb"] == "addresses":
            return self.addresses(order, caller)
        self.orders[order["verb"]](order)
        self.keeper.poke.set()
        return {}

    def give(self, text):
        self.keeper.disk.give_permit(text)

    def promote(self, order):
        if not self.keeper.me.witness:
            raise Refused("no-witness", "this region has no witness: an epoch begins by `confirm`, at both sites")
        self.give(f"promote {order['epoch']} {order.get('by', 'promotion')}")

    def own_epoch(self, order):
        memory = self.keeper.disk.read_memory()
        if (memory.epoch, memory.site) != (order["epoch"], self.keeper.me.site):
            raise Refused("not-ours", f"epoch {order['epoch']} is not this site's: this guard knows epoch {memory.epoch} of {memory.site or 'nobody'}")

    def close(self, order):
        self.own_epoch(order)
        self.keeper.disk.order_closing(order["epoch"])

    def reopen(self, order):
        if self.keeper.disk.read_closing() == order["epoch"]:
            self.keeper.disk.forget_closing()

    def resign(self, order):
        self.own_epoch(order)
        if lease_file.read_lease(self.keeper.run)["code"] != "closed-by-order":
            raise Refused("not-closed", "this guard is not closed by order: `close` comes first")
        store = self.keeper.new_store()
        if store is None:
            return
        try:
            holder = store.read().holder
            if holder and (holder.epoch, holder.site) == (order["epoch"], self.keeper.me.site):
                store.resign(holder.lease, order["epoch"])
        except StoreSilent as error:
            raise Refused("silent", f"the epoch store does not answer: {error}") from error

    def open(self, order):
        self.own_epoch(order)
        record = lease_file.read_lease(self.keeper.run)
        if not lease_file.is_open(record, lease_file.now()) or record["code"] == "closing":
            raise Refused("not-leased", f"the lease is not in force: [{record['code']}] {record['message']}")
        self.keeper.engine.begin("open", order["epoch"])

    def wait(self, order):
        """Whether commits wait for the other site where `sync` is declared: what is beside the engine looks every second. A person's word outlives restarts, and
        ends with the epoch (lease_keeper): it was given for the site that is active, and must not lie in wait for the next time that it is."""
        if self.keeper.settings["KIND"] not in ("mariadb", "postgresql"):
            raise Refused("not-here", f"commits of {self.keeper.settings['KIND']} are not told to wait here")
        if order["waits"]:
            return self.keeper.disk.tighten()
        record = lease_file.read_lease(self.keeper.run)
        if not lease_file.is_open(record, lease_file.now()):
            raise Refused("not-leased", f"only the active site's commits are let go on without the other: [{record['code']}] {record['message']}")
        return self.keeper.disk.relax(self.keeper.disk.read_memory().epoch)

    def replace_data(self, word, kinds):
        """MariaDB's agent obeys while its server runs; PostgreSQL's guard only before it: a standby that runs there ends, and begins with the permit."""
        kind, exempt = self.keeper.settings["KIND"], lease_file.why_exempt(self.keeper.run)
        if kind not in kinds:
            raise Refused("not-here", f"{word} is for {' and '.join(kinds)}, and this is {kind}")
        if exempt is None:
            raise Refused("takes-writes", "this server takes writes: nothing that lies here is given up")
        guard_files.write_durably(self.permit, word + "\n")
        if kind == "postgresql" and exempt == "standby":
            os.kill(os.getpid(), signal.SIGTERM)

    def keep_aside(self, order):
        """Only of a server that takes no writes and follows nobody: what is kept must be all that it will ever have had."""
        kind, exempt = self.keeper.settings["KIND"], lease_file.why_exempt(self.keeper.run)
        if kind not in ("postgresql", "mariadb"):
            raise Refused("not-here", f"keep-aside is for postgresql or mariadb, and this is {kind}")
        if exempt is None or exempt == "standby":
            raise Refused("runs", "this server is in use: what only it has is kept when it is closed and waits")
        if not self.keeper.engine.begin("keep", self.keeper.disk.read_memory().epoch, *([order["since"]] if "since" in order else [])):
            raise Refused("busy", f"the engine is told something else: {self.keeper.engine.work['verb']}")

    # --- the addresses of a name server -----------------------------------------------------------------------------------------
    def addresses(self, order, caller):
        if self.keeper.settings["KIND"] != "dns":
            raise Refused("not-here", f"addresses are kept by name servers, and this is {self.keeper.settings['KIND']}")
        if caller is not None:
            self.allow(self.owner([order["address"], order.get("address6")]))
        code, said = self.keeper.errands.run([ADDRESSES], json.dumps(order))
        if code != 0:
            raise Refused("names-refused", said.strip() or f"lease-addresses ended with {code}")
        return {"serials": json.loads(said)}

    def owner(self, wanted):
        """The site whose public addresses these are. Who asks does not matter: a runbook runs at the recovery site, whichever is to be active."""
        for line in self.keeper.settings["ADDRESSES"].split(","):
            site, *addresses = line.split(" ")
            if addresses == [one for one in wanted if one]:
                return site
        raise Refused("no-site", f"these are no site's addresses: {' '.join(one for one in wanted if one)}")

    def allow(self, site):
        """The region's addresses are only ever those of the site that holds the lease, as a majority of the store said less than a lease's time ago."""
        me, rounds, now = self.keeper.me, self.keeper.rounds, lease_file.now()
        if not me.witness:
            return
        record, view = lease_file.read_lease(self.keeper.run), rounds.view
        if site == me.site:
            may = lease_file.is_open(record, now) and record["code"] != "closing"
        else:
            fresh = view is not None and now < rounds.seen_at + me.ttl - me.margin
            may = fresh and record["code"] == "other-site" and view.holder is not None and (view.holder.site, view.holder.epoch) == (site, view.epoch.epoch)
        if not may:
            raise Refused("not-leased", f"{site} does not hold the lease, as far as this name server knows: [{record['code']}] {record['message']}")


def handler_of(door, callers):
    """callers: common names that may give orders."""

    class Handler(any_door.Handler):
        def do_GET(self):
            if self.path == "/lease":
                self.answer(200, door.state())
            elif self.path in ("/data", "/grants"):
                self.for_ops(lambda _: (200, door.told(self.path[1:])))
            elif self.path == "/begun":
                self.for_ops(lambda _: (200, door.told("data", "begun")))
            elif self.path == "/open":
                opened = lease_file.is_open(lease_file.read_lease(door.keeper.run), lease_file.now())
                self.say(200 if opened else 503, "open" if opened else "closed")
            elif self.path == "/closing":
                closing = door.is_closing()
                self.say(200 if closing else 503, "closing" if closing else "not closing")
            else:
                self.say(404, "no such path")

        def do_POST(self):
            if self.path != "/lease":
                return self.say(404, "no such path")
            return self.for_ops(self.take)

        def take(self, caller):
            more = door.take(self.order(FIELDS), caller)
            return 202, {**door.state(), **more}

    Handler.callers = tuple(callers)
    return Handler
