"""Keeps aside what only this server has, before it is rewound or made anew: on the volume of its data, beside them. Usage: data_keep.py [SINCE]

SINCE: where the two sites parted, as the other site's history has it. What was written after it is kept as WAL, with a list of its transactions. Without it nobody
knows where they parted: all of the data is kept. Its last line says where. Exit code 1, and why: nothing was kept. Nothing is kept twice.

  <volume>/kept/<timeline>-<checkpoint>-<end>/kept.json          {where, since, transactions}; transactions: how many committed after SINCE; null: not counted
  <volume>/kept/<timeline>-<checkpoint>-<end>/transactions.txt   of pg_waldump, a line each
  <volume>/kept/<timeline>-<checkpoint>-<end>/pg_wal/            the segments and history files; or `data/`, all of it
"""
import json
import os
import shutil
import subprocess
import sys

from data_history import KEPT, PGDATA, SEGMENT, control, end_of, kept_name, look, position, run
from guard_files import sync_folder, write_durably

# What the engine needs to start and to be rewound must stay free.
SPARE_BYTES = 64 * 1024 * 1024


class NotKept(Exception):
    """Why, in one line."""


def segments(names, since, segment_bytes):
    """Of a pg_wal folder: the segments that hold what was written from `since` on, of any timeline, and all histories."""
    number = position(since) // segment_bytes
    per_log = 0x100000000 // segment_bytes
    first = f"{number // per_log:08X}{number % per_log:08X}"
    return sorted(name for name in names if name.endswith(".history") or (SEGMENT.fullmatch(name) and name[8:] >= first))


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names)


def demand_room(paths, beside):
    needed = sum(map(size_of, paths)) + SPARE_BYTES
    there = os.statvfs(beside)
    free = there.f_bavail * there.f_frsize
    if free < needed:
        raise NotKept(f"no room: it needs {needed // 1024**2} MiB, and {free // 1024**2} MiB are free")


def transactions(said):
    """Lines of pg_waldump that commit something."""
    return [line for line in said.splitlines() if "desc: COMMIT" in line]


def keep(data_folder, since):
    """kept.json's content."""
    data = look(data_folder)
    if data["kept"]:
        return data["kept"]
    top = os.path.join(os.path.dirname(data_folder), KEPT)
    final = os.path.join(top, kept_name(data))
    shutil.rmtree(final + ".new", ignore_errors=True)
    count = None
    if since:
        size = int(control(run("pg_controldata", data_folder).stdout)["Bytes per WAL segment"])
        paths = [os.path.join(data_folder, "pg_wal", name) for name in segments(os.listdir(data_folder + "/pg_wal"), since, size)]
        demand_room(paths, os.path.dirname(data_folder))
        os.makedirs(final + ".new/pg_wal")
        for path in paths:
            shutil.copy2(path, final + ".new/pg_wal")
        count = listed(final + ".new", data, since)
    else:
        demand_room([data_folder], os.path.dirname(data_folder))
        os.makedirs(final + ".new")
        shutil.copytree(data_folder, final + ".new/data", symlinks=True)
    content = {"where": final, "since": since, "transactions": count}
    # Before the name that says that it is whole.
    os.sync()
    write_durably(final + ".new/kept.json", json.dumps(content) + "\n")
    os.rename(final + ".new", final)
    sync_folder(top)
    return content


def listed(folder, data, since):
    """How many; None where the WAL could not be read to the end that is known of it. Writes the list."""
    words = ["pg_waldump", "--path", folder + "/pg_wal", "--timeline", str(data["newest"]), "--start", since, "--rmgr", "Transaction"]
    dumped = run(*words)
    lines = transactions(dumped.stdout)
    write_durably(folder + "/transactions.txt", "".join(line + "\n" for line in lines))
    return len(lines) if data["end"] is not None and end_of(dumped.stderr) == data["end"] else None


def main(words):
    try:
        kept = keep(PGDATA, words[0] if words else None)
        print(f"kept in {kept['where']}: {'not counted' if kept['transactions'] is None else kept['transactions']} transactions")
        return 0
    except (NotKept, OSError, KeyError, ValueError, shutil.Error, subprocess.TimeoutExpired) as error:
        print(f"not kept: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
