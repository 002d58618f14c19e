"""Keeps aside what only this server has, before it is made anew: the binary logs that hold it, on the volume of its data, beside them.

  <volume>/kept/<gtid_binlog_pos>/kept.json          {where, since, transactions}; transactions: how many came after `since`; null: nobody knows since when
  <volume>/kept/<gtid_binlog_pos>/transactions.txt   their GTIDs, a line each
  <volume>/kept/<gtid_binlog_pos>/binlog.*           from the one on in which the two sites parted; without `since`, all that are here

`since`: the last transaction of this server that the other site has, as `domain-server-sequence`. Named after what the data end with, so that what was kept of
other data never counts. Nothing is kept twice. A person takes it away; `mariadb-binlog` of any MariaDB reads it.
"""
import json
import os
import shutil

import mariadb_facts as facts_of
from guard_files import sync_folder, write_durably
from mariadb_replication import gtid_in, sequence_in

# What the server needs to be made anew must stay free.
SPARE_BYTES = 64 * 1024 * 1024
FLUSH_SECONDS = 60
LIST_SECONDS = 600
LIST_ROWS = 10_000
GTID_WORDS = ("BEGIN GTID ", "GTID ")


class NotKept(Exception):
    """Why, in one line."""


def top():
    return facts_of.VOLUME + "/kept"


def folder_of(position):
    """Where what was kept of data that end there lies."""
    return f"{top()}/{position.replace(',', '_')}"


def kept_of(position):
    """What was kept of exactly these data; None: nothing."""
    if not position:
        return None
    try:
        with open(folder_of(position) + "/kept.json", encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def events(ask, name, rows=LIST_ROWS):
    """(type, info) of a binary log's events, some thousand at a time: a log may hold millions."""
    position = 4
    while True:
        found = ask(f"SHOW BINLOG EVENTS IN '{name}' FROM {position} LIMIT {rows}", LIST_SECONDS)
        yield from ((row[2], row[5]) for row in found)
        if len(found) < rows:
            return
        position = found[-1][4]


def begins_with(ask, name):
    """The GTID position with which a binary log begins, as its Gtid_list event says it: `[1-11-5,2-1-3]`."""
    for kind, info in events(ask, name, 5):
        if kind == "Gtid_list":
            return info.strip("[]")
    raise NotKept(f"{name}: it does not say with which transactions it begins")


def logs_since(ask, names, since):
    """The logs, oldest first, that hold everything after `since`; all of them where none of them begins before it."""
    if since is None:
        return names
    domain = int(since.split("-")[0])
    for index in range(len(names) - 1, -1, -1):
        if sequence_in(begins_with(ask, names[index]), domain) <= sequence_in(since, domain):
            return names[index:]
    return names


def transactions(ask, names, since):
    """GTIDs of those after `since`, in order."""
    domain, found = int(since.split("-")[0]), []
    for name in names:
        for kind, info in events(ask, name):
            if kind != "Gtid":
                continue
            gtid = next((info[len(start):] for start in GTID_WORDS if info.startswith(start)), "").split(" ")[0]
            if gtid_in(gtid, domain) and sequence_in(gtid, domain) > sequence_in(since, domain):
                found.append(gtid)
    return found


def demand_room(paths):
    needed = sum(map(os.path.getsize, paths)) + SPARE_BYTES
    free, _ = facts_of.free_bytes()
    if free < needed:
        raise NotKept(f"no room: it needs {needed // 1024**2} MiB, and {free // 1024**2} MiB are free")


def keep(ask, position, since):
    """kept.json's content. ask: as Watch.ask. position: where the data end. Raises NotKept, OSError, pymysql.err.Error."""
    there = kept_of(position)
    if there:
        return there
    # Nothing of it is logged: what is kept must be all that these data will ever have had.
    ask("FLUSH NO_WRITE_TO_BINLOG BINARY LOGS", FLUSH_SECONDS)
    names = logs_since(ask, [row[0] for row in ask("SHOW BINARY LOGS")], since)
    paths = [f"{facts_of.DATA}/{name}" for name in names]
    demand_room(paths)
    final = folder_of(position)
    shutil.rmtree(final + ".new", ignore_errors=True)
    os.makedirs(final + ".new", mode=0o700)
    for path in paths:
        shutil.copy2(path, final + ".new")
    found = None if since is None else transactions(ask, names, since)
    if found is not None:
        write_durably(final + ".new/transactions.txt", "".join(gtid + "\n" for gtid in found))
    content = {"where": final, "since": since, "transactions": None if found is None else len(found)}
    # Before the name that says that it is whole.
    os.sync()
    write_durably(final + ".new/kept.json", json.dumps(content) + "\n")
    os.rename(final + ".new", final)
    sync_folder(top())
    return content
