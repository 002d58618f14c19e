#!/usr/bin/python3 -B
"""Puts rights in force: those of the configuration and epoch, in the engine and in HAProxy, without a restart of either.

    apply.py prepare       writes the files that both read when they start
    apply.py               puts them in force in what runs, and waits until it is so
    apply.py epoch N       the same after raising the epoch to N; never lower
"""

import fcntl
import json
import os
import signal
import sys
import time

import front
from access import engine_identities, front_keys, grants
from keys import keys_of
from s3 import Failed, Refused, Store
from settings import ENGINE, EPOCH, RUN, Wrong, epoch, identities, room, settings, write

IDENTITIES = RUN / "s3.json"
WAIT_SECONDS = 15


def store(one, timeout=30):
    """The engine as this identity."""
    return Store(*ENGINE, one["accessKey"], one["secretKey"], timeout=timeout)


def administrator(timeout=30):
    """The engine as its administrator, who is heard on loopback only."""
    return store(keys_of(identities()["identities"]["admin"]["secret"], epoch()), timeout)


def prepare(at):
    """Files for engine and HAProxy. Returns what was granted."""
    given = grants(settings()["buckets"], identities(), at)
    write(IDENTITIES, json.dumps(engine_identities(given)), 0o600)
    return given


def full():
    free, reserve = room()
    return free < reserve


def put_in_force(at):
    before = old_keys()
    given = prepare(at)
    # HAProxy first: what is no longer known there is refused before the engine has read its file.
    front.apply_keys(front_keys(given, at, full()))
    os.kill(engine_pid(), signal.SIGHUP)
    wait_for(given, before)


def old_keys():
    try:
        told = json.loads(IDENTITIES.read_text())
    except FileNotFoundError:
        return {}
    return {one["accessKey"]: one for each in told["identities"] for one in each["credentials"]}


def wait_for(given, before):
    """Until the engine knows every new key and no dropped one: it is asked, not believed."""
    now = {one["accessKey"]: one for _, keys, _, _ in given for one in keys}
    dropped = [one for key, one in before.items() if key not in now]
    left = [(one, True) for one in now.values()] + [(one, False) for one in dropped]
    deadline = time.monotonic() + WAIT_SECONDS
    while left:
        left = [(one, wanted) for one, wanted in left if known(one) is not wanted]
        if not left:
            return
        if time.monotonic() > deadline:
            raise Failed(f"the engine has not taken up {len(left)} of {len(now) + len(dropped)} keys within {WAIT_SECONDS} s")
        time.sleep(0.1)


def known(one):
    """Whether the engine knows this key, whatever it may do."""
    try:
        store(one, 5).call("GET", "/")
    except Refused as error:
        return error.code not in ("InvalidAccessKeyId", "SignatureDoesNotMatch")
    return True


def engine_pid():
    try:
        return int((RUN / "engine.pid").read_text())
    except FileNotFoundError:
        raise Failed("the engine does not run") from None


def raise_epoch(wanted):
    now = epoch()
    if wanted < now:
        raise Wrong(f"epoch {now} is in force; {wanted} is before it, and an epoch never goes back")
    if wanted > now:
        write(EPOCH, f"{wanted}\n")
    return wanted


def main(words):
    with open(RUN / "apply.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if words == ["prepare"]:
            at = epoch()
            front.store_keys(front_keys(prepare(at), at, full()))
            return
        at = epoch()
        if len(words) == 2 and words[0] == "epoch":
            if not words[1].isdecimal():
                raise Wrong(f"expected a whole number, received {words[1]!r}")
            at = raise_epoch(int(words[1]))
        elif words:
            raise Wrong("usage: apply.py [prepare | epoch N]")
        put_in_force(at)
        print(f"epoch {at} in force")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Wrong, Failed, OSError, ValueError, KeyError) as problem:
        print(f"objects: {problem}", file=sys.stderr)
        sys.exit(1)
