"""Two sites, their guards and an epoch store on a made clock, with everything that goes wrong: late answers, pauses, cuts, elections, leaders
that do not know yet that they are none, promotions, members put back from a copy. Guards are threads of which one runs at a time."""
import copy
import heapq
import random
import threading

import lease_path  # noqa: F401
from lease_rounds import Rounds, StoreSilent
from lease_types import Confirm, Epoch, Holder, Known, Me, Memory, View

TTL = 15.0


class Lie(AssertionError):
    """Two sites open at once, or one open in an epoch that is over."""


class Clockwork:
    """Runs one thread at a time, in order of when each wants to go on."""

    def __init__(self):
        self.now, self.due, self.order, self.failure, self.ended = 0.0, [], 0, None, False
        self.back = threading.Semaphore(0)

    def begin(self, work):
        turn = threading.Semaphore(0)

        def run():
            turn.acquire()
            try:
                if not self.ended:
                    work(lambda seconds: self.wait(turn, seconds))
            except StopIteration:
                pass
            except BaseException as error:  # told by the thread that runs the world
                self.failure = self.failure or error
            self.back.release()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.push(0.0, turn)
        return thread

    def push(self, at, turn):
        self.order += 1
        heapq.heappush(self.due, (at, self.order, turn))

    def wait(self, turn, seconds):
        self.push(self.now + seconds, turn)
        self.back.release()
        turn.acquire()
        if self.ended:
            raise StopIteration

    def run(self, until):
        while self.due:
            at, _, turn = heapq.heappop(self.due)
            self.now = max(self.now, at)
            self.ended = self.ended or at > until or self.failure is not None
            turn.release()
            self.back.acquire()
        if self.failure:
            raise self.failure


class Etcd:
    """What the members agree on. Leases end on time to the moment, which is the hardest for the guards."""

    def __init__(self, world):
        self.world, self.epoch, self.holder, self.leases = world, None, None, {}
        self.revision, self.term, self.deposed, self.silent_until, self.next_lease = 1, 2, (0, 0.0), 0.0, 1
        self.copies, self.other_member = [], None

    def settle(self):
        now = self.world.clockwork.now
        self.leases = {lease: end for lease, end in self.leases.items() if end > now}
        if self.holder and self.holder.lease not in self.leases:
            self.holder, self.revision = None, self.revision + 1

    def elect(self):
        """A new leader: leases are extended, and the one before may go on answering keepalives for a while."""
        self.deposed = (self.term, self.world.clockwork.now + self.world.chance.uniform(0, 30))
        self.term += 1
        extended = self.world.clockwork.now + TTL + self.world.chance.uniform(0, 3)
        self.leases = {lease: extended for lease in self.leases}

    def keep_copy(self):
        self.settle()
        self.copies.append(copy.deepcopy((self.epoch, self.holder, self.leases, self.revision, self.term)))

    def put_back(self):
        """Two of three members get an older state; the third knows better, and has no majority."""
        self.settle()
        self.other_member = self.epoch
        self.epoch, self.holder, self.leases, self.revision, self.term = copy.deepcopy(self.world.chance.choice(self.copies))
        self.elect()


class Store:
    """A guard's way to it."""

    def __init__(self, world, wait, site):
        self.world, self.etcd, self.wait, self.site = world, world.etcd, wait, site

    def ask(self, work):
        self.delay()
        self.etcd.settle()
        if self.cut():
            raise StoreSilent("made")
        answer = work()
        self.delay()
        if self.cut() or self.world.chance.random() < 0.03:
            raise StoreSilent("made")
        return answer

    def delay(self):
        """On the wire, or paused whole."""
        chance = self.world.chance
        self.wait(chance.choice((0.01, 0.1, 1.0)) * chance.random() + (chance.uniform(2, 25) if chance.random() < 0.04 else 0))

    def cut(self):
        site, until = self.world.cut
        now = self.world.clockwork.now
        return now < self.etcd.silent_until or site == self.site and now < until

    def keepalive(self, lease):
        def work():
            term, until = self.etcd.deposed
            if self.world.clockwork.now < until and self.world.chance.random() < 0.5:
                return TTL, term
            if lease not in self.etcd.leases:
                return 0.0, self.etcd.term
            self.etcd.leases[lease] = max(self.etcd.leases[lease], self.world.clockwork.now + TTL)
            return TTL, self.etcd.term
        return self.ask(work)

    def read(self):
        return self.ask(lambda: View(self.etcd.epoch, self.etcd.holder, self.etcd.revision, self.etcd.term))

    def members(self):
        one = self.etcd.other_member
        return (Known("member", one.epoch, one.site),) if one else ()

    def grant(self, ttl):
        def work():
            self.etcd.next_lease += 1
            self.etcd.leases[self.etcd.next_lease] = self.world.clockwork.now + ttl
            return self.etcd.next_lease
        return self.ask(work)

    def revoke(self, lease):
        self.ask(lambda: self.etcd.leases.pop(lease, None))
        self.etcd.settle()

    def acquire(self, revision, epoch, site, lease):
        return self.ask(lambda: self.commit(revision, Holder(epoch, site, lease), None))

    def promote(self, revision, epoch, site, region, _by, lease):
        return self.ask(lambda: self.commit(revision, Holder(epoch, site, lease), Epoch(epoch, site, region, self.etcd.revision + 1)))

    def commit(self, revision, holder, epoch):
        etcd = self.etcd
        unchanged = (etcd.epoch.mod_revision if etcd.epoch else 0) == revision
        if not unchanged or etcd.holder or holder.lease not in etcd.leases:
            return False
        self.world.alone(holder.site)
        etcd.revision += 1
        etcd.holder, etcd.epoch = holder, epoch or etcd.epoch
        if self.world.confirmed and etcd.epoch.epoch >= self.world.confirmed:
            etcd.other_member = None
        return True


