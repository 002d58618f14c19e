#!/usr/bin/python3 -B
"""Brings every zone of this name server to what the inventory declares. Run at the server's start and at each new configuration.

    main.py [--allow-removals ZONE] [--settle SECONDS]

A zone that is absent is made: the declared records, and the runbooks' addresses as the peer site has them, else as the
declaration's seed says. A zone that is there is changed by RFC 2136 updates; nothing to do, nothing sent.
What came of it, a line per zone, is in /run/lumbung/reconcile, from which `health` tells it.
"""

import argparse
import fcntl
import json
import os
import sys
import time
import traceback
from pathlib import Path

import dns.name

from plan import Change, Record, Refused, messages, plan, split, unaddressed
from server import MESSAGE_RECORDS, Control, Failed, Key, Server, rdata, record

CONFIG = Path("/config/current")
RESULT = Path("/run/lumbung/reconcile")
# Remembers, in the data volume, which addresses came from the seed without the peer's word.
MEMORY = Path("/var/lib/knot/lumbung")
PORT = 5353
START_SECONDS = 60
# A zone of 50,000 records is signed and handed over in seconds; on a machine that does much else, in a minute.
OWN_SECONDS = 180
PEER_SECONDS = 18
SETTLE_PAUSE_SECONDS = 10


class Declaration:
    """One file of `zones/`. Raises ValueError with the file's name."""

    def __init__(self, path):
        told = json.loads(path.read_text())
        self.zone = dns.name.from_text(told["zone"])
        self.ttl = int(told["ttl"])
        self.records = [record(one["name"], one["type"], one["ttl"], one["data"]) for one in told["records"]]
        self.runbook_names = {dns.name.from_text(name).canonicalize().to_text() for name in told["runbookNames"]}
        self.text_names = {dns.name.from_text(name).canonicalize().to_text() for name in told.get("textNames", [])}
        self.address_ttl = int(told["seed"]["ttl"])
        self.seed = [("A", told["seed"]["gatewayAddress"])]
        if told["seed"].get("gatewayAddress6"):
            self.seed.append(("AAAA", told["seed"]["gatewayAddress6"]))
        self.peers = told["seed"]["peers"]
        self.allow_removals = bool(told.get("allowRemovals", False))
        soa = told["soa"]
        self.soa = f"{soa['primary']}. {soa['hostmaster']}. {{}} {soa['refresh']} {soa['retry']} {soa['expire']} {soa['minimum']}"

    def soa_data(self, serial):
        return rdata("SOA", self.soa.format(serial))

    def seeded(self, names):
        return [record(name, kind, self.address_ttl, data) for name in names for kind, data in self.seed]


class Reconciler:
    def __init__(self, keys):
        self.transfer, self.update = Key(keys["transfer"]), Key(keys["update"])
        # While a key is rolled over, a peer may not have the new one yet.
        before = keys["transfer"].get("previous")
        self.peer_keys = [self.transfer] + ([Key(before)] if before else [])
        self.own = Server("127.0.0.1", PORT, self.transfer, self.update, OWN_SECONDS)
        self.control = Control(OWN_SECONDS)

    def zone(self, declared):
        """Returns the number of records (without the server's own) and a note. Raises Refused, Failed, ValueError."""
        memory = Memory(declared.zone)
        made = not self.control.has(declared.zone)
        if made:
            self._create(declared, memory)
        live, soa = self.own.records(declared.zone)
        changes = plan(
            live, declared.records, declared.runbook_names, declared.allow_removals, declared.text_names
        )
        if not made:
            changes += self._addresses(declared, live, memory)
        if changes:
            live, soa = self._apply(declared, changes)
        self._soa(declared, soa)
        return len(live) + 1, memory.note()

    def _create(self, declared, memory):
        addresses, source = self._first_addresses(declared)
        serial = int(time.time())
        plan([], declared.records, declared.runbook_names, text_names=declared.text_names)
        self.control.create(declared.zone, declared.ttl, declared.soa_data(serial), declared.records + addresses)
        say(f"{declared.zone}: made with serial {serial}, {len(declared.records)} declared records, addresses from {source}")
        memory.keep(addresses, confirmed=source != "the seed")

    def _first_addresses(self, declared):
        names = sorted(declared.runbook_names)
        heard = self.ask_peers(declared)
        missing = unaddressed(heard or [], names)
        source = "the seed" if heard is None or len(missing) == len(names) else "the peer"
        return (heard or []) + declared.seeded(missing), source

    def ask_peers(self, declared):
        """The runbooks' addresses as the first peer that answers has them; None if none answers."""
        for peer in declared.peers:
            for key in self.peer_keys:
                try:
                    theirs, _ = Server(peer["address"], PORT, key, self.update, PEER_SECONDS).records(declared.zone)
                except Failed as error:
                    say(f"{declared.zone}: peer {peer['name']} with {key.name}: {error}")
                    continue
                return [one for one in theirs if one.type in ("A", "AAAA") and one.name in declared.runbook_names]
        return None

    def _addresses(self, declared, live, memory):
        """Gives an address to a name of the runbooks that never had one, and takes the peer's word on what is a mere seed."""
        ours = [one for one in live if one.type in ("A", "AAAA") and one.name in declared.runbook_names]
        fresh = [name for name in unaddressed(ours, declared.runbook_names) if name not in memory.names]
        changes = []
        if fresh:
            known = {(one.type, one.data, one.ttl) for one in ours}
            new = [Record(name, kind, ttl, data) for name in fresh for kind, data, ttl in known] or declared.seeded(fresh)
            changes = [Change(name, (), tuple(one for one in new if one.name == name)) for name in fresh]
            memory.keep(new, confirmed=bool(known))
        if memory.unconfirmed:
            theirs = self.ask_peers(declared)
            if theirs:
                changes += adopted(ours, theirs, memory.unconfirmed)
                memory.keep(theirs, confirmed=True)
        return changes

    def _apply(self, declared, changes):
        """Makes the changes, and believes no answer: the zone is read again, must be as declared, and is returned."""
        by_update, by_transaction = split(changes, declared.zone.canonicalize().to_text())
        if by_transaction:
            self.control.change(declared.zone, by_transaction)
        for lot in messages(by_update, MESSAGE_RECORDS):
            self.own.send(declared.zone, lot)
        for change in changes:
            say(f"{declared.zone}\n{change.message}")
        live, soa = self.own.records(declared.zone)
        left = plan(live, declared.records, declared.runbook_names, True, declared.text_names)
        if left:
            raise Failed(f"the server took the changes and lacks them: {'; '.join(one.message for one in left[:3])}")
        return live, soa

    def _soa(self, declared, soa):
        ttl, data = soa
        wanted = declared.soa_data(data.serial)
        if data == wanted and ttl == declared.ttl:
            return
        serial = max(int(time.time()), data.serial + 1)
        self.own.send_soa(declared.zone, declared.ttl, declared.soa_data(serial))
        say(f"{declared.zone}\n- SOA {data}\n+ SOA {declared.soa_data(serial)}")


