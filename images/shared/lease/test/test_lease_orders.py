"""Tests of what a guard is told: epochs that begin and end by order, with the store and without it; and of the orders themselves."""
import json
import os
import signal
import tempfile
import types
import unittest
from dataclasses import replace
from unittest import mock

import lease_path  # noqa: F401
import door
import lease_door
import lease_file
from lease_disk import Disk, parse_permit
from lease_rounds import Rounds
from lease_state import decide, permit_is_void
from lease_types import FOUND, NEVER, Alone, Confirm, Decision, Epoch, Facts, Holder, Known, Me, Memory, Promote, Proof, View

DC, DRC = Me("r1", "dc", "primary", 15, 3), Me("r1", "drc", "recovery", 15, 3)
EPOCH = Epoch(2, "dc", "r1", 40)
HELD = View(EPOCH, Holder(2, "dc", 77), 50, 4)
FREE = replace(HELD, holder=None)
KNEW = Memory("r1", 2, "dc", 50, 4)
# The recovery site's guard; and the active one's, which is open.
THERE = Facts(DRC, 101.0, NEVER, KNEW, (), FREE, None, 97.0, Promote(3, "run-7"))
HERE = Facts(DC, 101.0, NEVER, KNEW, (), HELD, Proof(77, 15, 4, 100.0))
ALONE = Memory("r1", 3, "drc", alone=3)


def of(base, **changes):
    return decide(replace(base, **changes))


class Promotion(unittest.TestCase):
    def test_it_waits_for_the_end_of_the_lease_and_for_the_margin(self):
        self.assertEqual((of(THERE).code, of(THERE).act), ("promoting", "promote"))
        for change in ({"view": HELD}, {"absent_since": None}, {"absent_since": 98.1}):
            with self.subTest(change):
                decision = of(THERE, **change)
                self.assertEqual((decision.state, decision.code, decision.act, decision.again), ("closed", "promoting", None, True))

    def test_it_waits_for_no_margin_where_the_epoch_was_ended_in_good_order(self):
        for change, act in (({"ended": 2}, "promote"), ({"ended": 1}, None), ({"ended": 2, "holder": HELD.holder}, None)):
            self.assertEqual(of(THERE, absent_since=100.9, view=replace(FREE, **change)).act, act, change)

    def test_only_the_next_epoch_and_only_where_nothing_is_in_doubt(self):
        for code, change in (
            ("other-site", {"permit": Promote(2)}), ("other-site", {"permit": Promote(4)}), ("other-site", {"permit": None}),
            ("doubt-older", {"known": (Known("peer", 3, "dc"),)}), ("doubt-lost", {"view": replace(FREE, epoch=None)}),
        ):
            with self.subTest(change):
                decision = of(THERE, **change)
                self.assertEqual((decision.code, decision.act), (code, None))
        self.assertTrue(permit_is_void(replace(THERE, permit=Promote(4)), of(THERE, permit=Promote(4))))
        self.assertFalse(permit_is_void(THERE, of(THERE, view=HELD)))

    def test_it_is_asked_of_the_store_with_the_epoch_and_who_asked(self):
        asked = []
        store = types.SimpleNamespace(promote=lambda *words: asked.append(words) or True)
        rounds = Rounds(DRC, store, None, lambda: 101.0)
        self.assertTrue(rounds.ask(THERE, of(THERE), 5))
        self.assertEqual(asked, [(40, 3, "drc", "r1", "run-7", 5)])


