"""No clock that somebody may set decides a deadline: only CLOCK_BOOTTIME, which nobody sets, does."""
import ast
import contextlib
import glob
import os
import tempfile
import time
import unittest
from unittest import mock

import lease_path
import lease_file
import lease_watch
from lease_rounds import Rounds
from lease_types import Me, Memory
from lease_world import MadeDisk
from test_lease_rounds import Kept

# Of module `time`. A time of the calendar is only ever made to be shown: `time.strftime(…, time.gmtime())`.
STEADY = {"clock_gettime", "monotonic", "CLOCK_BOOTTIME", "sleep"}
SHOWN = {"strftime", "gmtime"}
# What else tells the time of the calendar.
CALENDAR_MODULES = {"datetime", "calendar"}
CALENDAR_NAMES = {"getmtime", "getctime", "getatime", "st_mtime", "st_ctime", "st_atime", "st_mtime_ns", "CLOCK_REALTIME"}



def is_of_time(node, names):
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time" and node.attr in names


def is_call_of(node, name):
    return isinstance(node, ast.Call) and is_of_time(node.func, {name})


def calendar_reads(text):
    """Line by line, what reads a clock that may be set, and is not only shown."""
    tree = ast.parse(text)
    shown = [node for node in ast.walk(tree) if is_call_of(node, "strftime")]
    only_shown = {id(part) for call in shown for part in ast.walk(call)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in CALENDAR_MODULES | {"time"}:
            found.append((node.lineno, f"from {node.module} import"))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names if name.name in CALENDAR_MODULES]
        elif isinstance(node, ast.Attribute) and node.attr in CALENDAR_NAMES:
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time":
            if node.attr not in STEADY and not (node.attr in SHOWN and id(node) in only_shown):
                found.append((node.lineno, f"time.{node.attr}"))
    return found


class Clock:
    """A machine's clocks in a test's hand: the calendar's jumps by a century whenever it is read."""

    def __init__(self):
        self.boottime, self.calendar = 1000.0, 1_700_000_000.0

    def jump(self):
        self.calendar = -self.calendar
        return self.calendar

    def clock_gettime(self, which):
        return self.boottime if which == time.CLOCK_BOOTTIME else self.jump()


@contextlib.contextmanager
def clock_in_hand():
    clock = Clock()
    with mock.patch.multiple(time, clock_gettime=clock.clock_gettime, time=clock.jump):
        yield clock


class Programs(unittest.TestCase):
    def test_none_that_decides_reads_a_clock_that_may_be_set_but_to_show_it(self):
        paths = sorted(glob.glob(os.path.join(lease_path.LIBRARY, "lease_*.py")))
        self.assertGreater(len(paths), 10)
        for path in paths:
            with self.subTest(os.path.basename(path)), open(path, encoding="utf-8") as file:
                self.assertEqual(calendar_reads(file.read()), [])

    def test_each_way_to_read_one_is_found(self):
        for text in (
            "import time\ntime.time()",
            "import time\ntime.clock_gettime(time.CLOCK_REALTIME)",
            "import time\ntime.mktime(time.gmtime())",
            "from time import time",
            "from datetime import datetime",
            "import datetime",
            "import os\nos.path.getmtime('x')",
            "import os\nos.stat('x').st_mtime",
        ):
            with self.subTest(text):
                self.assertNotEqual(calendar_reads(text), [])
        self.assertEqual(calendar_reads("import time\nx = time.strftime('%Y', time.gmtime())\ntime.monotonic()"), [])


class Deadlines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.run_folder = folder.name

    def watched(self):
        return lease_watch.reason_to_close(self.run_folder, os.getppid())

    def test_a_deadline_is_counted_and_ends_by_boottime_however_the_calendar_jumps(self):
        memory = Memory("r1", 1, "dc", 8, 3)
        disk = MadeDisk()
        disk.memory = memory
        with clock_in_hand() as clock:
            rounds = Rounds(Me("r1", "dc", "primary", 15.0, 3.0), Kept(1, "dc"), disk, lease_file.now)
            decisions = [rounds.once() for _ in range(2)]
            self.assertEqual((decisions[-1].state, decisions[-1].until), ("open", 1000.0 + 15.0 - 3.0))
            lease_file.write_lease(self.run_folder, decisions[-1], memory)
            self.assertTrue(lease_file.arm(self.run_folder))
            clock.boottime = 1011.9
            self.assertIsNone(self.watched())
            clock.boottime = 1012.0
            self.assertIn("the lease is not in force", self.watched())
            self.assertFalse(lease_file.arm(self.run_folder))


if __name__ == "__main__":
    unittest.main()
