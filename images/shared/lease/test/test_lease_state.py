"""Tests of the lease's decision: python3 -m unittest discover -s images/shared/lease/test"""
import itertools
import unittest
from dataclasses import replace

import lease_path  # noqa: F401
from lease_state import decide, permit_is_void
from lease_types import FOUND, NEVER, Confirm, Epoch, Facts, Holder, Known, Me, Memory, Proof, View

DC = Me("r1", "dc", "primary", 15, 3)
MINE = Epoch(2, "dc", "r1", 40)
LEASE = 77
HELD = Holder(2, "dc", LEASE)
VIEW = View(MINE, HELD, 50, 4)
KNEW = Memory("r1", 2, "dc", 50, 4)
PROOF = Proof(LEASE, 15, 4, 100.0)
OPEN = Facts(DC, 101.0, NEVER, KNEW, (), VIEW, PROOF)
ALONE = Known("epoch.drc.lab.internal", 3, "drc")


def of(base=OPEN, **changes):
    return decide(replace(base, **changes))


def view(**changes):
    return replace(VIEW, **changes)


class Renewal(unittest.TestCase):
    def test_the_deadline_counts_from_before_the_keepalive_was_sent(self):
        decision = of()
        self.assertEqual((decision.state, decision.code, decision.until), ("open", "leased", 112.0))

    def test_never_longer_than_declared_though_the_store_extends(self):
        self.assertEqual(of(proof=replace(PROOF, ttl=60)).until, 112.0)

    def test_what_is_not_proven_leaves_the_deadline_where_it_was(self):
        for change in (
            {"proof": None}, {"proof": replace(PROOF, ttl=0)}, {"proof": replace(PROOF, lease=78)}, {"proof": replace(PROOF, term=3)},
            {"proof": replace(PROOF, term=0), "view": view(term=0)}, {"view": None},
        ):
            with self.subTest(change):
                self.assertEqual(of(deadline=105.0, **change).until, 105.0)
                self.assertEqual(of(deadline=101.0, **change).state, "closed")
                self.assertEqual(of(**change).state, "closed")

    def test_what_is_proven_otherwise_closes_at_once(self):
        for code, change in (
            ("other-site", {"view": view(epoch=Epoch(3, "drc", "r1", 60), holder=None)}),
            ("held", {"view": view(holder=Holder(1, "dc", LEASE))}),
            ("held", {"view": view(holder=Holder(2, "drc", LEASE))}),
            ("doubt-foreign", {"view": view(epoch=replace(MINE, region="r2"))}),
            ("doubt-lost", {"view": view(epoch=None)}),
            ("doubt-older", {"view": view(epoch=replace(MINE, epoch=1))}),
            ("doubt-older", {"known": (Known("database", 3, "drc"),)}),
            ("doubt-contradicted", {"known": (Known("peer", 2, "drc"),)}),
            ("doubt-contradicted", {"memory": replace(KNEW, site="drc")}),
            ("doubt-rolled-back", {"view": view(revision=49)}),
            ("doubt-rolled-back", {"view": view(term=3), "proof": replace(PROOF, term=3)}),
            ("doubt-memory", {"memory": replace(KNEW, region="r2")}),
        ):
            with self.subTest(code, change=change):
                decision = of(deadline=111.0, **change)
                self.assertEqual((decision.state, decision.code, decision.until, decision.act), ("closed", code, NEVER, None))

    def test_a_member_that_has_just_started_is_no_reason_to_doubt(self):
        self.assertEqual(of(view=view(term=0), deadline=105.0).code, "leased")
        self.assertEqual(of(view=view(term=0, revision=51), deadline=105.0).remember, replace(KNEW, revision=51))

    def test_a_silent_store_is_told_apart(self):
        self.assertEqual([of(view=None, deadline=d).code for d in (NEVER, 100.0, 111.0)], ["silent", "expired", "leased-silent"])

    def test_the_first_read_tells_the_lease_and_asks_again_at_once(self):
        self.assertTrue(of(proof=None).again)
        self.assertFalse(of(proof=replace(PROOF, ttl=0)).again)


