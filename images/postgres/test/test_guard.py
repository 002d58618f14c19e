"""Tests of the founding guard, without PostgreSQL: python3 -m unittest discover -s images/postgres/test"""
import itertools
import json
import os
import struct
import sys
import tempfile
import unittest
from unittest import mock

for folder in ("..", "../../shared/guard", "../../shared/lease"):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), folder, "usr/local/lib/lumbung"))
import guard  # noqa: E402
import guard_facts  # noqa: E402
import lease_file  # noqa: E402
import lease_types  # noqa: E402
from guard_decision import DATA, MEMORY, PEER, PERMIT, SITE, Facts, Names, decide  # noqa: E402

NAMES = Names("lab", "dc", "postgres-utama", "drc")


def every_situation():
    for data, memory, site, peer, permit in itertools.product(DATA, MEMORY, SITE, PEER, PERMIT):
        facts = Facts(data, memory, site, peer, permit)
        yield facts, decide(facts, NAMES)


class Decision(unittest.TestCase):
    # data, memory, site, peer, permit -> action, code
    TABLE = [
        # the usual days
        (("whole", "data", "primary", "none", None), ("start", "start")),
        (("whole", "data", "recovery", "none", None), ("start", "start")),
        (("whole", "never", "primary", "none", None), ("start", "start")),  # identity volume lost
        (("whole", "founded", "primary", "none", None), ("start", "start")),
        # a new region
        (("empty", "never", "primary", "silent", None), ("wait", "wait-permit")),
        (("empty", "never", "primary", "none", None), ("wait", "wait-permit")),
        (("empty", "never", "primary", "silent", "found"), ("found", "found")),
        (("empty", "never", "primary", "empty", "found"), ("found", "found")),
        (("empty", "founded", "primary", "silent", None), ("wait", "wait-permit")),
        (("empty", "never", "recovery", "silent", None), ("wait", "wait-source")),
        (("empty", "never", "recovery", "primary", None), ("clone", "clone")),
        (("empty", "never", "recovery", "standby", None), ("wait", "wait-source")),
        (("empty", "never", "recovery", "silent", "found"), ("wait", "wait-source")),
        # lost volumes
        (("empty", "data", "primary", "silent", None), ("refuse", "lost")),
        (("empty", "data", "primary", "silent", "found"), ("refuse", "lost")),
        (("empty", "data", "primary", "standby", None), ("refuse", "lost")),
        (("empty", "data", "recovery", "primary", None), ("refuse", "lost")),
        (("empty", "never", "primary", "standby", None), ("refuse", "elsewhere")),
        (("empty", "never", "primary", "primary", "found"), ("refuse", "elsewhere")),
        (("partial", "data", "primary", "none", None), ("refuse", "partial")),
        # the way back
        (("empty", "data", "primary", "primary", "reseed"), ("clone", "clone")),
        (("whole", "data", "primary", "primary", "reseed"), ("clone", "clone")),
        (("whole", "data", "primary", "silent", "reseed"), ("wait", "wait-source")),
        (("empty", "data", "primary", "standby", "reseed"), ("wait", "wait-source")),
        # cut off in the middle
        (("partial", "cloning", "recovery", "primary", None), ("clone", "clone")),
        (("empty", "cloning", "recovery", "silent", None), ("wait", "wait-source")),
        (("partial", "founding", "primary", "silent", None), ("found", "found")),
        (("whole", "founding", "primary", "primary", None), ("refuse", "elsewhere")),
        # somebody else's
        (("empty", "never", "recovery", "foreign", None), ("refuse", "foreign")),
        (("empty", "never", "primary", "foreign", "found"), ("refuse", "foreign")),
        (("empty", "data", "primary", "foreign", "reseed"), ("refuse", "foreign")),
    ]

    def test_table(self):
        for facts, expected in self.TABLE:
            with self.subTest(facts):
                decision = decide(Facts(*facts), NAMES)
                self.assertEqual((decision.action, decision.code), expected)

    def test_initialises_only_where_nobody_has_data_and_a_person_said_so(self):
        for facts, decision in every_situation():
            if decision.action == "found":
                with self.subTest(facts):
                    self.assertNotIn(facts.peer, ("standby", "primary", "foreign"))
                    self.assertNotIn(facts.memory, ("data", "cloning"))
                    self.assertTrue(facts.memory == "founding" or (facts.permit == "found" and facts.site == "primary"))
                    self.assertTrue(facts.memory == "founding" or facts.data == "empty")

    def test_copies_only_from_a_running_primary_of_the_region(self):
        for facts, decision in every_situation():
            if decision.action == "clone":
                with self.subTest(facts):
                    self.assertEqual(facts.peer, "primary")

    def test_touches_confirmed_data_only_when_a_reseed_was_permitted(self):
        for facts, decision in every_situation():
            if facts.data == "whole" and facts.memory in ("never", "founded", "data") and facts.permit not in ("reseed", "rejoin"):
                with self.subTest(facts):
                    self.assertEqual(decision.action, "start")
            if facts.permit == "rejoin":
                with self.subTest(facts):
                    self.assertFalse(decision.action == "clone" and facts.data == "whole" and facts.memory == "data")
                    self.assertTrue(decision.action != "rejoin" or (facts.data, facts.memory, facts.peer) == ("whole", "data", "primary"))

    def test_starts_only_whole_data(self):
        for facts, decision in every_situation():
            if decision.action == "start":
                with self.subTest(facts):
                    self.assertEqual(facts.data, "whole")

    def test_touches_nothing_that_does_not_fit(self):
        for facts, _ in every_situation():
            decision = decide(Facts(facts.data, facts.memory, facts.site, facts.peer, facts.permit, False, "of region X"), NAMES)
            with self.subTest(facts):
                self.assertEqual(decision.code, "misfit")
                self.assertIn("of region X", decision.message)

    def test_every_message_is_one_line_and_a_lost_volume_names_both_ways_out(self):
        for facts, decision in every_situation():
            with self.subTest(facts):
                self.assertNotIn("\n", decision.message)
                if decision.code in ("lost", "elsewhere", "partial"):
                    for verb in ("reseed", "restore"):
                        self.assertIn(f"lumbung {verb} --region lab --site dc --workload postgres-utama", decision.message)


