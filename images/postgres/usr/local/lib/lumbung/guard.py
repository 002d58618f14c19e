"""The founding guard: decides what becomes of the data volume (guard_decision), prepares it, and becomes Patroni.

Below the keeper of the lease, which kills all of it when the lease ends.

Usage: guard.py            wait, refuse, or prepare and exec Patroni
       guard.py record ROLE   (from Patroni's callbacks) remember that this site has the region's data, and as what
       guard.py founded       (from Patroni's bootstrap) remember that the new server is initialised
"""
import json
import os
import re
import shutil
import signal
import sys
import time

import guard_facts as facts_of
import lease_disk
import lease_file
import sync_state
from guard_decision import Decision, Names, decide
from guard_files import alone, read_memory, write_durably

RUN = os.environ.get("LUMBUNG_RUN", "/run/lumbung")
PERMIT = facts_of.IDENTITY + "/permit"
PATRONI_FOLDER = RUN + "/patroni"
PERIOD_SECONDS = 2


def say(text):
    print("lumbung-guard: " + text, file=sys.stderr, flush=True)


def remember(memory):
    write_durably(facts_of.MEMORY_FILE, json.dumps(memory, indent=2) + "\n")


def show(decision):
    """For the health script: what the guard is doing, until PostgreSQL runs."""
    write_durably(RUN + "/guard", f"{decision.action} [{decision.code}]: {decision.message}\n")


