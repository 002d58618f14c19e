"""Tests of the agent beside MariaDB, without MariaDB: python3 -m unittest discover -s images/mariadb/test"""
import io
import json
import os
import sys
import tarfile
import tempfile
import threading
import types
import unittest
from unittest import mock

for folder in ("..", "../../shared/guard", "../../shared/lease"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), folder, "usr/local/lib/lumbung"))
# The client library is in the image only: what is tested here never connects.
errors = types.SimpleNamespace(Error=type("Error", (Exception,), {}), ProgrammingError=type("ProgrammingError", (Exception,), {}))
sys.modules.setdefault("pymysql", types.SimpleNamespace(err=errors, cursors=types.SimpleNamespace(DictCursor=None), connect=None))
import agent as agents  # noqa: E402
import lease_file  # noqa: E402
import lease_types  # noqa: E402
import mariadb_accounts as accounts  # noqa: E402
import mariadb_binlogs as binlogs  # noqa: E402
import mariadb_clone as clone  # noqa: E402
import mariadb_engine as engine  # noqa: E402
import mariadb_facts as facts_of  # noqa: E402
import mariadb_following as following  # noqa: E402
import mariadb_http as http  # noqa: E402
import mariadb_replication as replication  # noqa: E402
import mariadb_turning as turning  # noqa: E402
import mariadb_watch as watching  # noqa: E402
from guard_decision import Names, decide  # noqa: E402

NAMES = Names("lab", "drc", "mariadb-php", "dc")
H1, H2, H3 = ("*" + letter * 40 for letter in "ABC")


