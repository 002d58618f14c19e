"""Tests of what compares a standby with its primary, without PostgreSQL: python3 -m unittest discover -s images/postgres/test"""
import dataclasses
import os
import sys
import tempfile
import unittest
from unittest import mock

for folder in ("..", "../../shared/guard", "../../shared/lease"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), folder, "usr/local/lib/lumbung"))
sys.modules.setdefault("psycopg2", mock.Mock(Error=OSError))
import data_history  # noqa: E402
import follow_watch  # noqa: E402
import guard_facts  # noqa: E402
import lease_file  # noqa: E402
import lease_types  # noqa: E402
import pre_promote  # noqa: E402
import timelines  # noqa: E402
from follow_judge import Side, judge  # noqa: E402
from timelines import Beginning, Began, Marks  # noqa: E402

# Both left timeline 1 at 300; the primary is on 2 at 500.
HISTORY = ((1, 300),)
PRIMARY = Side("7", 2, HISTORY, 500, {}, False)
STANDBY = Side("7", 2, HISTORY, 450, {}, True)


def kind(own, theirs=None, **change):
    return judge(dataclasses.replace(STANDBY, **own), dataclasses.replace(theirs or PRIMARY, **change), "drc").kind


class Judging(unittest.TestCase):
    def test_what_is_part_of_the_primary_s_history(self):
        for own in ({}, {"position": 500}, {"timeline": 1, "history": (), "position": 300}, {"timeline": 1, "history": (), "position": 10}):
            self.assertEqual(kind(own), "part", own)

    def test_one_byte_after_they_parted_can_be_rewound(self):
        self.assertEqual(kind({"timeline": 1, "history": (), "position": 301}), "rewind")

    def test_one_byte_ahead_on_the_same_timeline_is_a_doubt(self):
        self.assertEqual(kind({"position": 501}), "reseed")

    def test_the_same_number_with_another_history_is_a_doubt(self):
        for own in ({"history": ((1, 299),)}, {"history": ((1, 301),)}, {"history": ()}, {"timeline": 3, "history": ((1, 300), (2, 400))}):
            self.assertEqual(kind(own), "reseed", own)

    def test_another_system_is_none(self):
        self.assertEqual(kind({"system": "8"}), "reseed")

    def test_one_that_went_on_within_a_history_that_differs_cannot_be_rewound(self):
        longer = dataclasses.replace(PRIMARY, timeline=3, history=((1, 300), (2, 400)))
        self.assertEqual(kind({"position": 401}, longer), "rewind")
        self.assertEqual(kind({"position": 401, "history": ((1, 299),)}, longer), "reseed")

    def test_nobody_to_compare_with_is_no_verdict(self):
        self.assertEqual(judge(STANDBY, None, "drc").kind, "unknown")
        for own, theirs in (({}, {"recovering": True}), ({"history": None}, {}), ({}, {"history": None})):
            self.assertEqual(kind(own, **theirs), "unknown", (own, theirs))

    def test_the_same_number_begun_twice_at_the_same_place_is_told_by_who_began_it(self):
        later = dataclasses.replace(PRIMARY, timeline=3, history=((1, 300), (2, 400)))
        for own, theirs, primary, expected in (
            ({2: "a"}, {2: "b"}, PRIMARY, "reseed"),
            # The primary writes on it, so it began it, whether or not it says so.
            ({2: "a"}, {}, PRIMARY, "reseed"),
            ({2: "a"}, {2: "b"}, later, "reseed"),
            # What the primary does not list it has from here.
            ({2: "a"}, {3: "b"}, later, "part"),
            # What is not listed here is from the primary; what was copied from it has its words.
            ({}, {2: "b"}, PRIMARY, "part"),
            ({2: "b"}, {2: "b"}, PRIMARY, "part"),
            # Timelines that these data are not on, or not yet.
            ({3: "a"}, {3: "b"}, PRIMARY, "part"),
        ):
            own_side = {"ids": own, "position": 350}
            self.assertEqual(kind(own_side, primary, ids=theirs), expected, (own, theirs))


