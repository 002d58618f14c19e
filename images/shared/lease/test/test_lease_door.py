"""The door over the network: who is let in, and who may give orders. Real TLS, on the loopback alone."""
import http.client
import json
import os
import ssl
import subprocess
import tempfile
import types
import unittest
from unittest import mock

import lease_path  # noqa: F401
import lease_door
import lease_file
import tls_server
from lease_disk import Disk
from lease_types import Decision, Me, Memory

OPS = "ops.dc.lab.internal"
GATEWAY = "gateway.dc.lab.internal"


def openssl(*words, told=None):
    subprocess.run(["openssl", *words], check=True, capture_output=True, input=told)


def authority(folder, name):
    key, certificate = f"{folder}/{name}.key", f"{folder}/{name}.crt"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", f"/CN={name}")
    return key, certificate


def issue(folder, by, name):
    key, request, certificate = (f"{folder}/{name}.{kind}" for kind in ("key", "csr", "crt"))
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={name}")
    openssl("x509", "-req", "-in", request, "-CA", by[1], "-CAkey", by[0], "-CAcreateserial", "-days", "2", "-out", certificate)
    return key, certificate


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(top.cleanup)
        cls.top = top.name
        root, other = authority(cls.top, "root"), authority(cls.top, "other")
        os.makedirs(cls.top + "/config/tls")
        own = issue(cls.top, root, "postgres-utama.dc.lab.internal")
        for source, target in ((root[1], "ca.crt"), (own[1], "server.crt"), (own[0], "server.key")):
            os.link(source, f"{cls.top}/config/tls/{target}")
        cls.clients = {name: issue(cls.top, root, name) for name in (OPS, GATEWAY)} | {"stranger": issue(cls.top, other, "ops.drc.lab.internal")}
        cls.root = root[1]

    def setUp(self):
        run = tempfile.mkdtemp(dir=self.top)
        self.disk = Disk(run, run)
        self.disk.write_memory(Memory("r1", 2, "dc", 50, 4))
        lease_file.write_lease(run, Decision("open", lease_file.now() + 5, "leased", "made"), Memory("r1", 2, "dc"))
        keeper = self.keeper = types.SimpleNamespace(
            me=Me("r1", "dc", "primary", 15, 3), run=run, disk=self.disk, rounds=types.SimpleNamespace(view=None, seen_at=0.0, absent_since=None),
            poke=types.SimpleNamespace(set=lambda: None), settings={"REGION": "lab", "WORKLOAD": "postgres-utama", "KIND": "postgresql"},
            engine=types.SimpleNamespace(begin=lambda *_: True, work=None), new_store=lambda: None, errands=types.SimpleNamespace(),
        )
        handler = lease_door.handler_of(lease_door.Door(keeper, run), [OPS])
        self.server = tls_server.TlsServer(self.top + "/config", 0, handler, address="127.0.0.1")
        tls_server.serve(self.server)
        self.addCleanup(self.server.server_close)

    def ask(self, client, method, path, body=None, plain=False):
        """(status, answer)"""
        context = ssl.create_default_context(cafile=self.root)
        context.check_hostname = False  # the name stands in no certificate of this test: who asks is what is tried here
        if client:
            context.load_cert_chain(self.clients[client][1], self.clients[client][0])
        connection = http.client.HTTPSConnection("127.0.0.1", self.server.server_address[1], timeout=5, context=context)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            said = response.read()
            return response.status, said if plain else json.loads(said)
        finally:
            connection.close()

    def test_nobody_without_a_certificate_of_the_region(self):
        for client in (None, "stranger"):
            with self.assertRaises((OSError, http.client.HTTPException)):
                self.ask(client, "GET", "/lease")

    def test_everybody_of_the_region_may_know_and_ops_alone_may_order(self):
        order = json.dumps({"verb": "close", "epoch": 2})
        for client in (OPS, GATEWAY):
            status, answer = self.ask(client, "GET", "/lease")
            self.assertEqual((status, answer["state"], answer["epoch"], answer["closing"]), (200, "open", 2, None))
        self.assertEqual(self.ask(GATEWAY, "POST", "/lease", order)[0], 403)
        self.assertEqual(self.disk.read_closing(), 0)
        self.assertEqual(self.ask(OPS, "POST", "/lease", order)[0], 202)
        self.assertEqual(self.disk.read_closing(), 2)

    def test_whoever_copies_is_told_of_a_closing_by_the_gateway_alone_of_which_it_is(self):
        for code, status in (("leased", 503), ("closing", 200), ("closed-by-order", 200), ("other-site", 503), ("expired", 503)):
            lease_file.write_lease(self.disk.run, Decision("closed", lease_file.now(), code, "made"), Memory("r1", 2, "dc"))
            self.assertEqual(self.ask(GATEWAY, "GET", "/closing", plain=True)[0], status, code)

    def test_what_a_standby_was_compared_with_is_told_while_it_is_fresh(self):
        follows = lambda: self.ask(OPS, "GET", "/lease")[1]["follows"]  # noqa: E731
        self.assertIsNone(follows())
        path, at = self.disk.run + "/follow", lease_file.now()
        for line, expected in (("well\n", {"verdict": "well", "why": ""}), ("reseed 8 bytes ahead of drc\n", {"verdict": "reseed", "why": "8 bytes ahead of drc"})):
            lease_file.write(path, f"{line}{at}\n")
            self.assertEqual(follows(), expected)
        lease_file.write(path, f"well\n{at - 21}\n")
        self.assertEqual(follows()["verdict"], "unknown")

    def test_what_is_wrong_is_said(self):
        for body, status in (("{", 400), ("x" * 5000, 400), (json.dumps({"verb": "open", "epoch": 3}), 409), (json.dumps({"verb": "addresses", "address": "192.0.2.1"}), 409)):
            answered = self.ask(OPS, "POST", "/lease", body)
            self.assertEqual(answered[0], status, body[:40])
            self.assertTrue(answered[1]["message"])

    def test_what_the_image_says_of_its_engine_is_for_ops_alone(self):
        for path in ("/data", "/begun", "/grants"):
            self.assertEqual(self.ask(GATEWAY, "GET", path)[0], 403)
            self.assertEqual(self.ask(OPS, "GET", path)[1]["code"], "not-here")
        programs = tempfile.mkdtemp(dir=self.top)
        open(programs + "/lease-grants", "w").close()
        with mock.patch.object(lease_door, "PROGRAMS", programs):
            for code, said, status, answer in ((0, '{"grants": []}', 200, {"grants": []}), (1, "not now", 409, {"code": "no-grants", "message": "not now"})):
                self.keeper.errands.run = lambda words, code=code, said=said: (code, said) if words == [programs + "/lease-grants"] else None
                self.assertEqual(self.ask(OPS, "GET", "/grants"), (status, answer))
            self.assertEqual(self.ask(GATEWAY, "GET", "/grants")[0], 403)


if __name__ == "__main__":
    unittest.main()
