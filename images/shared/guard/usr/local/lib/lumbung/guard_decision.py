"""What a database's workload may do with the data volume that it finds (design D3). Pure: facts in, decision out.

One for PostgreSQL and MariaDB.

An engine never initialises an empty volume where the region's data exist elsewhere, and never guesses. Facts:

data      what lies in the data volume: "empty", "whole", or "partial" (neither: a copy or a founding that was cut off)
memory    what the identity volume remembers: "never" (no data yet), "founding" and "cloning" (begun, not confirmed),
          "founded" (initialised, never seen open), "data" (this site has had the region's data)
fits      False if the data or the memory are of another region or of another database cluster; `misfit` says which
site      designation of this site: "primary" or "recovery"
peer      the other site's server: "none" (none declared), "silent" (no answer), "foreign" (answers, but is of another
          region or cluster), "empty" (answers, no data), "standby" (has the region's data, is not the primary), "primary"
permit    what a person permitted: None, "found", "reseed", or "rejoin" (what lies here was proven to be of the other site's history)
"""
from dataclasses import dataclass
from typing import Optional

DATA = ("empty", "whole", "partial")
MEMORY = ("never", "founding", "founded", "cloning", "data")
SITE = ("primary", "recovery")
PEER = ("none", "silent", "foreign", "empty", "standby", "primary")
PERMIT = (None, "found", "reseed", "rejoin")


@dataclass(frozen=True)
class Facts:
    data: str
    memory: str
    site: str
    peer: str
    permit: Optional[str] = None
    fits: bool = True
    misfit: str = ""


@dataclass(frozen=True)
class Decision:
    """action: start, clone, found, rejoin, wait or refuse. code: stable, for translation. message: one line for a person."""

    action: str
    code: str
    message: str


@dataclass(frozen=True)
class Names:
    """How the messages call things."""

    region: str
    site: str
    workload: str
    peer: str


def decide(facts: Facts, names: Names) -> Decision:
    """The decision. The first rule that applies, from the top."""
    if not facts.fits:
        return Decision("refuse", "misfit", f"{facts.misfit}. Nothing is touched. {_ways_out(names)}")
    if facts.permit == "reseed" or facts.memory == "cloning":
        return _copy(facts, names)
    if facts.memory == "founding":
        return _found_again(facts, names)
    if facts.data == "whole" and facts.permit == "rejoin" and facts.memory == "data":
        return _rejoin(facts, names)
    if facts.data == "whole":
        return Decision("start", "start", "data present")
    if facts.data == "partial":
        return Decision("refuse", "partial", f"the data volume is neither empty nor whole. {_ways_out(names)}")
    if facts.memory == "data":
        return Decision(
            "refuse", "lost", f"the data volume is empty, but this site has had the region's data. {_ways_out(names)}"
        )
    return _first_time_primary(facts, names) if facts.site == "primary" else _first_time_recovery(facts, names)


def _ways_out(names: Names) -> str:
    target = f"--region {names.region} --site {names.site} --workload {names.workload}"
    return f"Ways out: lumbung reseed {target} (copy from {names.peer or 'the other site'}), or lumbung restore {target} (from backup)"


def _copy(facts: Facts, names: Names) -> Decision:
    """A copy from the other site was permitted or begun: whatever lies here goes, once the other site can give it."""
    if facts.peer == "primary":
        return Decision("clone", "clone", f"copying the data from {names.peer}")
    if facts.peer == "foreign":
        return Decision("refuse", "foreign", f"{names.peer} answers with data that are not this region's. Nothing is touched")
    state = {"none": "there is no other site", "silent": "does not answer", "empty": "has no data", "standby": "is not the primary"}
    return Decision("wait", "wait-source", f"a copy from {names.peer or 'the other site'} is due, but it {state[facts.peer]}")


def _rejoin(facts: Facts, names: Names) -> Decision:
    """Nothing is thrown away: what does not fit is refused by the engine itself."""
    if facts.peer == "primary":
        return Decision("rejoin", "rejoin", f"starting as a standby of {names.peer}")
    return Decision("wait", "wait-source", f"to become a standby of {names.peer or 'the other site'} is permitted, but it is not seen to be the primary")


def _found_again(facts: Facts, names: Names) -> Decision:
    """The founding was cut off before the server was ever open: nobody's data are lost by beginning again."""
    if facts.peer in ("standby", "primary", "foreign"):
        return _refuse_beside_data(facts, names)
    return Decision("found", "found", "initialising again: the first founding was cut off")


def _first_time_primary(facts: Facts, names: Names) -> Decision:
    if facts.peer in ("standby", "primary", "foreign"):
        return _refuse_beside_data(facts, names)
    if facts.permit == "found":
        return Decision("found", "found", "initialising a new, empty server")
    return Decision(
        "wait",
        "wait-permit",
        "no data yet: waiting for the founding permit "
        f"(lumbung up gives it to a new region, lumbung found --region {names.region} --site {names.site} --workload {names.workload} by hand)",
    )


def _first_time_recovery(facts: Facts, names: Names) -> Decision:
    if facts.peer == "primary":
        return Decision("clone", "clone", f"copying the data from {names.peer}")
    if facts.peer == "foreign":
        return Decision("refuse", "foreign", f"{names.peer} answers with data that are not this region's. Nothing is touched")
    state = {"none": "there is none", "silent": "it does not answer yet", "empty": "it has no data yet", "standby": "it is not the primary"}
    return Decision("wait", "wait-source", f"no data yet: waiting to copy from {names.peer or 'the other site'}; {state[facts.peer]}")


def _refuse_beside_data(facts: Facts, names: Names) -> Decision:
    if facts.peer == "foreign":
        return Decision("refuse", "foreign", f"{names.peer} answers with data that are not this region's. Nothing is touched")
    return Decision(
        "refuse", "elsewhere", f"the data volume is empty, and {names.peer} has the region's data. {_ways_out(names)}"
    )
