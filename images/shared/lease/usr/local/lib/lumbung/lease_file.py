"""What a keeper says, in files below /run/lumbung, for whoever opens or closes: the watch, an agent check, a name server, health scripts.

lease          {"state", "deadline", "epoch", "site", "code", "message"}; deadline in seconds of `now()`; 0: closed
lease-exempt   while it is there the watch kills nothing: no engine runs yet, or it is a standby. Whoever starts or promotes an engine that
               takes writes removes it first
epoch-known/   {"epoch", "site"} by source: what the engine's own data say (`database`), and what the other site's guard says (`peer`)
"""
import contextlib
import json
import os
import time

EXEMPT = "/lease-exempt"
LEASE = "/lease"


def now():
    """Seconds since this machine booted, with those while it was suspended (clock_gettime(2), CLOCK_BOOTTIME).

    CLOCK_MONOTONIC stands still in a machine that sleeps while the lease runs on at the witness: it would wake up open. Neither clock runs in
    a virtual machine that its host paused: that window is stated (docs/adr/0015-epoch.md), not closed.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def write(path, text):
    """Whole or not at all; in memory, so nothing is synced."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


def write_lease(run, decision, epoch):
    """epoch: as the volume remembers it after this decision."""
    opened = decision.state == "open"
    write(run + LEASE, json.dumps({
        "state": decision.state, "deadline": decision.until if opened else 0, "epoch": epoch.epoch, "site": epoch.site,
        "code": decision.code, "message": decision.message,
    }) + "\n")


def read_lease(run):
    """The record. Whatever cannot be read is closed."""
    try:
        with open(run + LEASE, encoding="utf-8") as file:
            record = json.load(file)
        return {**record, "deadline": float(record["deadline"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return {"state": "closed", "deadline": 0.0, "epoch": 0, "site": "", "code": "no-lease-file", "message": f"no lease: {error}"}


def is_open(record, at):
    return record["state"] == "open" and at < record["deadline"]


def is_exempt(run):
    return os.path.exists(run + EXEMPT)


def exempt(run, why):
    """Only where no engine runs, or one that was seen to be a standby."""
    write(run + EXEMPT, why + "\n")


def why_exempt(run):
    """None: an engine here takes writes."""
    try:
        with open(run + EXEMPT, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def write_known(run, source, epoch, site):
    os.makedirs(run + "/epoch-known", exist_ok=True)
    write(f"{run}/epoch-known/{source}", json.dumps({"epoch": epoch, "site": site}) + "\n")


def contradicts(record, known):
    """known: (epoch, site) that an engine's own data say; None: they say nothing. Are they of a later epoch than the lease, or of another site's?"""
    return known is not None and (known[0] > record["epoch"] or (known[0] == record["epoch"] and known[1] != record["site"]))


def arm(run, known=None):
    """True: the lease is in force, so an engine may be started or promoted, and from now on the watch kills it when the lease ends.

    False: nothing changed; a standby goes on, closed. Never for an epoch that is being ended, nor where the engine's data know better.
    """
    record = read_lease(run)
    if not is_open(record, now()) or record["code"] == "closing" or contradicts(record, known):
        return False
    with contextlib.suppress(FileNotFoundError):
        os.unlink(run + EXEMPT)
    return True
