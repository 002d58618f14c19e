"""May this site take writes now, and until when (design D7)? Pure: facts in, decision out.

A guard is open only until a deadline on its own clock, which is counted from before the keepalive that proved it was sent. What is
not proven leaves the deadline where it was; what is proven otherwise closes at once. Closing early is always safe.
"""
from dataclasses import replace
from typing import Optional

from lease_doubt import Doubt, confirms, doubt, foreign_memory, highest, nobody_knows_better
from lease_types import FOUND, NEVER, Alone, Confirm, Decision, Epoch, Facts, Memory, Promote, Proof, View


def closed(code: str, message: str, **more) -> Decision:
    return Decision("closed", NEVER, code, message, **more)


def decide(facts: Facts) -> Decision:
    """The decision. The first rule that applies, from the top."""
    misfit = foreign_memory(facts)
    if misfit:
        return closed(misfit.code, f"{misfit.message}. Nothing is granted")
    if not facts.me.witness:
        return _weaker(facts)
    if facts.view is None:
        return _silent(facts)
    found = doubt(facts, facts.view)
    if found:
        return _taken_up(facts, facts.view) or _doubted(facts, facts.view, found)
    if facts.view.epoch is None:
        return _not_founded(facts)
    if not is_ours(facts, facts.view.epoch):
        return _theirs(facts, facts.view, facts.view.epoch)
    return _mine(facts, facts.view, facts.view.epoch)


def is_ours(facts: Facts, epoch: Epoch) -> bool:
    return epoch.site == facts.me.site


def proven_deadline(facts: Facts, proof: Proof, view: View, epoch: Epoch) -> Optional[float]:
    """Until when this keepalive opens; None: it proves nothing.

    A member that was the leader until a moment ago still answers keepalives, which count for nobody. The read after it went through
    whoever a majority follows; the raft term of both is the same only if that was the leader of the keepalive too.
    """
    holder = view.holder
    held = holder is not None and holder.lease == proof.lease and (holder.site, holder.epoch) == (facts.me.site, epoch.epoch)
    if not held or proof.ttl <= 0 or not same_term(proof, view):
        return None
    return proof.asked_at + min(proof.ttl, facts.me.ttl) - facts.me.margin


def same_term(proof: Proof, view: View) -> bool:
    """0: a member that has just started and does not know its term yet."""
    return proof.term == view.term != 0


def _theirs(facts: Facts, view: View, epoch: Epoch) -> Decision:
    """The other site's epoch. A promotion waits until nobody holds the lease, and a margin more: what is open there is past its deadline.

    Nothing is waited for where that epoch was ended in good order, with every guard closed.
    """
    remember, permit = _learned(facts, view, epoch), facts.permit
    if not isinstance(permit, Promote) or permit.epoch != epoch.epoch + 1:
        return closed("other-site", f"epoch {epoch.epoch} is of {epoch.site}: this site stands by", remember=remember)
    if view.holder is not None:
        return closed("promoting", f"epoch {permit.epoch} is to begin here: {epoch.site} holds the lease still", remember=remember, again=True)
    if view.ended != epoch.epoch and (facts.absent_since is None or facts.now < facts.absent_since + facts.me.margin):
        return closed("promoting", f"epoch {permit.epoch} is to begin here: waiting for the margin", remember=remember, again=True)
    return closed("promoting", f"epoch {permit.epoch} begins here", remember=remember, act="promote", again=True)


def to_be_closed(facts: Facts, epoch: int) -> bool:
    """Was this guard told to end this epoch?"""
    return facts.closing == epoch != 0


def _ended(epoch: int, remember: Optional[Memory] = None) -> Decision:
    return closed("closed-by-order", f"epoch {epoch} was ended here in good order: nothing is renewed", remember=remember)


