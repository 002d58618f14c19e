"""Beside a server that is declared `sync`: sees to it that Patroni and PostgreSQL do as people said, and writes down what it sees. Usage: sync_watch.py KEEPER

Every second: 30-sync.yml as the guard's door was told; a signal to the keeper (its process id), which hands it on to Patroni, where PostgreSQL has not taken that up;
/run/lumbung/sync for the door, /run/lumbung/sync-remark for the health script. Ends where `sync` is declared no more.
"""
import json
import os
import signal
import sys
import time

import guard_facts
import lease_file
import psycopg2
import sync_state
from guard_files import read_settings

RUN = os.environ.get("LUMBUNG_RUN", "/run/lumbung")
PERIOD_SECONDS, AGAIN_SECONDS = 1, 3
QUERY = """
select current_setting('synchronous_standby_names'), pg_is_in_recovery(),
  (select format('%s %s', pid, reply_time) from pg_stat_replication where sync_state in ('sync', 'quorum') and state = 'streaming' limit 1),
  (select count(*) from pg_stat_activity where wait_event = 'SyncRep')
"""


class Server:
    """PostgreSQL of this container, through one session for as long as it lives."""

    def __init__(self):
        self.session = None

    def ask(self):
        """sync_state.Answer; None: it does not answer."""
        try:
            if self.session is None:
                self.session = psycopg2.connect(
                    host="/run/postgresql", user="postgres", dbname="postgres", connect_timeout=3, application_name="lumbung sync watch",
                    options="-c statement_timeout=3000",
                )
                self.session.autocommit = True
            with self.session.cursor() as cursor:
                cursor.execute(QUERY)
                return sync_state.Answer(*cursor.fetchone())
        except psycopg2.Error:
            if self.session is not None:
                self.session.close()
            self.session = None
            return None


class Watch:
    """signal: hands a reload on to Patroni."""

    def __init__(self, server, reload):
        self.server, self.reload = server, reload
        self.heard, self.told_at = sync_state.Heard(), float("-inf")

    def look(self, settings, now):
        """False: nothing is declared to wait."""
        mode = sync_state.mode_of(settings, guard_facts.IDENTITY)
        # The guard makes the folder, with this file in it, when it starts Patroni.
        if os.path.isdir(RUN + "/patroni"):
            sync_state.write_overlay(RUN + "/patroni", mode)
        if mode is None:
            return False
        answer = self.server.ask()
        self.heard = sync_state.hear(self.heard, answer, now)
        if answer is not None and answer.names != sync_state.names_for(mode, settings) and now - self.told_at >= AGAIN_SECONDS:
            self.told_at = now
            self.reload()
        state = sync_state.state_of(answer, self.heard, now)
        lease_file.write(RUN + "/sync", json.dumps({"at": now, **state}) + "\n")
        lease_file.write(RUN + "/sync-remark", sync_state.remark_of(mode, state, settings["PEER_SITE"]) + "\n")
        return True


def main(keeper):
    watch = Watch(Server(), lambda: os.kill(keeper, signal.SIGHUP))
    while watch.look(read_settings(guard_facts.CONFIG + "/guard.env"), lease_file.now()):
        time.sleep(PERIOD_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]))