class Acquiring(unittest.TestCase):
    def test_waits_until_no_forgotten_lease_can_be_in_force(self):
        nobody = {"view": view(holder=None), "proof": None}
        self.assertEqual(of(**nobody).code, "waiting")
        self.assertEqual(of(**nobody, absent_since=83.1).code, "waiting")
        self.assertEqual(of(**nobody, absent_since=83.0).act, "acquire")

    def test_is_for_the_site_of_the_epoch_alone(self):
        other = view(epoch=Epoch(3, "drc", "r1", 60), holder=None)
        self.assertEqual(of(view=other, absent_since=0).act, None)

    def test_is_never_done_in_doubt(self):
        nobody = view(holder=None)
        for change in ({"known": (ALONE,)}, {"memory": replace(KNEW, epoch=3)}, {"view": replace(nobody, revision=9)}):
            with self.subTest(change):
                self.assertEqual(of(**{"view": nobody, "absent_since": 0, **change}).act, None)

    def test_a_promotion_is_remembered(self):
        raised = View(Epoch(3, "dc", "r1", 60), Holder(3, "dc", LEASE), 60, 4)
        self.assertEqual(of(view=raised).remember, Memory("r1", 3, "dc", 60, 4))
        fenced = View(Epoch(3, "drc", "r1", 60), Holder(3, "drc", 5), 60, 4)
        self.assertEqual(of(view=fenced).remember, Memory("r1", 3, "drc", 60, 4))
        self.assertIsNone(of().remember)


class Confirming(unittest.TestCase):
    GONE = replace(OPEN, view=View(None, None, 3, 2), proof=None, absent_since=0)

    def test_a_doubt_is_never_resolved_by_itself(self):
        for at in (101.0, 1e6, 1e9):
            self.assertEqual(of(self.GONE, now=at).code, "doubt-lost")

    def test_a_confirmation_takes_the_epoch_after_the_wait(self):
        self.assertEqual(of(self.GONE, permit=Confirm(2, "dc")).act, "confirm")
        self.assertEqual(of(self.GONE, permit=Confirm(3, "dc"), absent_since=100.0).code, "waiting")

    def test_a_confirmation_that_is_too_low_or_of_another_site_does_nothing(self):
        for permit in (Confirm(1, "dc"), Confirm(1, "drc"), FOUND):
            self.assertEqual(of(self.GONE, permit=permit).code, "doubt-lost")
        for at in (101.0, 1e6):
            self.assertEqual((of(self.GONE, permit=Confirm(3, "drc"), now=at).state, of(self.GONE, permit=Confirm(3, "drc"), now=at).act), ("closed", None))
        self.assertEqual(of(self.GONE, permit=Confirm(3, "dc"), known=(ALONE,)).code, "doubt-lost")
        self.assertEqual(of(self.GONE, permit=Confirm(4, "dc"), known=(ALONE,)).act, "confirm")

    def test_nobody_confirms_what_is_of_another_region(self):
        foreign = view(epoch=replace(MINE, region="r2"), holder=None)
        self.assertEqual(of(view=foreign, permit=Confirm(9, "dc"), absent_since=0).code, "doubt-foreign")

    def test_the_other_site_awaits_what_was_confirmed_until_the_store_shows_it(self):
        there = replace(self.GONE, me=replace(DC, site="drc", designation="recovery"), permit=Confirm(3, "dc"))
        waits = of(there)
        self.assertEqual((waits.state, waits.code, waits.act, waits.remember), ("closed", "doubt-confirmed", None, None))
        self.assertFalse(permit_is_void(there, waits))
        shown = replace(there, view=View(Epoch(3, "dc", "r1", 7), Holder(3, "dc", 9), 7, 2))
        self.assertEqual((of(shown).code, of(shown).remember), ("confirmed", Memory("r1", 3, "dc", 7, 2)))
        self.assertTrue(permit_is_void(shown, of(shown)))
        # It never outlives the doubt that it was given for, nor what anybody knows better meanwhile.
        for change in ({"known": (ALONE,)}, {"view": VIEW}, {"memory": replace(KNEW, epoch=4)}, {"view": replace(VIEW, epoch=Epoch(5, "dc", "r1", 60), holder=None, revision=60)}):
            with self.subTest(change):
                self.assertTrue(permit_is_void(replace(there, **change), of(there, **change)))

    def test_the_other_guards_learn_what_was_confirmed(self):
        put_back = View(Epoch(5, "drc", "r1", 6), Holder(5, "drc", 1), 6, 2)
        self.assertEqual(of(view=put_back).code, "doubt-rolled-back")
        self.assertEqual(of(view=put_back, permit=Confirm(5, "drc")).remember, Memory("r1", 5, "drc", 6, 2))