def _mine(facts: Facts, view: View, epoch: Epoch) -> Decision:
    remember = _learned(facts, view, epoch)
    holder = view.holder
    ending = to_be_closed(facts, epoch.epoch)
    if ending and (facts.idle or holder is None):
        return _ended(epoch.epoch, remember)
    if holder is None and is_alone(facts, epoch.epoch):
        # It was open without the store and goes on: nobody else had this epoch.
        return _open_alone(facts, act="acquire", again=True)
    if holder is None:
        return _acquire(facts, view, "acquire", f"epoch {epoch.epoch} is of this site", remember)
    if (holder.site, holder.epoch) != (facts.me.site, epoch.epoch):
        said = f"the lease is held by {holder.site} in epoch {holder.epoch}, and epoch {epoch.epoch} is of {epoch.site}: waiting for its end"
        return closed("held", said, remember=remember)
    proven = proven_deadline(facts, facts.proof, view, epoch) if facts.proof else None
    until = max(facts.deadline, proven if proven is not None else NEVER)
    if facts.now < until:
        code, what = ("closing", "ending in good order") if ending else ("leased", "open")
        return Decision("open", until, code, f"epoch {epoch.epoch}: {what}, for {until - facts.now:.1f} s", remember=remember)
    # The first read of a guard tells which lease to keep alive.
    known = facts.proof is not None and facts.proof.lease == holder.lease
    return closed("joining", f"epoch {epoch.epoch} is of this site: its lease is not proven yet", remember=remember, again=not known)


def _acquire(facts: Facts, view: View, act: str, why: str, remember: Optional[Memory]) -> Decision:
    """Nobody holds the lease. In a store that was put back from a copy somebody may still be open whom it forgot: hence a whole lease's wait."""
    due = None if facts.absent_since is None else facts.absent_since + facts.me.ttl + facts.me.margin
    if view.holder is not None or due is None or facts.now < due:
        left = "" if due is None else f", {max(0.0, due - facts.now):.0f} s left"
        return closed("waiting", f"{why}: waiting until no older lease can be in force{left}", remember=remember)
    return closed("acquiring", f"{why}: taking the lease", remember=remember, act=act, again=True)


def _silent(facts: Facts) -> Decision:
    memory, permit = facts.memory, facts.permit
    if to_be_closed(facts, memory.epoch) and facts.idle:
        return _ended(memory.epoch)
    if isinstance(permit, Alone) and nobody_knows_better(facts, permit.epoch, facts.me.site) and not is_alone(facts, permit.epoch):
        memory = Memory(facts.me.region, permit.epoch, facts.me.site, alone=permit.epoch)
        return _open_alone(replace(facts, memory=memory), remember=memory)
    if is_alone(facts, memory.epoch) and nobody_knows_better(facts, memory.epoch, facts.me.site):
        return _open_alone(facts)
    if facts.now < facts.deadline:
        left = facts.deadline - facts.now
        return Decision("open", facts.deadline, "leased-silent", f"the epoch store does not answer: open for another {left:.1f} s")
    if facts.deadline == NEVER:
        return closed("silent", "the epoch store does not answer, or no majority of it: closed")
    return closed("expired", "the lease could not be renewed in time: closed")


def is_alone(facts: Facts, epoch: int) -> bool:
    """Did people let this site have this epoch without the store?"""
    return facts.memory.alone == facts.memory.epoch == epoch != 0 and facts.memory.site == facts.me.site


def _open_alone(facts: Facts, **more) -> Decision:
    until = facts.now + facts.me.ttl - facts.me.margin
    said = f"epoch {facts.memory.epoch}: open WITHOUT the epoch store, as people attested that the other site is fenced"
    return Decision("open", until, "closing" if to_be_closed(facts, facts.memory.epoch) else "alone", said, **more)


def _taken_up(facts: Facts, view: View) -> Optional[Decision]:
    """The store is back, older than the epoch that this site had to begin without it: it is told, unless somebody took the lease meanwhile."""
    epoch = facts.memory.epoch
    known = view.epoch is None or (view.epoch.region == facts.me.region and view.epoch.epoch < epoch)
    if not (is_alone(facts, epoch) and known and view.holder is None and nobody_knows_better(facts, epoch, facts.me.site)):
        return None
    return _ended(epoch) if to_be_closed(facts, epoch) and facts.idle else _open_alone(facts, act="take-up", again=True)


