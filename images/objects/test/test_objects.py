"""What is pure in the object store's image: rights, buckets, the order of copies, and the line that health prints."""

import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1] / "usr/local/lib/lumbung/objects"))

import access
import buckets
import copier
import keys
import memory
import orders
import tell
from copy_plan import Again, Copy, Item, Known, Mark, plan
from s3 import Failed, Version, canonical_query, quote, refusal
from settings import Wrong, copied

KEY = {"accessKey": "A", "secretKey": "s"}


def secret(name):
    return {"secret": f"secret of {name}"}


def access_key(name, epoch):
    return keys.keys_of(f"secret of {name}", epoch)["accessKey"]


TOLD = {
    "identities": {name: secret(name) for name in ("admin", "b/read", "b/write", "gone/read")},
    "copier": secret("copier"),
}


class Keys(unittest.TestCase):
    def test_are_those_that_everybody_else_derives(self):
        for case in json.loads(Path(__file__).with_name("keys.json").read_text()):
            wanted = {name: case[name] for name in ("accessKey", "secretKey")}
            self.assertEqual(keys.keys_of(case["secret"], case["epoch"]), wanted)

    def test_hkdf_is_that_of_rfc_5869(self):
        # Appendix A.3: no salt, no info.
        self.assertEqual(keys.hkdf(b"\x0b" * 22, b"", 42).hex(), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")


class Access(unittest.TestCase):
    def test_only_the_epoch_in_force_and_declared_buckets(self):
        for epoch, full in ((1, False), (12, True)):
            told = access.front_keys(access.grants([{"id": "b"}], TOLD, epoch), epoch, full)
            wanted = {access_key("b/read", epoch): "b:read", access_key("b/write", epoch): "b:write", access_key("copier", epoch): "*:copy", ".epoch": str(epoch)}
            self.assertEqual(told, {**wanted, **({".full": "full"} if full else {})})

    def test_no_two_epochs_or_uses_have_a_key_in_common(self):
        found = [one for epoch in range(1, 21) for one in access.front_keys(access.grants([{"id": "b"}], TOLD, epoch), epoch, False) if one != ".epoch"]
        self.assertEqual((len(set(found)), len(found)), (60, 60))

    def test_a_secret_that_is_being_changed_counts_beside_the_new_one(self):
        told = {**TOLD, "identities": {**TOLD["identities"], "b/write": {**secret("new"), "previous": secret("old")}}}
        given = access.grants([{"id": "b"}], told, 3)
        new, old = keys.keys_of("secret of new", 3), keys.keys_of("secret of old", 3)
        self.assertEqual([name for name, use in access.front_keys(given, 3, False).items() if use == "b:write"], [new["accessKey"], old["accessKey"]])
        writer = next(one for one in access.engine_identities(given)["identities"] if one["name"] == "b-write")
        self.assertEqual(writer["credentials"], [new, old])

    def test_who_prunes_has_one_bucket_and_no_right_on_locks(self):
        told = {**TOLD, "identities": {**TOLD["identities"], "b/prune": secret("prune")}}
        given = access.grants([{"id": "b"}], told, 1)
        self.assertEqual(access.front_keys(given, 1, False)[access_key("prune", 1)], "b:prune")
        pruner = next(one for one in access.engine_identities(given)["identities"] if one["name"] == "b-prune")
        self.assertIn("Write:b", pruner["actions"])
        self.assertNotIn("PutObjectRetention:b", pruner["actions"])

    def test_without_an_administrator_nothing_is_granted(self):
        with self.assertRaisesRegex(Wrong, "expected the secret of admin"):
            access.grants([], {**TOLD, "identities": {}}, 3)

    def test_rights_of_the_engine_name_one_bucket(self):
        told = {one["name"]: one["actions"] for one in access.engine_identities(access.grants([{"id": "b"}], TOLD, 1))["identities"]}
        self.assertEqual(told["admin"], ["Admin"])
        self.assertIn("PutObjectRetention:b", told["b-write"])
        self.assertNotIn("Write:b", told["b-read"])
        self.assertTrue(all(right.endswith(":b") for name in ("b-read", "b-write") for right in told[name]))
        self.assertNotIn("Write", told["copier"])
        self.assertFalse(any("Bypass" in right or "Tagging" in right for rights in told.values() for right in rights))


class Buckets(unittest.TestCase):
    def plan(self, declared, existing):
        steps, remarks = buckets.plan([{"versioning": True, "lockDays": 0, **one} for one in declared], existing)
        return [one.message for one in steps], remarks

    def test_makes_what_is_missing_with_its_lock(self):
        messages, _ = self.plan([{"id": "b", "lockDays": 7}], {})
        self.assertEqual(messages, ["+ bucket b", "b: versions are kept", "b: new versions are locked for 7 days (before: 0)"])

    def test_nothing_to_do(self):
        self.assertEqual(self.plan([{"id": "b", "lockDays": 7}, {"id": "c"}], {"b": buckets.Kept(True, 7), "c": buckets.Kept(True, 0)}), ([], []))

    def test_a_lock_means_versions_whatever_is_declared(self):
        messages, _ = self.plan([{"id": "b", "lockDays": 7, "versioning": False}], {})
        self.assertIn("b: versions are kept", messages)

    def test_never_deletes_suspends_or_unlocks(self):
        messages, remarks = self.plan([{"id": "b", "versioning": False}, {"id": "c"}], {"b": buckets.Kept(True, 0), "c": buckets.Kept(True, 9), "old": buckets.Kept(True, 1)})
        self.assertEqual(messages, [])
        self.assertEqual(len(remarks), 3)
        self.assertIn("old: not declared, kept", remarks[2])


def item(name):
    """`a1`: version 1 first written at a, `-3`: delete marker 3."""
    return Item(name) if name.startswith("-") else Item(name, f"{name[0]}/{name}")


def local(ref, origin=None):
    return Item(ref, origin)


class Order(unittest.TestCase):
    def acts(self, theirs, ours=(), known=None):
        return plan([item(one) for one in theirs], list(ours), known or {})

    def test_everything_in_order(self):
        self.assertEqual(self.acts(["a1", "a2", "-3"]), [Copy("a1"), Copy("a2"), Mark("-3")])

    def test_what_was_copied_is_not_copied_again_even_without_memory(self):
        ours = [local("x1", "a/a1"), local("x2", "a/a2"), local("x3")]
        self.assertEqual(self.acts(["a1", "a2", "-3"], ours), [Known("a1", "x1"), Known("a2", "x2"), Known("-3", "x3")])
        self.assertEqual(self.acts(["a1", "-2"], [], {"a1": "x1", "-2": "x2"}), [])

    def test_after_a_change_of_roles_own_versions_are_known_by_origin(self):
        theirs = [Item("y1", "b/x1"), Item("y2", "a/y2")]
        self.assertEqual(plan(theirs, [local("x1", "b/x1")], {}), [Known("y1", "x1"), Copy("y2")])

    def test_a_marker_alone_and_markers_in_a_row(self):
        self.assertEqual(self.acts(["-1"]), [Mark("-1")])
        self.assertEqual(self.acts(["-1", "-2"], [local("x1")]), [Known("-1", "x1"), Known("-2", "x1")])

    def test_a_marker_after_a_version_that_only_now_comes(self):
        self.assertEqual(self.acts(["a1", "-2", "a3"], [local("x0", "b/x0"), local("m")]), [Copy("a1"), Mark("-2"), Copy("a3")])

    def test_what_is_newest_there_becomes_newest_here(self):
        ours = [local("x1", "a/a1"), local("own", "b/own")]
        self.assertEqual(self.acts(["a1"], ours), [Known("a1", "x1"), Again("a1")])
        self.assertEqual(self.acts(["a1", "-2"], ours, {"a1": "x1", "-2": "m"}), [Again("-2")])

    def test_an_older_version_that_comes_late_does_not_stay_on_top(self):
        ours = [local("x2", "a/a2")]
        self.assertEqual(self.acts(["a1", "a2"], ours), [Copy("a1"), Known("a2", "x2"), Again("a2")])


class Streams(unittest.TestCase):
    class Source:
        def __init__(self, content):
            self.content = content

        def read(self, count):
            piece, self.content = self.content[:count], self.content[count:]
            return piece

    def read(self, content, length, md5=None):
        stream = copier.Counted(self.Source(content), length, "b/k", md5)
        return b"".join(iter(lambda: stream.read(3), b""))

    def test_whole(self):
        self.assertEqual(self.read(b"abcdefg", 7, "7ac66c0f148de9519b8bd264312c4d64"), b"abcdefg")

    def test_what_ends_early_or_differs_is_never_an_object(self):
        with self.assertRaisesRegex(Failed, "ended 2 bytes early"):
            self.read(b"abcde", 7)
        with self.assertRaisesRegex(Failed, "expected content of MD5"):
            self.read(b"abcdefX", 7, "7ac66c0f148de9519b8bd264312c4d64")

    def test_what_is_here_in_part_counts_as_another(self):
        whole = Version("k", "1", False, "", "0" * 32, 5)
        self.assertEqual(copier.as_whole("a/1", Version("k", "x", False, "", "0" * 32, 5), {"a/1": whole}), "a/1")
        self.assertEqual(copier.as_whole("a/1", Version("k", "x", False, "", "0" * 32, 4), {"a/1": whole}), "unlike a/1")
        self.assertEqual(copier.as_whole("a/1", Version("k", "x", False, "", "1" * 32, 5), {"a/1": whole}), "unlike a/1")

    def test_metadata_is_carried_and_the_origin_is_not_taken_from_it(self):
        told = {"Content-Type": "text/x", "X-Amz-Meta-Foo": "1", "x-amz-meta-lumbung-origin": "a/1", "Date": "x"}
        self.assertEqual(copier.carried(told), {"Content-Type": "text/x", "x-amz-meta-foo": "1"})

    def test_versions_of_a_key_come_together_oldest_first(self):
        listed = [Version("a", "3", True, ""), Version("a", "1", False, ""), Version("b", "9", False, "")]
        self.assertEqual([(name, [one.id for one in group]) for name, group in copier.by_key(listed)], [("a", ["1", "3"]), ("b", ["9"])])

    def test_without_versions_a_changed_content_is_another(self):
        self.assertNotEqual(copier.ref(Version("a", "null", False, "t", "e1")), copier.ref(Version("a", "null", False, "t", "e2")))


class Whom(unittest.TestCase):
    """Whom a store copies from, as the gateways of both sites say."""

    TOLD = {"site": "drc", "peer": {"site": "dc", "address": "a", "port": 1, "name": "objects.dc"}}

    def source(self, own, theirs, epoch="12"):
        asked = mock.MagicMock()
        asked.call.return_value = (200, {"lumbung-epoch": epoch}, theirs)
        with (
            mock.patch.object(copier, "Store", mock.MagicMock(return_value=asked)) as store,
            mock.patch.object(copier, "client_context", lambda _: None),
            mock.patch.object(copier, "identities", lambda: {"peer": secret("copier")}),
        ):
            copier.Copier(self.TOLD, None, role=lambda: own).source()
            return store.call_args.args[2]

    def test_a_standby_copies_from_an_active_site_and_from_one_that_is_closing(self):
        for theirs in (b"active", b"closing"):
            self.assertEqual(self.source("standby", theirs), access_key("copier", 12))

    def test_no_two_sites_copy_from_each_other(self):
        words = ("active", "closing", "standby", "unknown")
        takes = set()
        for own in words:
            for theirs in words:
                try:
                    self.source(own, theirs.encode())
                    takes.add((own, theirs))
                except copier.Idle:
                    pass
        self.assertEqual(takes, {("standby", "active"), ("standby", "closing")})
        self.assertFalse({(theirs, own) for own, theirs in takes} & takes)

    def test_a_store_that_says_no_epoch_is_a_failure(self):
        with self.assertRaisesRegex(Failed, "does not say of which epoch"):
            self.source("standby", b"active", "")


class Orders(unittest.TestCase):
    def test_many_are_one_and_none_is_lost(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "rounds"
        kept = orders.Orders(path)
        self.assertFalse(kept.wait(0))
        for _ in range(3):
            with open(path, "wb") as pipe:
                pipe.write(b"round\n")
        self.assertTrue(kept.wait(0))
        self.assertFalse(kept.wait(0))
        # One that starts anew finds the pipe there.
        self.assertFalse(orders.Orders(path).wait(0))


class Asking(unittest.TestCase):
    def test_addresses(self):
        self.assertEqual(quote("/b/a é+&"), "/b/a%20%C3%A9%2B%26")
        self.assertEqual(canonical_query([("versions", ""), ("prefix", "a/b")]), "prefix=a%2Fb&versions=")

    def test_refusals(self):
        told = refusal(403, b"<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>")
        self.assertEqual((told.code, str(told)), ("RequestTimeTooSkewed", "RequestTimeTooSkewed (403): m"))
        self.assertEqual(refusal(502, b"no xml").code, "HTTP502")


class Remembering(unittest.TestCase):
    def test_rounds_and_locks(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "copied"
        path.write_text("damaged" * 1000)
        kept = memory.Memory(path)
        kept.keep("b", "k", "1", "x", "2027-01-01T00:00:00Z")
        kept.keep("b", "k", "2", "y", copier.MARKER)
        kept.complete("b", 5.0)
        self.assertEqual((kept.known("b", "k"), memory.rounds(path)), ({"1": "x", "2": "y"}, {"b": 5.0}))
        self.assertEqual([one[0:2] for one in kept.least_checked("b", 1e12, 9)], [("k", "1")])
        kept.doubt()
        self.assertEqual(kept.known("b", "k"), {})


def seen(**other):
    keeper = {"at": 100.0, "buckets": "", "full": "", "disk": 0.01, "copies": {}, "idle": "", "remarks": [], "skew": 0}
    told = {"problems": [], "keeper": keeper, "now": 101.0, "role": "standby", "epoch": 1, "buckets": [{"id": "b", "rpoSeconds": 30}], "share": 7, "peer": "dc", "rounds": {"b": 91.0}}
    return {**told, **other, "keeper": {**keeper, **other["keeper"]} if other.get("keeper") else told["keeper"] if "keeper" not in other else None}


class Told(unittest.TestCase):
    def test_the_door_tells_when_each_round_began_and_whose_credentials_count(self):
        told = tell.states([{"id": "b"}, {"id": "c"}], {"b": 1772334000.9999}, 7)
        self.assertEqual(told, [{"id": "objects:b", "completeAt": "2026-03-01T03:00:00.999Z", "epoch": 7}, {"id": "objects:c", "completeAt": None, "epoch": 7}])


class Health(unittest.TestCase):
    def test_well(self):
        self.assertEqual(tell.line(seen()), ("standby, epoch 1, 1 buckets, 7 % full; copies from dc at most 10 s old", True))
        self.assertEqual(tell.line(seen(role="active")), ("active, epoch 1, 1 buckets, 7 % full", True))

    def test_what_each_site_keeps_for_itself_has_no_age(self):
        told = [{"id": "own", "rpoSeconds": 1, "copied": False}, {"id": "b", "rpoSeconds": 30}]
        self.assertEqual([one["id"] for one in copied({"buckets": told})], ["b"])
        own = {"buckets": told[:1], "rounds": {}}
        self.assertEqual(tell.line(seen(**own)), ("standby, epoch 1, 1 buckets, 7 % full; nothing is to be copied from dc", True))

    def test_not_well(self):
        for other, words in [
            ({"rounds": {"b": 60.0}}, "b: copy is 41 s old, at most 30 s are promised"),
            ({"rounds": {"b": 60.0}, "keeper": {"copies": {"b": "dc: away"}}}, "promised \\(dc: away\\)"),
            ({"rounds": {}}, "b: never copied whole"),
            ({"role": "unknown"}, "role unknown"),
            ({"keeper": {"at": 10.0}}, "the keeper does not run"),
            ({"keeper": None}, "the keeper does not run"),
            ({"keeper": {"full": "the store is full"}}, "^the store is full"),
            ({"keeper": {"disk": 9.0}}, "disk slow: 9.0 s"),
            ({"keeper": {"disk": -1.0}}, "takes no write"),
            ({"keeper": {"skew": 1200}}, "clock differs from dc's by 1200 s"),
            ({"problems": ["SeaweedFS: away"]}, "^SeaweedFS: away"),
        ]:
            text, well = tell.line(seen(**other))
            self.assertRegex(text, words)
            self.assertFalse(well, text)


if __name__ == "__main__":
    unittest.main()
