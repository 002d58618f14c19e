"""Beside PostgreSQL: compares a standby with the primary at the other site, however it became one (follow_judge), and names the timelines of a primary (timelines).
Usage: follow_watch.py KEEPER

Every second it looks at this server, in one session; the other site is asked where something changed, where nothing is proven yet, and every half a minute.
/run/lumbung/follow for the health script and the door: a line `well`, `unknown WHY`, `rewind WHY` or `reseed WHY`, and one with when, by lease_file.now().

What is not part of the other's history confirms no commits and is no copy: a server of which that was seen often enough is closed. Its guard, started anew by the
keeper (whose process id is given), finds /identity/diverged and waits until a person has it rewound or made anew. One that can be rewound is left to Patroni for a while.
"""
import os
import signal
import sys
import time
from dataclasses import dataclass

import guard_facts
import lease_file
import psycopg2
import timelines
from data_history import history, history_of, position
from follow_judge import Side, judge
from guard_files import read_settings, write_durably

RUN = os.environ.get("LUMBUNG_RUN", "/run/lumbung")
PERIOD_SECONDS, AGAIN_SECONDS = 1, 30
# How long a verdict must stand before the server is closed. Patroni, which looks every two seconds, stops it before it rewinds it.
STANDS_SECONDS = {"reseed": 3, "rewind": 20}
TLS = guard_facts.CONFIG + "/tls"
TIMELINE_WRITTEN = "('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int"
OWN = f"""
select pg_is_in_recovery(), (select system_identifier from pg_control_system())::text,
  case when pg_is_in_recovery()
    then greatest((select timeline_id from pg_control_checkpoint()), (select min_recovery_end_timeline from pg_control_recovery()), received_tli)
    else {TIMELINE_WRITTEN} end,
  case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end::text,
  (select pid from pg_stat_activity where backend_type = 'startup'),
  pg_postmaster_start_time()::text, receiver.pid,
  (select extract(epoch from backend_start)::float from pg_stat_activity where pid = receiver.pid and receiver.status = 'streaming')
from (select) one left join pg_stat_wal_receiver receiver on true
"""
THEIRS = f"""
select recovering, (select system_identifier from pg_control_system())::text, timeline, flushed::text,
  convert_from(pg_read_binary_file('pg_wal/' || lpad(upper(to_hex(timeline)), 8, '0') || '.history', 0, 1048576, true), 'UTF8'),
  convert_from(pg_read_binary_file('{timelines.FILE}', 0, 1048576, true), 'UTF8')
from (select pg_is_in_recovery() as recovering,
  case when not pg_is_in_recovery() then {TIMELINE_WRITTEN} end as timeline, case when not pg_is_in_recovery() then pg_current_wal_flush_lsn() end as flushed) one
"""
SHORT = "-c statement_timeout=3000"


@dataclass(frozen=True)
class Own:
    """started: when PostgreSQL began, receiver: the process that receives its WAL; both only to tell whether that is another one now. receiving_since: seconds; None: no WAL comes in."""

    side: Side
    marks: timelines.Marks
    passed: tuple[int, ...]
    started: str
    receiver: int | None
    receiving_since: float | None


def side_of(recovering, system, timeline, lsn, passed, marks):
    """passed: as data_history.history has it, or None."""
    steps = None if passed is None else tuple((one["timeline"], position(one["until"])) for one in passed)
    numbers = (*(number for number, _ in steps or ()), timeline)
    return Side(system, timeline, steps, position(lsn), timelines.ids(marks, numbers), recovering), numbers


def replayed_timeline(title):
    """Of the segment in the title of PostgreSQL's startup process (`recovering 000000040000000000000005`); 0: it names none. After a stream broke off, nothing else that runs says it."""
    found = next((word for word in title.replace("\0", " ").split() if timelines.SEGMENT.fullmatch(word)), None)
    return int(found[:8], 16) if found else 0


def title_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


class Server:
    """PostgreSQL of this container, through one session for as long as it lives."""

    def __init__(self, folder):
        self.folder, self.session = folder, None

    def look(self):
        """Own; None: it does not answer, or its replay cannot be placed."""
        try:
            if self.session is None:
                self.session = psycopg2.connect(
                    host="/run/postgresql", user="postgres", dbname="postgres", connect_timeout=3, application_name="lumbung follow watch", options=SHORT,
                )
                self.session.autocommit = True
            with self.session.cursor() as cursor:
                cursor.execute(OWN)
                recovering, system, timeline, lsn, startup, started, receiver, since = cursor.fetchone()
        except psycopg2.Error:
            self.forget()
            return None
        if lsn is None:
            return None
        if recovering:
            read = replayed_timeline(title_of(startup))
            if read == 0 and since is None:
                return None
            timeline = max(timeline, read)
        marks = timelines.read(self.folder)
        side, passed = side_of(recovering, system, timeline, lsn, history_of(self.folder, timeline), marks)
        return Own(side, marks, passed, started, receiver, since)

    def forget(self):
        if self.session is not None:
            self.session.close()
        self.session = None


