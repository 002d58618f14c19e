"""What was copied, so that each round asks only for what is new. It may be lost: origins in the metadata tell it again, more slowly."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

DOUBT_SECONDS = 3600
SCHEMA = """
create table if not exists copied (
  bucket text not null, key text not null, ref text not null, local text not null,
  until text not null default '', checked real not null default 0, primary key (bucket, key, ref)) without rowid;
create index if not exists by_check on copied (bucket, checked);
create table if not exists round (bucket text primary key, began real not null);
"""


def opened(path):
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -2000;" + SCHEMA)
    return database


def rounds(path):
    """By bucket, when the last complete round began (Unix time); only read. Raises sqlite3.Error."""
    if not Path(path).exists():
        return {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return dict(database.execute("select bucket, began from round"))


class Memory:
    def __init__(self, path):
        try:
            self.database = opened(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # Damaged, after a power cut for one: made anew.
            Path(path).unlink()
            self.database = opened(path)

    def doubt(self):
        """Forgets what came in the last hour before the end: after a power cut this may be on the disk while the copies are not. They are looked for again."""
        self.database.execute("delete from copied where checked > (select max(checked) from copied) - ?", (DOUBT_SECONDS,))

    def known(self, bucket, key):
        return dict(self.database.execute("select ref, local from copied where bucket = ? and key = ?", (bucket, key)))

    def keep(self, bucket, key, ref, local, until=""):
        self.database.execute(
            "insert or replace into copied (bucket, key, ref, local, until, checked) values (?, ?, ?, ?, ?, ?)",
            (bucket, key, ref, local, until, time.time()),
        )

    def least_checked(self, bucket, before, limit):
        """Copies whose lock was not compared since `before`: (key, ref, local, until)."""
        return self.database.execute(
            "select key, ref, local, until from copied where bucket = ? and checked < ? and until <> 'marker' order by checked limit ?",
            (bucket, before, limit),
        ).fetchall()

    def complete(self, bucket, began):
        self.database.execute("insert or replace into round values (?, ?)", (bucket, began))
