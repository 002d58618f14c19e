"""Tests of commits that wait for the other site, without PostgreSQL: python3 -m unittest discover -s images/postgres/test"""
import json
import os
import sys
import tempfile
import unittest
from unittest import mock

for folder in ("..", "../../shared/guard", "../../shared/lease"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), folder, "usr/local/lib/lumbung"))
sys.modules.setdefault("psycopg2", mock.Mock(Error=OSError))
import guard_facts  # noqa: E402
import sync_state  # noqa: E402
import sync_watch  # noqa: E402
from sync_state import Answer, Heard  # noqa: E402

SYNC = {"MODE": "sync", "PEER_SITE": "drc"}
WAITS = Answer('"drc"', False, "12 10:00:01", 0)


class Files(unittest.TestCase):
    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top = top.name

    def relax(self):
        with open(self.top + "/sync-relaxed", "w", encoding="utf-8") as file:
            file.write("1\n")

    def overlay(self, folder=""):
        with open(self.top + folder + "/30-sync.yml", encoding="utf-8") as file:
            return json.load(file)


class Told(Files):
    def test_it_waits_unless_people_let_it_and_only_where_there_is_somebody_to_wait_for(self):
        self.assertEqual(sync_state.mode_of(SYNC, self.top), "required")
        self.relax()
        self.assertEqual(sync_state.mode_of(SYNC, self.top), "relaxed")
        for settings in ({}, {"MODE": "async", "PEER_SITE": "drc"}, {"MODE": "sync", "PEER_SITE": ""}):
            self.assertIsNone(sync_state.mode_of(settings, self.top))

    def test_only_what_is_relaxed_takes_the_name_away(self):
        for mode, parameters, names in (("required", None, '"drc"'), ("relaxed", {"synchronous_standby_names": ""}, "")):
            self.assertTrue(sync_state.write_overlay(self.top, mode))
            self.assertFalse(sync_state.write_overlay(self.top, mode))
            self.assertEqual(self.overlay()["tags"], {"lumbung_sync": mode})
            self.assertEqual(self.overlay().get("postgresql", {}).get("parameters"), parameters)
            self.assertEqual(sync_state.names_for(mode, SYNC), names)
        sync_state.write_overlay(self.top, None)
        self.assertEqual(self.overlay(), {})


class Seen(unittest.TestCase):
    def state(self, answer, at=10.0, now=12.0):
        return sync_state.state_of(answer, Heard("12 10:00:01", at), now)

    def test_a_standby_that_is_listed_and_silent_confirms_nothing(self):
        self.assertEqual(self.state(WAITS), {"waits": True, "satisfied": True, "waiting": 0})
        self.assertEqual(self.state(WAITS, now=15.0)["satisfied"], False)
        heard = sync_state.hear(Heard(), WAITS, 10.0)
        self.assertEqual(heard.at, 10.0)
        self.assertEqual(sync_state.hear(heard, WAITS, 14.0).at, 10.0)
        self.assertEqual(sync_state.hear(heard, Answer('"drc"', False, "12 10:00:02", 0), 14.0).at, 14.0)
        away = Answer('"drc"', False, None, 3)
        self.assertEqual(sync_state.state_of(away, sync_state.hear(heard, away, 11.0), 11.0), {"waits": True, "satisfied": False, "waiting": 3})

    def test_one_that_is_relaxed_is_not_satisfied_by_a_standby_that_streams(self):
        self.assertEqual(self.state(Answer("", False, None, 0))["satisfied"], False)
        self.assertEqual(self.state(Answer("", False, None, 0))["waits"], False)

    def test_a_standby_and_one_that_does_not_answer_say_nothing(self):
        nothing = {"waits": None, "satisfied": None, "waiting": None}
        self.assertEqual(self.state(None), nothing)
        self.assertEqual(self.state(Answer('"drc"', True, None, 0)), nothing)

    def test_what_health_says(self):
        for mode, answer, expected in (
            ("required", WAITS, "well"),
            ("required", Answer('"drc"', False, None, 0), "fail writes wait: drc is away (sync)"),
            ("required", Answer("", False, None, 0), "fail does not wait for the other site yet"),
            ("relaxed", Answer("", False, None, 0), "note does not wait for the other site"),
            ("required", None, "well"),
        ):
            heard = sync_state.hear(Heard(), answer, 10.0)
            remark = sync_state.remark_of(mode, sync_state.state_of(answer, heard, 10.0), "drc")
            self.assertTrue(remark.startswith(expected), (mode, answer, remark))


class Watched(Files):
    def setUp(self):
        super().setUp()
        os.mkdir(self.top + "/patroni")
        for patch in (mock.patch.object(sync_watch, "RUN", self.top), mock.patch.object(guard_facts, "IDENTITY", self.top)):
            patch.start()
            self.addCleanup(patch.stop)
        self.server, self.reloads = mock.Mock(), []
        self.watch = sync_watch.Watch(self.server, lambda: self.reloads.append(1))

    def look(self, answer, now, settings=SYNC):
        self.server.ask.return_value = answer
        return self.watch.look(settings, now)

    def said(self):
        with open(self.top + "/sync", encoding="utf-8") as file:
            return json.load(file)

    def test_patroni_is_told_again_until_postgresql_does_as_people_said(self):
        self.look(WAITS, 10.0)
        self.assertEqual((self.reloads, self.overlay("/patroni")["tags"]["lumbung_sync"]), ([], "required"))
        self.relax()
        for now, reloads in ((11.0, 1), (12.0, 1), (14.5, 2)):
            self.look(WAITS, now)
            self.assertEqual(len(self.reloads), reloads)
        self.look(Answer("", False, None, 0), 18.0)
        self.assertEqual(len(self.reloads), 2)
        self.assertEqual(self.overlay("/patroni")["postgresql"], {"parameters": {"synchronous_standby_names": ""}})
        self.assertEqual(self.said(), {"at": 18.0, "waits": False, "satisfied": False, "waiting": 0})

    def test_a_server_that_does_not_run_is_not_told_and_what_it_starts_with_is_put_right(self):
        self.relax()
        self.look(None, 10.0)
        self.assertEqual((self.reloads, self.overlay("/patroni")["tags"]["lumbung_sync"]), ([], "relaxed"))

    def test_it_ends_where_nothing_is_declared_to_wait(self):
        self.assertTrue(self.look(WAITS, 10.0))
        self.assertFalse(self.look(WAITS, 11.0, {"MODE": "async", "PEER_SITE": "drc"}))
        self.assertEqual(self.overlay("/patroni"), {})


if __name__ == "__main__":
    unittest.main()