class Naming(unittest.TestCase):
    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top = top.name
        os.mkdir(self.top + "/pg_wal")

    def wal(self, *names):
        for name in names:
            open(f"{self.top}/pg_wal/{name}", "w", encoding="utf-8").close()

    def test_a_promotion_is_named_before_it_happens_and_outlives_a_kill(self):
        self.wal("00000002.history", "000000010000000000000003", "archive_status", "000000020000000000000003.partial")
        pre_promote.begin(self.top, "dc")
        marks = timelines.read(self.top)
        self.assertEqual((marks.begun, marks.beginning.above, marks.beginning.site), ((), 2, "dc"))
        word = marks.beginning.id
        self.assertEqual(timelines.ids(marks, (1, 2)), {})
        self.assertEqual(timelines.ids(marks, (1, 2, 3)), {3: word})
        # The primary, which says its number: the same word.
        timelines.change(self.top, lambda marks: timelines.writes_on(marks, (1, 2, 3), "dc", "other"))
        self.assertEqual(timelines.read(self.top), Marks((Began(3, "dc", word),), None))
        # Promoted again before anybody said which number the one before got.
        self.wal("00000003.history")
        pre_promote.begin(self.top, "dc")
        self.wal("00000004.history")
        second = timelines.read(self.top).beginning.id
        pre_promote.begin(self.top, "dc")
        self.assertEqual(timelines.ids(timelines.read(self.top), (3, 4)), {3: word, 4: second})

    def test_no_two_have_the_same_word(self):
        self.assertNotEqual(timelines.new_id(), timelines.new_id())

    def test_a_primary_names_what_nobody_named_and_nothing_twice(self):
        first = timelines.writes_on(Marks(), (1, 2), "dc", "a")
        self.assertEqual(first, Marks((Began(2, "dc", "a"),), None))
        self.assertEqual(timelines.writes_on(first, (1, 2), "dc", "b"), first)

    def test_a_promotion_that_came_to_nothing_is_forgotten_and_one_under_way_is_not(self):
        marks = Marks((), Beginning(2, "dc", "a", 100.0))
        for timeline, since, forgotten in ((2, 101.0, True), (2, 99.0, False), (2, None, False), (3, 101.0, False)):
            after = timelines.follows_on(marks, timeline, since)
            self.assertEqual(after.beginning is None, forgotten, (timeline, since))

    def test_only_under_the_lease_and_never_without_a_name(self):
        with mock.patch.object(guard_facts, "PGDATA", self.top), mock.patch.object(guard_facts, "read_settings", lambda: {"SITE": "dc"}):
            for gate, expected, named in ((1, 1, False), (0, 0, True)):
                with mock.patch.object(pre_promote.lease_gate, "main", lambda _, gate=gate: gate):
                    self.assertEqual(pre_promote.main(["arm"]), expected)
                self.assertEqual(timelines.read(self.top).beginning is not None, named)
            with open(f"{self.top}/{timelines.FILE}", "w", encoding="utf-8") as file:
                file.write("{")
            with mock.patch.object(pre_promote.lease_gate, "main", lambda _: 0), mock.patch("builtins.print"):
                self.assertEqual(pre_promote.main(["arm"]), 1)

    def test_a_file_of_another_shape_is_an_error_and_none_is_none(self):
        self.assertEqual(timelines.parse(None), Marks())
        for text in ("{", "{}", '{"begun": [{"timeline": 1}], "beginning": null}', "[]"):
            self.assertRaises(ValueError, timelines.parse, text)
        marks = Marks((Began(3, "dc", "a"),), Beginning(3, "dc", "b", 4.0))
        self.assertEqual(timelines.parse(timelines.written(marks)), marks)

    def test_what_lies_here_says_what_was_begun(self):
        self.wal("00000002.history")
        timelines.change(self.top, lambda _: Marks((Began(1, "dc", "a"),), Beginning(1, "dc", "b", 4.0)))
        self.assertEqual([one["id"] for one in data_history.begun(self.top, 2, [{"timeline": 1, "until": "0/3"}])], ["a", "b"])


class Replay(unittest.TestCase):
    def test_the_timeline_that_is_replayed_is_in_the_title_of_the_process(self):
        for title, expected in (
            ("postgres: lab-postgres-utama: startup recovering 000000040000000000000005\0", 4),
            ("postgres: startup waiting for 0000001A0000000000000005", 26),
            ("postgres: startup ", 0),
            ("", 0),
        ):
            self.assertEqual(follow_watch.replayed_timeline(title), expected)

    def test_positions_and_timelines_that_were_passed(self):
        passed = [{"timeline": 1, "until": "0/12C"}]
        side, numbers = follow_watch.side_of(True, "7", 2, "1/0", passed, Marks((Began(2, "dc", "a"), Began(9, "dc", "b")), None))
        self.assertEqual((side, numbers), (Side("7", 2, ((1, 300),), 1 << 32, {2: "a"}, True), (1, 2)))
        self.assertIsNone(follow_watch.side_of(True, "7", 2, "1/0", None, Marks())[0].history)


