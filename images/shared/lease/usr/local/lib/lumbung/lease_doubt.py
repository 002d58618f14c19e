"""Why an epoch is doubted (design D7). A doubt is never resolved by itself: the peer site or two people confirm. Pure."""
from typing import NamedTuple, Optional

from lease_types import Confirm, Facts, Known, View


class Doubt(NamedTuple):
    code: str
    message: str
    # False: no confirmation helps, as these are somebody else's data or keys.
    confirmable: bool


def highest(facts: Facts) -> Optional[Known]:
    """The highest epoch that this volume or anybody who could be asked knows; None: nobody knows one."""
    memory = facts.memory
    known = facts.known + ((Known("memory", memory.epoch, memory.site),) if memory.epoch else ())
    return max(known, key=lambda one: one.epoch, default=None)


def foreign_memory(facts: Facts) -> Optional[Doubt]:
    if facts.memory.region in ("", facts.me.region):
        return None
    return Doubt("doubt-memory", f"the identity volume is of region {facts.memory.region}, expected {facts.me.region}", False)


def foreign_store(facts: Facts, view: View) -> Optional[Doubt]:
    if view.epoch is None or view.epoch.region == facts.me.region:
        return None
    return Doubt("doubt-foreign", f"the epoch store is of region {view.epoch.region}, expected {facts.me.region}", False)


def lost(facts: Facts, view: View) -> Optional[Doubt]:
    top = highest(facts)
    if view.epoch is not None or top is None:
        return None
    return Doubt("doubt-lost", f"the epoch store has no epoch, but {top.source} knows epoch {top.epoch} ({top.site})", True)


def older(facts: Facts, view: View) -> Optional[Doubt]:
    top = highest(facts)
    if view.epoch is None or top is None or view.epoch.epoch >= top.epoch:
        return None
    said = f"the epoch store says epoch {view.epoch.epoch} ({view.epoch.site}), but {top.source} knows epoch {top.epoch} ({top.site})"
    return Doubt("doubt-older", said, True)


def contradicted(facts: Facts, view: View) -> Optional[Doubt]:
    everyone = facts.known + (Known("memory", facts.memory.epoch, facts.memory.site),)
    for one in everyone:
        if view.epoch and one.epoch == view.epoch.epoch and one.site != view.epoch.site:
            said = f"the epoch store says that epoch {one.epoch} is of {view.epoch.site}, but {one.source} says {one.site}"
            return Doubt("doubt-contradicted", said, True)
    return None


def rolled_back(facts: Facts, view: View) -> Optional[Doubt]:
    """A store that was put back from a copy: what every member agreed on was higher before."""
    memory = facts.memory
    # A member that has just started says term 0 until it applies an entry.
    if view.revision >= memory.revision and (view.term >= memory.term or view.term == 0):
        return None
    said = f"the epoch store is older than what this volume saw of it (revision {view.revision}, term {view.term}; seen {memory.revision}, {memory.term})"
    return Doubt("doubt-rolled-back", said, True)


DOUBTS = (foreign_store, lost, older, contradicted, rolled_back)


def doubt(facts: Facts, view: View) -> Optional[Doubt]:
    """The first reason to doubt what the store says; None: there is none."""
    return next((found for found in (rule(facts, view) for rule in DOUBTS) if found), None)


def confirms(facts: Facts, view: Optional[View] = None) -> bool:
    """Is the permit enough? Never below what anybody knows, and never the same epoch for another site than anybody knows it of."""
    permit = facts.permit
    return isinstance(permit, Confirm) and nobody_knows_better(facts, permit.epoch, permit.site, view)


def nobody_knows_better(facts: Facts, epoch: int, site: str, view: Optional[View] = None) -> bool:
    """Whether all that is known is of earlier epochs, or says the same."""
    seen = [*facts.known, facts.memory, *([view.epoch] if view and view.epoch else [])]
    return all(epoch > one.epoch or (epoch, site) == (one.epoch, one.site) for one in seen)
