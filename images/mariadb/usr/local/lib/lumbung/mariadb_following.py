"""A standby follows the primary, and mends what stands still or is broken."""
import time

import mariadb_facts as facts_of
import pymysql
from mariadb_engine import replicate_statement
from mariadb_replication import recent_repair, sequence_in

RETRY_SECONDS = 5
WELL_SECONDS = 60
ACCESS_DENIED = 1045


class Following:
    """Part of Watch, which has what is read here."""

    def follow(self, renew=False):
        """Whether replication is set up and started. Never shows MariaDB's own message, in which the password may stand."""
        try:
            self.follow_now(renew)
            return True
        except (pymysql.err.Error, OSError) as error:
            self.agent.say(f"replication cannot be set up: error {error.args[0] if error.args else type(error).__name__}")
            return False

    def follow_now(self, renew):
        """What the relay log still holds is thrown away only where something in fact changed: while the primary is gone it may be the only copy."""
        with self.engine.connect() as connection, connection.cursor(pymysql.cursors.DictCursor) as cursor:
            row = replica_row(cursor)
        marker = facts_of.read_marker()
        gtid = marker.get("gtid")
        if gtid is not None:
            self.ask("RESET REPLICA ALL")
            self.ask(f"SET GLOBAL gtid_slave_pos = '{gtid}'")
        if renew or gtid is not None or row is None or row["Master_Host"] != self.agent.settings["PEER_HOST_NAME"]:
            password = read_password()
            self.ask("STOP REPLICA")
            self.ask(replicate_statement(self.agent.settings, password))
            self.password = password
        self.ask("START REPLICA")
        if gtid is not None:
            facts_of.write_marker({key: value for key, value in marker.items() if key != "gtid"})

    def renew_password(self):
        """A new password is told when the primary can be asked again: it is connected, or it refused the one before."""
        self.password = self.password or self.told_password()
        refused = (self.row or {}).get("Last_IO_Errno") == ACCESS_DENIED
        if (self.replication.kind == "flowing" or refused) and read_password() != self.password:
            self.agent.say("the password for replication changed: connecting anew")
            self.follow(renew=True)

    def told_password(self):
        """What MariaDB keeps in master.info (line 6)."""
        try:
            with open(facts_of.DATA + "/master.info", encoding="utf-8") as file:
                lines = file.read().split("\n")
            return lines[5] if len(lines) > 5 else None
        except FileNotFoundError:
            return None

    def heard(self, asked_at, said):
        """The other site's agent answered: where the primary was, and when."""
        if self.role == "standby" and self.agent.peer.is_primary() and self.seen:
            moment = asked_at - float(said.get("age_seconds") or 0)
            self.copy.primary_at(moment, sequence_in(said.get("gtid_binlog_pos"), self.seen["gtid_domain_id"]))

    def mend(self, now):
        """A replication that stands still is started again; one that stays broken is made anew, once a day."""
        kind = self.replication.kind
        if kind in ("flowing", "connecting"):
            # What flows for a moment and breaks again is not well.
            if self.retried_at is not None and kind == "flowing" and now - self.retried_at >= WELL_SECONDS:
                self.retried_at = None
            return
        if self.retried_at is None or (kind != "broken" and now - self.retried_at >= RETRY_SECONDS):
            self.retried_at = now
            self.agent.say(f"{self.replication.reason}: starting it again")
            self.follow()
        elif kind == "broken" and now - self.retried_at >= RETRY_SECONDS and self.may_repair():
            self.agent.repair(self.replication.reason)

    def may_repair(self):
        return not self.repaired_at() and not self.disk_low() and self.agent.peer.is_primary()

    def repaired_at(self):
        return recent_repair(self.agent.memory.get("repairs") or [], time.time())


def replica_row(cursor):
    """SHOW REPLICA STATUS as a dict; None where replication is not set up."""
    cursor.execute("SHOW REPLICA STATUS")
    return cursor.fetchone()


def read_password():
    with open(facts_of.CONFIG + "/replicator-password", encoding="utf-8") as file:
        return file.read().strip()