class Ending(unittest.TestCase):
    def test_the_lease_goes_on_until_the_engine_takes_no_writes(self):
        decision = of(HERE, closing=2, idle=False)
        self.assertEqual((decision.state, decision.code, decision.until), ("open", "closing", 112.0))
        self.assertEqual((of(HERE, closing=2, idle=True).state, of(HERE, closing=2, idle=True).code), ("closed", "closed-by-order"))

    def test_it_counts_for_the_epoch_that_it_names(self):
        for closing in (0, 1, 3):
            self.assertEqual(of(HERE, closing=closing, idle=True).code, "leased")
        self.assertEqual(of(replace(HERE, memory=Memory()), closing=0).code, "leased")

    def test_the_lease_is_not_taken_again(self):
        free = {"view": FREE, "proof": None, "absent_since": 1.0}
        self.assertEqual(of(HERE, **free).act, "acquire")
        for idle in (True, False):
            decision = of(HERE, closing=2, idle=idle, **free)
            self.assertEqual((decision.state, decision.code, decision.act), ("closed", "closed-by-order", None))

    def test_also_while_the_store_is_silent_and_without_a_witness(self):
        self.assertEqual(of(HERE, view=None, deadline=110.0, closing=2, idle=True).code, "closed-by-order")
        self.assertEqual(of(HERE, view=None, deadline=110.0, closing=2, idle=False).code, "leased-silent")
        weaker = replace(HERE, me=replace(DC, witness=False), view=None, proof=None)
        self.assertEqual([of(weaker).code, of(weaker, closing=2, idle=False).code, of(weaker, closing=2).code], ["weaker", "closing", "closed-by-order"])

    def test_what_has_ended_is_not_renewed_and_is_forgotten_with_the_next_epoch(self):
        with tempfile.TemporaryDirectory() as top:
            disk, renewed = Disk(top, top), []
            disk.write_memory(KNEW)
            view = [HELD]
            store = types.SimpleNamespace(keepalive=lambda lease: renewed.append(lease) or (15.0, 4), read=lambda: view[0], members=lambda: ())
            rounds = Rounds(DC, store, disk, lambda: 100.0)
            rounds.once()
            self.assertEqual((rounds.once().code, renewed), ("leased", [77]))
            disk.order_closing(2)
            self.assertEqual((rounds.once().code, renewed), ("closing", [77, 77]))
            lease_file.exempt(top, "standby")
            self.assertEqual((rounds.once().code, rounds.once().code, renewed), ("closed-by-order", "closed-by-order", [77, 77]))
            view[0] = View(Epoch(3, "drc", "r1", 60), None, 60, 4)
            self.assertEqual((rounds.once().code, disk.read_closing()), ("other-site", 0))

    def test_nothing_is_armed_for_an_epoch_that_is_being_ended(self):
        with tempfile.TemporaryDirectory() as run:
            lease_file.exempt(run, "standby")
            for code, expected in (("closing", False), ("leased", True)):
                lease_file.write_lease(run, Decision("open", lease_file.now() + 5, code, ""), KNEW)
                self.assertEqual((lease_file.arm(run), lease_file.is_exempt(run)), (expected, not expected))

    def test_nothing_is_armed_where_the_data_know_better(self):
        with tempfile.TemporaryDirectory() as run:
            lease_file.write_lease(run, Decision("open", lease_file.now() + 5, "leased", ""), KNEW)
            answers = [lease_file.arm(run, known) for known in ((3, "drc"), (2, "drc"), (2, "dc"), (1, "drc"), None)]
            self.assertEqual(answers, [False, False, True, True, True])


class WithoutTheStore(unittest.TestCase):
    SILENT = replace(THERE, view=None, memory=KNEW, permit=Alone(3))

    def test_people_let_a_site_have_the_next_epoch_or_keep_its_own(self):
        decision = of(self.SILENT)
        self.assertEqual((decision.state, decision.code, decision.remember), ("open", "alone", ALONE))
        self.assertTrue(permit_is_void(self.SILENT, decision))
        self.assertEqual(of(self.SILENT, memory=ALONE, permit=None).code, "alone")
        self.assertEqual(of(HERE, view=None, permit=Alone(2)).remember, Memory("r1", 2, "dc", alone=2))

    def test_never_what_somebody_knows_to_be_over_or_anothers(self):
        for change in ({"permit": Alone(2)}, {"known": (Known("peer", 3, "dc"),)}, {"known": (Known("database", 4, "drc"),)}):
            with self.subTest(change):
                self.assertEqual((of(self.SILENT, **change).code, of(self.SILENT, **change).remember), ("silent", None))
        self.assertEqual(of(self.SILENT, memory=ALONE, permit=None, known=(Known("peer", 4, "dc"),)).code, "silent")

    def test_it_is_void_while_the_store_answers(self):
        facts = replace(self.SILENT, view=HELD)
        self.assertTrue(permit_is_void(facts, decide(facts)))

    def test_a_store_that_comes_back_is_told_unless_somebody_holds_the_lease(self):
        back = replace(self.SILENT, memory=ALONE, permit=None, view=FREE)
        self.assertEqual((decide(back).state, decide(back).code, decide(back).act), ("open", "alone", "take-up"))
        self.assertEqual((of(back, view=HELD).state, of(back, view=HELD).code), ("closed", "doubt-older"))
        self.assertEqual(of(back, view=replace(FREE, epoch=replace(EPOCH, region="r2"))).code, "doubt-foreign")
        taken = View(Epoch(3, "drc", "r1", 60), Holder(3, "drc", 9), 60, 5)
        after = of(back, view=taken, proof=Proof(9, 15, 5, 101.0))
        self.assertEqual((after.code, after.remember), ("leased", Memory("r1", 3, "drc", 60, 5)))

    def test_one_that_kept_its_epoch_goes_on_while_it_takes_the_lease_again(self):
        kept = replace(HERE, memory=Memory("r1", 2, "dc", alone=2), view=FREE, proof=None)
        self.assertEqual((decide(kept).code, decide(kept).act), ("alone", "acquire"))


