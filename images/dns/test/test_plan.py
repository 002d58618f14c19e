import random
import unittest

from plan import Change, Record, Refused, messages, moved, plan, split, unaddressed

APEX = "lumbungkab.go.id."
GATE = "gerbang.lumbungkab.go.id."
RUNBOOK = {APEX, GATE}


def cname(label, ttl=3600):
    return Record(f"{label}.{APEX}", "CNAME", ttl, GATE)


def address(name, data, ttl=60):
    return Record(name, "A", ttl, data)


def apply(live, changes):
    zone = set(live)
    for change in changes:
        zone -= set(change.removals)
        zone |= set(change.additions)
    return zone


class PlanTest(unittest.TestCase):
    def test_nothing_to_do(self):
        zone = [cname("a"), cname("b")]
        self.assertEqual(plan(zone, list(reversed(zone)), RUNBOOK), [])

    def test_adds_and_removes(self):
        changes = plan([cname("a"), cname("b")], [cname("b"), cname("c")], RUNBOOK)
        self.assertEqual(
            changes,
            [Change(f"a.{APEX}", (cname("a"),), ()), Change(f"c.{APEX}", (), (cname("c"),))],
        )

    def test_moves_every_name_of_the_runbooks_and_nothing_else(self):
        live = [address(APEX, "192.0.2.20"), Record(GATE, "AAAA", 60, "2001:db8::20"), address(f"ns1.{APEX}", "192.0.2.20"), cname("a")]
        changes = moved(live, RUNBOOK, {("A", "198.51.100.7")}, 60)
        after = apply(live, changes)
        self.assertEqual(after, {address(APEX, "198.51.100.7"), address(GATE, "198.51.100.7"), address(f"ns1.{APEX}", "192.0.2.20"), cname("a")})
        self.assertEqual(moved(after, RUNBOOK, {("A", "198.51.100.7")}, 60), [])
        self.assertEqual(len(moved(after, RUNBOOK, {("A", "198.51.100.7")}, 30)), 2)

    def test_leaves_what_the_runbooks_own(self):
        live = [address(APEX, "192.0.2.20"), address(GATE, "192.0.2.20"), Record(GATE, "AAAA", 60, "2001:db8::20")]
        self.assertEqual(plan(live, [], RUNBOOK), [])

    def test_only_their_addresses_are_left(self):
        text = Record(APEX, "TXT", 3600, '"v=spf1 -all"')
        self.assertEqual(plan([text], [], RUNBOOK), [Change(APEX, (text,), ())])

    def test_a_declared_address_of_a_runbook_name_is_a_mistake(self):
        with self.assertRaisesRegex(ValueError, "belong to the runbooks"):
            plan([], [address(GATE, "192.0.2.1")], RUNBOOK)

    def test_leaves_the_texts_that_ops_owns(self):
        name = f"_lumbung-evidence.{APEX}"
        text = Record(name, "TXT", 300, '"v=lumbung1 writer=x"')
        self.assertEqual(plan([text], [], RUNBOOK, text_names={name}), [])
        self.assertEqual(plan([text], [], RUNBOOK), [Change(name, (text,), ())])
        self.assertEqual(plan([text], [cname("a")], RUNBOOK, text_names={name}), [Change(f"a.{APEX}", (), (cname("a"),))])
        stranger = address(name, "192.0.2.1")
        self.assertEqual(plan([text, stranger], [], RUNBOOK, text_names={name}), [Change(name, (stranger,), ())])
        with self.assertRaisesRegex(ValueError, "belong to ops"):
            plan([], [text], RUNBOOK, text_names={name})

    def test_leaves_what_the_server_makes(self):
        live = [Record(APEX, "RRSIG", 300, "x"), Record(APEX, "NSEC", 300, "y"), Record(APEX, "DNSKEY", 300, "z")]
        self.assertEqual(plan(live, [], RUNBOOK), [])

    def test_a_declared_type_of_the_server_is_a_mistake(self):
        with self.assertRaisesRegex(ValueError, "belongs to the server"):
            plan([], [Record(APEX, "NSEC", 300, "y")], RUNBOOK)

    def test_a_new_ttl_replaces_the_whole_set(self):
        old = [Record(APEX, "MX", 3600, "10 a."), Record(APEX, "MX", 3600, "20 b.")]
        new = [Record(APEX, "MX", 60, "10 a."), Record(APEX, "MX", 60, "20 b.")]
        (change,) = plan(old, new, RUNBOOK)
        self.assertEqual((set(change.removals), set(change.additions)), (set(old), set(new)))

    def test_one_set_with_two_ttls_is_a_mistake(self):
        with self.assertRaisesRegex(ValueError, "different TTLs"):
            plan([], [Record(APEX, "MX", 60, "10 a."), Record(APEX, "MX", 300, "20 b.")], RUNBOOK)

    def test_refuses_to_remove_more_than_half(self):
        live = [cname(f"n{i}") for i in range(20)]
        with self.assertRaisesRegex(Refused, "11 of 20 records"):
            plan(live, live[:9], RUNBOOK)
        self.assertEqual(len(plan(live, live[:10], RUNBOOK)), 10)

    def test_removes_much_when_told(self):
        live = [cname(f"n{i}") for i in range(20)]
        self.assertEqual(len(plan(live, [], RUNBOOK, allow_removals=True)), 20)

    def test_changing_every_ttl_is_no_removal(self):
        live = [cname(f"n{i}") for i in range(20)]
        self.assertEqual(len(plan(live, [cname(f"n{i}", 60) for i in range(20)], RUNBOOK)), 20)

    def test_a_small_zone_may_change_as_it_likes(self):
        self.assertEqual(len(plan([cname(f"n{i}") for i in range(9)], [], RUNBOOK)), 9)

    def test_a_name_that_becomes_a_cname(self):
        (change,) = plan([address(f"a.{APEX}", "192.0.2.1")], [cname("a")], RUNBOOK)
        self.assertEqual(change.removals[0].type, "A")
        self.assertEqual(change.additions[0].type, "CNAME")
        self.assertIn("- a.lumbungkab.go.id. 60 A 192.0.2.1\n+ a.lumbungkab.go.id. 3600 CNAME", change.message)

    def test_any_zone_reaches_any_declaration_and_settles(self):
        chance = random.Random(7)

        def some():
            sets = [(f"n{i}.{APEX}", kind, chance.choice((60, 300))) for i in range(6) for kind in ("A", "TXT")]
            return [Record(*one, f"d{j}") for one in sets for j in range(3) if chance.random() < 0.4]

        owned = [address(GATE, "192.0.2.9"), Record(APEX, "RRSIG", 1, "s")]
        for _ in range(500):
            live, declared = some() + owned, some()
            after = apply(live, plan(live, declared, RUNBOOK, allow_removals=True))
            self.assertEqual(after, set(declared) | set(owned))
            self.assertEqual(plan(after, declared, RUNBOOK, allow_removals=True), [])


