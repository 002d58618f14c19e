"""Processes below one: found, and killed. PostgreSQL leaves its parent and makes a session of its own, so groups are of no use here.

A process that called `become_reaper` gets every orphan among its descendants as a child (prctl(2), PR_SET_CHILD_SUBREAPER), so the tree below
it is whole whatever they do.
"""
import contextlib
import ctypes
import os
import signal

PR_SET_CHILD_SUBREAPER = 36


def become_reaper():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def stat_of(pid):
    """(state, parent) as proc(5) says; None: there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            state, parent = file.read().rpartition(")")[2].split()[:2]
        return state, int(parent)
    except (FileNotFoundError, ProcessLookupError):
        return None


def below(root):
    """Every living descendant of a process."""
    stats = {int(name): stat_of(name) for name in os.listdir("/proc") if name.isdecimal()}
    children = {}
    for pid, stat in stats.items():
        if stat:
            children.setdefault(stat[1], []).append(pid)
    found, due = set(), [root]
    while due:
        for pid in children.get(due.pop(), ()):
            found.add(pid)
            due.append(pid)
    return {pid for pid in found if stats[pid][0] not in "ZX"}


def send(pids, number):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def reap():
    """Status by pid of the children that ended."""
    ended = {}
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            ended[pid] = status
    return ended


def kill_below(root):
    """Kills every descendant of `root`, its own reaper. Stopped first, so that none gets away by starting another."""
    killed = set()
    while True:
        found = below(root) - killed
        if not found:
            return
        send(found, signal.SIGSTOP)
        found |= below(root) - killed
        send(found, signal.SIGKILL)
        killed |= found
        reap()