class WithoutAWitness(unittest.TestCase):
    def test_a_lost_memory_is_learned_from_the_sites_own_data_and_from_nobody_else(self):
        weaker = Facts(replace(DC, witness=False), 101.0)
        self.assertEqual(of(weaker, known=(Known("database", 2, "dc"),)).remember, Memory("r1", 2, "dc"))
        for known in (Known("database", 2, "drc"), Known("peer", 2, "dc"), Known("peer", 3, "drc")):
            self.assertEqual((of(weaker, known=(known,)).state, of(weaker, known=(known,)).remember), ("closed", None))
        both = (Known("database", 2, "dc"), Known("peer", 3, "drc"))
        self.assertIsNone(of(weaker, known=both).remember)

    def test_the_site_that_was_active_is_told_what_the_other_knows_already(self):
        told = Facts(replace(DC, witness=False), 101.0, memory=Memory("r1", 2, "dc"), known=(Known("peer", 3, "drc"),))
        self.assertEqual(of(told).code, "doubt-older")
        self.assertEqual(of(told, permit=Confirm(3, "drc")).remember, Memory("r1", 3, "drc"))
        self.assertEqual(of(told, known=(), permit=Confirm(2, "dc")).code, "weaker")
        for permit in (Confirm(3, "dc"), Confirm(2, "dc")):
            self.assertEqual(of(told, permit=permit).code, "doubt-older")


class Permits(unittest.TestCase):
    def test_the_words(self):
        for text, expected in (
            ("found\n", FOUND), ("confirm 4 drc", Confirm(4, "drc")), ("promote 4 run-7", Promote(4, "run-7")), ("promote 4", Promote(4)), ("alone 4", Alone(4)),
            ("promote", None), ("promote x", None), ("promote 0", None), ("confirm 4", None), ("alone 4 drc", None), ("promote 4 a b", None), ("", None), ("found 4", None),
        ):
            self.assertEqual(parse_permit(text), expected, text)


