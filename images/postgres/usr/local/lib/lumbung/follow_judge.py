"""Whether the data of a standby are part of what the primary at the other site has. Pure: both sites' facts in, a verdict out. The same rule as `isOurHistory`
(services/ops/runbooks/history.ts), which judges data whose server does not run.

Timelines are compared by where they were left and by who began them, never by number. That WAL streams in proves nothing.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """system: database cluster's identifier. timeline: on which it replays, or writes. history: ((timeline, until), …) of those before it, until in bytes; None: the
    file is not there. position: up to where it has replayed, or flushed, in bytes. ids: words of timelines by number (timelines.py)."""

    system: str
    timeline: int
    history: tuple[tuple[int, int], ...] | None
    position: int
    ids: dict[int, str]
    recovering: bool


@dataclass(frozen=True)
class Verdict:
    """kind: `part`; `rewind`, as it went on after the place at which both know that they parted; `reseed`, a doubt; `unknown`, as nobody could be compared with."""

    kind: str
    why: str


PART = Verdict("part", "")


def judge(own, theirs, peer):
    """own: read before theirs, else a standby may seem to be ahead. theirs: None where it does not answer. peer: its name."""
    if theirs is None:
        return Verdict("unknown", f"{peer} cannot be asked")
    if theirs.recovering:
        return Verdict("unknown", f"{peer} is not the primary")
    return next((verdict for verdict in (rule(own, theirs, peer) for rule in RULES) if verdict), PART)


def other_system(own, theirs, peer):
    return None if own.system == theirs.system else Verdict("reseed", f"{peer} is another database system")


def without_history(own, theirs, peer):
    lacks = f"timeline {own.timeline} here" if own.history is None else f"timeline {theirs.timeline} of {peer}" if theirs.history is None else None
    return lacks and Verdict("unknown", f"there is no history file of {lacks}")


def left_elsewhere(own, theirs, _):
    """Every timeline that both passed through must have been left at the same place."""
    left = dict(theirs.history)
    other = next((timeline for timeline, until in own.history if left.get(timeline) != until), None)
    return other and Verdict("reseed", f"the histories differ on timeline {other}")


def begun_twice(own, theirs, peer):
    """What the other site does not list it has from here, but for the one that it writes on: that one it began itself."""
    passed = {timeline for timeline, _ in own.history} | {own.timeline}
    for timeline in sorted(passed & own.ids.keys()):
        if theirs.ids.get(timeline, own.ids[timeline]) != own.ids[timeline]:
            return Verdict("reseed", f"timeline {timeline} was begun here and by {peer}, at the same place")
        if timeline == theirs.timeline and timeline not in theirs.ids:
            return Verdict("reseed", f"timeline {timeline} was begun here, and {peer} writes on one of that number")
    return None


def same_number(own, theirs, peer):
    if own.timeline != theirs.timeline:
        return None
    if len(own.history) != len(theirs.history):
        return Verdict("reseed", f"timeline {own.timeline} has the same number and another history")
    ahead = own.position - theirs.position
    return Verdict("reseed", f"{ahead} bytes ahead of {peer} on timeline {own.timeline}") if ahead > 0 else None


def went_on(own, theirs, _):
    if own.timeline == theirs.timeline:
        return None
    until = dict(theirs.history).get(own.timeline)
    if until is None:
        return Verdict("reseed", f"the primary never had timeline {own.timeline}")
    beyond = own.position - until
    return Verdict("rewind", f"{beyond} bytes after they parted on timeline {own.timeline}") if beyond > 0 else None


RULES = (other_system, without_history, left_elsewhere, begun_twice, same_number, went_on)
