"""What must change in a zone so that it is as declared: pure, no network, no file, no clock.

The zone as it is and the zone as declared come in as the same kind of records, in canonical text. The address records of
names that the runbooks own are left out on both sides: nothing here can move the active site. So are the texts of names that
`ops` owns, under which it publishes the heads of evidence.
"""

from typing import NamedTuple

ADDRESSES = frozenset({"A", "AAAA"})
# Made by the server, or changed with the SOA: never in a plan.
SERVERS_OWN = frozenset(
    {"SOA", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY", "ZONEMD"}
)
# A smaller zone may change as it likes; a larger one keeps more than this share of its records, unless that is declared.
GUARDED_FROM = 10
LARGEST_REMOVAL = 0.5


class Record(NamedTuple):
    """Names with final dot, lower case; data in canonical presentation format."""

    name: str
    type: str
    ttl: int
    data: str


class Change(NamedTuple):
    """All changes at one name: they go together, because a CNAME stands alone."""

    name: str
    removals: tuple
    additions: tuple

    @property
    def message(self):
        words = [f"- {r.name} {r.ttl} {r.type} {r.data}" for r in self.removals]
        return "\n".join(words + [f"+ {r.name} {r.ttl} {r.type} {r.data}" for r in self.additions])


class Refused(Exception):
    """The plan would remove more than a slip of the pen should be able to."""


def plan(live, declared, runbook_names, allow_removals=False, text_names=frozenset()):
    """The list of changes, by name, that makes `live` what is `declared`. Empty: nothing to do.

    Raises ValueError where the declaration holds what it must not, Refused where too much would go.
    """
    wanted = _ours(declared, runbook_names, text_names, strict=True)
    have = _ours(live, runbook_names, text_names, strict=False)
    changes = []
    for name in sorted(wanted.keys() | have.keys()):
        removals, additions = _difference(have.get(name, set()), wanted.get(name, set()))
        if removals or additions:
            changes.append(Change(name, tuple(sorted(removals)), tuple(sorted(additions))))
    if not allow_removals:
        _guard(changes, sum(len(records) for records in have.values()))
    return changes


def split(changes, apex):
    """The changes in two lists: those that update messages can do, in the form that they take, and those that they can not.

    - The zone's own name servers: the last of them can not be removed (RFC 2136, 3.4.2.4), so their TTL could never change.
    - A CNAME in the place of other records: Knot 3.4 answers NOERROR and ends with neither.
    - A CNAME in the place of a CNAME is an addition alone (RFC 2136, 3.4.2.2): with the removal in the same message Knot 3.4
      answers NOERROR and ends with neither.
    """
    by_update, by_transaction = [], []
    for change in changes:
        servers = _part(change, lambda one: one.type == "NS" and one.name == apex)
        rest = _part(change, lambda one: not (one.type == "NS" and one.name == apex))
        if servers:
            by_transaction.append(servers)
        if not rest:
            continue
        if not any(one.type == "CNAME" for one in rest.additions):
            by_update.append(rest)
        elif all(one.type == "CNAME" for one in rest.removals):
            by_update.append(rest._replace(removals=()))
        else:
            by_transaction.append(rest)
    return by_update, by_transaction


def _part(change, wanted):
    """The part of a change that is wanted, or None if that is nothing."""
    cut = Change(change.name, tuple(filter(wanted, change.removals)), tuple(filter(wanted, change.additions)))
    return cut if cut.removals or cut.additions else None


def messages(changes, limit):
    """The changes cut into lists of at most `limit` records each; what is at one name stays together."""
    lot, size = [], 0
    for change in changes:
        weight = len(change.removals) + len(change.additions)
        if lot and size + weight > limit:
            yield lot
            lot, size = [], 0
        lot.append(change)
        size += weight
    if lot:
        yield lot


def unaddressed(live, runbook_names):
    """Names of the runbooks that have no address in `live`, in order."""
    having = {record.name for record in live if record.type in ADDRESSES}
    return [name for name in sorted(runbook_names) if name not in having]


def moved(live, runbook_names, wanted, ttl):
    """The list of changes, by name, that gives every name of the runbooks these addresses and no others. wanted: (type, data) of each. Empty: nothing to do."""
    changes = []
    for name in sorted(runbook_names):
        have = {record for record in live if record.name == name and record.type in ADDRESSES}
        want = {Record(name, kind, ttl, data) for kind, data in wanted}
        if have != want:
            changes.append(Change(name, tuple(sorted(have - want)), tuple(sorted(want - have))))
    return changes


def _ours(records, runbook_names, text_names, strict):
    by_name = {}
    for record in records:
        if record.type in SERVERS_OWN:
            if strict:
                raise ValueError(f"{record.name} {record.type}: this type belongs to the server, not to the inventory")
            continue
        if record.type in ADDRESSES and record.name in runbook_names:
            if strict:
                raise ValueError(f"{record.name} {record.type}: the addresses of this name belong to the runbooks")
            continue
        if record.type == "TXT" and record.name in text_names:
            if strict:
                raise ValueError(f"{record.name} TXT: the texts of this name belong to ops")
            continue
        by_name.setdefault(record.name, set()).add(record)
    if strict:
        _one_ttl_each(by_name)
    return by_name


def _one_ttl_each(by_name):
    """RFC 2181, 5.2: the records of a set have one TTL."""
    for name, records in by_name.items():
        ttls = {}
        for record in records:
            if ttls.setdefault(record.type, record.ttl) != record.ttl:
                raise ValueError(f"{name} {record.type}: records of one set are declared with different TTLs")


def _difference(have, wanted):
    """Another TTL makes another record: the old one goes in the same message, for the server ignores an added record that it
    has with another TTL."""
    return have - wanted, wanted - have


def _guard(changes, existing):
    gone = sum(1 for change in changes for record in change.removals if not _stays(record, change.additions))
    if existing < GUARDED_FROM or gone <= existing * LARGEST_REMOVAL:
        return
    raise Refused(
        f"the declaration would remove {gone} of {existing} records (more than {LARGEST_REMOVAL:.0%}): nothing was changed"
    )


def _stays(record, additions):
    """A new TTL or new data for the same name and type is a change, not a loss."""
    return any(added.type == record.type for added in additions)
