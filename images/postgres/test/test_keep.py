"""What is kept aside of a PostgreSQL server that comes back, without PostgreSQL: its programs are played."""
import json
import os
import sys
import tempfile
import types
import unittest
from unittest import mock

for folder in ("..", "../../shared/guard"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), folder, "usr/local/lib/lumbung"))
import data_history  # noqa: E402
import data_keep  # noqa: E402

CONTROL = """Database system identifier:           7
Database cluster state:               in production
Latest checkpoint location:           0/3000060
Latest checkpoint's REDO location:    0/3000028
Latest checkpoint's TimeLineID:       1
Bytes per WAL segment:                16777216
"""
END = "pg_waldump: error: error in WAL record at 0/50000A0: invalid record length at 0/50000D8: expected at least 24, got 0"
COMMITS = """rmgr: Transaction len (rec/tot): 34/34, tx: 740, lsn: 0/04000028, prev 0/04000000, desc: COMMIT 2026-03-01 03:00:00 UTC
rmgr: Transaction len (rec/tot): 34/34, tx: 741, lsn: 0/04000060, prev 0/04000028, desc: ABORT 2026-03-01 03:00:00 UTC
rmgr: Transaction len (rec/tot): 34/34, tx: 742, lsn: 0/05000028, prev 0/04000060, desc: COMMIT 2026-03-01 03:00:01 UTC
"""
SEGMENTS = ("000000010000000000000003", "000000010000000000000004", "000000010000000000000005")


class Keeping(unittest.TestCase):
    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top, self.data, self.end = top.name, top.name + "/data", END
        os.makedirs(self.data + "/pg_wal")
        for name in (*SEGMENTS, "00000002.history"):
            self.write("/pg_wal/" + name, name)
        self.write("/PG_VERSION", "17")
        for module in (data_history, data_keep):
            patch = mock.patch.object(module, "run", self.run_program)
            patch.start()
            self.addCleanup(patch.stop)

    def write(self, path, text):
        with open(self.data + path, "w", encoding="utf-8") as file:
            file.write(text)

    def run_program(self, *words):
        if words[0] == "pg_controldata":
            return types.SimpleNamespace(stdout=CONTROL, stderr="")
        return types.SimpleNamespace(stdout=COMMITS if "Transaction" in words else "", stderr=self.end)

    def kept(self):
        return data_history.look(self.data)["kept"]

    def test_the_wal_from_where_the_sites_parted_with_a_list(self):
        self.assertIsNone(self.kept())
        kept = data_keep.keep(self.data, "0/4000000")
        self.assertEqual((kept["since"], kept["transactions"]), ("0/4000000", 2))
        self.assertEqual(sorted(os.listdir(kept["where"] + "/pg_wal")), sorted([*SEGMENTS[1:], "00000002.history"]))
        with open(kept["where"] + "/transactions.txt", encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 2)
        self.assertEqual(self.kept(), kept)
        # Not kept twice, and not overwritten.
        self.write("/pg_wal/" + SEGMENTS[1], "changed")
        self.assertEqual(data_keep.keep(self.data, "0/4000000"), kept)
        with open(f"{kept['where']}/pg_wal/{SEGMENTS[1]}", encoding="utf-8") as file:
            self.assertEqual(file.read(), SEGMENTS[1])

    def test_data_that_went_on_are_other_data(self):
        data_keep.keep(self.data, "0/4000000")
        self.end = END.replace("50000D8", "50000E8")
        self.assertIsNone(self.kept())

    def test_wal_that_is_not_read_to_its_end_is_not_counted(self):
        with mock.patch.object(data_keep, "end_of", lambda _: "0/4000080"):
            self.assertIsNone(data_keep.keep(self.data, "0/4000000")["transactions"])

    def test_all_of_the_data_where_nobody_knows_where_they_parted(self):
        kept = data_keep.keep(self.data, None)
        self.assertEqual((kept["since"], kept["transactions"]), (None, None))
        self.assertEqual(sorted(os.listdir(kept["where"] + "/data/pg_wal")), sorted([*SEGMENTS, "00000002.history"]))

    def test_without_room_nothing_is_kept(self):
        full = types.SimpleNamespace(f_bavail=1, f_frsize=4096)
        for since in ("0/4000000", None):
            with mock.patch.object(data_keep.os, "statvfs", lambda _: full):
                self.assertRaises(data_keep.NotKept, data_keep.keep, self.data, since)
        self.assertFalse(os.path.exists(self.top + "/kept"))

    def test_one_that_was_broken_off_is_begun_anew(self):
        name = data_history.kept_name(data_history.look(self.data))
        os.makedirs(f"{self.top}/kept/{name}.new/pg_wal")
        with open(f"{self.top}/kept/{name}.new/pg_wal/half", "w", encoding="utf-8") as file:
            file.write("half")
        self.assertNotIn("half", os.listdir(data_keep.keep(self.data, "0/4000000")["where"] + "/pg_wal"))

    def test_segments_by_where_they_lie_and_not_by_their_timeline(self):
        names = ("000000020000000100000000", "0000000100000000000000FF", "0000000300000000000000FE", "archive_status", "00000002.history")
        self.assertEqual(data_keep.segments(names, "0/FF000010", 1 << 24), ["00000001" + "00000000000000FF", "00000002.history", "000000020000000100000000"])

    def test_what_it_says(self):
        said = []
        with mock.patch.object(data_keep, "PGDATA", self.data), mock.patch("builtins.print", said.append):
            self.assertEqual(data_keep.main(["0/4000000"]), 0)
            self.assertEqual(data_keep.main(["what"]), 0)  # kept already
        self.assertIn("2 transactions", said[0])
        self.assertEqual(json.loads(json.dumps(self.kept()))["transactions"], 2)


if __name__ == "__main__":
    unittest.main()