class Orders(unittest.TestCase):
    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.run_folder = top.name
        self.disk = Disk(top.name, top.name)
        self.disk.write_memory(KNEW)
        self.begun = []
        self.rounds = types.SimpleNamespace(view=HELD, seen_at=lease_file.now(), absent_since=None)
        self.keeper = types.SimpleNamespace(
            me=DC, run=top.name, disk=self.disk, rounds=self.rounds, poke=types.SimpleNamespace(set=lambda: None), settings={"REGION": "lab", "WORKLOAD": "made", "KIND": "mariadb"},
            engine=types.SimpleNamespace(begin=lambda *words: self.begun.append(words) or True, work=None), new_store=lambda: None,
        )
        self.door = lease_door.Door(self.keeper, top.name)

    def lease(self, state, code):
        lease_file.write_lease(self.run_folder, Decision(state, lease_file.now() + 5, code, "made"), KNEW)

    def take(self, **order):
        return self.door.take(order, None)

    def refused(self, **order):
        with self.assertRaises(door.Refused) as caught:
            self.take(**order)
        return caught.exception.code

    def test_every_mistake_of_an_order_is_told(self):
        with self.assertRaises(door.Wrong) as caught:
            door.parse_order('{"verb": "promote", "epoch": 0, "by": "two words", "more": 1}', lease_door.FIELDS)
        for part in ("epoch: expected a whole number above 0, received 0", "by: expected one word", "more: not a field"):
            self.assertIn(part, str(caught.exception))
        for text in ("", "[]", '{"verb": "open"}', '{"verb": "open", "epoch": true}', '{"verb": "found"}', '{"verb": "confirm", "epoch": 3, "site": ""}'):
            self.assertRaises(door.Wrong, door.parse_order, text, lease_door.FIELDS)
        self.assertEqual(door.parse_order('{"verb": "close", "epoch": 3}', lease_door.FIELDS), {"verb": "close", "epoch": 3})

    def test_an_end_is_for_the_own_epoch_and_is_taken_back(self):
        self.assertEqual(self.refused(verb="close", epoch=3), "not-ours")
        self.take(verb="close", epoch=2)
        self.assertEqual((self.disk.read_closing(), self.door.state()["closing"]), (2, 2))
        self.take(verb="reopen", epoch=3)
        self.assertEqual(self.disk.read_closing(), 2)
        self.take(verb="reopen", epoch=2)
        self.assertEqual((self.disk.read_closing(), self.door.state()["closing"]), (0, None))

    def test_a_lease_is_ended_only_by_a_guard_that_is_closed_by_order(self):
        ended = []
        self.keeper.new_store = lambda: types.SimpleNamespace(read=lambda: HELD, resign=lambda *words: ended.append(words))
        self.lease("open", "leased")
        self.assertEqual((self.refused(verb="resign", epoch=2), ended), ("not-closed", []))
        self.lease("closed", "closed-by-order")
        self.take(verb="resign", epoch=2)
        self.assertEqual(ended, [(77, 2)])
        self.keeper.new_store = lambda: types.SimpleNamespace(read=lambda: View(Epoch(3, "drc", "r1", 60), Holder(3, "drc", 9), 60, 5), resign=lambda *words: ended.append(words))
        self.take(verb="resign", epoch=2)
        self.assertEqual(ended, [(77, 2)])

    def test_an_engine_is_opened_under_the_lease_alone(self):
        for state, code in (("closed", "other-site"), ("open", "closing")):
            self.lease(state, code)
            self.assertEqual((self.refused(verb="open", epoch=2), self.begun), ("not-leased", []))
        self.lease("open", "leased")
        self.assertEqual(self.refused(verb="open", epoch=3), "not-ours")
        self.take(verb="open", epoch=2)
        self.assertEqual(self.begun, [("open", 2)])

    def test_permits_wait_for_the_keeper(self):
        self.take(verb="promote", epoch=3, by="run-7")
        self.assertEqual(self.door.state()["permit"], "promote 3 run-7")
        self.take(verb="confirm", epoch=4, site="drc")
        self.assertEqual(self.disk.read_permit(), Confirm(4, "drc"))
        self.take(verb="alone", epoch=5)
        self.assertEqual(self.disk.read_permit(), Alone(5))
        self.keeper.me = replace(DC, witness=False)
        self.assertEqual(self.refused(verb="promote", epoch=3), "no-witness")

    def test_only_who_holds_the_lease_moves_the_regions_addresses(self):
        def may(site, me, state, code, view, ago=0.0, witness=True):
            self.lease(state, code)
            self.keeper.me, self.rounds.view, self.rounds.seen_at = replace(me, witness=witness), view, lease_file.now() - ago
            try:
                self.door.allow(site)
                return True
            except door.Refused:
                return False

        other = ("closed", "other-site")
        self.assertTrue(may("dc", DC, "open", "leased", HELD))
        self.assertTrue(may("dc", DRC, *other, HELD))
        self.assertTrue(may("dc", DC, *other, None, witness=False))
        for site, me, state, code, view, ago in (
            ("drc", DC, "open", "leased", HELD, 0), ("dc", DC, "closed", "silent", HELD, 0), ("dc", DC, "open", "closing", HELD, 0),
            ("drc", DRC, *other, HELD, 0), ("dc", DRC, *other, FREE, 0), ("dc", DRC, *other, HELD, 12.5), ("dc", DRC, "closed", "doubt-older", HELD, 0),
            ("dc", DRC, *other, None, 0), ("dc", DRC, *other, replace(HELD, holder=Holder(1, "dc", 7)), 0),
        ):
            with self.subTest((site, me.site, state, code, ago)):
                self.assertFalse(may(site, me, state, code, view, ago))

    def test_addresses_are_those_of_one_site_whoever_asks(self):
        self.keeper.settings |= {"KIND": "dns", "ADDRESSES": "dc 192.0.2.1 2001:db8::1,drc 192.0.2.2"}
        self.keeper.errands = types.SimpleNamespace(run=lambda *_: (0, '{"contoh.go.id": 7}'))
        asked = []
        self.door.allow = asked.append
        for address, address6 in (("192.0.2.1", "2001:db8::1"), ("192.0.2.2", None)):
            order = {"verb": "addresses", "address": address, **({"address6": address6} if address6 else {})}
            self.assertEqual(self.door.addresses(order, "ops.drc.lab.internal"), {"serials": {"contoh.go.id": 7}})
        self.assertEqual(asked, ["dc", "drc"])
        for order in ({"address": "192.0.2.1"}, {"address": "192.0.2.9"}, {"address": "192.0.2.2", "address6": "2001:db8::1"}):
            with self.assertRaises(door.Refused) as refused:
                self.door.addresses(order, "ops.drc.lab.internal")
            self.assertEqual(refused.exception.code, "no-site")

    def test_commits_wait_or_do_not_as_people_say_and_only_where_they_can(self):
        relaxed = self.run_folder + "/sync-relaxed"
        for kind in ("mariadb", "postgresql"):
            self.keeper.settings["KIND"] = kind
            self.lease("open", "leased")
            for waits in (False, False, True, True):
                self.take(verb="wait", waits=waits)
                self.assertEqual(os.path.exists(relaxed), not waits)
            # A standby is never told to go on without the other site, and may always be told to wait.
            self.lease("closed", "other-site")
            self.assertEqual((self.refused(verb="wait", waits=False), os.path.exists(relaxed)), ("not-leased", False))
            self.take(verb="wait", waits=True)
        self.keeper.settings["KIND"] = "gateway"
        self.assertEqual(self.refused(verb="wait", waits=False), "not-here")
        self.assertRaises(door.Wrong, door.parse_order, '{"verb": "wait", "waits": 0}', lease_door.FIELDS)

    def test_what_people_let_counts_for_the_epoch_in_which_they_did(self):
        self.lease("open", "leased")
        self.take(verb="wait", waits=False)
        self.assertEqual((self.disk.void_relaxed(2), self.disk.is_relaxed()), (False, True))
        self.assertEqual((self.disk.void_relaxed(3), self.disk.is_relaxed(), self.disk.void_relaxed(3)), (True, False, False))
        with open(self.disk.relaxed_path, "w", encoding="utf-8") as file:
            file.write("relaxed\n")
        self.assertTrue(self.disk.void_relaxed(0))

    def test_how_commits_wait_is_told_as_it_was_just_seen(self):
        self.lease("open", "leased")
        self.assertIsNone(self.door.state()["sync"])
        seen = {"waits": True, "satisfied": False, "waiting": 2}
        lease_file.write(self.run_folder + "/sync", json.dumps({"at": lease_file.now(), **seen}))
        self.assertEqual(self.door.state()["sync"], {"mode": "required", **seen})
        self.take(verb="wait", waits=False)
        self.assertEqual(self.door.state()["sync"], {"mode": "relaxed", **seen})
        lease_file.write(self.run_folder + "/sync", json.dumps({"at": lease_file.now() - 11, **seen}))
        self.assertEqual(self.door.state()["sync"], {"mode": "relaxed", "waits": None, "satisfied": None, "waiting": None})

    def test_what_only_it_has_is_kept_by_a_server_that_waits(self):
        self.keeper.settings["KIND"] = "postgresql"
        self.assertEqual(self.refused(verb="keep-aside"), "runs")
        lease_file.exempt(self.run_folder, "standby")
        self.assertEqual(self.refused(verb="keep-aside"), "runs")
        lease_file.exempt(self.run_folder, "waiting: nothing was started yet")
        self.take(verb="keep-aside")
        self.take(verb="keep-aside", since="0/3000000")
        self.keeper.settings["KIND"] = "mariadb"
        self.take(verb="keep-aside", since="1-11-42")
        self.assertEqual(self.begun, [("keep", 2), ("keep", 2, "0/3000000"), ("keep", 2, "1-11-42")])
        self.keeper.settings["KIND"] = "gateway"
        self.assertEqual(self.refused(verb="keep-aside"), "not-here")
        for since in ("0", "0/", "/0", "0/3;rm", 3, "0/123456789", "1-11", "1-11-42&x=1"):
            self.assertRaises(door.Wrong, door.parse_order, json.dumps({"verb": "keep-aside", "since": since}), lease_door.FIELDS)

    def test_what_lies_here_is_given_up_only_by_a_database_that_takes_no_writes(self):
        permit = self.run_folder + "/permit"
        self.assertEqual(self.refused(verb="reseed"), "takes-writes")
        lease_file.exempt(self.run_folder, "waiting: nothing was started yet")
        self.assertEqual((self.refused(verb="rejoin"), self.refused(verb="addresses", address="192.0.2.1")), ("not-here", "not-here"))
        self.assertFalse(os.path.exists(permit))
        self.take(verb="reseed")
        self.keeper.settings["KIND"] = "postgresql"
        ended = []
        with mock.patch.object(lease_door.os, "kill", lambda _, number: ended.append(number)):
            self.take(verb="rejoin")
            self.assertEqual(ended, [])
            lease_file.exempt(self.run_folder, "standby")
            self.take(verb="reseed")
        self.assertEqual(ended, [signal.SIGTERM])
        self.keeper.settings["KIND"] = "gateway"
        self.assertEqual(self.refused(verb="reseed"), "not-here")


if __name__ == "__main__":
    unittest.main()
