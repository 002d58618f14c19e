"""The client of etcd's JSON gateway against its recorded shapes, and the files of a keeper."""
import base64
import json
import os
import tempfile
import unittest
from unittest import mock

import lease_path  # noqa: F401
import lease_etcd
import lease_file
from lease_disk import Disk, parse_permit
from lease_etcd import Refused, Store
from lease_rounds import StoreSilent
from lease_types import FOUND, Confirm, Decision, Epoch, Holder, Known, Memory

HEADER = {"cluster_id": "1", "member_id": "2", "revision": "9", "raft_term": "4"}


def pair(value, **more):
    return {"value": base64.b64encode(json.dumps(value).encode()).decode(), "mod_revision": "7", **more}


class Made(Store):
    """Answers by member; keeps what was asked."""

    def __init__(self, **answers):
        super().__init__([f"https://{name}:2379" for name in answers], "lab", "/nowhere")
        self.answers, self.asked = answers, []

    def ask_member(self, endpoint, path, body):
        name = endpoint.split("/")[2].split(":")[0]
        self.asked.append((name, path, body))
        answer = self.answers[name]
        if answer is None:
            raise StoreSilent("away")
        return self.accept(*answer)


class Client(unittest.TestCase):
    def test_members_are_tried_in_turn_and_the_one_that_answered_comes_first(self):
        store = Made(a=None, b=(200, {"ID": "5", "header": HEADER}), c=None)
        self.assertEqual(store.grant(15), 5)
        self.assertEqual(store.grant(15), 5)
        self.assertEqual([name for name, *_ in store.asked], ["a", "b", "b"])
        self.assertEqual(store.asked[0][1:], ("/v3/lease/grant", {"TTL": "15", "ID": "0"}))

    def test_nobody_answers(self):
        with self.assertRaisesRegex(StoreSilent, "a.*away.*b.*away"):
            Made(a=None, b=None).read()

    def test_a_keepalive_is_a_stream_of_one_answer(self):
        alive = Made(a=(200, {"result": {"header": HEADER, "ID": "5", "TTL": "15"}}))
        self.assertEqual(alive.keepalive(5), (15.0, 4))
        self.assertEqual(Made(a=(200, {"result": {"header": HEADER, "ID": "5"}})).keepalive(5), (0.0, 4))

    def test_both_keys_are_read_in_one_transaction(self):
        epoch = pair({"epoch": 2, "site": "dc", "region": "r1", "since": "2026-01-01T00:00:00Z", "by": "founding"})
        holder = pair({"epoch": 2, "site": "dc"}, lease="77")
        responses = [{"response_range": {"kvs": [one]}} for one in (epoch, holder, pair({"epoch": 1}))]
        store = Made(a=(200, {"header": HEADER, "responses": responses}))
        view = store.read()
        self.assertEqual((view.epoch, view.holder), (Epoch(2, "dc", "r1", 7), Holder(2, "dc", 77)))
        self.assertEqual((view.revision, view.term, view.ended), (9, 4, 1))
        keys = [one["request_range"]["key"] for one in store.asked[0][2]["success"]]
        self.assertEqual([base64.b64decode(key).decode() for key in keys], [f"/lumbung/lab/{name}" for name in ("epoch", "holder", "ended")])
        empty = Made(a=(200, {"header": HEADER, "responses": [{"response_range": {}}] * 3})).read()
        self.assertEqual((empty.epoch, empty.holder, empty.ended), (None, None, 0))

    def test_an_epoch_that_is_ended_is_marked_first_and_the_mark_goes_with_the_next_acquisition(self):
        store = Made(a=(200, {"header": HEADER, "succeeded": True}))
        store.resign(77, 2)
        self.assertEqual([path for _, path, _ in store.asked], ["/v3/kv/put", "/v3/lease/revoke"])
        self.assertEqual(json.loads(base64.b64decode(store.asked[0][2]["value"])), {"epoch": 2})
        store.acquire(7, 2, "dc", 78)
        gone = [one["request_delete_range"]["key"] for one in store.asked[-1][2]["success"] if "request_delete_range" in one]
        self.assertEqual(gone, [store.asked[0][2]["key"]])

    def test_an_acquisition_compares_the_epoch_and_that_nobody_holds_it(self):
        store = Made(a=(200, {"header": HEADER, "succeeded": True}))
        self.assertTrue(store.acquire(7, 2, "dc", 77))
        body = store.asked[0][2]
        self.assertEqual([(one["target"], one.get("mod_revision"), one.get("create_revision")) for one in body["compare"]], [("MOD", "7", None), ("CREATE", None, "0")])
        self.assertEqual([one["request_put"].get("lease") for one in body["success"] if "request_put" in one], ["77"])
        self.assertFalse(Made(a=(200, {"header": HEADER})).acquire(7, 2, "dc", 77))

    def test_a_promotion_writes_both_keys_at_once(self):
        store = Made(a=(200, {"header": HEADER, "succeeded": True}))
        store.promote(7, 3, "drc", "r1", "failover", 78)
        puts = [json.loads(base64.b64decode(one["request_put"]["value"])) for one in store.asked[0][2]["success"]]
        self.assertEqual({**puts[0], "since": ""}, {"epoch": 3, "site": "drc", "region": "r1", "since": "", "by": "failover"})
        self.assertEqual(puts[1], {"epoch": 3, "site": "drc"})
        self.assertNotIn("lease", store.asked[0][2]["success"][0]["request_put"])

    def test_a_refusal_is_told_from_silence(self):
        self.assertFalse(Made(a=(404, {"code": 5, "message": "requested lease not found"})).acquire(7, 2, "dc", 77))
        Made(a=(404, {"code": 5, "message": "requested lease not found"})).revoke(77)
        self.assertRaises(Refused, Made(a=(403, {"code": 7, "message": "permission denied"})).read)
        self.assertRaises(StoreSilent, Made(a=(503, {"code": 14, "message": "etcdserver: no leader"})).read)
        store = Made(a=(503, {"code": 14, "message": "no leader"}), b=(200, {"ID": "5", "header": HEADER}))
        self.assertEqual(store.grant(15), 5)

    def test_each_member_alone(self):
        known = pair({"epoch": 3, "site": "drc", "region": "r1"})
        store = Made(a=None, b=(200, {"header": HEADER}), c=(200, {"header": HEADER, "kvs": [known]}))
        self.assertEqual(store.members(), (Known("c", 3, "drc"),))
        self.assertTrue(all(body["serializable"] for _, _, body in store.asked))


