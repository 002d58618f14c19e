"""The parent of an engine, which knows nothing but a clock: past the deadline of the lease file it kills the engine and all below it.

Usage: lease_watch.py RUN COMMAND...   (started by lease_keeper). RUN: folder with `lease` and `lease-exempt`.
Ends with the command's exit code, or with 75 where it closed. A keeper that is frozen renews nothing, one that is dead is noticed.
"""
import os
import signal
import subprocess
import sys

import lease_file
import lease_tree

CLOSED = 75
TICK_SECONDS = 0.1
HANDED_ON = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP}
WAITED = HANDED_ON | {signal.SIGCHLD}


def say(who, text):
    print(f"lumbung-lease: {who}: {text}", file=sys.stderr, flush=True)


def start(command):
    """Starts a child that hears signals as usual, where this process waits for them."""
    return subprocess.Popen(command, preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, set()))


def exit_code(status):
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def reason_to_close(run, keeper):
    if os.getppid() != keeper:
        return "the keeper is gone"
    if lease_file.is_exempt(run):
        return None
    record = lease_file.read_lease(run)
    return None if lease_file.is_open(record, lease_file.now()) else f"the lease is not in force ({record['code']})"


def main(run, command):
    keeper = os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, WAITED)
    lease_tree.become_reaper()
    child = start(command)
    while True:
        heard = signal.sigtimedwait(WAITED, TICK_SECONDS)
        ended = lease_tree.reap()
        if child.pid in ended:
            lease_tree.kill_below(os.getpid())
            return exit_code(ended[child.pid])
        why = reason_to_close(run, keeper)
        if why:
            lease_tree.kill_below(os.getpid())
            say("watch", f"{why}: the engine was killed")
            return CLOSED
        if heard and heard.si_signo in HANDED_ON:
            lease_tree.send([child.pid], heard.si_signo)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