class Volumes(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)
        top = self.top.name
        patch = mock.patch.multiple(
            facts_of, CONFIG=top, IDENTITY=top, VOLUME=top, DATA=top + "/data", MEMORY_FILE=top + "/identity.json", PERMIT=top + "/permit",
            ask_peer=mock.Mock(return_value=None),
        )
        patch.start()
        self.addCleanup(patch.stop)
        self.settings = {"REGION_IDENTITY": "r1", "DESIGNATION": "recovery", "PEER_HOST_NAME": "m.dc", "PEER_SITE": "dc"}

    def put_data(self, marker=True, **changed):
        os.makedirs(facts_of.DATA + "/mysql", exist_ok=True)
        with open(facts_of.DATA + "/ibdata1", "w", encoding="utf-8"):
            pass
        if marker:
            facts_of.write_marker({"region": "r1", "system": "s1", "role": "standby", **changed})

    def decide_now(self):
        return decide(facts_of.gather(self.settings, facts_of.read_memory()), NAMES)

    def peer_is(self, **answer):
        facts_of.ask_peer.return_value = {"region": "r1", "system": "s1", "role": "primary", "state": "running", **answer}

    def test_only_marked_data_are_whole(self):
        self.assertEqual(facts_of.data_state(), "empty")
        self.put_data(marker=False)
        self.assertEqual((facts_of.data_state(), self.decide_now().code), ("partial", "partial"))
        self.put_data()
        self.assertEqual((facts_of.data_state(), self.decide_now().action), ("whole", "start"))

    def test_what_the_other_site_is(self):
        for change, known, expected in [
            ({}, None, "primary"), ({}, "s1", "primary"), ({}, "s2", "foreign"), ({"region": "r2"}, None, "foreign"),
            ({"role": "standby"}, None, "standby"), ({"role": "closed"}, None, "standby"), ({"state": "starting"}, None, "standby"),
            ({"system": None}, None, "empty"),
        ]:
            with self.subTest(change=change, known=known):
                self.peer_is(**change)
                self.assertEqual(facts_of.peer_state(facts_of.ask_peer(), "r1", known), expected)
        self.assertEqual(facts_of.peer_state(None, "r1", None), "silent")

    def test_a_site_with_data_starts_without_asking_the_other(self):
        self.put_data()
        facts_of.ask_peer.side_effect = AssertionError("asked")
        self.assertEqual(self.decide_now().action, "start")

    def test_another_regions_or_servers_data_are_refused(self):
        self.put_data(region="r2")
        self.assertEqual(self.decide_now().code, "misfit")
        self.put_data(system="s2")
        facts_of.remember({"region": "r1", "state": "data", "system": "s1"})
        self.assertEqual(self.decide_now().code, "misfit")
        facts_of.remember({"region": "r2", "state": "data"})
        self.put_data()
        self.assertEqual(self.decide_now().code, "misfit")

    def test_an_empty_volume_where_data_were_is_refused_and_a_first_one_is_copied(self):
        self.peer_is()
        facts_of.remember({"region": "r1", "state": "data", "system": "s1", "role": "standby"})
        self.assertEqual(self.decide_now().code, "lost")
        os.unlink(facts_of.MEMORY_FILE)
        self.assertEqual(self.decide_now().action, "clone")

    def test_the_role_is_remembered_twice_and_doubted_when_both_are_lost(self):
        self.assertEqual(facts_of.role_of({"role": "primary"}, {"role": "standby"}), "primary")
        self.assertEqual(facts_of.role_of({}, {"role": "standby"}), "standby")
        self.assertEqual(facts_of.role_of({}, {}), "closed")

    def test_what_mariadb_was_told_is_read_from_its_own_file(self):
        self.put_data()
        with open(facts_of.DATA + "/master.info", "w", encoding="utf-8") as file:
            file.write("33\n\n4\nm.dc\nlumbung_replicator\nthe password\n3306\n2\n")
        self.assertEqual(following.Following().told_password(), "the password")

    def test_the_position_of_a_copy(self):
        folder = self.top.name
        self.assertRaises(clone.CloneFailed, clone.position_of, folder)
        for text, expected in [("binlog.000001\t325\t1-11-25\n", "1-11-25"), ("binlog.000001\t325\t\n", ""), ("binlog.000001\t325\n", "")]:
            with open(folder + "/mariadb_backup_binlog_info", "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(clone.position_of(folder), expected)


class Accounts(unittest.TestCase):
    ACCOUNT = {"user": "jdih", "host": "%", "hash": H1, "grants": [["ALL PRIVILEGES", "`jdih`.*"]]}
    GRANTED = ["GRANT USAGE ON *.* TO `jdih`@`%`", "GRANT ALL PRIVILEGES ON `jdih`.* TO `jdih`@`%`"]

    def priv(self, *hashes, at=0, **changed):
        first, *others = hashes
        ways = {"auth_or": [{}, *({"plugin": accounts.PLUGIN, "authentication_string": one} for one in others)]} if others else {}
        return {"plugin": accounts.PLUGIN, "authentication_string": first, "ssl_type": 1, "password_last_changed": at, **ways, **changed}

    def made(self, priv, grants=None, now=0, account=None):
        return accounts.account_statements(account or self.ACCOUNT, priv, self.GRANTED if grants is None else grants, now)

    def test_says_nothing_where_all_is_as_declared(self):
        self.assertEqual(self.made(self.priv(H1)), [])

    def test_makes_what_is_not_there(self):
        self.assertEqual(self.made(None, []), [
            f"CREATE USER 'jdih'@'%' IDENTIFIED VIA mysql_native_password USING '{H1}' REQUIRE SSL",
            "GRANT ALL PRIVILEGES ON `jdih`.* TO 'jdih'@'%'",
        ])

    def test_keeps_the_password_before_for_a_day_and_no_older_one(self):
        alter = "ALTER USER 'jdih'@'%' IDENTIFIED VIA mysql_native_password USING '{}' OR mysql_native_password USING '{}' REQUIRE SSL"
        self.assertEqual(self.made(self.priv(H2)), [alter.format(H1, H2)])
        self.assertEqual(self.made(self.priv(H2, H3)), [alter.format(H1, H2)])
        self.assertEqual(self.made(self.priv(H1, H2, at=1000), now=1000 + 86_399), [])
        self.assertEqual(
            self.made(self.priv(H1, H2, at=1000), now=1000 + 86_400),
            [f"ALTER USER 'jdih'@'%' IDENTIFIED VIA mysql_native_password USING '{H1}' REQUIRE SSL"],
        )

    def test_demands_tls_or_the_certificate_again_where_somebody_took_that_away(self):
        self.assertIn("REQUIRE SSL", self.made(self.priv(H1, ssl_type=0))[0])
        certified = {**self.ACCOUNT, "subject": "/CN=a", "issuer": "/CN=b"}
        self.assertIn("REQUIRE SUBJECT '/CN=a' AND ISSUER '/CN=b'", self.made(self.priv(H1), account=certified)[0])
        self.assertEqual(self.made(self.priv(H1, ssl_type=3, x509_subject="/CN=a", x509_issuer="/CN=b"), account=certified), [])

    def test_refuses_a_password_in_the_place_of_its_hash_without_showing_it(self):
        with self.assertRaises(ValueError) as caught:
            self.made(None, [], account={**self.ACCOUNT, "hash": "hunter2"})
        self.assertNotIn("hunter2", str(caught.exception))

    def test_drops_only_accounts_of_the_server_itself(self):
        there = {"databases": {"jdih", "lama"}, "accounts": {
            ("jdih", "%"): (self.priv(H1), self.GRANTED), ("lumbung_ops", "10.0.0.9"): (self.priv(H1), []), ("lama", "%"): (self.priv(H1), []),
        }}
        declared = {"databases": ["jdih", "baru"], "internal": ["lumbung_ops"], "accounts": [self.ACCOUNT]}
        self.assertEqual(accounts.statements(declared, there, 0), [
            "CREATE DATABASE `baru` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", "DROP USER 'lumbung_ops'@'10.0.0.9'",
        ])


class Replication(unittest.TestCase):
    WELL = {"Slave_IO_Running": "Yes", "Slave_SQL_Running": "Yes", "Last_IO_Errno": 0, "Last_IO_Error": "", "Last_SQL_Errno": 0, "Last_SQL_Error": ""}

    def assess(self, binlog="1-11-42", slave="1-11-42", **changed):
        return replication.assess({**self.WELL, **changed}, 12, 1, binlog, slave)

    def test_kinds(self):
        self.assertEqual(self.assess().kind, "flowing")
        self.assertEqual(replication.assess(None, 12, 1, "", "").kind, "none")
        for changed, kind in [
            ({"Slave_IO_Running": "Connecting", "Last_IO_Errno": 2003}, "connecting"),
            ({"Slave_IO_Running": "No"}, "stopped"),
            ({"Slave_SQL_Running": "No"}, "stopped"),
            ({"Slave_IO_Running": "No", "Last_IO_Errno": 1045}, "stopped"),
            ({"Slave_SQL_Running": "No", "Last_SQL_Errno": 1062, "Last_SQL_Error": "Duplicate\nentry"}, "broken"),
            ({"Slave_IO_Running": "No", "Last_IO_Errno": 1236, "Last_IO_Error": "purged"}, "broken"),
        ]:
            with self.subTest(changed):
                self.assertEqual(self.assess(**changed).kind, kind)
        self.assertEqual(self.assess(Slave_SQL_Running="No", Last_SQL_Errno=1, Last_SQL_Error="a\n b").reason, "SQL error 1: a b")

    def test_a_write_of_its_own_is_seen_but_not_one_from_when_it_was_the_primary(self):
        self.assertEqual(self.assess(binlog="0-3-9,1-12-43").kind, "broken")
        self.assertEqual(self.assess(binlog="1-12-42", slave="1-12-42").kind, "flowing")
        self.assertEqual(self.assess(binlog="").kind, "flowing")

    def test_a_repair_counts_for_a_day_and_one_in_the_future_too(self):
        at = [{"at": "2026-03-01T00:00:00Z", "reason": ""}]
        start = 1772323200
        self.assertEqual(replication.recent_repair([], start), None)
        self.assertEqual(replication.recent_repair(at, start + 86_399), at[0]["at"])
        self.assertEqual(replication.recent_repair(at, start + 86_400), None)
        self.assertEqual(replication.recent_repair(at, start - 10**6), at[0]["at"])

    def test_the_age_of_a_copy(self):
        copy = replication.CopyAge()
        self.assertEqual(copy.age(5), None)
        copy.primary_at(10, 100)
        copy.applied(99)
        self.assertEqual(copy.age(11), None)
        copy.applied(100)
        self.assertEqual(copy.age(11), 1)
        copy.primary_at(12, 100)  # an idle primary
        copy.applied(100)
        self.assertEqual(copy.age(12.5), 0.5)
        copy.primary_at(14, 200)
        copy.primary_at(16, 300)
        copy.applied(250)
        self.assertEqual(copy.age(20), 6)
        copy.applied(250)  # the primary is gone: the copy only grows older
        self.assertEqual(copy.age(100), 86)


class Settings(unittest.TestCase):
    def test_the_file(self):
        text = "[client]\nport = 1\n[mariadbd]\n# no\nmax-connections = 40\nssl_ca = /a = b\n"
        self.assertEqual(engine.parse_settings(text), {"max_connections": "40", "ssl_ca": "/a = b"})

    def test_a_value_as_set_global_takes_it(self):
        self.assertEqual([engine.setting(one) for one in ("64M", "40", "ON", "a'b", "1G")], ["67108864", "40", "ON", "'a''b'", "1073741824"])

    def test_replication_is_by_gtid_over_tls_with_the_name_verified(self):
        statement = engine.replicate_statement({"PEER_HOST_NAME": "m.dc", "REPLICATOR": "r"}, "it's")
        for part in ("MASTER_USE_GTID=slave_pos", "MASTER_SSL=1", "MASTER_SSL_VERIFY_SERVER_CERT=1", "MASTER_PASSWORD='it''s'", "/tls/ca.crt'"):
            self.assertIn(part, statement)


class Asked(http.Handler):
    """The handler with one request, without a network: what was answered is kept."""

    def __init__(self, agent, path, name):  # pylint: disable=super-init-not-called
        self.agent, self.path, self.name = agent, path, name
        self.connection = mock.Mock()
        self.wfile = io.BytesIO()
        self.status = self.text = None

    def common_name(self):
        return self.name

    def say(self, status, text, kind="text/plain"):
        self.status, self.text = status, text

    def send_response(self, code, message=None):
        self.status = code

    def send_header(self, keyword, value):
        pass

    def end_headers(self):
        pass

    def whole(self):
        return self.wfile.getvalue().endswith(b"0\r\n\r\n")


class WhoMayRead(unittest.TestCase):
    PEER, BACKUP = "mariadb-php.dc", "backup.drc"
    STRANGERS = ("backup.dc", "ops.drc", "mariadb-php.drc", "", None)

    def setUp(self):
        self.settings = {"PEER_HOST_NAME": self.PEER, "BACKUP_HOST_NAME": self.BACKUP}
        patch = mock.patch.object(facts_of, "read_settings", lambda: self.settings)
        patch.start()
        self.addCleanup(patch.stop)
        self.agent = mock.Mock(**{name + ".side_effect": self.given for name in ("give_copy", "give_backup", "give_binlogs")})

    def given(self, write, *_):
        write(b"data")

    def ask(self, method, path, name, local=False):
        asked = Asked(self.agent, path, name)
        asked.local = local
        getattr(asked, "do_" + method)()
        return asked

    def test_a_copy_is_for_the_two_and_nobody_else(self):
        for name, gives in ((self.PEER, "give_copy"), (self.BACKUP, "give_backup")):
            self.agent.reset_mock()
            asked = self.ask("POST", "/clone", name)
            self.assertEqual((asked.status, asked.whole(), [call[0] for call in self.agent.method_calls]), (200, True, [gives]))
        self.agent.reset_mock()
        for name in self.STRANGERS:
            for path in ("/clone", "/clone?since=5"):
                self.assertEqual(self.ask("POST", path, name).status, 403, name)
        self.assertEqual(self.ask("POST", "/clone", self.BACKUP, local=True).status, 404)
        self.assertEqual(self.agent.method_calls, [])

    def test_where_no_backups_run_nobody_is_the_repository_host(self):
        for self.settings in ({"PEER_HOST_NAME": self.PEER, "BACKUP_HOST_NAME": ""}, {"PEER_HOST_NAME": "", "BACKUP_HOST_NAME": ""}, {}):
            for name in ("", None, self.BACKUP):
                self.assertEqual(self.ask("POST", "/clone", name).status, 403)
                self.assertEqual(self.ask("GET", "/binlogs?after=", name).status, 403)

    def test_only_the_repository_host_asks_for_what_changed_and_only_by_a_number(self):
        self.ask("POST", "/clone?since=18446744073709551615", self.BACKUP)
        self.assertEqual(self.agent.give_backup.call_args.args[1], "18446744073709551615")
        self.ask("POST", "/clone", self.BACKUP)
        self.assertEqual(self.agent.give_backup.call_args.args[1], None)
        self.agent.reset_mock()
        for query in ("since=", "since=-1", "since=1 --x", "since=1%20", "since=0x5", "since=\u0665", "since=1&a=b", "a=1", "since=" + "1" * 21):
            self.assertEqual(self.ask("POST", "/clone?" + query, self.BACKUP).status, 400, query)
        self.assertEqual(self.ask("POST", "/clone?since=5", self.PEER).status, 400)
        self.assertEqual(self.agent.method_calls, [])

    def test_binary_logs_are_for_the_repository_host_alone(self):
        for after in ("", "binlog.000012", "binlog.123456789"):
            self.assertTrue(self.ask("GET", "/binlogs?after=" + after, self.BACKUP).whole())
            self.assertEqual(self.agent.give_binlogs.call_args.args[1], after)
        self.agent.reset_mock()
        for name in (*self.STRANGERS, self.PEER):
            self.assertEqual(self.ask("GET", "/binlogs?after=", name).status, 403, name)
        self.assertEqual(self.ask("GET", "/binlogs?after=", self.BACKUP, local=True).status, 404)
        for after in ("../ibdata1", "binlog.00001", "binlog.1234567890", "binlog.000012/", "binlog.index", "relay.000001", "binlog.000012\n", "binlog.\u0661" * 6):
            self.assertEqual(self.ask("GET", "/binlogs?after=" + after, self.BACKUP).status, 400, after)
        for path in ("/binlogs", "/binlogs?before=", "/binlogs?after=binlog.000001&after=x"):
            self.assertEqual(self.ask("GET", path, self.BACKUP).status, 400, path)
        self.assertEqual(self.agent.method_calls, [])

    def test_what_fails_on_the_way_is_not_ended_as_if_it_were_whole(self):
        for error, status in [(clone.CloneFailed("x"), 500), (binlogs.Gone("purged"), 410)]:
            self.agent.give_binlogs.side_effect = error
            self.assertEqual(self.ask("GET", "/binlogs?after=", self.BACKUP).status, status)

        for error in (clone.CloneFailed("x"), OSError("x")):
            def broken(write, _, error=error):
                write(b"data")
                raise error

            self.agent.give_backup.side_effect = self.agent.give_binlogs.side_effect = broken
            for method, path in (("POST", "/clone"), ("GET", "/binlogs?after=")):
                asked = self.ask(method, path, self.BACKUP)
                self.assertEqual((asked.status, asked.whole(), asked.wfile.getvalue()), (200, False, b"4\r\ndata\r\n"))

    def test_says_why_there_is_nothing(self):
        self.agent.give_backup.side_effect = lambda *_: "not now"
        asked = self.ask("POST", "/clone", self.BACKUP)
        self.assertEqual((asked.status, asked.text, asked.wfile.getvalue()), (503, "not now", b""))


class Giving(unittest.TestCase):
    """The agent itself, without a server."""

    def setUp(self):
        with mock.patch.multiple(agents, TlsServer=mock.Mock(), Peer=mock.Mock()), mock.patch.multiple(
            facts_of, read_settings=lambda: {"PEER_SITE": "dc"}, read_memory=lambda: {}
        ):
            self.agent = agents.Agent()
        self.agent.say = mock.Mock()
        self.is_now("standby", seen={})
        patch = mock.patch.object(clone, "give")
        self.give = patch.start()
        self.addCleanup(patch.stop)

    def is_now(self, role, state="running", seen=None):
        self.agent.state = state
        self.agent.watch = mock.MagicMock(role=role, open=role == "primary", at=agents.time.monotonic(), seen=seen or {})

    def test_a_backup_is_given_in_either_role_while_it_runs_and_nothing_is_held_up_for_it(self):
        for role in ("primary", "standby"):
            self.is_now(role)
            self.assertEqual(self.agent.give_backup("write", "5"), None)
            self.give.assert_called_with("write", "5", self.agent.backup_begun)
            self.agent.watch.writes_held.assert_not_called()
        self.give.reset_mock()
        for role, state in (("closed", "running"), ("primary", "cloning"), ("standby", "starting")):
            self.is_now(role, state)
            self.assertIn("does not run", self.agent.give_backup("write", None))
            self.assertIn("does not run", self.agent.give_binlogs("write", ""))
        self.agent.watch = None
        self.assertIn("does not run", self.agent.give_backup("write", None))
        self.give.assert_not_called()

    def test_the_other_site_is_given_a_copy_by_the_primary_alone(self):
        self.assertIn("not the running primary", self.agent.give_copy("write"))
        self.give.assert_not_called()
        self.is_now("primary")
        self.assertEqual(self.agent.give_copy("write"), None)
        self.give.assert_called_once_with("write")
        self.agent.watch.writes_held.assert_called_once()

    def test_no_backup_waits_with_commits_that_wait_for_the_standby(self):
        self.is_now("primary", seen={"rpl_semi_sync_master_enabled": 1, "rpl_semi_sync_master_clients": "0"})
        self.assertIn("commits wait for dc", self.agent.give_backup("write", None))
        self.give.assert_not_called()
        self.is_now("primary", seen={"rpl_semi_sync_master_enabled": 1, "rpl_semi_sync_master_clients": "1"})
        self.assertEqual(self.agent.give_backup("write", None), None)

    def test_one_copy_at_a_time_and_a_backup_gives_way_to_the_other_site(self):
        self.is_now("primary")
        self.agent.copying.acquire()
        self.assertIn("already", self.agent.give_backup("write", None))
        self.assertIn("already", self.agent.give_copy("write"))
        self.agent.copying.release()
        process, begun, killed = mock.Mock(), threading.Event(), threading.Event()
        process.kill.side_effect = killed.set

        def backup(_write, _since, told):
            told(process)
            begun.set()
            self.assertTrue(killed.wait(5))
            raise clone.CloneFailed("killed")

        self.give.side_effect = backup
        raised = []

        def ask():
            try:
                self.agent.give_backup("write", None)
            except clone.CloneFailed as error:
                raised.append(str(error))

        thread = threading.Thread(target=ask)
        thread.start()
        self.assertTrue(begun.wait(5))
        self.give.side_effect = None
        self.assertEqual(self.agent.give_copy("write"), None)
        thread.join()
        self.assertEqual((raised, self.agent.backup), (["killed"], None))

    def test_words_of_a_backup(self):
        self.assertEqual(clone.backup_words("5"), [*clone.backup_words(), "--incremental-lsn=5"])
        self.assertFalse([word for word in clone.backup_words() if "incremental" in word])


class Turning(unittest.TestCase):
    """A running server under the lease; MariaDB is a list of what it was told, and of what it answers."""

    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.run_folder = top.name
        patch = mock.patch.multiple(
            facts_of, MEMORY_FILE=top.name + "/identity.json", IDENTITY=top.name, RELAXED=top.name + "/sync-relaxed", DATA=top.name, ask_peer=mock.Mock(return_value={"gtid_slave_pos": "1-11-9"})
        )
        patch.start()
        self.addCleanup(patch.stop)
        facts_of.write_marker({"region": "r1", "system": "s1", "role": "primary"})
        lease_file.exempt(top.name, "waiting")
        self.told, self.epoch, self.slave = [], None, {"Slave_SQL_Running": "Yes", "Gtid_IO_Pos": "1-11-9", "Last_SQL_Errno": 0}
        self.is_now("primary")

    def is_now(self, role):
        agent = mock.Mock(memory={"role": role}, settings={"PEER_HOST_NAME": "m.dc", "PEER_SITE": "dc", "REPLICATOR": "lumbung_replicator", "MODE": "async"})
        agent.peer.is_primary.return_value = False
        agent.lease_line.return_value = "[made]"
        agent.remember.side_effect = lambda **more: agent.memory.update(more)
        self.watch = watching.Watch(agent, mock.MagicMock(), self.run_folder)
        self.watch.ask, self.watch.begin_accounts, self.watch.follow = self.ask, mock.Mock(), mock.Mock()
        self.watch.seen = {"gtid_domain_id": 1, "gtid_binlog_pos": "1-11-9", "read_only": 0}

    def ask(self, statement, _timeout=30):
        self.told.append(statement)
        answers = {
            "SELECT epoch, site FROM lumbung.epoch": [self.epoch] if self.epoch else [],
            "SELECT @@GLOBAL.gtid_binlog_pos": (("1-11-9",),), "SELECT @@GLOBAL.gtid_slave_pos": (("1-11-9",),), "SELECT @@GLOBAL.read_only": ((1,),),
            "SELECT id, user FROM information_schema.processlist WHERE id <> CONNECTION_ID()": [(7, "jdih"), (8, "lumbung_replicator"), (9, "mysql")],
        }
        return answers.get(statement, ())

    def lease(self, state="open", code="leased", epoch=2):
        decision = lease_types.Decision(state, lease_file.now() + 5, code, "made")
        lease_file.write_lease(self.run_folder, decision, lease_types.Memory("r1", epoch, "drc"))

    def opened(self):
        return "SET GLOBAL read_only = 0" in self.told

    def not_turned(self, act):
        with self.assertRaises(turning.NotTurned) as caught:
            act()
        return str(caught.exception)

    def test_a_primary_opens_under_the_lease_alone(self):
        for state, code in (("closed", "other-site"), ("open", "closing")):
            self.lease(state, code)
            self.assertEqual((self.watch.try_open(), self.opened(), self.watch.armed()), (False, False, False))
        self.lease()
        self.assertEqual((self.watch.try_open(), self.opened(), self.watch.armed()), (True, True, True))

    def test_nor_where_its_data_know_of_a_later_epoch(self):
        self.epoch = (3, "dc")
        self.lease()
        self.assertEqual((self.watch.try_open(), self.opened()), (False, False))
        with open(self.run_folder + "/epoch-known/database", encoding="utf-8") as file:
            self.assertEqual(json.load(file), {"epoch": 3, "site": "dc"})

    def test_people_let_commits_go_on_without_the_other_site_and_it_is_said(self):
        self.lease()
        self.watch.agent.settings["MODE"] = "sync"
        self.watch.try_open()
        self.assertIn("SET GLOBAL rpl_semi_sync_master_enabled = 1", self.told)
        self.assertEqual((self.watch.waits(), self.watch.relaxed()), (1, False))
        with open(facts_of.RELAXED, "w", encoding="utf-8"):
            self.assertEqual((self.watch.waits(), self.watch.relaxed()), (0, True))
        self.watch.open = True
        self.assertIn("people let it", self.watch.primary_line()[1])
        self.watch.agent.settings["MODE"] = "async"
        self.assertFalse(self.watch.relaxed())

    def test_nothing_else_opens_one_that_is_not_armed(self):
        self.watch.open_writes()
        self.assertEqual(self.told, [])

    def test_one_that_is_not_armed_is_a_primary_to_nobody(self):
        self.watch.seen |= {key: 0 for key in ("version", "server_id", "server_uid", "gtid_slave_pos", "gtid_binlog_state")}
        with mock.patch.multiple(facts_of, free_bytes=lambda: (1, 1), used_bytes=lambda _: 1):
            self.assertEqual(self.watch.answer()["role"], "closed")
            self.lease()
            self.watch.try_open()
            self.assertEqual(self.watch.answer()["role"], "primary")

    def test_what_only_it_has_is_kept_while_it_is_in_use_by_nobody(self):
        self.lease()
        self.watch.try_open()
        self.assertIn("in use", self.not_turned(lambda: self.watch.keep_aside(None)))
        self.is_now("standby")
        self.assertIn("in use", self.not_turned(lambda: self.watch.keep_aside(None)))
        self.is_now("closed")
        kept = {"where": "/kept/1-11-9", "since": "1-11-7", "transactions": 2}
        with mock.patch.object(turning, "keep", lambda ask, position, since: kept if (position, since) == ("1-11-9", "1-11-7") else None):
            self.assertEqual(self.watch.keep_aside("1-11-7"), "kept in /kept/1-11-9: 2 transactions")
        with mock.patch.object(turning, "keep", mock.Mock(side_effect=turning.NotKept("no room"))):
            self.assertIn("no room", self.not_turned(lambda: self.watch.keep_aside(None)))

    def test_a_primary_ends_in_good_order_as_a_standby(self):
        self.lease()
        self.watch.try_open()
        self.told.clear()
        self.assertIn("standby of dc", self.watch.close_writes())
        steps = ["SET GLOBAL read_only = 1", "KILL CONNECTION 7", "SET GLOBAL gtid_slave_pos = '1-11-9'", "SELECT @@GLOBAL.read_only"]
        self.assertEqual([one for one in self.told if one in steps or one.startswith("KILL")], steps)
        self.assertEqual((self.watch.role, self.watch.agent.memory["role"], facts_of.read_marker()["role"]), ("standby",) * 3)
        self.assertEqual(lease_file.why_exempt(self.run_folder), "standby")
        self.watch.follow.assert_called_once()
        self.told.clear()
        self.watch.close_writes()
        self.assertNotIn("SET GLOBAL read_only = 1", self.told)

    def test_it_stays_the_primary_until_the_other_site_has_all_of_it(self):
        self.lease()
        self.watch.try_open()
        for said in ({"gtid_slave_pos": "1-11-8"}, {}, None):
            facts_of.ask_peer.return_value = said
            with mock.patch.object(turning, "PEER_SECONDS", 0):
                self.assertIn("not applied all", self.not_turned(self.watch.close_writes))
            self.assertEqual((self.watch.role, self.watch.armed()), ("primary", True))

    def test_it_is_spared_by_the_lease_only_once_it_is_read_only(self):
        self.lease()
        self.watch.try_open()
        before = self.watch.ask
        self.watch.ask = lambda statement, *more: ((0,),) if statement == "SELECT @@GLOBAL.read_only" else before(statement, *more)
        self.not_turned(self.watch.close_writes)
        self.assertFalse(lease_file.is_exempt(self.run_folder))

    def test_a_standby_takes_over_once_it_applied_all_and_under_the_lease(self):
        self.is_now("standby")
        with mock.patch.object(turning, "replica_row", lambda _: self.slave):
            self.lease("closed", "other-site")
            self.assertIn("[made]", self.not_turned(self.watch.take_over))
            self.assertNotIn("STOP REPLICA", self.told)
            self.lease()
            self.watch.agent.peer.is_primary.return_value = True
            self.assertIn("dc says", self.not_turned(self.watch.take_over))
            self.watch.agent.peer.is_primary.return_value = False
            self.told.clear()
            self.assertIn("primary", self.watch.take_over())
        steps = ["STOP REPLICA IO_THREAD", "STOP REPLICA", "RESET REPLICA ALL", "SET GLOBAL read_only = 0"]
        self.assertEqual([one for one in self.told if one in steps], steps)
        self.assertEqual((self.watch.role, facts_of.read_marker()["role"], self.watch.armed()), ("primary", "primary", True))

    def test_what_was_received_and_not_applied_is_waited_for(self):
        self.is_now("standby")
        self.lease()
        self.slave["Gtid_IO_Pos"] = "1-11-12"
        with mock.patch.object(turning, "replica_row", lambda _: self.slave), mock.patch.object(turning, "APPLY_SECONDS", 0):
            self.assertIn("9 of 12", self.not_turned(self.watch.take_over))
            self.slave["Slave_SQL_Running"] = "No"
            self.assertIn("cannot be applied", self.not_turned(self.watch.take_over))
        self.assertFalse(self.opened())


class BinaryLogs(unittest.TestCase):
    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.folder = top.name
        patch = mock.patch.object(facts_of, "DATA", top.name)
        patch.start()
        self.addCleanup(patch.stop)

    def put(self, *numbers):
        for number in numbers:
            with open(f"{self.folder}/binlog.{number:06}", "wb") as file:
                file.write(b"x" * number)
            os.utime(f"{self.folder}/binlog.{number:06}", (1000 + number, 1000 + number))

    def names(self, *numbers):
        return [f"binlog.{number:06}" for number in numbers]

    def test_those_that_are_finished_after_the_one_that_is_there_already(self):
        there = self.names(3, 4, 5, 6)
        for after, expected in [("", (3, 4, 5)), ("binlog.000002", (3, 4, 5)), ("binlog.000004", (5,)), ("binlog.000005", ()), ("binlog.000006", ())]:
            self.assertEqual(binlogs.names_after(there, after), self.names(*expected), after)
        self.assertEqual(binlogs.names_after(["binlog.999999", "binlog.1000000"], ""), ["binlog.999999"])

    def test_logs_that_are_gone_are_told_of(self):
        for after, there in [("binlog.000001", (3, 4)), ("binlog.000005", (3, 4)), ("binlog.000003", (3, 5, 6)), ("binlog.000040", (1, 2))]:
            with self.assertRaises(binlogs.Gone) as caught:
                binlogs.names_after(self.names(*there), after)
            self.assertIn(after, str(caught.exception))
        for odd in ([], ["binlog.000001", "../x"]):
            self.assertRaises(clone.CloneFailed, binlogs.names_after, odd, "")

    def test_the_log_is_finished_without_writing_to_it(self):
        ask = mock.Mock(side_effect=[(), [(name, 1, "No") for name in self.names(1, 2)]])
        self.assertEqual(binlogs.finish(ask, ""), self.names(1))
        self.assertEqual([call.args[0] for call in ask.call_args_list], ["FLUSH NO_WRITE_TO_BINLOG BINARY LOGS", "SHOW BINARY LOGS"])
        ask.side_effect = errors.Error(2013)
        with self.assertRaises(clone.CloneFailed) as caught:
            binlogs.finish(ask, "")
        self.assertIn("2013", str(caught.exception))

    def test_a_tar_of_them_oldest_first(self):
        self.put(3, 4)
        made = io.BytesIO()
        binlogs.give(made.write, self.names(3, 4))
        made.seek(0)
        with tarfile.open(fileobj=made) as archive:
            self.assertEqual([(one.name, one.size, one.mtime, one.mode) for one in archive], [("binlog.000003", 3, 1003, 0o600), ("binlog.000004", 4, 1004, 0o600)])
        none = io.BytesIO()
        binlogs.give(none.write, [])
        none.seek(0)
        with tarfile.open(fileobj=none) as archive:
            self.assertEqual(archive.getnames(), [])

    def test_one_that_is_purged_on_the_way(self):
        self.put(3)
        made = io.BytesIO()
        self.assertRaises(binlogs.Gone, binlogs.give, made.write, self.names(3, 4))
        self.assertEqual(made.getvalue(), b"")
        with mock.patch.object(os.path, "exists", return_value=True):
            self.assertRaises(OSError, binlogs.give, made.write, self.names(3, 4))


if __name__ == "__main__":
    unittest.main()
