"""Never two sites open at once, and never one in an epoch that is over: looked for with random trouble from printed seeds."""
import os
import random
import unittest
from unittest import mock

import lease_doubt
import lease_path  # noqa: F401
import lease_state
from lease_rounds import Rounds
from lease_types import Proof
from lease_world import Lie, World

SEED = int(os.environ.get("LUMBUNG_SEED", random.SystemRandom().randrange(1, 10**9)))
WORLDS, SECONDS = int(os.environ.get("LUMBUNG_WORLDS", "6")), 1500
# For what must be found: the same worlds every time, first those that found something before.
TRIED = (6, 23, *range(1, 60))


class TimedAfter(Rounds):
    def prove(self):
        ttl, term = self.store.keepalive(self.lease)
        return Proof(self.lease, ttl, term, self.clock())


class Worlds(unittest.TestCase):
    def test_no_lie_is_found(self):
        print(f"LUMBUNG_SEED={SEED}", flush=True)
        for copies in (False, True):
            openings, epochs, number = 0, 0, 0
            # Some worlds are in doubt for most of their time: more of them are made until enough was open to show something.
            while number < WORLDS or (number < 4 * WORLDS and (openings <= 50 * WORLDS or epochs <= WORLDS)):
                with self.subTest(seed=SEED + number, copies=copies):
                    world = World(SEED + number, copies=copies).run(SECONDS)
                    openings, epochs = openings + world.openings, epochs + max(world.owner)
                number += 1
            self.assertGreater(openings, 50 * WORLDS, "the worlds were hardly ever open: they show nothing")
            self.assertGreater(epochs, WORLDS, "nothing was ever promoted: the worlds show nothing")

    def finds_a_lie(self, copies=False, **world):
        for seed in TRIED:
            try:
                World(seed, copies=copies, **world).run(SECONDS)
            except Lie:
                return
        self.fail(f"no lie in {len(TRIED)} worlds")

    def test_a_deadline_counted_from_after_the_request_is_found(self):
        self.finds_a_lie(rounds=TimedAfter)

    def test_no_margin_is_found(self):
        self.finds_a_lie(margin=0.0)

    def test_a_leader_that_was_deposed_is_found(self):
        with mock.patch.object(lease_state, "same_term", lambda *_: True):
            self.finds_a_lie()

    def test_an_epoch_that_is_not_compared_is_found(self):
        doubts = tuple(rule for rule in lease_doubt.DOUBTS if rule not in (lease_doubt.older, lease_doubt.contradicted, lease_doubt.rolled_back))
        with mock.patch.object(lease_doubt, "DOUBTS", doubts):
            self.finds_a_lie(copies=True)

    def test_an_acquisition_of_the_other_sites_epoch_is_found(self):
        with mock.patch.object(lease_state, "is_ours", lambda *_: True), mock.patch.object(lease_doubt, "DOUBTS", ()):
            self.finds_a_lie()


if __name__ == "__main__":
    unittest.main()
