"""A running server becomes what it was not: a primary that stops taking writes follows the other site, a standby takes over under the lease."""
import time

import lease_file
import mariadb_facts as facts_of
import pymysql
from mariadb_following import replica_row
from mariadb_keep import NotKept, keep
from mariadb_replication import CopyAge, gtid_in, sequence_in

# How long what was received may take to be applied before whoever asked must ask again.
APPLY_SECONDS = 120
CLOSE_SECONDS = 60
PEER_SECONDS = 10
NO_SUCH_TABLE = 1146
EPOCH_TABLE = (
    "CREATE TABLE IF NOT EXISTS lumbung.epoch (only_row TINYINT NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only_row = 1), epoch BIGINT UNSIGNED NOT NULL, "
    "site VARCHAR(64) NOT NULL, since TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP) ENGINE=InnoDB "
    "COMMENT 'The latest epoch in which these data took writes, and whose it was.'"
)


class NotTurned(Exception):
    """It is as it was, or on the way; why, in one line."""


class Turning:
    """Part of Watch, which has what is read here."""

    # --- the epoch in the data ------------------------------------------------------------------------------------------------
    def data_epoch(self):
        """(epoch, site) as the data say; None: they know none."""
        try:
            rows = self.ask("SELECT epoch, site FROM lumbung.epoch")
        except pymysql.err.ProgrammingError as error:
            if error.args[0] != NO_SUCH_TABLE:
                raise
            return None
        return (int(rows[0][0]), rows[0][1]) if rows else None

    def write_epoch(self):
        """Carried by the data wherever they are copied. Without a limit of time: with `sync` it returns when the other site has it."""
        record, known = lease_file.read_lease(self.run_folder), self.data_epoch()
        if record["state"] != "open" or (known and known[0] >= record["epoch"]):
            return
        with self.engine.connect(None) as connection, connection.cursor() as cursor:
            if known is None:
                cursor.execute(EPOCH_TABLE)
            cursor.execute("REPLACE INTO lumbung.epoch (only_row, epoch, site) VALUES (1, %s, %s)", (record["epoch"], record["site"]))

    def tell_epoch(self):
        """What the data know, to the keeper: with it a site finds out that an epoch store came back older than its own data."""
        known = self.data_epoch()
        if known:
            lease_file.write_known(self.run_folder, "database", *known)
        return known

    # --- under the lease ------------------------------------------------------------------------------------------------------
    def armed(self):
        """Whether this server may take writes, and is killed when the lease ends."""
        return self.role == "primary" and not lease_file.is_exempt(self.run_folder)

    def try_open(self):
        """Opens a primary, if the site holds the lease and the data know of no later epoch. Whether it did."""
        if not lease_file.arm(self.run_folder, self.tell_epoch()):
            self.agent.begin_first()
            return False
        self.open_writes()
        self.begin_accounts()
        return True

    # --- turning --------------------------------------------------------------------------------------------------------------
    def become(self, role):
        facts_of.write_marker({**facts_of.read_marker(), "role": role})
        self.agent.remember(role=role)
        self.role = role

    def close_writes(self):
        """One line. The primary becomes a standby of the other site, which has or gets all that was acknowledged. Raises NotTurned."""
        if not self.agent.settings.get("PEER_HOST_NAME"):
            raise NotTurned("there is no other site to stand by for")
        if self.held.is_set():
            raise NotTurned(f"a copy is being given to {self.agent.settings['PEER_SITE']}")
        with self.turn, self.told():
            if self.role == "primary":
                # New writes are refused from here on; commits under way are waited for.
                self.ask("SET GLOBAL read_only = 1", CLOSE_SECONDS)
                self.end_sessions()
                self.ask("SET GLOBAL rpl_semi_sync_master_enabled = 0")
                ((position,),) = self.ask("SELECT @@GLOBAL.gtid_binlog_pos")
                self.await_peer(position)
                self.ask(f"SET GLOBAL gtid_slave_pos = '{position}'")
                self.become("standby")
                self.copy = CopyAge()
            if self.role != "standby":
                raise NotTurned("this server is closed: it was never a copy of what the other site has")
            ((read_only,),) = self.ask("SELECT @@GLOBAL.read_only")
            if not read_only:
                raise NotTurned("MariaDB is not read only yet")
            lease_file.exempt(self.run_folder, "standby")
            self.follow()
        return f"takes no writes: a standby of {self.agent.settings['PEER_SITE']}"

    def await_peer(self, position):
        """Until the other site has applied all of it. Where it does not, this server goes on as the primary: nothing is lost by waiting."""
        domain, site = self.seen["gtid_domain_id"], self.agent.settings["PEER_SITE"]
        deadline = time.monotonic() + PEER_SECONDS
        while True:
            said = facts_of.ask_peer(self.agent.settings) or {}
            if sequence_in(said.get("gtid_slave_pos"), domain) >= sequence_in(position, domain):
                return
            if time.monotonic() > deadline:
                raise NotTurned(f"{site} has not applied all that was written here: {said.get('gtid_slave_pos') or 'no answer'} of {position}")
            time.sleep(0.1)

    def end_sessions(self):
        """Clients that hold a transaction open: it is rolled back, and they hear of no success."""
        own = ("mysql", "system user", self.agent.settings.get("REPLICATOR", ""))
        for number, user in self.ask("SELECT id, user FROM information_schema.processlist WHERE id <> CONNECTION_ID()"):
            if user not in own:
                try:
                    self.ask(f"KILL CONNECTION {int(number)}")
                except pymysql.err.Error:
                    continue  # it went by itself

    def take_over(self):
        """One line. A standby applies all that it received, and becomes the primary under the lease. Raises NotTurned."""
        with self.turn, self.told():
            if self.role == "standby":
                if self.agent.peer.is_primary():
                    raise NotTurned(f"{self.agent.settings['PEER_SITE']} says that it is the primary")
                self.apply_all()
                self.arm_or_explain()
                self.ask("STOP REPLICA")
                self.ask("RESET REPLICA ALL")
                self.become("primary")
                self.replication = None
            if self.role != "primary":
                raise NotTurned("this server is closed: what it holds is in doubt, and needs a reseed")
            if not self.try_open():
                raise NotTurned(f"the lease is not in force: {self.agent.lease_line()}")
        return "takes writes, as the primary"

    def keep_aside(self, since):
        """One line. What only this server has, while it is closed: one that runs goes on to have more. Raises NotTurned."""
        with self.turn, self.told():
            if self.role == "standby" or self.armed():
                raise NotTurned("this server is in use: what only it has is kept when it is closed")
            ((position,),) = self.ask("SELECT @@GLOBAL.gtid_binlog_pos")
            try:
                kept = keep(self.ask, position, since)
            except NotKept as error:
                raise NotTurned(f"not kept: {error}") from error
        return f"kept in {kept['where']}: {'not counted' if kept['transactions'] is None else kept['transactions']} transactions"

    def arm_or_explain(self):
        if not lease_file.arm(self.run_folder, self.tell_epoch()):
            raise NotTurned(f"the lease is not in force, or the data know of a later epoch: {self.agent.lease_line()}")

    def apply_all(self):
        """What lies in the relay log was acknowledged, and may be nowhere else. Only the fetching is stopped: both would throw the log away."""
        self.ask("STOP REPLICA IO_THREAD")
        deadline = time.monotonic() + APPLY_SECONDS
        while True:
            with self.engine.connect() as connection, connection.cursor(pymysql.cursors.DictCursor) as cursor:
                row = replica_row(cursor)
            if row is None:
                raise NotTurned("replication was never set up here")
            if row["Slave_SQL_Running"] != "Yes":
                raise NotTurned(f"what was received cannot be applied: SQL error {row['Last_SQL_Errno']}")
            domain = self.seen["gtid_domain_id"]
            ((applied,),) = self.ask("SELECT @@GLOBAL.gtid_slave_pos")
            received = gtid_in(row["Gtid_IO_Pos"], domain)
            if received is None or sequence_in(applied, domain) >= received[1]:
                return
            if time.monotonic() > deadline:
                raise NotTurned(f"what was received is still being applied: {sequence_in(applied, domain)} of {received[1]}")
            time.sleep(0.1)