class Memory:
    """Which names of the runbooks ever had an address here, and which addresses are a seed that no peer confirmed."""

    def __init__(self, zone):
        self.path = MEMORY / f"{zone.to_text(omit_final_dot=True)}.json"
        told = json.loads(self.path.read_text()) if self.path.exists() else {"names": [], "unconfirmed": []}
        self.names = set(told["names"])
        self.unconfirmed = [Record(*one) for one in told["unconfirmed"]]

    def keep(self, addresses, confirmed):
        self.names |= {one.name for one in addresses}
        self.unconfirmed = [] if confirmed else sorted({*self.unconfirmed, *addresses})
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"names": sorted(self.names), "unconfirmed": [list(one) for one in self.unconfirmed]}))
        os.replace(new, self.path)

    def note(self):
        return "addresses from the seed, no peer asked yet" if self.unconfirmed else ""


def adopted(ours, theirs, seed):
    """Changes that put the peer's addresses in the place of what is still exactly the seed."""
    changes = []
    for name in sorted({one.name for one in theirs}):
        mine = {one for one in ours if one.name == name}
        peers = {one for one in theirs if one.name == name}
        if mine != peers and mine <= set(seed):
            changes.append(Change(name, tuple(sorted(mine - peers)), tuple(sorted(peers - mine))))
    return changes


def say(text):
    print(f"reconcile: {text}", file=sys.stderr, flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--allow-removals", metavar="ZONE", help="for once, remove as much of this zone as is declared")
    arguments.add_argument("--settle", metavar="SECONDS", type=int, default=0, help="as long as no peer was asked, try again for so long")
    told = arguments.parse_args()
    RESULT.parent.mkdir(exist_ok=True)
    deadline = time.monotonic() + told.settle
    lines = once(told.allow_removals)
    while any(line[4] for line in lines) and time.monotonic() < deadline:
        time.sleep(SETTLE_PAUSE_SECONDS)
        lines = once(told.allow_removals)
    # A refused plan is refused again: nothing to try once more until a person decides.
    return 1 if any(line[1] == "failing" for line in lines) else 0


def once(allowed):
    """One run, alone; its result is written for `health`."""
    with open(RESULT.parent / "reconcile.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lines = run(allowed)
        new = RESULT.with_suffix(".new")
        new.write_text("".join("\t".join(str(field) for field in line) + "\n" for line in lines))
        os.replace(new, RESULT)
    return lines


def run(allowed):
    """A line per declared zone: name, ok or refused or failing, records, problem, note."""
    files = sorted((CONFIG / "zones").glob("*.json"))
    try:
        reconciler = Reconciler(json.loads((CONFIG / "tsig.json").read_text()))
        reconciler.control.wait(time.monotonic() + START_SECONDS)
    except (Failed, OSError, ValueError, KeyError) as error:
        say(str(error))
        return [line(path.stem, error) for path in files]
    return [reconciled(reconciler, path, allowed) for path in files]


def reconciled(reconciler, path, allowed):
    try:
        declared = Declaration(path)
        if allowed is not None and dns.name.from_text(allowed) == declared.zone:
            declared.allow_removals = True
        count, note = reconciler.zone(declared)
        return (path.stem, "ok", count, "", note)
    except Refused as error:
        hint = f"check the inventory; if it is meant: docker exec <this container> {__file__} --allow-removals {path.stem}"
        say(f"{path.stem}: {error}; {hint}")
        return line(path.stem, f"{error}; {hint}", "refused")
    except (Failed, ValueError, KeyError) as error:
        say(f"{path.stem}: {error}")
        return line(path.stem, error)
    except Exception as error:  # a bug of ours must show in `health`, not only in the log
        traceback.print_exc()
        return line(path.stem, f"bug: {type(error).__name__} {error}")


def line(zone, error, state="failing"):
    return (zone, state, 0, f"{zone}: {' '.join(str(error).split())}", "")


if __name__ == "__main__":
    sys.exit(main())
