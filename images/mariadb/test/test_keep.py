"""What only a closed MariaDB has: which logs hold it, what is listed, and what is not kept twice."""
import json
import os
import sys
import tempfile
import unittest
from unittest import mock

for folder in ("..", "../../shared/guard", "../../shared/lease"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), folder, "usr/local/lib/lumbung"))
import mariadb_facts as facts_of  # noqa: E402
import mariadb_keep  # noqa: E402


class Server:
    """Three logs: the second begins after 1-11-5, the third after 1-11-8. Each was written to disk as its own name."""

    LOGS = {
        "binlog.000001": ("", ["1-11-1", "1-11-5"]),
        "binlog.000002": ("1-11-5,2-1-3", ["1-11-6", "2-1-4", "1-11-8"]),
        "binlog.000003": ("1-11-8,2-1-4", ["1-11-9"]),
    }

    def __init__(self):
        self.told = []

    def ask(self, statement, *_):
        self.told.append(statement)
        if statement == "SHOW BINARY LOGS":
            return [(name, 1) for name in self.LOGS]
        if not statement.startswith("SHOW BINLOG EVENTS IN"):
            return []
        name = statement.split("'")[1]
        begins, gtids = self.LOGS[name]
        rows = [("Format_desc", "Server ver"), ("Gtid_list", f"[{begins}]")]
        for number, gtid in enumerate(gtids):
            rows += [("Gtid", f"BEGIN GTID {gtid} cid=7" if number % 2 == 0 else f"GTID {gtid}"), ("Query", "insert")]
        start, limit = int(statement.split("FROM ")[1].split(" ")[0]), int(statement.split("LIMIT ")[1])
        placed = [(name, 4 + index, kind, 11, 5 + index, info) for index, (kind, info) in enumerate(rows)]
        return [row for row in placed if row[1] >= start][:limit]


class Keep(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.volume = folder.name
        os.makedirs(self.volume + "/data")
        for name in Server.LOGS:
            with open(f"{self.volume}/data/{name}", "w", encoding="utf-8") as file:
                file.write(name)
        patched = mock.patch.multiple(facts_of, VOLUME=self.volume, DATA=self.volume + "/data", free_bytes=lambda: (1 << 40, 1 << 40))
        patched.start()
        self.addCleanup(patched.stop)
        self.server = Server()

    def keep(self, since, position="1-11-9,2-1-4"):
        return mariadb_keep.keep(self.server.ask, position, since)

    def files(self, content):
        return sorted(os.listdir(content["where"]))

    def listed(self, content):
        with open(content["where"] + "/transactions.txt", encoding="utf-8") as file:
            return file.read().split()

    def test_the_logs_from_where_they_parted_with_a_list(self):
        kept = self.keep("1-11-6")
        self.assertEqual(self.files(kept), ["binlog.000002", "binlog.000003", "kept.json", "transactions.txt"])
        self.assertEqual((kept["transactions"], self.listed(kept)), (2, ["1-11-8", "1-11-9"]))
        self.assertEqual(kept["where"], self.volume + "/kept/1-11-9_2-1-4")
        self.assertIn("FLUSH NO_WRITE_TO_BINLOG BINARY LOGS", self.server.told)

    def test_a_log_that_begins_exactly_there_is_enough_and_an_older_place_takes_all(self):
        self.assertEqual(self.files(self.keep("1-11-8"))[:1], ["binlog.000003"])
        self.assertEqual(self.files(self.keep("1-11-0", "1-11-9"))[:3], ["binlog.000001", "binlog.000002", "binlog.000003"])

    def test_where_nobody_knows_since_when_all_of_them_uncounted(self):
        kept = self.keep(None)
        self.assertEqual(self.files(kept), ["binlog.000001", "binlog.000002", "binlog.000003", "kept.json"])
        self.assertIsNone(kept["transactions"])

    def test_many_events_are_asked_for_in_parts(self):
        with mock.patch.object(mariadb_keep, "LIST_ROWS", 3):
            self.assertEqual([kind for kind, _ in mariadb_keep.events(self.server.ask, "binlog.000002", 3)].count("Gtid"), 3)
        self.assertGreater(len([one for one in self.server.told if "binlog.000002" in one]), 1)

    def test_nothing_is_kept_twice_and_other_data_have_a_place_of_their_own(self):
        kept = self.keep("1-11-6")
        self.server.told.clear()
        self.assertEqual((self.keep("1-11-6"), self.server.told), (kept, []))
        self.assertEqual(mariadb_keep.kept_of("1-11-9,2-1-4"), kept)
        self.assertIsNone(mariadb_keep.kept_of("1-11-10,2-1-4"))
        self.assertIsNone(mariadb_keep.kept_of(""))

    def test_without_room_nothing_is_kept(self):
        with mock.patch.object(facts_of, "free_bytes", lambda: (1024, 1 << 40)):
            self.assertRaisesRegex(mariadb_keep.NotKept, "no room", self.keep, "1-11-6")
        self.assertFalse(os.path.exists(self.volume + "/kept"))

    def test_what_was_cut_off_does_not_count(self):
        os.makedirs(self.volume + "/kept/1-11-9.new")
        self.assertIsNone(mariadb_keep.kept_of("1-11-9"))
        kept = self.keep("1-11-8", "1-11-9")
        with open(kept["where"] + "/kept.json", encoding="utf-8") as file:
            self.assertEqual(json.load(file), kept)


if __name__ == "__main__":
    unittest.main()
