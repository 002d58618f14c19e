"""The MariaDB process: founded, started closed, asked, told, stopped."""
import os
import shutil
import signal
import subprocess
import time
import uuid

import mariadb_facts as facts_of
import pymysql
from mariadb_accounts import literal

SOCKET = os.environ.get("LUMBUNG_SOCKET", "/run/mysqld/mysqld.sock")
# No account of the network: the kernel says who connects to the socket, and `mysql` is who we run as.
SUPERUSER = "mysql"
# Which settings a server must have whatever the delivered file says: it opens, and follows, only when the guard has decided.
CLOSED = ["--read-only=1", "--skip-slave-start"]


class Died(Exception):
    """MariaDB ended while it was needed."""


def defaults_file():
    return facts_of.CONFIG + "/my.cnf"


def tls_files():
    return {name: f"{facts_of.CONFIG}/tls/{file}" for name, file in (("ca", "ca.crt"), ("cert", "server.crt"), ("key", "server.key"))}


def found(folder):
    """An empty server in `folder`. Raises CalledProcessError; its output is in the log."""
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=socket", f"--auth-root-socket-user={SUPERUSER}",
         "--skip-test-db", "--skip-name-resolve", f"--datadir={folder}"],
        check=True, stdout=subprocess.DEVNULL,
    )


def empty(folder):
    """Only for a decision that said so. The folder itself stays."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


# Settings that the agent decides by what the server is, whatever the delivered file says.
DECIDED = ("rpl_semi_sync_master_enabled", "read_only")


class Engine:
    def __init__(self):
        os.makedirs(facts_of.VOLUME + "/tmp", mode=0o700, exist_ok=True)
        # If the agent is killed its engine is told to stop: nobody would close it any more.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "mariadbd", f"--defaults-file={defaults_file()}", *CLOSED], start_new_session=True
        )
        with open(defaults_file(), encoding="utf-8") as file:
            self.settings = parse_settings(file.read())
        self.restart_needed = []

    def alive(self):
        return self.process.poll() is None

    def connect(self, timeout=5):
        return pymysql.connect(
            unix_socket=SOCKET, user=SUPERUSER, autocommit=True, charset="utf8mb4",
            connect_timeout=5, read_timeout=timeout, write_timeout=timeout,
        )

    def wait_ready(self, going):
        """Waits for recovery to end, however long that takes. Raises Died; returns False if `going` says to stop."""
        while going():
            if not self.alive():
                raise Died(f"MariaDB ended with exit code {self.process.returncode} while it was starting: see its log")
            try:
                self.connect().close()
                return True
            except pymysql.err.Error:
                time.sleep(0.2)
        return False

    def stop(self):
        """Asks it to stop cleanly and waits; the runtime kills all of us after its own time."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait()

    def reload_settings(self):
        """Takes up changed settings where MariaDB can while it runs; the others stay noted until it starts anew."""
        with open(defaults_file(), encoding="utf-8") as file:
            wanted = parse_settings(file.read())
        with self.connect(30) as connection, connection.cursor() as cursor:
            # LOCAL: without it the statement is logged, and a standby that logs something of its own is no copy any more.
            cursor.execute("FLUSH LOCAL SSL")
            for name in sorted(set(wanted) | set(self.settings)):
                if name in DECIDED or wanted.get(name) == self.settings.get(name):
                    continue
                try:
                    cursor.execute(f"SET GLOBAL {name} = {setting(wanted[name])}")
                    self.settings[name] = wanted[name]
                except (KeyError, pymysql.err.Error):
                    self.restart_needed = sorted({*self.restart_needed, name})


def parse_settings(text):
    """`name = value` lines of the section [mariadbd]; names with underscores."""
    section, found_ = "", {}
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif section == "mariadbd" and line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found_[name.strip().replace("-", "_")] = value.strip()
    return found_


UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}


def setting(value):
    """A value of the file as SET GLOBAL takes it: sizes with a unit become numbers."""
    if value[:-1].isdigit() and value[-1:] in UNITS:
        return str(int(value[:-1]) * UNITS[value[-1]])
    return value if value.isdigit() or value in ("ON", "OFF") else literal(value)


def write_region(engine, settings, system):
    """Whose data these are, in the data themselves. Once, at the founding."""
    with engine.connect(60) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE lumbung CHARACTER SET ascii COLLATE ascii_general_ci")
        cursor.execute(
            "CREATE TABLE lumbung.region (only_row TINYINT NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only_row = 1), identity VARCHAR(36) NOT NULL, "
            "system VARCHAR(36) NOT NULL, founded_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, founded_by VARCHAR(64) NOT NULL) ENGINE=InnoDB "
            "COMMENT 'The region whose data these are. Written once, at founding.'"
        )
        cursor.execute(
            "INSERT INTO lumbung.region (identity, system, founded_by) VALUES (%s, %s, %s)", (settings["REGION_IDENTITY"], system, settings["SITE"])
        )


def region_of(engine):
    """(identity, system) as the data say; None if they say nothing."""
    with engine.connect(30) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("SELECT identity, system FROM lumbung.region")
            return cursor.fetchone()
        except pymysql.err.ProgrammingError:
            return None


def new_system():
    return str(uuid.uuid4())


def replicate_statement(settings, password):
    """How this server is told to follow the other site: by GTID, over TLS with the name verified, by certificate and password."""
    files = tls_files()
    options = {
        "MASTER_HOST": literal(settings["PEER_HOST_NAME"]),
        "MASTER_PORT": "3306",
        "MASTER_USER": literal(settings["REPLICATOR"]),
        "MASTER_PASSWORD": literal(password),
        "MASTER_USE_GTID": "slave_pos",
        "MASTER_CONNECT_RETRY": "2",
        "MASTER_HEARTBEAT_PERIOD": "2",
        "MASTER_SSL": "1",
        "MASTER_SSL_CA": literal(files["ca"]),
        "MASTER_SSL_CERT": literal(files["cert"]),
        "MASTER_SSL_KEY": literal(files["key"]),
        "MASTER_SSL_VERIFY_SERVER_CERT": "1",
    }
    return "CHANGE MASTER TO " + ", ".join(f"{name}={value}" for name, value in options.items())
