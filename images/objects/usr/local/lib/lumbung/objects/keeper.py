#!/usr/bin/python3 -B
"""Runs beside the engine: keeps buckets as declared, shuts the door to writes before the disk is full, and copies from the other site.

    keeper.py          for as long as the store runs
    keeper.py fill     one complete round of every bucket, then ends: 0 when all of it came

What `health` tells is in /run/lumbung/keeper.json.
"""

import fcntl
import json
import os
import sqlite3
import sys
import subprocess
import threading
import time
import traceback

import buckets
import front
from apply import administrator
from copier import Copier, Idle
from memory import Memory
from orders import Orders
from s3 import Failed
from settings import CONFIG, DATA, RUN, Wrong, copied, room, settings, size, write

STATUS = RUN / "keeper.json"
MEMORY = DATA / "copied.sqlite"
ROUNDS = RUN / "rounds"
TICK_SECONDS = 2
DECLARED_SECONDS = 60
DISK_SECONDS = 30
SHORTEST_PAUSE_SECONDS = 5
# Between the tries of a round that was ordered, and how long it is tried.
ORDERED_SECONDS = 0.5
ORDERED_FOR_SECONDS = 60
BRIEF = (Failed, Wrong, OSError, ValueError, KeyError, sqlite3.Error)


def say(text):
    print(f"objects: {text}", file=sys.stderr, flush=True)


class Status:
    """What is known now; written whole at each change, and at least at each tick, so that an old one shows that nobody writes."""

    def __init__(self):
        self.lock = threading.Lock()
        self.told = {"remarks": [], "buckets": "not yet brought to what is declared", "copies": {}, "idle": "", "full": "", "disk": 0.0}

    def set(self, **what):
        with self.lock:
            for name, value in what.items():
                if isinstance(value, str) and value and value != self.told.get(name):
                    say(value)
            self.told |= what
            write(STATUS, json.dumps({**self.told, "at": time.time()}))

    def copied(self, bucket, problem):
        with self.lock:
            copies = dict(self.told["copies"])
        if problem and problem != copies.get(bucket):
            say(f"copy of {bucket}: {problem}")
        self.set(copies={**copies, bucket: problem})


# --- watch: short looks, which nothing may hold up --------------------------------------------------------------------------


def watch(status):
    declared_at, generation, disk_at = 0.0, "", 0.0
    while True:
        tick = time.monotonic()
        link = os.readlink(CONFIG)
        if link != generation or tick - declared_at > DECLARED_SECONDS or status.told["buckets"]:
            status.set(**as_declared())
            declared_at, generation = tick, link
        if tick - disk_at > DISK_SECONDS:
            disk_at = tick
            status.set(disk=disk_seconds())
        status.set(full=shut_when_full())
        time.sleep(TICK_SECONDS)


def as_declared():
    try:
        return {"remarks": buckets.reconcile(administrator(), settings()["buckets"], say), "buckets": ""}
    except BRIEF as error:
        return {"buckets": f"buckets: {error}"}


def shut_when_full():
    """Why nothing more is taken, or an empty text."""
    free, reserve = room()
    is_full = free < reserve
    try:
        with open(RUN / "apply.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            front.set_key(".full", "full" if is_full else None)
    except BRIEF as error:
        return f"cannot tell HAProxy whether there is room: {error}"
    if not is_full:
        return ""
    return f"the store is full: {size(free)} free, {size(reserve)} stay free for reads; writes are refused until there is room on the data volume"


def disk_seconds():
    """How long the disk takes for one small write that is really written."""
    began = time.monotonic()
    try:
        write(DATA / ".disk", "x")
    except OSError as error:
        say(f"data volume: {error}")
        return -1.0
    return round(time.monotonic() - began, 3)


# --- copies ---------------------------------------------------------------------------------------------------------------------


def copies(status, memory, orders):
    due = {}
    whole = set()
    # What was ordered is tried until it is whole, for so long: the other site may be about to say that it gives.
    wanted, wanted_until = set(), 0.0
    while True:
        told = settings()
        if "peer" in told:
            for bucket in copied(told):
                if time.monotonic() < due.get(bucket["id"], 0.0):
                    continue
                if one_round(Copier(told, memory), bucket, status):
                    whole.add(bucket["id"])
                    wanted.discard(bucket["id"])
                    if all(one["id"] in whole for one in copied(told)):
                        filled()
                # A third of what is promised: one round may fail and the next is still in time.
                again = bucket["id"] in wanted and time.monotonic() < wanted_until
                due[bucket["id"]] = time.monotonic() + (0.0 if again else max(SHORTEST_PAUSE_SECONDS, bucket["rpoSeconds"] / 3))
        if orders.wait(ORDERED_SECONDS if wanted and time.monotonic() < wanted_until else TICK_SECONDS):
            due.clear()
            wanted, wanted_until = {bucket["id"] for bucket in copied(settings())}, time.monotonic() + ORDERED_FOR_SECONDS


def filled():
    """From the first complete round of every bucket on, an empty volume here is a loss, not a beginning. Tried again at the next round."""
    if subprocess.run(["lumbung-keep", "--filled"], check=False).returncode != 0:
        say("the identity volume does not take down that this site has had the data")


def one_round(copier, bucket, status):
    """True when the copy is whole."""
    try:
        came = copier.round(bucket)
        status.copied(bucket["id"], "")
        status.set(idle="", skew=copier.skew)
        if came:
            say(f"copy of {bucket['id']}: {came} versions came from {copier.peer['site']}")
        return True
    except Idle as error:
        status.set(idle=str(error))
    except BRIEF as error:
        status.copied(bucket["id"], str(error))
        status.set(idle="", skew=copier.skew)
    except Exception as error:  # a bug of ours must show in `health`, not only in the log
        traceback.print_exc()
        status.copied(bucket["id"], f"bug: {type(error).__name__} {error}")
    return False


def fill():
    """For a reseed: everything of the other site's, once. Raises Failed, Idle."""
    told = settings()
    if "peer" not in told:
        raise Failed("there is no other site to copy from")
    buckets.reconcile(administrator(), told["buckets"], say)
    memory = Memory(MEMORY)
    for bucket in copied(told):
        say(f"{bucket['id']}: {Copier(told, memory).round(bucket)} versions came")


def main(words):
    if words == ["fill"]:
        try:
            fill()
        except (Idle, *BRIEF) as error:
            say(str(error))
            return 1
        return 0
    status = Status()
    status.set()
    memory = Memory(MEMORY)
    memory.doubt()
    # If the watch ends for a reason that nobody thought of, so does all of this, and it is started again.
    threading.Thread(target=lambda: guarded(watch, status), daemon=True).start()
    copies(status, memory, Orders(ROUNDS))
    return 0


def guarded(work, status):
    try:
        work(status)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
