"""Tests of the agent beside MariaDB, without MariaDB: python3 -m unittest discover -s images/mariadb/test"""
import os
import sys
import tempfile
import types
import unittest
from unittest import mock

for folder in ("..", "../../shared/guard"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), folder, "usr/local/lib/lumbung"))
# The client library is in the image only: what is tested here never connects.
errors = types.SimpleNamespace(Error=type("Error", (Exception,), {}), ProgrammingError=type("ProgrammingError", (Exception,), {}))
sys.modules.setdefault("pymysql", types.SimpleNamespace(err=errors, cursors=types.SimpleNamespace(DictCursor=None), connect=None))
import mariadb_accounts as accounts  # noqa: E402
import mariadb_clone as clone  # noqa: E402
import mariadb_engine as engine  # noqa: E402
import mariadb_facts as facts_of  # noqa: E402
import mariadb_following as following  # noqa: E402
import mariadb_replication as replication  # noqa: E402
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


if __name__ == "__main__":
    unittest.main()