class MadeDisk:
    def __init__(self):
        self.memory, self.permit = Memory(), None

    def read_memory(self):
        return self.memory

    def write_memory(self, memory):
        self.memory = memory

    def known(self):
        return ()

    def read_permit(self):
        return self.permit

    def use_permit(self):
        self.permit = None

    def read_closing(self):
        return 0

    def forget_closing(self):
        pass

    def idle(self):
        return False


class World:
    """rounds: the class under test. copies: whether members are put back from copies, too."""

    def __init__(self, seed, rounds=Rounds, margin=3.0, copies=False):
        self.chance, self.clockwork, self.rounds, self.margin, self.copies = random.Random(seed), Clockwork(), rounds, margin, copies
        self.etcd, self.open_until, self.owner, self.openings = Etcd(self), {}, {0: ""}, 0
        self.cut, self.confirmed, self.disks = ("", 0.0), 0, []
        for site, designation in (("dc", "primary"), ("drc", "recovery")):
            for number in range(self.chance.choice((1, 2))):
                self.clockwork.begin(lambda wait, at=site, as_=designation, name=number: self.guard(wait, at, as_, name))
        self.clockwork.begin(self.trouble)
        self.clockwork.begin(self.promoter)

    def run(self, seconds):
        self.clockwork.run(seconds)
        return self

    def guard(self, wait, site, designation, number):
        rate, offset = self.chance.uniform(0.96, 1.04), self.chance.uniform(0, 1e6)
        local = lambda: offset + rate * self.clockwork.now  # noqa: E731
        disk, me = MadeDisk(), Me("r1", site, designation, TTL, self.margin)
        self.disks.append(disk)
        disk.permit = "found" if (site, number) == ("dc", 0) else None
        while True:
            rounds = self.rounds(me, Store(self, wait, site), disk, local)
            while self.chance.random() > 0.02:
                decision = rounds.once()
                until = (decision.until - offset) / rate if decision.state == "open" else 0.0
                self.record((site, number), until, disk.memory.epoch)
                wait(0.2 if decision.again else TTL / 5)
            self.record((site, number), 0.0, 0)
            wait(self.chance.uniform(0, 30))

    def record(self, name, until, epoch):
        now = self.clockwork.now
        self.open_until[name] = until
        if until <= now:
            return
        self.openings += 1
        self.alone(name[0])
        highest = max(self.owner)
        if epoch < highest or self.owner.setdefault(epoch, name[0]) != name[0]:
            raise Lie(f"at {now:.3f} {name} opens epoch {epoch}, and epoch {highest} of {self.owner[highest]} was open before")

    def alone(self, site):
        """Whoever is given the lease, or opens by it: nobody of another site is open."""
        now = self.clockwork.now
        also = [other for other, end in self.open_until.items() if other[0] != site and end > now]
        if also:
            raise Lie(f"at {now:.3f} the lease is with {site}, and {also[0]} is open")

    def trouble(self, wait):
        while True:
            wait(self.chance.uniform(1, 20))
            what = self.chance.choice(("elect", "elect", "silent", "cut", "cut", "cut", "copy", "back"))
            if what == "elect":
                self.etcd.elect()
            elif what == "silent":
                self.etcd.silent_until = self.clockwork.now + self.chance.uniform(1, 40)
                wait(self.etcd.silent_until - self.clockwork.now)
                self.etcd.elect()
            elif what == "cut":
                self.cut = (self.chance.choice(("dc", "drc")), self.clockwork.now + self.chance.uniform(1, 60))
            elif what == "copy":
                self.etcd.keep_copy()
            elif self.copies and self.etcd.copies and self.etcd.other_member is None:
                self.etcd.put_back()
                wait(self.chance.uniform(0, 60))
                self.confirmed = max(self.owner) + 2
                site = self.chance.choice(("dc", "drc"))
                for disk in self.disks:
                    disk.permit = Confirm(self.confirmed, site)

    def promoter(self, wait):
        """Tries at once whenever nobody holds the lease: what is safe must not hang on its patience."""
        store = Store(self, wait, "promoter")
        while True:
            wait(self.chance.uniform(0, 0.5))
            try:
                view = store.read()
                # A short outage of the active site is waited for; a person would never promote over a store that was put back.
                if view.epoch is None or view.holder is not None or self.etcd.other_member is not None or self.chance.random() < 0.5:
                    continue
                site = "drc" if view.epoch.site == "dc" else "dc"
                store.promote(view.epoch.mod_revision, view.epoch.epoch + 1, site, "r1", "trial", store.grant(TTL))
            except StoreSilent:
                continue
