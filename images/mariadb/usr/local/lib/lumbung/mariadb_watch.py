"""A running server: opened or made to follow, looked at every second, and described in one line."""
import contextlib
import json
import os
import threading
import time

import lease_file
import mariadb_facts as facts_of
import pymysql
from mariadb_accounts import look, statements
from mariadb_clone import CloneFailed
from mariadb_following import Following, replica_row
from mariadb_keep import kept_of
from mariadb_lines import Lines
from mariadb_replication import CopyAge, assess, sequence_in
from mariadb_turning import NotTurned, Turning

STATUS = ("Rpl_semi_sync_master_clients", "Rpl_semi_sync_master_status", "Rpl_semi_sync_master_wait_sessions", "Rpl_semi_sync_slave_status")
QUERY = "SELECT @@read_only, @@gtid_binlog_pos, @@gtid_binlog_state, @@gtid_slave_pos, @@version, @@server_id, @@gtid_domain_id, @@server_uid, @@rpl_semi_sync_master_enabled"
ACCOUNTS_SECONDS = 3600
ACCOUNTS_RETRY_SECONDS = 10
# How long a primary in sync mode waits, closed, for the copy that it gave to connect.
HELD_SECONDS = 120
EPOCH_SECONDS = 10


class Watch(Following, Lines, Turning):
    def __init__(self, agent, engine, run_folder):
        self.agent, self.engine, self.run_folder = agent, engine, run_folder
        # One of looking, closing and taking over at a time.
        self.turn = threading.RLock()
        self.role = facts_of.role_of(agent.memory, facts_of.read_marker())
        self.open = False
        self.at = 0.0
        self.seen = {}
        self.replication = None
        self.row = None
        self.copy = CopyAge()
        self.fault = ""
        self.retried_at = None
        self.held = threading.Event()
        self.ended = threading.Event()
        self.accounts_due = threading.Event()
        self.accounts_fault = ""
        self.connection = None
        self.password = None
        self.size = (float("-inf"), 0)
        self.keeps_accounts = False
        self.told_epoch_at = float("-inf")

    # --- becoming what it is ----------------------------------------------------------------------------------------------
    def begin(self):
        agent = self.agent
        founding = agent.memory.get("state") == "founding"
        if founding:
            self.role = "primary"
            self.try_accounts()
        if self.role == "primary" and facts_of.peer_state(facts_of.ask_peer(agent.settings), agent.settings["REGION_IDENTITY"], agent.memory.get("system")) == "primary":
            self.role = "closed"
            agent.say(f"{agent.settings['PEER_SITE']} is the primary: this server, which was one, stays closed")
        marker = facts_of.read_marker()
        if marker.get("role") != self.role:
            facts_of.write_marker({**marker, "role": self.role})
        remembered = {"state": "data", "role": self.role, "system": marker["system"]}
        if any(agent.memory.get(key) != value for key, value in remembered.items()):
            agent.remember(**remembered)
        if self.role == "primary":
            self.try_open()
        elif self.role == "standby":
            self.follow()
        self.look()
        agent.say(self.health()[1])

    def reload(self):
        if self.role == "primary":
            self.accounts_due.set()

    def end(self):
        self.ended.set()
        self.accounts_due.set()
        if self.connection:
            with contextlib.suppress(pymysql.err.Error, OSError):
                self.connection.close()

    # --- looking ----------------------------------------------------------------------------------------------------------
    def ask(self, statement, timeout=30):
        with self.engine.connect(timeout) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def cursor(self):
        if self.connection is None:
            self.connection = self.engine.connect()
        return self.connection.cursor(pymysql.cursors.DictCursor)

    def look(self):
        """One look, every second. MariaDB that does not answer leaves the last one to grow stale."""
        with self.turn:
            self.look_now()

    def look_now(self):
        try:
            with self.cursor() as cursor:
                cursor.execute(QUERY)
                seen = {key.lstrip("@"): value for key, value in cursor.fetchone().items()}
                cursor.execute("SHOW GLOBAL STATUS WHERE Variable_name IN %s", (STATUS,))
                seen |= {row["Variable_name"].lower(): row["Value"] for row in cursor.fetchall()}
                self.row = replica_row(cursor) if self.role == "standby" else None
            now = time.monotonic()
            self.seen, self.open, self.at, self.fault = seen, not seen["read_only"], now, ""
            if self.role == "standby":
                self.copy.applied(sequence_in(seen["gtid_slave_pos"], seen["gtid_domain_id"]))
                self.replication = assess(self.row, seen["server_id"], seen["gtid_domain_id"], seen["gtid_binlog_pos"], seen["gtid_slave_pos"])
                self.mend(now)
                self.renew_password()
            elif self.role == "primary" and not self.armed():
                self.try_open()
            elif self.role == "primary" and not self.held.is_set() and not (self.open and seen["rpl_semi_sync_master_enabled"] == self.waits()):
                self.agent.say("this server is the primary, and was read only or not as declared (sync, async): put right")
                self.open_writes()
            if now - self.told_epoch_at >= EPOCH_SECONDS:
                self.told_epoch_at = now
                known = self.tell_epoch() or (0, "")
                if self.armed() and known[0] < lease_file.read_lease(self.run_folder)["epoch"]:
                    self.accounts_due.set()
        except (pymysql.err.Error, OSError) as error:
            self.fault = str(error)[:200]
            self.connection = None

    # --- accounts ---------------------------------------------------------------------------------------------------------
    def begin_accounts(self):
        if not self.keeps_accounts:
            self.keeps_accounts = True
            threading.Thread(target=self.keep_accounts, daemon=True).start()
        self.accounts_due.set()

    def keep_accounts(self):
        """In a thread of its own: in sync mode a statement waits until the other site has it."""
        wait = 0
        while not self.ended.is_set():
            self.accounts_due.wait(wait)
            self.accounts_due.clear()
            if self.ended.is_set():
                return
            if self.held.is_set() or not self.armed():
                wait = ACCOUNTS_RETRY_SECONDS
                continue
            wait = ACCOUNTS_SECONDS if self.try_accounts() else ACCOUNTS_RETRY_SECONDS

    def try_accounts(self):
        """Whether accounts and databases are as declared; health says so where they are not."""
        try:
            self.apply_accounts()
            self.write_epoch()
            self.accounts_fault = ""
        except (pymysql.err.Error, OSError, ValueError, KeyError) as error:
            # Never the message itself: a statement in it would show a password's hash.
            code = error.args[0] if isinstance(error, pymysql.err.Error) and error.args else type(error).__name__
            self.accounts_fault = f"accounts and databases are not as declared (error {code})"
            self.agent.say(self.accounts_fault)
        return not self.accounts_fault

    def apply_accounts(self):
        with open(facts_of.CONFIG + "/accounts.json", encoding="utf-8") as file:
            declared = json.load(file)
        # No limit of time: with `sync` a statement returns when the other site has it.
        with self.engine.connect(None) as connection, connection.cursor() as cursor:
            for statement in statements(declared, look(cursor, declared), time.time()):
                cursor.execute(statement)

    @contextlib.contextmanager
    def told(self):
        """MariaDB's own errors as a reason; never its message, in which a password may stand."""
        try:
            yield
        except (pymysql.err.Error, OSError) as error:
            raise NotTurned(f"MariaDB did not do it: error {error.args[0] if error.args else type(error).__name__}") from error

    # --- a copy in sync mode ----------------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def writes_held(self):
        """While a copy is given in sync mode nothing is acknowledged: commits that wait for the other site, which is not there, would hold up
        the backup for ever. They are cut off, unacknowledged, and new ones refused until the copy has connected."""
        if self.seen.get("rpl_semi_sync_master_enabled") != 1:
            yield
            return
        self.held.set()
        given = threading.Event()
        threading.Thread(target=self.cut_off_waiting, args=(given,), daemon=True).start()
        try:
            # `read_only` waits for commits under way, and these for the other site: hence the cutting off beside it.
            self.ask("SET GLOBAL read_only = 1", 60)
            yield
        except pymysql.err.Error as error:
            self.open_writes()
            raise CloneFailed(f"writes could not be held: error {error.args[0]}") from error
        except BaseException:
            self.open_writes()
            raise
        finally:
            given.set()
        # The copy is not whole for the other side before we are done here: so this waits elsewhere.
        threading.Thread(target=self.open_when_followed, daemon=True).start()

    def cut_off_waiting(self, given):
        """Ends sessions that wait for the other site: their clients hear of no success."""
        while not given.is_set() and not self.ended.is_set():
            with contextlib.suppress(pymysql.err.Error, OSError):
                for (number,) in self.ask("SELECT id FROM information_schema.processlist WHERE state LIKE 'Waiting for semi-sync ACK%'"):
                    self.ask(f"KILL CONNECTION {number}")
            given.wait(0.3)

    def open_when_followed(self):
        deadline = time.monotonic() + HELD_SECONDS
        while time.monotonic() < deadline and not self.ended.is_set() and int(self.seen.get("rpl_semi_sync_master_clients", 0)) == 0:
            self.ended.wait(0.5)
        if not self.ended.is_set():
            self.open_writes()

    def waits(self):
        """1 where a commit waits for the other site, as the variable of MariaDB says it."""
        return int(self.agent.settings["MODE"] == "sync" and not self.relaxed())

    def relaxed(self):
        return self.agent.settings["MODE"] == "sync" and os.path.exists(facts_of.RELAXED)

    def open_writes(self):
        """Opens the primary. In `sync` it waits for the other site from its first commit on: that comes before."""
        self.held.clear()
        with self.turn:
            if self.armed():
                self.ask(f"SET GLOBAL rpl_semi_sync_master_enabled = {self.waits()}")
                self.ask("SET GLOBAL read_only = 0")

    # --- as JSON -----------------------------------------------------------------------------------------------------------
    def data_bytes(self):
        """Counted once a minute at most: it walks over every file."""
        counted_at, size = self.size
        if time.monotonic() - counted_at > 60:
            size = facts_of.used_bytes(facts_of.DATA)
            self.size = (time.monotonic(), size)
        return size

    def answer(self):
        seen, row = self.seen, self.row or {}
        age = self.copy.age(time.monotonic()) if self.role == "standby" else None
        free, total = facts_of.free_bytes()
        return {
            # One that is not armed is a primary to nobody.
            "role": self.role if self.role != "primary" or self.armed() else "closed",
            "read_only": bool(seen["read_only"]),
            "age_seconds": round(time.monotonic() - self.at, 3),
            "server_version": seen["version"],
            "server_id": seen["server_id"],
            "server_uid": seen["server_uid"],
            "domain_id": seen["gtid_domain_id"],
            "gtid_binlog_pos": seen["gtid_binlog_pos"],
            "gtid_binlog_state": seen["gtid_binlog_state"],
            "gtid_slave_pos": seen["gtid_slave_pos"],
            "kept": kept_of(seen["gtid_binlog_pos"]),
            "replication": self.replication.kind if self.replication else None,
            "replication_reason": self.replication.reason if self.replication else None,
            "io_running": row.get("Slave_IO_Running"),
            "sql_running": row.get("Slave_SQL_Running"),
            "seconds_behind": row.get("Seconds_Behind_Master"),
            "lag_seconds": None if age is None else round(age, 1),
            "repaired_at": self.repaired_at(),
            "held": self.held.is_set(),
            "waits": bool(self.waits()),
            "semi_sync": {
                "primary": seen.get("rpl_semi_sync_master_status"),
                "clients": int(seen.get("rpl_semi_sync_master_clients", 0)),
                "waiting": int(seen.get("rpl_semi_sync_master_wait_sessions", 0)),
                "standby": seen.get("rpl_semi_sync_slave_status"),
            },
            "disk": {"free_bytes": free, "total_bytes": total},
            "data_bytes": self.data_bytes(),
            "restart_needed": self.engine.restart_needed,
        }
