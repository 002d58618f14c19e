"""A guard's rounds against a store that came back older, with a lease in it: who keeps that alive keeps the region closed."""
import unittest

import lease_path  # noqa: F401
from lease_rounds import Rounds
from lease_types import Confirm, Epoch, Holder, Me, Memory, View
from lease_world import MadeDisk


class Kept:
    """One holder, for as long as somebody keeps its lease alive."""

    def __init__(self, epoch, site):
        self.view = View(Epoch(epoch, site, "r1", 5), Holder(epoch, site, 7), 9, 3)
        self.kept = []

    def read(self):
        return self.view

    def members(self):
        return ()

    def keepalive(self, lease):
        self.kept.append(lease)
        return 15.0, 3


def rounds_of(site, memory, store):
    disk = MadeDisk()
    disk.memory = memory
    return Rounds(Me("r1", site, "primary", 15.0, 3.0), store, disk, lambda: 100.0)


class InDoubt(unittest.TestCase):
    def test_the_lease_of_an_older_store_is_not_kept_alive_by_the_site_that_it_names(self):
        store = Kept(1, "dc")
        rounds = rounds_of("dc", Memory("r1", 2, "drc", 8, 3), store)
        decisions = [rounds.once() for _ in range(3)]
        self.assertEqual({(one.state, one.code) for one in decisions}, {("closed", "doubt-older")})
        self.assertEqual(store.kept, [])

    def test_nor_while_what_was_confirmed_waits_for_its_end(self):
        for site, code in (("dc", "waiting"), ("drc", "doubt-confirmed")):
            with self.subTest(site):
                store = Kept(1, "dc")
                rounds = rounds_of("dc", Memory("r1", 2, "drc", 8, 3), store)
                rounds.disk.permit = Confirm(3, site)
                self.assertEqual([rounds.once().code for _ in range(3)], [code] * 3)
                self.assertEqual((store.kept, rounds.disk.permit), ([], Confirm(3, site)))

    def test_a_lease_that_comes_into_doubt_is_kept_no_longer(self):
        store = Kept(1, "dc")
        rounds = rounds_of("dc", Memory("r1", 1, "dc", 8, 3), store)
        self.assertEqual([rounds.once().state for _ in range(3)][1:], ["open", "open"])
        before = len(store.kept)
        store.view = View(store.view.epoch, store.view.holder, 2, 3)
        self.assertEqual([rounds.once().code for _ in range(3)], ["doubt-rolled-back"] * 3)
        # The round that finds it out had asked already.
        self.assertEqual(len(store.kept), before + 1)

    def test_a_lease_in_no_doubt_is(self):
        store = Kept(1, "dc")
        rounds = rounds_of("dc", Memory("r1", 1, "dc", 8, 3), store)
        for _ in range(4):
            rounds.once()
        self.assertEqual(store.kept, [7, 7, 7])


if __name__ == "__main__":
    unittest.main()
