"""What to copy of one object, so that its versions stand here in the order in which they stand there: pure.

Version ids differ between the sites. So that each version is known again, also after the sites changed roles, a copy carries in its
metadata where it was first written: `<site>/<version id>`, its origin. A delete marker has no metadata: of those in a row one is enough,
and it is known by the version before it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """A version of an object, oldest first in a list. `origin`: where it was first written; None for a delete marker."""

    ref: str
    origin: str | None = None

    @property
    def marker(self):
        return self.origin is None


@dataclass(frozen=True)
class Known:
    """This version of the other site's is here already."""

    ref: str
    local: str


@dataclass(frozen=True)
class Copy:
    ref: str


@dataclass(frozen=True)
class Mark:
    ref: str


@dataclass(frozen=True)
class Again:
    """The newest version there is here, but no longer as the newest: it is copied once more, on top."""

    ref: str


def plan(theirs, ours, known):
    """Acts for one object. `known`: {ref: local ref} of what was copied before, which is not looked at again."""
    here = {one.origin: one.ref for one in reversed(ours) if not one.marker}
    acts, before, added = [], None, []
    for one in theirs:
        if one.ref in known:
            pass
        elif one.marker:
            local = marker_after(ours, here.get(before) if before else None)
            if acts_since_version(acts, theirs, one) or local is None:
                acts.append(Mark(one.ref))
            else:
                acts.append(Known(one.ref, local))
        elif one.origin in here:
            acts.append(Known(one.ref, here[one.origin]))
        else:
            acts.append(Copy(one.ref))
        if not one.marker:
            before = one.origin
    added = [one for one in acts if isinstance(one, (Copy, Mark))]
    return acts + on_top(theirs, ours, known, added)


def acts_since_version(acts, theirs, marker):
    """Whether the version just before this marker is copied in this very plan, so that nothing here can follow it yet."""
    earlier = [one.ref for one in theirs[: theirs.index(marker)] if not one.marker]
    return bool(earlier) and Copy(earlier[-1]) in acts


def marker_after(ours, local):
    """The delete marker here that follows the version `local`, or begins the list where there is none before."""
    place = 0 if local is None else next((index for index, one in enumerate(ours) if one.ref == local), -1) + 1
    return ours[place].ref if place < len(ours) and ours[place].marker else None


def on_top(theirs, ours, known, added):
    """What is newest there shall be newest here."""
    if not theirs or (added and added[-1].ref == theirs[-1].ref) or not ours:
        return []
    newest, top = theirs[-1], ours[-1]
    if added:
        return [Again(newest.ref)]
    if newest.marker:
        return [] if top.marker else [Again(newest.ref)]
    return [] if top.origin == newest.origin else [Again(newest.ref)]