class Watching(unittest.TestCase):
    SETTINGS = {"SITE": "dc", "PEER_SITE": "drc", "PEER_HOST_NAME": "pg.drc"}

    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top, self.asked, self.closed = top.name, [], []
        for patch in (mock.patch.object(follow_watch, "RUN", self.top), mock.patch.object(guard_facts, "DIVERGED", self.top + "/diverged")):
            patch.start()
            self.addCleanup(patch.stop)
        self.server, self.theirs = mock.Mock(folder=self.top), PRIMARY
        self.watch = follow_watch.Watch(self.server, self.ask, lambda: self.closed.append(1))

    def ask(self, _):
        self.asked.append(1)
        return self.theirs

    def look(self, now, side=STANDBY, connection=1, marks=Marks(), since=50.0, started="1"):
        self.server.look.return_value = side and follow_watch.Own(side, marks, (1, 2), started, connection, since)
        self.watch.look(self.SETTINGS, now)
        with open(self.top + "/follow", encoding="utf-8") as file:
            return file.read().split()[0]

    def test_one_that_is_proven_is_left_alone_until_something_changes(self):
        self.assertEqual([self.look(now) for now in (10.0, 11.0, 12.0)], ["well"] * 3)
        self.assertEqual(len(self.asked), 1)
        self.look(13.0, connection=2)
        self.assertEqual(len(self.asked), 2)
        self.look(14.0, dataclasses.replace(STANDBY, timeline=1, history=(), position=300), connection=2)
        self.assertEqual(len(self.asked), 3)
        self.look(45.0, dataclasses.replace(STANDBY, timeline=1, history=(), position=300), connection=2)
        self.assertEqual((len(self.asked), self.closed), (4, []))

    def test_one_that_follows_a_site_that_is_promoted_only_now_is_compared_as_soon_as_it_is(self):
        self.theirs = dataclasses.replace(PRIMARY, recovering=True)
        self.assertEqual([self.look(10.0), self.look(11.0)], ["unknown", "unknown"])
        self.theirs = PRIMARY
        self.assertEqual(self.look(12.0), "well")

    def test_a_copy_that_is_none_is_said_at_once_and_closed_when_that_stands(self):
        ahead = dataclasses.replace(STANDBY, position=501)
        self.assertEqual([self.look(now, ahead) for now in (10.0, 11.0, 12.0)], ["reseed"] * 3)
        self.assertEqual((self.closed, os.path.exists(guard_facts.DIVERGED)), ([], False))
        self.look(13.0, ahead)
        self.assertEqual(self.closed, [1])
        self.assertIn("ahead of drc", guard_facts.diverged())

    def test_a_doubt_is_not_taken_back_because_the_primary_wrote_on_past_these_data(self):
        ahead = dataclasses.replace(STANDBY, position=501)
        self.look(10.0, ahead)
        self.theirs = dataclasses.replace(PRIMARY, position=900)
        self.assertEqual([self.look(10.5, ahead), self.look(11.0, ahead, connection=2)], ["reseed"] * 2)
        self.assertEqual(self.look(12.0, started="2"), "well")

    def test_one_that_can_be_rewound_is_left_to_patroni_for_a_while(self):
        beyond = dataclasses.replace(STANDBY, timeline=1, history=(), position=301)
        for now in range(10, 30):
            self.assertEqual((self.look(float(now), beyond), self.closed), ("rewind", []))
        # Patroni stops it to rewind it: then it is another server.
        self.assertEqual(self.look(30.0, None), "unknown")
        self.assertEqual((self.look(31.0), self.closed), ("well", []))
        for now in range(40, 61):
            self.look(float(now), beyond)
        self.assertEqual(self.closed, [1])

    def test_what_was_seen_of_a_stream_stands_while_the_other_site_does_not_answer(self):
        self.look(10.0)
        self.theirs = None
        self.assertEqual(self.look(45.0), "well")
        self.assertEqual(self.look(46.0, connection=2), "unknown")
        self.theirs = PRIMARY
        ahead = dataclasses.replace(STANDBY, position=501)
        self.look(50.0, ahead, connection=3)
        self.theirs = None
        # Said still, and not closed for what nobody has seen again.
        self.assertEqual([self.look(now, ahead, connection=3) for now in (52.0, 60.0)], ["reseed"] * 2)
        self.assertEqual(self.closed, [])

    def test_a_site_that_is_to_be_active_is_not_closed(self):
        ahead = dataclasses.replace(STANDBY, position=501)
        lease_file.write_lease(self.top, lease_types.Decision("open", lease_file.now() + 60, "leased", "made"), lease_types.Memory("r1", 2, "dc"))
        for now in range(10, 20):
            self.assertEqual(self.look(float(now), ahead), "reseed")
        self.assertEqual(self.closed, [])

    def test_a_primary_names_its_timeline_and_follows_nobody(self):
        with open(guard_facts.DIVERGED, "w", encoding="utf-8") as file:
            file.write("of before\n")
        primary = dataclasses.replace(PRIMARY, recovering=False)
        self.assertEqual(self.look(10.0, primary), "unknown")
        begun = timelines.read(self.top).begun
        self.assertEqual([(one.timeline, one.site) for one in begun], [(2, "dc")])
        self.look(11.0, primary, marks=timelines.read(self.top))
        self.assertEqual((timelines.read(self.top).begun, self.asked, os.path.exists(guard_facts.DIVERGED)), (begun, [], False))

    def test_a_promotion_that_came_to_nothing_is_forgotten(self):
        marks = Marks((), Beginning(2, "dc", "a", 40.0))
        timelines.change(self.top, lambda _: marks)
        self.look(10.0, marks=marks, since=30.0)
        self.assertEqual(timelines.read(self.top), marks)
        self.look(11.0, marks=marks, since=50.0)
        self.assertEqual(timelines.read(self.top), Marks())


if __name__ == "__main__":
    unittest.main()