def empty_data_folder():
    """Only for a decision that said so. The folder itself stays: it may be a mount."""
    for name in os.listdir(facts_of.PGDATA) if os.path.isdir(facts_of.PGDATA) else ():
        path = os.path.join(facts_of.PGDATA, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def write_patroni_folder(settings, as_standby):
    """Patroni reads a folder: the delivered file, and what only this site's state decides.

    bootstrap.dcs counts only where etcd and the data know nothing (a new server, or etcd's volume lost).
    """
    os.makedirs(PATRONI_FOLDER, exist_ok=True)
    link = PATRONI_FOLDER + "/10-delivered.yml"
    if not os.path.islink(link):
        os.symlink("/config/current/patroni.yml", link)
    standby = {
        "host": settings["PEER_HOST_NAME"],
        "port": 5432,
        "primary_slot_name": settings["SLOT"],
        "create_replica_methods": ["basebackup"],
    }
    overlay = {"bootstrap": {"dcs": {"standby_cluster": standby}}} if as_standby else {}
    write_durably(PATRONI_FOLDER + "/20-role.yml", json.dumps(overlay) + "\n")
    sync_state.write_overlay(PATRONI_FOLDER, sync_state.mode_of(settings, facts_of.IDENTITY))


def discard_foreign_cache(as_standby):
    """Patroni keeps its dynamic configuration beside the data, and a base backup brings the other site's.

    Believed after etcd's volume was lost, it would make a standby a primary.
    """
    path = facts_of.PGDATA + "/patroni.dynamic.json"
    if not as_standby or not os.path.exists(path):
        return
    try:
        with open(path, encoding="utf-8") as file:
            stale = not json.load(file).get("standby_cluster")
    except ValueError:
        stale = True
    if stale:
        say("patroni.dynamic.json is not a standby's: removed")
        os.unlink(path)


def carry_out(decision, settings, memory):
    """Prepares what was decided. Safe to repeat: each step leaves a state from which the same decision follows."""
    region = settings["REGION_IDENTITY"]
    if decision.action in ("found", "clone"):
        state = "founding" if decision.action == "found" else "cloning"
        remember({**memory, "region": region, "state": state})
        facts_of.forget_in_etcd(settings)
        empty_data_folder()
        facts_of.forget_diverged()
        if os.path.exists(PERMIT):
            os.unlink(PERMIT)
    elif decision.action == "rejoin":
        # Forgotten first: what Patroni's store knows of this server as a primary would make it one again.
        facts_of.forget_in_etcd(settings)
        remember({**memory, "role": "standby"})
        facts_of.forget_diverged()
        os.unlink(PERMIT)
    as_standby = is_standby(decision, memory)
    write_patroni_folder(settings, as_standby)
    discard_foreign_cache(as_standby)


def kept_epoch():
    """(epoch, site) that the data knew when PostgreSQL last ran here (epoch-watch), told to the keeper as well; None: not known."""
    kept = read_memory(os.path.dirname(facts_of.PGDATA) + "/epoch.json")
    if not kept:
        return None
    lease_file.write_known(RUN, "database", kept["epoch"], kept["site"])
    return kept["epoch"], kept["site"]


def is_standby(decision, memory):
    """Whether what is decided makes a standby, which takes no writes. What is not remembered is no standby: Patroni decides, under the lease."""
    return decision.action in ("clone", "rejoin") or (decision.action == "start" and memory.get("role") == "standby")


def unless_diverged(decision, memory, peer):
    """The decision itself, or to wait: a copy that was seen to be none follows nobody until a person says what becomes of it, or that this site is the active one."""
    why = facts_of.diverged()
    record = lease_file.read_lease(RUN)
    if why is None or decision.action != "start" or not is_standby(decision, memory) or lease_file.is_open(record, lease_file.now()):
        return decision
    return Decision("wait", "wait-diverged", f"these data parted from those of {peer} ({why}): closed until failback, which keeps what only this site has and then rewinds or refills it")


def under_lease(decision, memory):
    """The decision itself where it may be carried out now, else to wait. Only a standby needs no lease."""
    if decision.action in ("wait", "refuse"):
        return decision
    if is_standby(decision, memory):
        lease_file.exempt(RUN, "standby")
        return decision
    if lease_file.arm(RUN, kept_epoch()):
        return decision
    record = lease_file.read_lease(RUN)
    lease_disk.begin_first(facts_of.IDENTITY, record, memory, decision.action == "found")
    return Decision("wait", "wait-lease", f"{decision.message}: closed, as this site does not hold the lease [{record['code']}]: {record['message']}")


def void_permit(decision, permit):
    """A permit counts for the situation it was given in: one that is not used must not wait for a worse one."""
    used = decision.action in ("found", "clone", "rejoin") or (decision.action == "wait" and permit in ("reseed", "rejoin"))
    if permit is None or used:
        return
    os.unlink(PERMIT)
    say(f"the permit '{permit}' is void here ({decision.code}): removed")


def become_patroni():
    os.execv("/usr/local/bin/patroni", ["patroni", PATRONI_FOLDER])


def gather(settings, memory):
    found = facts_of.gather(settings, memory, PERMIT)
    names = Names(settings["REGION"], settings["SITE"], settings["WORKLOAD"], settings.get("PEER_SITE", ""))
    return found, names


def main():
    os.makedirs(RUN, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a reload: settings are read anew in every round anyway
    said = ""
    while True:
        settings, memory = facts_of.read_settings(), facts_of.read_memory()
        found, names = gather(settings, memory)
        decision = decide(found, names)
        void_permit(decision, found.permit)
        decision = under_lease(unless_diverged(decision, memory, names.peer), memory)
        if decision.action not in ("wait", "refuse"):
            try:
                show(decision)
                say(decision.message)
                carry_out(decision, settings, memory)
                signal.signal(signal.SIGHUP, signal.SIG_DFL)
                become_patroni()
            except facts_of.EtcdSilent as error:
                decision = Decision("wait", "wait-etcd", f"{decision.message}: waiting for {settings['ETCD_URL']} ({error})")
        # Seconds that run down are no news.
        if re.sub(r"[\d.]+ s\b", "", decision.message) != said:
            show(decision)
            say(f"{decision.action}: {decision.message}")
            said = re.sub(r"[\d.]+ s\b", "", decision.message)
        time.sleep(PERIOD_SECONDS)


def record(role):
    """Patroni's callbacks: the server runs with the region's data. `replica` is what Patroni calls a server that is not sure yet."""
    with alone(facts_of.MEMORY_FILE):
        memory = facts_of.read_memory()
        system = facts_of.system_identifier()
        known = {"primary": "primary", "standby_leader": "standby"}.get(role, memory.get("role"))
        after = {**memory, "region": facts_of.read_settings()["REGION_IDENTITY"], "state": "data", "systemIdentifier": system}
        if known:
            after["role"] = known
        if after != memory:
            remember(after)


def founded():
    remember({**facts_of.read_memory(), "state": "founded", "systemIdentifier": facts_of.system_identifier()})


if __name__ == "__main__":
    if sys.argv[1:2] == ["record"]:
        record(sys.argv[2])
    elif sys.argv[1:2] == ["founded"]:
        founded()
    else:
        main()