class SplitTest(unittest.TestCase):
    def test_ordinary_changes_are_updates_as_they_are(self):
        change = Change(f"a.{APEX}", (address(f"a.{APEX}", "192.0.2.1", 60),), (address(f"a.{APEX}", "192.0.2.1", 300),))
        self.assertEqual(split([change], APEX), ([change], []))

    def test_a_cname_is_replaced_by_an_addition_alone(self):
        change = Change(f"a.{APEX}", (cname("a", 60),), (cname("a", 300),))
        self.assertEqual(split([change], APEX), ([Change(f"a.{APEX}", (), (cname("a", 300),))], []))

    def test_a_cname_that_only_goes_is_removed(self):
        change = Change(f"a.{APEX}", (cname("a"),), ())
        self.assertEqual(split([change], APEX), ([change], []))

    def test_a_cname_in_the_place_of_an_address_is_a_transaction(self):
        change = Change(f"a.{APEX}", (address(f"a.{APEX}", "192.0.2.1"),), (cname("a"),))
        self.assertEqual(split([change], APEX), ([], [change]))

    def test_an_address_in_the_place_of_a_cname_is_an_update(self):
        change = Change(f"a.{APEX}", (cname("a"),), (address(f"a.{APEX}", "192.0.2.1"),))
        self.assertEqual(split([change], APEX), ([change], []))

    def test_the_zones_own_servers_go_apart(self):
        old, new = Record(APEX, "NS", 60, "ns1."), Record(APEX, "NS", 300, "ns1.")
        text = Record(APEX, "TXT", 60, '"x"')
        below = Record(f"b.{APEX}", "NS", 60, "ns.example.")
        changes = [Change(APEX, (old, text), (new,)), Change(f"b.{APEX}", (), (below,))]
        self.assertEqual(
            split(changes, APEX), ([Change(APEX, (text,), ()), changes[1]], [Change(APEX, (old,), (new,))])
        )


class MessagesTest(unittest.TestCase):
    def test_cuts_and_keeps_names_together(self):
        changes = [Change(f"n{i}.", (), (cname(f"n{i}"), cname(f"n{i}", 1))) for i in range(5)]
        lots = list(messages(changes, 4))
        self.assertEqual([len(lot) for lot in lots], [2, 2, 1])
        self.assertEqual([change for lot in lots for change in lot], changes)

    def test_one_large_name_is_not_cut(self):
        big = Change("n.", (), tuple(cname(str(i)) for i in range(9)))
        self.assertEqual(list(messages([big], 4)), [[big]])

    def test_nothing(self):
        self.assertEqual(list(messages([], 4)), [])


class UnaddressedTest(unittest.TestCase):
    def test_names_without_address(self):
        self.assertEqual(unaddressed([address(APEX, "192.0.2.1"), Record(GATE, "TXT", 1, "x")], RUNBOOK), [GATE])


if __name__ == "__main__":
    unittest.main()
