"""Keeper, watch and an engine as real processes, in a region without witness (no store is needed for it): whoever dies or freezes, it closes."""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import lease_path
import lease_file
import lease_tree

# It arms, then hides: a daemon in a session of its own that hears nothing and has a child, as a postmaster with its backends.
ENGINE = """
import os, signal, subprocess, sys, time
sys.path.insert(0, sys.argv[1])
import lease_gate
while lease_gate.main(["arm"] if sys.argv[2] == "armed" else []):
    time.sleep(0.02)
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "600"])
    with open(os.environ["LUMBUNG_RUN"] + "/daemon", "w") as file:
        print(os.getpid(), child.pid, file=file, flush=True)
    os.rename(os.environ["LUMBUNG_RUN"] + "/daemon", os.environ["LUMBUNG_RUN"] + "/pids")
    time.sleep(600)
time.sleep(600)
"""
SETTINGS = {"REGION": "lab", "REGION_IDENTITY": "r1", "SITE": "dc", "DESIGNATION": "primary", "WORKLOAD": "made", "TTL_SECONDS": "3", "ENDPOINTS": "", "PEER_HOST_NAME": "", "CALLERS": "", "ADDRESSES": ""}
LIMIT = 20
# Stops taking writes at the second attempt: then it says that it is a standby.
STOPS = """#!/bin/sh
echo "$1 $2" >>"$LUMBUNG_RUN/told"
[ "$(wc -l <"$LUMBUNG_RUN/told")" -gt 1 ] || { echo "not yet"; exit 1; }
echo standby >"$LUMBUNG_RUN/lease-exempt"
echo done
"""


def alive(pid):
    return (lease_tree.stat_of(pid) or ("X",))[0] not in "ZX"


def eventually(what, holds):
    deadline = time.monotonic() + LIMIT
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {LIMIT} s")
        time.sleep(0.05)


