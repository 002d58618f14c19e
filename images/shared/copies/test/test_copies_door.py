"""The copier's door: who is let in, who may order, what becomes of an order. Real TLS on the loopback, and a program of an image's that says what it is told to."""
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
# In an image all lie in one folder.
for part in ("../usr/local/lib/lumbung", "../../guard/usr/local/lib/lumbung"):
    sys.path.insert(0, os.path.abspath(os.path.join(HERE, part)))

import copies_door
import tls_server

OPS, GATEWAY = "ops.drc.lab.internal", "gateway.dc.lab.internal"
STATE = [{"id": "objects:bukti", "completeAt": "2026-03-01T03:00:00.000Z", "epoch": 4}]
# Remembers an epoch, and refuses as images do.
PROGRAM = """#!/bin/sh
cd "$(dirname "$0")"
case $1 in
  state) [ -e broken ] && { echo "memory is damaged" >&2; exit 1; }; cat state.json ;;
  raise) [ "$2" -ge "$(cat epoch)" ] || { echo "epoch $(cat epoch) is in force" >&2; exit 3; }
         [ "$2" -lt 90 ] || { echo "the engine does not run" >&2; exit 1; }
         echo "$2" >epoch; echo "epoch $2 in force" ;;
esac
"""


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def key(folder, name, *more):
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{folder}/{name}.key", "-subj", f"/CN={name}", *more)


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        top = tempfile.TemporaryDirectory()
        cls.addClassCleanup(top.cleanup)
        cls.top = top.name
        for root in ("root", "other"):
            key(cls.top, root, "-x509", "-days", "2", "-out", f"{cls.top}/{root}.crt")
        os.makedirs(cls.top + "/config/tls")
        for name, by in (("objects.dc.lab.internal", "root"), (OPS, "root"), (GATEWAY, "root"), ("stranger", "other")):
            key(cls.top, name, "-out", f"{cls.top}/{name}.csr")
            signer = ["-CA", f"{cls.top}/{by}.crt", "-CAkey", f"{cls.top}/{by}.key", "-CAcreateserial"]
            openssl("x509", "-req", "-in", f"{cls.top}/{name}.csr", *signer, "-days", "2", "-out", f"{cls.top}/{name}.crt")
        for source, target in (("root.crt", "ca.crt"), ("objects.dc.lab.internal.crt", "server.crt"), ("objects.dc.lab.internal.key", "server.key")):
            os.link(f"{cls.top}/{source}", f"{cls.top}/config/tls/{target}")

    def setUp(self):
        self.run_folder = tempfile.mkdtemp(dir=self.top)
        self.write("copies", PROGRAM)
        os.chmod(self.run_folder + "/copies", 0o755)
        self.write("state.json", json.dumps(STATE))
        self.write("epoch", "4\n")
        copies = copies_door.Copies(self.run_folder + "/copies", self.run_folder)
        self.server = tls_server.TlsServer(self.top + "/config", 0, copies_door.handler_of(copies, [OPS]), address="127.0.0.1")
        tls_server.serve(self.server)
        self.addCleanup(self.server.server_close)

    def write(self, name, text):
        with open(f"{self.run_folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def ask(self, client, method="GET", order=None, path="/copies"):
        """(status, answer)"""
        context = ssl.create_default_context(cafile=self.top + "/root.crt")
        context.check_hostname = False  # the name stands in no certificate of this test: who asks is what is tried here
        if client:
            context.load_cert_chain(f"{self.top}/{client}.crt", f"{self.top}/{client}.key")
        connection = http.client.HTTPSConnection("127.0.0.1", self.server.server_address[1], timeout=5, context=context)
        try:
            connection.request(method, path, None if order is None else json.dumps(order))
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def pipe(self):
        path = self.run_folder + "/rounds"
        os.mkfifo(path)
        pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.addCleanup(os.close, pipe)
        return pipe

    def test_nobody_without_a_certificate_of_the_region(self):
        for client in (None, "stranger"):
            with self.assertRaises((OSError, http.client.HTTPException)):
                self.ask(client)

    def test_everybody_of_the_region_may_know_and_ops_alone_may_order(self):
        pipe = self.pipe()
        for client in (OPS, GATEWAY):
            self.assertEqual(self.ask(client), (200, STATE))
        for order in ({"verb": "round"}, {"verb": "raise", "epoch": 5}):
            status, answer = self.ask(GATEWAY, "POST", order)
            self.assertEqual((status, answer["code"]), (403, "not-ops"))
        self.assertRaises(BlockingIOError, os.read, pipe, 10)
        with open(self.run_folder + "/epoch", encoding="utf-8") as file:
            self.assertEqual(file.read(), "4\n")

    def test_a_round_is_told_to_the_copier_however_often(self):
        pipe = self.pipe()
        for _ in range(3):
            self.assertEqual(self.ask(OPS, "POST", {"verb": "round"}), (202, {"copies": STATE, "note": "a round begins"}))
        self.assertEqual(os.read(pipe, 100), b"round\n" * 3)

    def test_orders_that_nobody_reads_are_no_reason_to_wait(self):
        pipe = self.pipe()
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(pipe, b"x" * 4096)
        self.assertEqual(self.ask(OPS, "POST", {"verb": "round"})[0], 202)

    def test_without_a_copier_a_round_is_refused(self):
        self.assertEqual(self.ask(OPS, "POST", {"verb": "round"})[1]["code"], "not-copying")
        os.mkfifo(self.run_folder + "/rounds")
        self.assertEqual(self.ask(OPS, "POST", {"verb": "round"})[0], 409)

    def test_an_epoch_is_raised_again_and_never_lowered(self):
        for epoch in (5, 5, 17):
            self.assertEqual(self.ask(OPS, "POST", {"verb": "raise", "epoch": epoch}), (202, {"copies": STATE, "note": f"epoch {epoch} in force"}))
        self.assertEqual(self.ask(OPS, "POST", {"verb": "raise", "epoch": 16}), (409, {"code": "past-epoch", "message": "epoch 17 is in force"}))
        self.assertEqual(self.ask(OPS, "POST", {"verb": "raise", "epoch": 90}), (409, {"code": "not-raised", "message": "the engine does not run"}))

    def test_what_is_wrong_is_said(self):
        for order in ({"verb": "raise"}, {"verb": "raise", "epoch": 0}, {"verb": "raise", "epoch": True}, {"verb": "round", "epoch": 1}, {"verb": "close"}, 7):
            status, answer = self.ask(OPS, "POST", order)
            self.assertEqual((status, answer["code"]), (400, "wrong"), order)
        self.write("broken", "")
        self.assertEqual(self.ask(OPS), (409, {"code": "unknown", "message": "memory is damaged"}))


if __name__ == "__main__":
    unittest.main()
