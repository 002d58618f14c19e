"""What is made of PostgreSQL's catalogues, without PostgreSQL."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../usr/local/lib/lumbung"))
import data_grants  # noqa: E402


class Grants(unittest.TestCase):
    def test_the_server_is_asked_once_and_every_database_that_lets_anybody_in(self):
        answers = {
            ("postgres", data_grants.DATABASES): [("pajak",), ("postgres",)],
            ("postgres", data_grants.SERVER): [("pajak", "pajak", "OWNER")],
            ("pajak", data_grants.INSIDE): [("intip", "pajak", "SELECT on table data.objek")],
            ("postgres", data_grants.INSIDE): [],
        }
        asked = []

        def ask(database, statement):
            asked.append((database, statement))
            return answers[database, statement]

        self.assertEqual(
            data_grants.look(ask),
            {"databases": ["pajak", "postgres"], "grants": [["pajak", "pajak", "OWNER"], ["intip", "pajak", "SELECT on table data.objek"]]},
        )
        self.assertEqual(sorted(asked), sorted(answers))


if __name__ == "__main__":
    unittest.main()
