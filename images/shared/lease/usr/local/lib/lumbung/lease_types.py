"""What a guard of the lease reasons with: the store's two keys, this volume's memory, what others know, and the decision."""
from dataclasses import dataclass
from typing import Optional, Tuple, Union

NEVER = float("-inf")


@dataclass(frozen=True)
class Me:
    """The guard. region: the region's identity. witness: False where the region has no epoch store. Seconds for ttl and margin."""

    region: str
    site: str
    designation: str
    ttl: float
    margin: float
    witness: bool = True


@dataclass(frozen=True)
class Epoch:
    """`/lumbung/<region>/epoch`: changed only by a promotion, a founding, or what people confirmed."""

    epoch: int
    site: str
    region: str
    mod_revision: int


@dataclass(frozen=True)
class Holder:
    """`/lumbung/<region>/holder`: attached to the lease that every guard of the site shares."""

    epoch: int
    site: str
    lease: int


@dataclass(frozen=True)
class View:
    """The keys as a linearizable transaction read them. revision and term (raft) never fall in a store that lost nothing.

    ended: the epoch (`/lumbung/<region>/ended`) whose last guard said that all of them are closed, and that nobody opened again; 0: none.
    """

    epoch: Optional[Epoch]
    holder: Optional[Holder]
    revision: int
    term: int
    ended: int = 0


@dataclass(frozen=True)
class Proof:
    """A keepalive's answer. asked_at: this guard's clock BEFORE it was sent. ttl 0: the lease is gone. term: as `View.term`."""

    lease: int
    ttl: float
    term: int
    asked_at: float


@dataclass(frozen=True)
class Memory:
    """What this volume remembers. epoch 0: it never knew one. alone: the epoch that people let begin without the store; 0: none."""

    region: str = ""
    epoch: int = 0
    site: str = ""
    revision: int = 0
    term: int = 0
    alone: int = 0


@dataclass(frozen=True)
class Known:
    """An epoch that somebody else knows. source: `database`, `peer`, or a member of the store asked alone."""

    source: str
    epoch: int
    site: str


@dataclass(frozen=True)
class Confirm:
    """What the peer site or two people confirmed: this is the epoch, and this site has it."""

    epoch: int
    site: str


@dataclass(frozen=True)
class Promote:
    """This site is to have the epoch that comes next, which is this one. by: who asked for it, for people who read the store."""

    epoch: int
    by: str = "promotion"


@dataclass(frozen=True)
class Alone:
    """Two people attest that the other site is fenced: this site has this epoch, though the store has no majority."""

    epoch: int


FOUND = "found"
Permit = Union[None, str, Confirm, Promote, Alone]


@dataclass(frozen=True)
class Facts:
    """now, deadline, absent_since: this guard's clock. deadline: until when it is open by what was proven before, or NEVER.

    closing: the epoch that this guard was told to end; 0: none. idle: no engine here takes writes.
    """

    me: Me
    now: float
    deadline: float = NEVER
    memory: Memory = Memory()
    known: Tuple[Known, ...] = ()
    view: Optional[View] = None
    proof: Optional[Proof] = None
    absent_since: Optional[float] = None
    permit: Permit = None
    closing: int = 0
    idle: bool = True


@dataclass(frozen=True)
class Decision:
    """state: open or closed. until: deadline where open. code: stable, for translation. message: one line for a person.

    remember: memory to keep before anything else is done. act: None, or what to ask of the store: `acquire` (hold the epoch that it
    shows), `found` (epoch 1), `confirm` and `promote` (the epoch of the permit), `take-up` (that of the memory). again: look anew at once,
    without waiting for the next round.
    """

    state: str
    until: float
    code: str
    message: str
    remember: Optional[Memory] = None
    act: Optional[str] = None
    again: bool = False
