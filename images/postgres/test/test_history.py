"""What is read of PostgreSQL's data folder, without PostgreSQL."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../usr/local/lib/lumbung"))
import data_history  # noqa: E402


class Reading(unittest.TestCase):
    def test_fields(self):
        text = "Database cluster state:               in production\nLatest checkpoint's TimeLineID:       3\nTime:  Sun Nov 29 07:00:00 2026\n"
        fields = data_history.control(text)
        self.assertEqual((fields["Database cluster state"], fields["Latest checkpoint's TimeLineID"]), ("in production", "3"))

    def test_a_history_tells_where_each_timeline_was_left(self):
        text = "1\t0/5000000\tno recovery target specified\n\n2\t0/7000060\tno recovery target specified\n"
        self.assertEqual(data_history.history(text), [{"timeline": 1, "until": "0/5000000"}, {"timeline": 2, "until": "0/7000060"}])
        self.assertEqual(data_history.history(""), [])

    def test_the_end_is_where_no_record_follows(self):
        for said, expected in (
            ("pg_waldump: error: error in WAL record at 0/30000A0: invalid record length at 0/30000D8: expected at least 24, got 0", "0/30000D8"),
            ("pg_waldump: error: error in WAL record at 0/1FFFFC0: invalid magic number 0000 in WAL segment", None),
            ("pg_waldump: error: could not find file", None),
        ):
            self.assertEqual(data_history.end_of(said), expected)

    def test_the_newest_segment_tells_a_promotion_without_a_checkpoint(self):
        self.assertEqual(data_history.newest_timeline(["000000010000000000000003", "000000020000000000000003", "00000002.history", "archive_status"]), 2)
        self.assertIsNone(data_history.newest_timeline(["00000002.history"]))


if __name__ == "__main__":
    unittest.main()