class Founding(unittest.TestCase):
    NEW = Facts(DC, 1.0, view=View(None, None, 1, 2))

    def test_needs_the_permit_the_primary_and_an_epoch_nowhere(self):
        self.assertEqual(of(self.NEW).code, "not-founded")
        self.assertEqual(of(self.NEW, permit=FOUND).act, "found")
        self.assertEqual(of(self.NEW, permit=FOUND, me=replace(DC, designation="recovery")).act, None)
        self.assertEqual(of(self.NEW, permit=FOUND, memory=Memory("r1", 1, "dc", 9, 2)).code, "doubt-lost")
        self.assertEqual(of(self.NEW, permit=FOUND, known=(Known("database", 1, "dc"),)).code, "doubt-lost")


class Weaker(unittest.TestCase):
    ME = replace(DC, witness=False)
    ACTIVE = Facts(ME, 100.0, memory=Memory("r1", 2, "dc"))

    def test_is_open_by_its_memory_and_says_what_that_is_worth(self):
        decision = of(self.ACTIVE)
        self.assertEqual((decision.state, decision.until), ("open", 112.0))
        self.assertIn("WITHOUT a witness", decision.message)

    def test_closes_where_somebody_reachable_says_otherwise(self):
        for known in (Known("peer", 3, "drc"), Known("database", 2, "drc")):
            self.assertEqual(of(self.ACTIVE, known=(known,)).code, "doubt-older")
        self.assertEqual(of(self.ACTIVE, known=(Known("peer", 1, "drc"),)).state, "open")

    def test_changes_by_what_people_permit(self):
        self.assertEqual(of(self.ACTIVE, memory=Memory()).code, "not-founded")
        self.assertEqual(of(self.ACTIVE, memory=Memory(), permit=FOUND).remember, Memory("r1", 1, "dc"))
        self.assertEqual(of(self.ACTIVE, permit=Confirm(3, "drc")).remember, Memory("r1", 3, "drc"))
        self.assertIsNone(of(self.ACTIVE, permit=Confirm(2, "drc")).remember)
        self.assertEqual(of(self.ACTIVE, memory=Memory("r1", 3, "drc")).code, "other-site")


class EverySituation(unittest.TestCase):
    def situations(self):
        views = [None, VIEW, view(holder=None), view(epoch=None, holder=None), view(epoch=Epoch(3, "drc", "r1", 60), holder=None), view(revision=1)]
        for now, deadline, memory, known, seen, proof, permit, witness in itertools.product(
            (101.0, 200.0), (NEVER, 111.0), (Memory(), KNEW, replace(KNEW, epoch=3)), ((), (ALONE,)), views, (None, PROOF),
            (None, FOUND, Confirm(4, "dc"), Confirm(2, "drc")), (True, False),
        ):
            yield Facts(replace(DC, witness=witness), now, deadline, memory, known, seen, proof, 0.0, permit)

    def test_open_is_never_past_its_deadline_and_every_message_is_one_line(self):
        for facts in self.situations():
            decision = decide(facts)
            self.assertEqual(decision.state == "open", facts.now < decision.until, facts)
            self.assertNotIn("\n", decision.message)

    def test_a_permit_stays_only_while_it_is_due_or_nobody_can_tell(self):
        for facts in self.situations():
            decision = decide(facts)
            stays = facts.permit is not None and not permit_is_void(facts, decision)
            if stays:
                self.assertNotIn(decision.code, ("leased", "weaker", "other-site", "confirmed", "doubt-lost", "doubt-older"), facts)
        self.assertFalse(permit_is_void(replace(OPEN, permit=FOUND), of(view=None)))


if __name__ == "__main__":
    unittest.main()
