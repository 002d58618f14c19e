"""What is made of SHOW GRANTS, without MariaDB. The lines are as MariaDB wrote them."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../usr/local/lib/lumbung"))
import mariadb_grants as grants  # noqa: E402

HASH = "*" + "A" * 40


class Lines(unittest.TestCase):
    def test_privileges_on_server_database_table_column_and_routine(self):
        for line, rows in (
            ("GRANT ALL PRIVILEGES ON `ppid`.* TO `ppid`@`%`", [("ppid@%", "ppid", "ALL PRIVILEGES")]),
            (f"GRANT PROCESS, SLAVE MONITOR ON *.* TO `lumbung_ops`@`10.0.0.1` IDENTIFIED BY PASSWORD '{HASH}' REQUIRE ISSUER '/CN=Lumbung lab dc' SUBJECT '/CN=ops'",
             [("lumbung_ops@10.0.0.1", "*", "PROCESS"), ("lumbung_ops@10.0.0.1", "*", "SLAVE MONITOR")]),
            ("GRANT SELECT ON `mysql`.`gtid_slave_pos` TO `checkpointer`@`10.0.0.1`", [("checkpointer@10.0.0.1", "mysql", "SELECT on table gtid_slave_pos")]),
            ("GRANT SELECT (`a`, `b`), INSERT ON `ppid`.`t` TO `in``tip`@`localhost` WITH GRANT OPTION",
             [("in`tip@localhost", "ppid", f"{one} on table t") for one in ("SELECT (a, b)", "INSERT", "GRANT OPTION")]),
            ("GRANT EXECUTE ON PROCEDURE `ppid`.`p` TO `tamu`", [("tamu", "ppid", "EXECUTE on procedure p")]),
            ("GRANT SELECT ON `ppid`.* TO PUBLIC", [("PUBLIC", "ppid", "SELECT")]),
            ("GRANT `tamu` TO `intip`@`localhost` WITH ADMIN OPTION", [("intip@localhost", "*", "MEMBER OF tamu")]),
            ("GRANT PROXY ON `ppid`@`%` TO `intip`@`localhost`", [("intip@localhost", "*", "PROXY on ppid@%")]),
            (f"GRANT USAGE ON *.* TO `ppid`@`%` IDENTIFIED VIA mysql_native_password USING '{HASH}' OR mysql_native_password USING '{HASH}' REQUIRE SSL", []),
            ("SET DEFAULT ROLE `tamu` FOR `intip`@`localhost`", []),
        ):
            self.assertEqual(grants.rows_in(line), rows, line)

    def test_a_name_with_an_underscore_is_itself_and_a_pattern_is_told_as_one(self):
        self.assertEqual(grants.rows_in(r"GRANT SELECT ON `data\_x`.* TO `a`@`%`"), [("a@%", "data_x", "SELECT")])
        self.assertEqual(grants.rows_in("GRANT SELECT ON `data_x`.* TO `a`@`%`"), [("a@%", "data_x (pattern)", "SELECT")])
        self.assertEqual(grants.rows_in("GRANT SELECT ON `p%`.* TO `a`@`%`"), [("a@%", "p% (pattern)", "SELECT")])

    def test_a_line_that_is_not_understood_stops_all_and_is_not_shown(self):
        with self.assertRaises(grants.Unread) as raised:
            grants.grants_in([f"GRANT SOMETHING NEW TO `a`@`%` IDENTIFIED BY PASSWORD '{HASH}'"])
        self.assertNotIn(HASH, str(raised.exception))

    def test_who_may_do_everything_is_told_once_and_no_hash_is_told(self):
        lines = [
            f"GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` IDENTIFIED BY PASSWORD '{HASH}' WITH GRANT OPTION", "GRANT PROXY ON ``@`%` TO `root`@`localhost` WITH GRANT OPTION",
            "GRANT SELECT ON `ppid`.* TO `root`@`localhost`", "GRANT SELECT ON `ppid`.* TO `b`@`%`", "GRANT SELECT ON `ppid`.* TO `b`@`%`",
        ]
        self.assertEqual(grants.grants_in(lines), [["b@%", "ppid", "SELECT"], ["root@localhost", "*", "ALL PRIVILEGES"]])


class Looking(unittest.TestCase):
    def test_every_account_and_role_is_asked_for(self):
        asked = []

        class Cursor:
            def execute(self, statement):
                asked.append(statement)

            def fetchall(self):
                if "schemata" in asked[-1]:
                    return [("ppid",)]
                if "global_priv" in asked[-1]:
                    return [("o'k", "%", 0), ("tamu", "", 1)]
                return [("GRANT SELECT ON `ppid`.* TO `tamu`",)] if "`tamu`" in asked[-1] else []

        self.assertEqual(grants.look(Cursor()), {"databases": ["ppid"], "grants": [["tamu", "ppid", "SELECT"]]})
        self.assertEqual(asked[2:], ["SHOW GRANTS FOR 'o''k'@'%'", "SHOW GRANTS FOR `tamu`"])


if __name__ == "__main__":
    unittest.main()
