#!/usr/bin/python3 -B
"""Moves the region's addresses at this name server: the order's `address` and `address6` become those of the runbooks' names, in every zone.

Run by the keeper of the lease, which has asked whether the site that wants it holds the lease. The order comes in JSON on standard input; the serials
by zone go out. With --follow (follow-active) the addresses are those that the other site's name server has. Exit code 1: what is wrong, in one line.
"""
import fcntl
import json
import sys
import time

import main
from plan import moved
from server import Failed


def move(reconciler, declared, wanted):
    """The zone's serial, once all of it is seen in the zone."""
    live, soa = reconciler.own.records(declared.zone)
    changes = moved(live, declared.runbook_names, wanted, declared.address_ttl)
    if changes:
        reconciler.own.send(declared.zone, changes)
        live, soa = reconciler.own.records(declared.zone)
        left = moved(live, declared.runbook_names, wanted, declared.address_ttl)
        if left:
            raise Failed(f"the server took the addresses and lacks them: {'; '.join(one.message for one in left)}")
    # No seed any more, which a peer's word could replace.
    main.Memory(declared.zone).keep([one for one in live if one.name in declared.runbook_names and one.type in ("A", "AAAA")], confirmed=True)
    return soa[1].serial


def ordered(order):
    """The addresses of an order, for any zone. What a text is that is no address is found before anything is changed."""
    wanted = {("A", order["address"])} | ({("AAAA", order["address6"])} if order.get("address6") else set())
    for kind, data in wanted:
        main.record("a.", kind, 1, data)
    return lambda *_: wanted


def peers(reconciler, declared):
    """The addresses that the other site's name server has in this zone, by a transfer that it signed. Raises Failed."""
    theirs = {(one.type, one.data) for one in reconciler.ask_peers(declared) or []}
    if not theirs:
        raise Failed(f"{declared.zone}: no other name server says what the addresses are")
    return theirs


def addresses(wanted_in):
    reconciler = main.Reconciler(json.loads((main.CONFIG / "tsig.json").read_text()))
    reconciler.control.wait(time.monotonic() + main.START_SECONDS)
    declared = [main.Declaration(path) for path in sorted((main.CONFIG / "zones").glob("*.json"))]
    with open(main.RESULT.parent / "reconcile.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return {one.zone.to_text(omit_final_dot=True): move(reconciler, one, wanted_in(reconciler, one)) for one in declared}


if __name__ == "__main__":
    try:
        print(json.dumps(addresses(peers if sys.argv[1:] == ["--follow"] else ordered(json.load(sys.stdin)))))
    except (Failed, ValueError, KeyError, OSError) as error:
        print(" ".join(str(error).split()))
        sys.exit(1)
