"""Whether Patroni may promote: under the lease alone (lease_gate), and never a timeline that nobody could tell from another of its number. Usage: as lease_gate.py"""
import sys
import time

import guard_facts
import lease_gate
import timelines


def begin(folder, site):
    """Named on disk before it is begun: a server that is killed at once knows that it wrote."""
    timelines.change(folder, lambda marks: timelines.let_begin(marks, timelines.newest(folder), site, time.time(), timelines.new_id()))


def main(words):
    code = lease_gate.main(words)
    if code != 0:
        return code
    try:
        begin(guard_facts.PGDATA, guard_facts.read_settings()["SITE"])
    except (OSError, ValueError, KeyError) as error:
        print(f"pre-promote: the timeline cannot be named: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
