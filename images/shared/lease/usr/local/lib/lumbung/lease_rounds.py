"""One round of a keeper: prove, read, decide, remember, act. Store, disk and clock are handed in."""
from dataclasses import replace

from lease_doubt import doubt
from lease_state import closed, decide, permit_is_void
from lease_types import NEVER, Facts, Memory, Proof


class StoreSilent(Exception):
    """No member answered, or no majority stands behind those that did."""


class Rounds:
    """store: as lease_etcd.Store. disk: as lease_disk.Disk. clock: seconds, counts the time while the machine is suspended."""

    def __init__(self, me, store, disk, clock):
        self.me, self.store, self.disk, self.clock = me, store, disk, clock
        self.deadline = NEVER
        self.lease = None
        self.absent_since = None
        # What the store said last, and when: for whoever asks how things stand.
        self.view, self.seen_at = None, NEVER

    def once(self):
        """One round: the decision. `deadline` is then what it opened until."""
        proof, view = self.look() if self.me.witness else (None, None)
        disk = self.disk
        permit = disk.read_permit()
        facts = Facts(
            self.me, self.clock(), self.deadline, disk.read_memory(), disk.known(), view, proof, self.absent_since, permit,
            disk.read_closing(), disk.idle(),
        )
        self.view, self.seen_at = (view, facts.now) if view else (self.view, self.seen_at)
        decision = decide(facts)
        if self.me.witness and (decision.act or decision.state == "open" and facts.now >= facts.deadline):
            # Before it opens anew, each member alone: one that was away while the others were put back from a copy knows better than
            # their majority.
            facts = replace(facts, known=facts.known + self.store.members())
            decision = decide(facts)
        if decision.code.startswith("doubt-") or view is not None and doubt(facts, view):
            # Nobody is open by what is in doubt, and what people confirm waits until nobody holds the lease: it is left to end. A lease that a
            # store came back with would else be kept alive for ever by the site that it names, closed as that is, also while it waits for that end.
            self.lease = None
        if decision.act:
            decision = self.act(facts, decision)
        if decision.remember:
            disk.write_memory(decision.remember)
        if permit_is_void(facts, decision):
            disk.use_permit()
        if 0 < facts.closing < disk.read_memory().epoch:
            disk.forget_closing()
        self.deadline = decision.until
        return decision

    def look(self):
        """What the store says; (None, None): silent."""
        try:
            proof = self.prove() if self.lease and self.renews() else None
            view = self.store.read()
        except StoreSilent:
            return None, None
        ours = view.holder and view.holder.site == self.me.site
        self.lease = view.holder.lease if ours else None
        if view.holder:
            self.absent_since = None
        elif self.absent_since is None:
            self.absent_since = self.clock()
        return proof, view

    def renews(self):
        """Not once it was told to end the epoch and has: then the lease is to end."""
        return not (self.disk.idle() and self.disk.read_closing() == self.disk.read_memory().epoch != 0)

    def prove(self):
        """Keeps the site's lease alive. The time is taken before: what is lost on the way counts against this guard."""
        asked_at = self.clock()
        ttl, term = self.store.keepalive(self.lease)
        return Proof(self.lease, ttl, term, asked_at)

    def act(self, facts, decision):
        """Asks the store for the lease. That opens nothing by itself: the next round proves it like any other."""
        try:
            lease = self.store.grant(self.me.ttl)
            if not self.ask(facts, decision, lease):
                self.store.revoke(lease)
                return closed("raced", "the epoch store changed meanwhile: looking again", again=True)
        except StoreSilent:
            return closed("silent", "the epoch store stopped answering: closed")
        self.lease, self.absent_since = lease, None
        return decision

    def ask(self, facts, decision, lease):
        epoch, me = facts.view.epoch, self.me
        revision = epoch.mod_revision if epoch else 0
        if decision.act == "acquire":
            return self.store.acquire(revision, epoch.epoch, me.site, lease)
        if decision.act == "found":
            return self.store.promote(revision, 1, me.site, me.region, "founding", lease)
        if decision.act == "promote":
            return self.store.promote(revision, facts.permit.epoch, me.site, me.region, facts.permit.by, lease)
        if decision.act == "take-up":
            return self.store.promote(revision, facts.memory.epoch, me.site, me.region, "alone", lease)
        confirmed = facts.permit.epoch
        if not self.store.promote(revision, confirmed, me.site, me.region, "confirmed", lease):
            return False
        # What was doubted is settled: this volume forgets the revisions of the store before.
        self.disk.write_memory(Memory(me.region, confirmed, me.site))
        self.disk.use_permit()
        return True
