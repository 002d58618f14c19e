"""Programs that the keeper has run beside the engine: their exit codes come to whoever waits, though the keeper reaps every child.

`lease-engine close|open|keep EPOCH` is the image's own: it makes the engine stop, or begin, to take writes, or keeps aside what only this one has, says in one line
how it went, and is safe to repeat. An image without an engine has none.
"""
import os
import subprocess
import sys
import threading

import lease_tree
from lease_watch import exit_code

# Where the image's own programs lie, as lumbung-run has it.
PROGRAMS = os.environ.get("LUMBUNG_LIB", "/usr/local/lib/lumbung")
# The keeper waits for signals, so its children would have them blocked: this one hears them.
HEARING = [sys.executable, "-E", "-s", "-c", "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, ()); os.execv(sys.argv[1], sys.argv[1:])"]


class Errands:
    def __init__(self):
        self.lock, self.waiting = threading.Lock(), {}

    def reap(self):
        """As lease_tree.reap; tells whoever waits."""
        with self.lock:
            ended = lease_tree.reap()
            for pid in ended.keys() & self.waiting.keys():
                self.waiting.pop(pid)(ended[pid])
        return ended

    def run(self, words, told=""):
        """(exit code, what it said on standard output). words: the program by its path, and its arguments. Only from a thread other than the keeper's own."""
        done, status = threading.Event(), []

        def end(code):
            status.append(code)
            done.set()

        with self.lock:
            # Popen never waits for it: who does would find nothing.
            process = subprocess.Popen([*HEARING, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.waiting[process.pid] = end
        with process.stdin, process.stdout:
            try:
                process.stdin.write(told)
                process.stdin.close()
            except BrokenPipeError:
                pass
            said = process.stdout.read()
        done.wait()
        process.returncode = exit_code(status[0])
        return process.returncode, said


class Engine:
    """The engine that this keeper guards, as far as it is told to stop or begin. program: the image's `lease-engine`. done: called when it has."""

    def __init__(self, errands, program, done):
        self.errands, self.program, self.done, self.work = errands, program, done, None
        self.lock = threading.Lock()

    def begin(self, verb, epoch, *more):
        """False: it is doing something already. more: further words for the program."""
        with self.lock:
            if self.work and self.work["state"] == "doing":
                return False
            self.work = {"verb": verb, "epoch": epoch, "state": "doing", "said": ""}
            threading.Thread(target=self.do, args=(self.work, more), daemon=True).start()
        return True

    def do(self, work, more):
        code, said = 0, "no engine here"
        if os.path.exists(self.program):
            code, said = self.errands.run([self.program, work["verb"], str(work["epoch"]), *more])
        lines = said.strip().splitlines()
        work.update(said=lines[-1] if lines else "", state="done" if code == 0 else "failed")
        self.done()