class Volumes(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)
        top = self.top.name
        self.settings = {
            "REGION": "lab", "REGION_IDENTITY": "r1", "SITE": "dc", "WORKLOAD": "postgres-utama", "SCOPE": "lab-postgres-utama",
            "SLOT": "site_dc", "PEER_SITE": "drc", "PEER_HOST_NAME": "pg.drc", "DESIGNATION": "primary", "ETCD_URL": "https://etcd",
        }
        patches = [
            mock.patch.multiple(
                guard_facts, CONFIG=top + "/config", IDENTITY=top + "/identity", PGDATA=top + "/data",
                MEMORY_FILE=top + "/identity/identity.json", DIVERGED=top + "/identity/diverged", forget_in_etcd=mock.Mock(), ask_peer=mock.Mock(return_value=None),
            ),
            mock.patch.multiple(
                guard, RUN=top + "/run", PERMIT=top + "/identity/permit", PATRONI_FOLDER=top + "/run/patroni", say=mock.Mock(),
            ),
        ]
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)
        for name in ("config", "identity", "run"):
            os.mkdir(top + "/" + name)
        with open(top + "/config/guard.env", "w", encoding="utf-8") as file:
            file.writelines(f"{key}={value}\n" for key, value in self.settings.items())

    def put(self, path, content=""):
        full = os.path.join(self.top.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def put_data(self, system=7):
        self.put("data/PG_VERSION", "17\n")
        self.put("data/global/pg_control", struct.pack("=Q", system) + bytes(100))

    def decide_now(self):
        memory = guard_facts.read_memory()
        return decide(guard.gather(self.settings, memory)[0], NAMES), memory

    def peer_is(self, **answer):
        answer = {"role": "primary", "state": "running", "database_system_identifier": "7", "tags": {"lumbung_region": "r1"}, **answer}
        guard_facts.ask_peer.return_value = answer

    def test_what_lies_in_the_data_volume(self):
        self.assertEqual(guard_facts.data_state(), "empty")
        os.mkdir(self.top.name + "/data")
        self.assertEqual(guard_facts.data_state(), "empty")
        self.put("data/PG_VERSION", "17\n")
        self.assertEqual(guard_facts.data_state(), "partial")
        self.put_data()
        self.assertEqual((guard_facts.data_state(), guard_facts.system_identifier()), ("whole", "7"))

    def test_what_the_other_site_is(self):
        self.assertEqual(guard_facts.peer_state(None, "r1", None), "silent")
        for change, known, expected in [
            ({}, None, "primary"), ({}, "7", "primary"), ({}, "8", "foreign"),
            ({"tags": {"lumbung_region": "r2"}}, None, "foreign"), ({"tags": {}}, None, "foreign"),
            ({"role": "standby_leader"}, None, "standby"), ({"state": "stopping"}, None, "standby"),
            ({"database_system_identifier": None}, None, "empty"),
        ]:
            with self.subTest(change=change, known=known):
                self.peer_is(**change)
                self.assertEqual(guard_facts.peer_state(guard_facts.ask_peer(), "r1", known), expected)

    def test_a_site_with_data_starts_without_asking_the_other(self):
        self.put_data()
        guard_facts.ask_peer.side_effect = AssertionError("asked")
        self.assertEqual(self.decide_now()[0].action, "start")

    def test_a_volume_of_another_region_or_cluster_is_refused(self):
        self.put_data(system=8)
        self.put("identity/identity.json", json.dumps({"region": "r1", "state": "data", "systemIdentifier": "7"}))
        self.assertEqual(self.decide_now()[0].code, "misfit")
        self.put("identity/identity.json", json.dumps({"region": "r2", "state": "data", "systemIdentifier": "8"}))
        self.assertEqual(self.decide_now()[0].code, "misfit")

    def test_a_broken_memory_is_no_empty_memory(self):
        self.put("identity/identity.json", "{")
        self.assertRaises(ValueError, guard_facts.read_memory)

    def test_founding_remembers_before_it_uses_up_the_permit(self):
        self.put("identity/permit", "found\n")
        self.put("data/leftover", "x")
        decision, memory = decide(Facts("empty", "never", "primary", "silent", "found"), NAMES), {}
        guard_facts.forget_in_etcd.side_effect = guard_facts.EtcdSilent("away")
        self.assertRaises(guard_facts.EtcdSilent, guard.carry_out, decision, self.settings, memory)
        self.assertTrue(os.path.exists(self.top.name + "/identity/permit"))
        self.assertEqual(guard_facts.read_memory()["state"], "founding")
        guard_facts.forget_in_etcd.side_effect = None
        guard.carry_out(decision, self.settings, memory)
        self.assertFalse(os.path.exists(self.top.name + "/identity/permit"))
        self.assertEqual(os.listdir(self.top.name + "/data"), [])
        self.assertEqual(self.overlay(), {})

    def overlay(self):
        with open(self.top.name + "/run/patroni/20-role.yml", encoding="utf-8") as file:
            return json.load(file)

    def test_a_copy_is_made_as_a_standby(self):
        guard.carry_out(decide(Facts("empty", "never", "recovery", "primary"), NAMES), self.settings, {})
        standby = self.overlay()["bootstrap"]["dcs"]["standby_cluster"]
        self.assertEqual((standby["host"], standby["primary_slot_name"]), ("pg.drc", "site_dc"))
        self.assertEqual(guard_facts.read_memory()["state"], "cloning")

    def test_a_server_starts_with_what_people_said_of_waiting(self):
        self.put_data()
        start = decide(Facts("whole", "data", "primary", "none"), NAMES)
        settings = {**self.settings, "MODE": "sync"}
        for relaxed, expected in ((False, {"tags": {"lumbung_sync": "required"}}), (True, {"tags": {"lumbung_sync": "relaxed"}, "postgresql": {"parameters": {"synchronous_standby_names": ""}}})):
            if relaxed:
                self.put("identity/sync-relaxed", "1\n")
            guard.carry_out(start, settings, {"role": "primary"})
            with open(self.top.name + "/run/patroni/30-sync.yml", encoding="utf-8") as file:
                self.assertEqual(json.load(file), expected)

    def test_a_standby_stays_one_when_etcd_and_patroni_remember_otherwise(self):
        self.put_data()
        self.put("data/patroni.dynamic.json", '{"ttl": 20}')
        start = decide(Facts("whole", "data", "recovery", "none"), NAMES)
        guard.carry_out(start, self.settings, {"region": "r1", "state": "data", "role": "standby"})
        self.assertIn("standby_cluster", self.overlay()["bootstrap"]["dcs"])
        self.assertFalse(os.path.exists(self.top.name + "/data/patroni.dynamic.json"))

    def test_a_start_touches_no_data_and_a_primary_gets_no_source(self):
        self.put_data()
        self.put("data/patroni.dynamic.json", '{"ttl": 20}')
        guard.carry_out(decide(Facts("whole", "data", "primary", "none"), NAMES), self.settings, {"role": "primary"})
        self.assertEqual(self.overlay(), {})
        self.assertEqual(guard_facts.data_state(), "whole")
        self.assertTrue(os.path.exists(self.top.name + "/data/patroni.dynamic.json"))
        guard_facts.forget_in_etcd.assert_not_called()

    def test_a_permit_that_does_not_apply_is_void(self):
        for facts, stays in [
            (("empty", "data", "primary", "silent", "found"), False),
            (("empty", "never", "primary", "primary", "found"), False),
            (("whole", "data", "primary", "none", "found"), False),
            (("empty", "data", "primary", "silent", "reseed"), True),
            (("empty", "never", "primary", "silent", "found"), True),
        ]:
            with self.subTest(facts):
                self.put("identity/permit", facts[4])
                guard.void_permit(decide(Facts(*facts), NAMES), facts[4])
                self.assertEqual(os.path.exists(self.top.name + "/identity/permit"), stays)

    def lease(self, state="open", code="leased", epoch=2):
        decision = lease_types.Decision(state, lease_file.now() + 5, code, "made")
        lease_file.write_lease(self.top.name + "/run", decision, lease_types.Memory("r1", epoch, "dc"))

    def under_lease(self, memory, facts=("whole", "data", "primary", "none")):
        run = self.top.name + "/run"
        lease_file.exempt(run, "waiting")
        decision = guard.under_lease(decide(Facts(*facts), NAMES), memory)
        return decision.action, decision.code, lease_file.why_exempt(run)

    def test_only_a_standby_starts_without_the_lease_and_what_takes_writes_dies_with_it(self):
        primary, standby = {"state": "data", "role": "primary"}, {"state": "data", "role": "standby"}
        new = ("empty", "never", "primary", "silent", "found")
        self.lease("closed", "other-site")
        self.assertEqual(self.under_lease(primary), ("wait", "wait-lease", "waiting"))
        self.assertEqual(self.under_lease({}), ("wait", "wait-lease", "waiting"))
        self.assertEqual(self.under_lease({}, new), ("wait", "wait-lease", "waiting"))
        self.assertEqual(self.under_lease(standby), ("start", "start", "standby"))
        self.assertEqual(self.under_lease({}, ("empty", "never", "recovery", "primary")), ("clone", "clone", "standby"))
        self.lease()
        self.assertEqual(self.under_lease(primary), ("start", "start", None))
        self.assertEqual(self.under_lease({}, new), ("found", "found", None))
        self.lease("open", "closing")
        self.assertEqual(self.under_lease(primary), ("wait", "wait-lease", "waiting"))

    def test_data_that_knew_of_a_later_epoch_are_not_opened(self):
        primary = {"state": "data", "role": "primary"}
        self.lease()
        for epoch, site, expected in ((3, "drc", "wait-lease"), (2, "drc", "wait-lease"), (2, "dc", "start"), (1, "drc", "start")):
            self.put("epoch.json", json.dumps({"epoch": epoch, "site": site}))
            self.assertEqual(self.under_lease(primary)[1], expected, (epoch, site))
            with open(self.top.name + "/run/epoch-known/database", encoding="utf-8") as file:
                self.assertEqual(json.load(file), {"epoch": epoch, "site": site})

    def test_the_first_epoch_begins_with_a_founding_or_with_a_primary_from_before_there_were_leases(self):
        permit = self.top.name + "/identity/lease-permit"
        for memory, code in (({"state": "data", "role": "primary"}, "other-site"), ({"state": "data", "role": "standby"}, "not-founded"), ({}, "not-founded")):
            self.lease("closed", code, 0)
            self.under_lease(memory)
            self.assertFalse(os.path.exists(permit))
        self.lease("closed", "not-founded", 0)
        self.under_lease({"state": "data", "role": "primary"})
        self.assertTrue(os.path.exists(permit))
        os.unlink(permit)
        self.put("identity/lease.json", "{}")
        self.under_lease({"state": "data", "role": "primary"})
        self.assertFalse(os.path.exists(permit))
        self.under_lease({}, ("empty", "never", "primary", "silent", "found"))
        self.assertTrue(os.path.exists(permit))

    def test_a_closed_site_joins_the_other_again_as_its_standby(self):
        self.put_data()
        self.put("data/patroni.dynamic.json", '{"ttl": 20}')
        self.put("identity/permit", "rejoin\n")
        self.put("identity/identity.json", json.dumps({"region": "r1", "state": "data", "role": "primary", "systemIdentifier": "7"}))
        self.assertEqual((self.decide_now()[0].action, self.decide_now()[0].code), ("wait", "wait-source"))
        guard.void_permit(self.decide_now()[0], "rejoin")
        self.peer_is()
        decision, memory = self.decide_now()
        guard_facts.forget_in_etcd.side_effect = guard_facts.EtcdSilent("away")
        self.assertRaises(guard_facts.EtcdSilent, guard.carry_out, decision, self.settings, memory)
        self.assertEqual((guard_facts.read_memory()["role"], os.path.exists(guard.PERMIT)), ("primary", True))
        guard_facts.forget_in_etcd.side_effect = None
        guard.carry_out(decision, self.settings, memory)
        self.assertEqual((guard_facts.read_memory()["role"], os.path.exists(guard.PERMIT), guard_facts.data_state()), ("standby", False, "whole"))
        self.assertIn("standby_cluster", self.overlay()["bootstrap"]["dcs"])
        self.assertFalse(os.path.exists(self.top.name + "/data/patroni.dynamic.json"))

    def test_a_standby_that_was_seen_to_be_no_copy_waits_until_people_say_what_becomes_of_it(self):
        start = decide(Facts("whole", "data", "primary", "none"), NAMES)
        standby, primary = {"state": "data", "role": "standby"}, {"state": "data", "role": "primary"}
        held = lambda decision, memory: guard.unless_diverged(decision, memory, "drc").code  # noqa: E731
        self.lease("closed", "other-site")
        self.assertEqual(held(start, standby), "start")
        self.put("identity/diverged", "8 bytes ahead of drc\n")
        waits = guard.unless_diverged(start, standby, "drc")
        self.assertEqual((waits.action, waits.code), ("wait", "wait-diverged"))
        self.assertIn("drc (8 bytes ahead of drc)", waits.message)
        # What takes writes is held by the lease.
        self.assertEqual(held(start, primary), "start")
        # This site is to be the active one: these data are what there is.
        self.lease()
        self.assertEqual(held(start, standby), "start")
        self.lease("closed", "other-site")
        for permit, code in (("rejoin", "rejoin"), ("reseed", "clone")):
            self.put("identity/diverged", "8 bytes ahead of drc\n")
            self.put("identity/permit", permit)
            decision = decide(Facts("whole", "data", "primary", "primary", permit), NAMES)
            self.assertEqual(held(decision, standby), code)
            guard.carry_out(decision, self.settings, standby)
            self.assertIsNone(guard_facts.diverged())

    def test_callbacks_record_data_and_role(self):
        self.put_data()
        guard.record("replica")
        self.assertEqual(guard_facts.read_memory(), {"region": "r1", "state": "data", "systemIdentifier": "7"})
        for role, expected in (("standby_leader", "standby"), ("replica", "standby"), ("primary", "primary")):
            guard.record(role)
            self.assertEqual(guard_facts.read_memory()["role"], expected)

    def test_callbacks_beside_each_other_lose_nothing(self):
        self.put_data()
        roles = [("primary", "standby_leader")[number % 2] for number in range(12)]
        children = []
        for role in roles:
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    for _ in range(20):
                        guard.record(role)
                    status = 0
                finally:
                    os._exit(status)
            children.append(child)
        self.assertEqual({os.waitpid(child, 0)[1] for child in children}, {0})
        self.assertIn(guard_facts.read_memory()["role"], ("primary", "standby"))
        self.assertEqual([name for name in os.listdir(guard_facts.IDENTITY) if name.endswith(".new")], [])


if __name__ == "__main__":
    unittest.main()