class Processes(unittest.TestCase):
    def setUp(self):
        top = tempfile.TemporaryDirectory()
        self.addCleanup(top.cleanup)
        self.folders = {name: f"{top.name}/{name}" for name in ("config", "identity", "run", "lib")}
        os.makedirs(self.folders["config"] + "/current")
        for name in ("identity", "run", "lib"):
            os.makedirs(self.folders[name])
        with open(self.folders["config"] + "/current/lease.env", "w", encoding="utf-8") as file:
            file.writelines(f"{key}={value}\n" for key, value in SETTINGS.items())
        self.remember(2, "dc")
        self.pids = []

    def remember(self, epoch, site):
        with open(self.folders["identity"] + "/lease.json", "w", encoding="utf-8") as file:
            json.dump({"region": "r1", "epoch": epoch, "site": site}, file)

    def begin(self, mode="armed"):
        env = {**os.environ, **{f"LUMBUNG_{name.upper()}": path for name, path in self.folders.items()}, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": lease_path.GUARD, "LUMBUNG_LIB": self.folders["lib"]}
        command = [sys.executable, "-c", ENGINE, os.path.abspath(lease_path.LIBRARY), mode]
        keeper = subprocess.Popen([sys.executable, lease_path.LIBRARY + "/lease_keeper.py", *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, keeper)
        self.pids.append(keeper.pid)
        return keeper

    def end(self, keeper):
        lease_tree.send([pid for pid in self.pids if alive(pid)], signal.SIGKILL)
        keeper.wait()
        keeper.stderr.close()

    def opened(self, keeper):
        """(watch, engine, daemon and its child) of a keeper, once all run."""
        path = self.folders["run"] + "/pids"
        eventually("the engine", lambda: os.path.exists(path))
        with open(path, encoding="utf-8") as file:
            daemon = [int(word) for word in file.read().split()]
        watch = next(pid for pid in lease_tree.below(keeper.pid) if lease_tree.stat_of(pid)[1] == keeper.pid)
        engine = next(pid for pid in lease_tree.below(watch) if lease_tree.stat_of(pid)[1] == watch and pid not in daemon)
        self.pids += [watch, engine, *daemon]
        return watch, [engine, *daemon]

    def closes(self, engine):
        eventually("all of the engine is gone", lambda: not any(alive(pid) for pid in engine))

    def test_what_left_its_parent_and_its_session_is_still_below_the_watch(self):
        keeper = self.begin()
        watch, engine = self.opened(keeper)
        self.assertLessEqual(set(engine), lease_tree.below(watch))

    def test_a_keeper_that_is_killed_takes_the_engine_with_it(self):
        keeper = self.begin()
        _, engine = self.opened(keeper)
        keeper.kill()
        self.closes(engine)

    def test_a_keeper_that_is_frozen_is_closed_at_the_deadline(self):
        keeper = self.begin()
        _, engine = self.opened(keeper)
        keeper.send_signal(signal.SIGSTOP)
        self.closes(engine)
        self.assertFalse(lease_file.is_open(lease_file.read_lease(self.folders["run"]), lease_file.now()))
        keeper.send_signal(signal.SIGCONT)
        self.assertEqual(keeper.wait(LIMIT), 75)

    def test_a_watch_that_is_killed_or_frozen_is_noticed(self):
        for number in (signal.SIGKILL, signal.SIGSTOP):
            with self.subTest(number):
                if os.path.exists(self.folders["run"] + "/pids"):
                    os.unlink(self.folders["run"] + "/pids")
                keeper = self.begin()
                watch, engine = self.opened(keeper)
                os.kill(watch, number)
                self.closes(engine)
                self.assertIn(keeper.wait(LIMIT), (75, 128 + signal.SIGKILL))

    def test_the_epoch_of_the_other_site_closes(self):
        keeper = self.begin()
        _, engine = self.opened(keeper)
        self.remember(3, "drc")
        self.closes(engine)
        self.assertEqual(keeper.wait(LIMIT), 75)

    def test_a_standby_runs_closed_until_it_is_armed(self):
        self.remember(3, "drc")
        keeper = self.begin("unarmed")
        run = self.folders["run"]
        eventually("closed", lambda: lease_file.read_lease(run)["code"] == "other-site")
        self.remember(4, "dc")
        _, engine = self.opened(keeper)
        self.remember(5, "drc")
        eventually("closed", lambda: lease_file.read_lease(run)["code"] == "other-site")
        self.assertFalse(lease_file.arm(run))
        time.sleep(0.5)
        self.assertTrue(all(alive(pid) for pid in engine))
        self.remember(6, "dc")
        eventually("armed", lambda: lease_file.arm(run))
        self.remember(7, "drc")
        self.closes(engine)

    def ask(self, order=None):
        """(status, answer) of the keeper, over its socket."""
        connection = http.client.HTTPConnection("keeper")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.folders["run"] + "/lease.sock")
        try:
            connection.request("POST" if order else "GET", "/lease", json.dumps(order) if order else None)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def test_an_epoch_that_is_ended_in_good_order_leaves_the_engine_running_and_the_site_closed(self):
        with open(self.folders["lib"] + "/lease-engine", "w", encoding="utf-8") as file:
            file.write(STOPS)
        os.chmod(self.folders["lib"] + "/lease-engine", 0o755)
        keeper = self.begin()
        _, engine = self.opened(keeper)
        self.assertEqual(self.ask({"verb": "close", "epoch": 3})[0], 409)
        self.assertEqual(self.ask({"verb": "close"})[0], 400)
        status, answer = self.ask({"verb": "close", "epoch": 2})
        self.assertEqual((status, answer["closing"], answer["engine"]), (202, 2, "armed"))
        eventually("the first attempt failed", lambda: (self.ask()[1]["work"] or {}).get("state") == "failed")
        self.assertEqual((self.ask()[1]["state"], self.ask()[1]["code"], self.ask()[1]["work"]["said"]), ("open", "closing", "not yet"))
        eventually("closed", lambda: self.ask()[1]["code"] == "closed-by-order")
        answer = self.ask()[1]
        self.assertEqual((answer["state"], answer["exempt"], answer["work"]["state"], answer["epoch"]), ("closed", "standby", "done", 2))
        self.assertTrue(all(alive(pid) for pid in engine))
        self.assertFalse(lease_file.arm(self.folders["run"]))
        self.assertEqual(self.ask({"verb": "open", "epoch": 2})[0], 409)
        self.assertEqual(self.ask({"verb": "reopen", "epoch": 2})[0], 202)
        eventually("open again", lambda: lease_file.arm(self.folders["run"]))

    def test_a_changed_lease_env_begins_everything_anew(self):
        keeper = self.begin()
        _, engine = self.opened(keeper)
        with open(self.folders["config"] + "/current/lease.env", "a", encoding="utf-8") as file:
            file.write("ENDPOINTS=https://epoch:2379\n")
        keeper.send_signal(signal.SIGHUP)
        self.closes(engine)
        keeper.wait(LIMIT)
        self.assertIn("lease.env has changed", keeper.stderr.read())

    def test_signals_and_exit_codes_are_handed_through(self):
        keeper = self.begin()
        _, engine = self.opened(keeper)
        keeper.terminate()
        self.assertEqual(keeper.wait(LIMIT), 128 + signal.SIGTERM)
        self.closes(engine)

    def test_an_error_in_the_memory_closes(self):
        keeper = self.begin()
        _, engine = self.opened(keeper)
        with open(self.folders["identity"] + "/lease.json", "w", encoding="utf-8") as file:
            file.write("{")
        self.closes(engine)
        self.assertEqual(keeper.wait(LIMIT), 70)

    def test_what_people_let_in_an_epoch_before_is_taken_back_before_anything_is_opened(self):
        path = self.folders["identity"] + "/sync-relaxed"
        for epoch, stays in ((1, False), (2, True)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"{epoch}\n")
            keeper = self.begin()
            self.opened(keeper)
            self.assertEqual(os.path.exists(path), stays)
            self.end(keeper)
            self.pids = []
            os.unlink(self.folders["run"] + "/pids")


if __name__ == "__main__":
    unittest.main()
