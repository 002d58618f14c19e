"""What lies in PostgreSQL's data folder, whether it runs or not, as JSON: with that of the other site it is told whether this one's data are part of
that one's history (docs/adr/0015-epoch.md). Timeline numbers alone tell nothing: two sites may each make the same one.

  system      database cluster's identifier
  state       as pg_controldata says it, for example `in production` (it was killed), `shut down`, `in archive recovery`
  checkpoint  where the latest one lies
  timeline    of the latest checkpoint
  newest      timeline of the newest WAL segment; higher than `timeline`: it was promoted and not checkpointed since
  end         where the WAL that lies here ends; null: it cannot be read to its end
  kept        {where, since, transactions}: what was kept aside of exactly these data (data_keep.py); null: nothing
  history     [{timeline, until}]: the timelines before this one, and the position at which each was left
  begun       [{timeline, site, id}]: those that the site which wrote these data began (timelines.py); alone where that is asked, as it costs nothing
"""
import json
import os
import re
import subprocess
import sys

import timelines

PGDATA = os.environ.get("LUMBUNG_PGDATA", "/var/lib/postgresql/data")
LIMIT_SECONDS = 60
KEPT = "kept"
SEGMENT = re.compile(r"[0-9A-F]{24}")
# pg_waldump ends where no record follows, and says where.
RECORD_END = re.compile(r"invalid [a-z ]+ at ([0-9A-F]+/[0-9A-F]+)|missing contrecord at ([0-9A-F]+/[0-9A-F]+)")


def control(text):
    """Fields of pg_controldata by name."""
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}


def history(text):
    """From the contents of a history file; empty: the first timeline."""
    parts = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [{"timeline": int(timeline), "until": until} for timeline, until, *_ in parts]


def position(lsn):
    """Bytes of `0/3000000`."""
    high, low = lsn.split("/")
    return (int(high, 16) << 32) | int(low, 16)


def history_of(folder, timeline):
    """As above, of the history file of that timeline in a data folder; None: there is no file, and it is not the first timeline."""
    if timeline == 1:
        return []
    try:
        with open(f"{folder}/pg_wal/{timeline:08X}.history", encoding="utf-8") as file:
            return history(file.read())
    except FileNotFoundError:
        return None


def end_of(said):
    """Where pg_waldump found the end, from what it wrote to standard error; None: it did not get there."""
    found = RECORD_END.search(said)
    return (found.group(1) or found.group(2)) if found else None


def newest_timeline(names):
    """Of WAL segments by name; None: there are none."""
    return max((int(name[:8], 16) for name in names if SEGMENT.fullmatch(name)), default=None)


def kept_name(data):
    """By what the data end with: what was kept of others, or of these before they went on (which makes a checkpoint), is not theirs."""
    return f"{data['newest']:08X}-{data['checkpoint']}-{data['end'] or 'unknown'}".replace("/", ".")


def kept_of(folder, data):
    try:
        with open(f"{os.path.dirname(folder)}/{KEPT}/{kept_name(data)}/kept.json", encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False, env={**os.environ, "LC_ALL": "C"})


def begun(folder, newest, passed):
    numbers = [newest, *(one["timeline"] for one in passed)]
    return [vars(one) for one in timelines.begun(timelines.read(folder), numbers)]


def look(folder):
    fields = control(run("pg_controldata", folder).stdout)
    timeline = int(fields["Latest checkpoint's TimeLineID"])
    newest = newest_timeline(os.listdir(folder + "/pg_wal")) or timeline
    passed = history_of(folder, newest) or []
    dumped = run("pg_waldump", "--quiet", "--path", folder + "/pg_wal", "--timeline", str(newest), "--start", fields["Latest checkpoint's REDO location"])
    data = {
        "system": fields["Database system identifier"], "checkpoint": fields["Latest checkpoint location"], "state": fields["Database cluster state"], "timeline": timeline, "newest": newest,
        "end": end_of(dumped.stderr), "history": passed, "begun": begun(folder, newest, passed),
    }
    return {**data, "kept": kept_of(folder, data)}


if __name__ == "__main__":
    try:
        if sys.argv[1:] == ["begun"]:
            latest = timelines.newest(PGDATA)
            print(json.dumps(begun(PGDATA, latest, history_of(PGDATA, latest) or [])))
        else:
            print(json.dumps(look(PGDATA)))
    except (OSError, KeyError, ValueError, subprocess.TimeoutExpired) as error:
        print(f"the data cannot be looked at: {error}")
        sys.exit(1)