class Connections(unittest.TestCase):
    """What is kept between two requests, and what is asked anew."""

    def setUp(self):
        self.made, self.failing = [], []

        def connect(*_, **__):
            connection = mock.Mock()
            connection.request.side_effect = lambda *_: self.failing and self.fail_once()
            connection.getresponse.return_value = mock.Mock(status=200, read=lambda: b'{"ID": "5"}\n')
            self.made.append(connection)
            return connection

        patches = (mock.patch.object(lease_etcd.http.client, "HTTPSConnection", connect), mock.patch.object(lease_etcd.guard_files, "client_tls"))
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)
        self.store = Store(["https://a:2379"], "lab", "/nowhere")

    def fail_once(self):
        raise self.failing.pop()

    def test_a_connection_is_kept_for_a_while(self):
        self.store.grant(15), self.store.grant(15)
        self.assertEqual(len(self.made), 1)
        with mock.patch.object(lease_etcd, "KEPT_SECONDS", 0.0):
            self.store.grant(15)
        self.assertEqual(len(self.made), 2)
        self.made[0].close.assert_called_once()

    def test_one_that_the_member_ended_is_replaced_and_one_that_is_slow_is_not_asked_again(self):
        self.store.grant(15)
        self.failing = [ConnectionResetError("gone")]
        self.assertEqual((self.store.grant(15), len(self.made)), (5, 2))
        self.failing = [TimeoutError("slow")]
        self.assertRaises(StoreSilent, self.store.grant, 15)
        self.assertEqual(len(self.made), 2)
        self.failing = [ConnectionRefusedError("away")]
        self.assertRaises(StoreSilent, self.store.grant, 15)
        self.assertEqual(len(self.made), 3)


class Files(unittest.TestCase):
    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.top, self.disk = top.name, Disk(top.name, top.name)

    def put(self, name, text):
        os.makedirs(os.path.dirname(f"{self.top}/{name}"), exist_ok=True)
        with open(f"{self.top}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def test_memory_comes_back_and_a_broken_one_is_no_empty_one(self):
        self.assertEqual(self.disk.read_memory(), Memory())
        self.disk.write_memory(Memory("r1", 2, "dc", 9, 4))
        self.assertEqual(self.disk.read_memory(), Memory("r1", 2, "dc", 9, 4))
        self.put("lease.json", "{")
        self.assertRaises(ValueError, self.disk.read_memory)

    def test_permits(self):
        for text, expected in (
            ("found\n", FOUND), ("confirm 3 drc\n", Confirm(3, "drc")), ("confirm 0 drc", None), ("confirm x drc", None), ("found now", None), ("", None),
        ):
            self.assertEqual(parse_permit(text), expected, text)
        self.assertIsNone(self.disk.read_permit())
        self.put("lease-permit", "found")
        self.assertEqual(self.disk.read_permit(), FOUND)
        self.disk.use_permit()
        self.disk.use_permit()
        self.assertIsNone(self.disk.read_permit())

    def test_what_others_know(self):
        self.assertEqual(self.disk.known(), ())
        self.put("epoch-known/peer", '{"epoch": 3, "site": "drc"}')
        self.put("epoch-known/database", '{"epoch": 2, "site": "dc"}')
        self.put("epoch-known/peer.new", "{")
        self.assertEqual(self.disk.known(), (Known("database", 2, "dc"), Known("peer", 3, "drc")))

    def test_a_lease_file_that_cannot_be_read_is_closed(self):
        self.assertFalse(lease_file.is_open(lease_file.read_lease(self.top), 0))
        for text in ("", "{}", "[]", '{"state": "open", "deadline": null}'):
            self.put("lease", text)
            self.assertFalse(lease_file.is_open(lease_file.read_lease(self.top), 0), text)
        lease_file.write_lease(self.top, Decision("open", 12.0, "leased", "x"), Memory("r1", 2, "dc"))
        self.assertEqual([lease_file.is_open(lease_file.read_lease(self.top), at) for at in (11.9, 12.0)], [True, False])


if __name__ == "__main__":
    unittest.main()
