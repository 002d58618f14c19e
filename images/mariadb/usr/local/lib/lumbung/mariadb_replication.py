"""How replication stands and what to do about it: from MariaDB's own words to one of ours. Pure."""
import calendar
import time
from dataclasses import dataclass
from typing import Optional

REPAIR_EVERY_SECONDS = 86_400
# The other site does not serve what this one asks for: purged, or histories that differ (ER_MASTER_FATAL_ERROR_READING_BINLOG).
FATAL_READING = 1236


@dataclass(frozen=True)
class Replication:
    """kind: `none` (not set up), `flowing`, `connecting`, `stopped` (by hand), `broken` (does not get well by waiting)."""

    kind: str
    reason: str = ""


def gtid_in(gtids, domain):
    """(server, sequence) of a domain in a GTID position such as `0-1-5,1-11-42`; None if it has none."""
    for one in filter(None, (part.strip() for part in (gtids or "").split(","))):
        at, server, sequence = (int(number) for number in one.split("-"))
        if at == domain:
            return server, sequence
    return None


def sequence_in(gtids, domain):
    found = gtid_in(gtids, domain)
    return found[1] if found else 0


def assess(row, own_server, domain, binlog_pos, slave_pos):
    """`row`: SHOW REPLICA STATUS as a dict, None if empty."""
    if row is None:
        return Replication("none", "replication is not set up")
    strays = gtid_in(binlog_pos, domain)
    if strays and strays[0] == own_server and strays[1] > sequence_in(slave_pos, domain):
        return Replication("broken", f"something was written here, GTID {domain}-{own_server}-{strays[1]}: this is no copy any more")
    if row["Slave_SQL_Running"] != "Yes" and row["Last_SQL_Errno"]:
        return Replication("broken", one_line(f"SQL error {row['Last_SQL_Errno']}: {row['Last_SQL_Error']}"))
    if row["Slave_IO_Running"] == "No" and row["Last_IO_Errno"] == FATAL_READING:
        return Replication("broken", one_line(f"IO error {row['Last_IO_Errno']}: {row['Last_IO_Error']}"))
    if row["Slave_IO_Running"] == "No" or row["Slave_SQL_Running"] != "Yes":
        error = f": error {row['Last_IO_Errno']}" if row["Last_IO_Errno"] else ""
        return Replication("stopped", f"replication is stopped{error}")
    if row["Slave_IO_Running"] != "Yes":
        error = one_line(f": error {row['Last_IO_Errno']} {row['Last_IO_Error']}") if row["Last_IO_Errno"] else ""
        return Replication("connecting", f"not connected{error}")
    return Replication("flowing")


def one_line(text):
    return " ".join(text.split())[:240]


def recent_repair(repairs, now):
    """When it was last repaired by itself, if that is less than a day ago; a time in the future counts as such: the clock was wrong."""
    times = [one["at"] for one in repairs if now - calendar.timegm(time.strptime(one["at"], "%Y-%m-%dT%H:%M:%SZ")) < REPAIR_EVERY_SECONDS]
    return times[-1] if times else None


class CopyAge:
    """How old this copy is: the time since which it is known to hold everything that the primary had.

    The primary's position is asked for now and then; once this server has applied it, the copy is complete as of the moment in
    which the primary was there. Own monotonic clock only, no clock of the other site, and nothing has to be written for it.
    """

    KEPT = 4000

    def __init__(self):
        self.seen = []
        self.complete_at: Optional[float] = None

    def primary_at(self, moment, sequence):
        # An idle primary stays where it is: the latest moment of a position is the one that tells most.
        if self.seen and self.seen[-1][1] == sequence:
            self.seen[-1] = (moment, sequence)
        else:
            self.seen = (self.seen + [(moment, sequence)])[-self.KEPT :]

    def applied(self, sequence):
        while self.seen and self.seen[0][1] <= sequence:
            self.complete_at = self.seen[0][0]
            if len(self.seen) == 1:
                return
            self.seen.pop(0)

    def age(self, now):
        return None if self.complete_at is None else max(0.0, now - self.complete_at)