def _doubted(facts: Facts, view: View, found: Doubt) -> Decision:
    permit = facts.permit
    if not found.confirmable:
        return closed(found.code, f"{found.message}. Nothing is granted")
    if isinstance(permit, Confirm) and confirms(facts, view):
        said = f"epoch {permit.epoch} was confirmed for {permit.site}"
        if view.epoch and (view.epoch.epoch, view.epoch.site) == (permit.epoch, permit.site):
            return closed("confirmed", said, remember=_learned(facts, view, view.epoch), again=True)
        if permit.site == facts.me.site:
            return _acquire(facts, view, "confirm", said, None)
        # Told to both sites at once: that one has a lease to wait for first. What waits here never opens this site.
        return closed("doubt-confirmed", f"{said}: waiting until the epoch store shows that ({found.message})")
    return closed(found.code, f"{found.message}. Closed until the peer site or two people confirm the epoch")


def _not_founded(facts: Facts) -> Decision:
    if facts.permit == FOUND and facts.me.designation == "primary" and facts.view.holder is None:
        return closed("founding", "no epoch anywhere: epoch 1 begins here", act="found", again=True)
    return closed("not-founded", "no epoch yet: waiting for the founding permit of the primary site")


def _learned(facts: Facts, view: View, epoch: Epoch) -> Optional[Memory]:
    """What the volume is to remember from now on; None: it knows all of it. Only ever called with nothing in doubt."""
    learned = Memory(facts.me.region, epoch.epoch, epoch.site, view.revision, view.term or facts.memory.term)
    return learned if learned != facts.memory else None


def _weaker(facts: Facts) -> Decision:
    """Without a witness nothing tells a cut from the loss of the other site: nothing closes on a cut, and the message says so."""
    memory, top = facts.memory, highest(facts)
    if memory.epoch == 0 and top is None:
        if facts.permit == FOUND and facts.me.designation == "primary":
            return closed("founding", "no epoch anywhere: epoch 1 begins here", remember=Memory(facts.me.region, 1, facts.me.site), again=True)
        return closed("not-founded", "no epoch yet: waiting for the founding permit of the primary site")
    if memory.epoch == 0 and top is not None and (top.source, top.site) == ("database", facts.me.site):
        said = f"this volume's memory was lost; the data know epoch {top.epoch}, of this site"
        return closed("learned", said, remember=Memory(facts.me.region, top.epoch, top.site), again=True)
    permit = facts.permit
    if isinstance(permit, Confirm) and confirms(facts) and (permit.epoch, permit.site) != (memory.epoch, memory.site):
        confirmed = replace(memory, region=facts.me.region, epoch=permit.epoch, site=permit.site)
        return closed("confirmed", f"epoch {permit.epoch} of {permit.site} was confirmed", remember=confirmed, again=True)
    if memory.site != facts.me.site or memory.epoch == 0:
        return closed("other-site", f"epoch {memory.epoch} is of {memory.site or 'nobody'}: this site stands by")
    against = next((one for one in facts.known if one.epoch > memory.epoch or (one.epoch == memory.epoch and one.site != memory.site)), None)
    if against:
        said = f"this volume knows epoch {memory.epoch}, but {against.source} knows epoch {against.epoch} ({against.site})"
        return closed("doubt-older", f"{said}. Closed until the peer site or two people confirm the epoch")
    ending = to_be_closed(facts, memory.epoch)
    if ending and facts.idle:
        return _ended(memory.epoch)
    until = facts.now + facts.me.ttl - facts.me.margin
    said = f"epoch {memory.epoch}: open WITHOUT a witness: a cut between the sites closes nothing, and two sites may be open after a forced failover"
    return Decision("open", until, "closing" if ending else "weaker", said)


# With these, what was permitted is still due, or nobody can tell yet.
PENDING = ("waiting", "acquiring", "founding", "promoting", "raced", "silent", "expired", "leased-silent", "not-founded", "doubt-confirmed")


def permit_is_void(facts: Facts, decision: Decision) -> bool:
    """A permit counts for the situation it was given in: one that is used, or not needed, must not wait for a worse one."""
    return facts.permit is not None and decision.code not in PENDING