def ask(settings):
    """Side of the other site's server; None: it does not answer. As the role of pg_rewind, which may read the files of its data folder."""
    try:
        session = psycopg2.connect(
            host=settings["PEER_HOST_NAME"], port=5432, user="rewinder", dbname="postgres", connect_timeout=3, application_name="lumbung follow watch", options=SHORT,
            sslmode="verify-full", sslrootcert=TLS + "/ca.crt", sslcert=TLS + "/server.crt", sslkey=TLS + "/server.key", gssencmode="disable", tcp_user_timeout=4000,
            keepalives_idle=2, keepalives_interval=1, keepalives_count=2,
        )
    except psycopg2.Error:
        return None
    try:
        with session.cursor() as cursor:
            cursor.execute(THEIRS)
            recovering, system, timeline, lsn, file, marks = cursor.fetchone()
    except psycopg2.Error:
        return None
    finally:
        session.close()
    if recovering:
        return Side(system, 0, (), 0, {}, True)
    passed = [] if timeline == 1 else None if file is None else history(file)
    return side_of(False, system, timeline, lsn, passed, timelines.parse(marks))[0]


class Watch:
    """server: Server. ask: of settings, a Side or None. close: has the keeper begin anew."""

    def __init__(self, server, asking, close):
        self.server, self.asking, self.close = server, asking, close
        self.verdict, self.compared, self.asked_at, self.since = None, None, float("-inf"), None
        # A doubt about data, by when their server began: that the primary has written on past them since takes it not away.
        self.doubt = (None, None)

    def look(self, settings, now):
        own = self.server.look()
        if own is None:
            self.forget()
            self.say("unknown", "where its replay is, it does not say")
        elif not own.side.recovering:
            self.forget()
            self.lead(own, settings)
        else:
            self.follow(own, settings, now)
        return own

    def forget(self):
        """Nothing is said of a server that does not answer, or leads: nor is what was said of it before."""
        self.verdict, self.compared, self.since = None, None, None

    def lead(self, own, settings):
        if timelines.writes_on(own.marks, own.passed, settings["SITE"], "") != own.marks:
            timelines.change(self.server.folder, lambda marks: timelines.writes_on(marks, own.passed, settings["SITE"], timelines.new_id()))
        guard_facts.forget_diverged()
        self.say("unknown", "it takes writes itself")

    def follow(self, own, settings, now):
        if timelines.follows_on(own.marks, own.side.timeline, own.receiving_since) != own.marks:
            timelines.change(self.server.folder, lambda marks: timelines.follows_on(marks, own.side.timeline, own.receiving_since))
        situation, seen = (own.started, own.receiver, own.side.timeline), False
        if situation != self.compared or self.verdict.kind != "part" or now - self.asked_at >= AGAIN_SECONDS:
            theirs = self.asking(settings)
            seen = theirs is not None
            # One that is away for a while takes nothing back of what was seen of this very stream.
            if seen or situation != self.compared:
                verdict = judge(own.side, theirs, settings["PEER_SITE"])
                if verdict.kind == "reseed":
                    self.doubt = (own.started, verdict)
                self.note(self.doubt[1] if self.doubt[0] == own.started and seen else verdict, situation, now)
            self.asked_at = now
        self.say("well" if self.verdict.kind == "part" else self.verdict.kind, self.verdict.why)
        # Whoever asks for the lease here wants these data, whatever they are: what becomes of them is decided by people.
        opened = lease_file.is_open(lease_file.read_lease(RUN), lease_file.now())
        if seen and not opened and self.since is not None and now - self.since >= STANDS_SECONDS[self.verdict.kind]:
            write_durably(guard_facts.DIVERGED, self.verdict.why + "\n")
            self.close()

    def note(self, verdict, situation, now):
        same = self.verdict is not None and self.verdict.kind == verdict.kind
        self.since = None if verdict.kind not in STANDS_SECONDS else self.since if same else now
        self.verdict, self.compared = verdict, situation

    def say(self, word, why):
        lease_file.write(RUN + "/follow", f"{word} {why}".strip() + f"\n{lease_file.now()}\n")


def main(keeper):
    def close():
        os.kill(keeper, signal.SIGTERM)
        sys.exit(0)

    watch = Watch(Server(guard_facts.PGDATA), ask, close)
    while (settings := read_settings(guard_facts.CONFIG + "/guard.env")).get("PEER_HOST_NAME"):
        watch.look(settings, lease_file.now())
        time.sleep(PERIOD_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]))
