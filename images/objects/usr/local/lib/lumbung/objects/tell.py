"""The line that `health` prints, and what the copier's door tells: pure, from what was seen."""

from datetime import datetime, timezone

from settings import copied

KEEPER_SECONDS = 60
SLOW_SECONDS = 5.0
SKEW_SECONDS = 60


def line(seen):
    """(text, whether it is well). `seen`: epoch, role, peer, buckets, rounds, keeper, now, engine, share, problems."""
    problems = list(seen["problems"])
    keeper = seen["keeper"]
    if keeper is None or seen["now"] - keeper["at"] > KEEPER_SECONDS:
        problems.append("nobody looks after buckets, room and copies (the keeper does not run)")
        keeper = {"buckets": "", "full": "", "disk": 0.0, "copies": {}, "idle": "", "remarks": [], **(keeper or {})}
    problems += [text for text in (keeper["buckets"], keeper["full"]) if text]
    if keeper["disk"] < 0:
        problems.append("the data volume takes no write")
    elif keeper["disk"] > SLOW_SECONDS:
        problems.append(f"disk slow: {keeper['disk']:.1f} s for one small write (at most {SLOW_SECONDS:.0f} s)")
    if seen["role"] == "unknown":
        problems.append("role unknown: this site's gateway does not say whether the site is active; nothing is copied")
    parts = [f"{seen['role']}, epoch {seen['epoch']}, {len(seen['buckets'])} buckets, {seen['share']} % full"]
    if seen["role"] == "standby":
        text, late = copies(seen, keeper)
        parts.append(text)
        problems += late
    parts += keeper["remarks"]
    return "; ".join([*problems, *parts]), not problems


def copies(seen, keeper):
    """How old the copies are, and which are older than promised or could not be made."""
    if seen["peer"] is None:
        return "no other site to copy from", []
    wanted = copied(seen)
    if not wanted:
        return f"nothing is to be copied from {seen['peer']}", []
    ages = {bucket["id"]: age(seen, bucket["id"]) for bucket in wanted}
    late = []
    for bucket in wanted:
        name, rpo, why = bucket["id"], bucket["rpoSeconds"], keeper["copies"].get(bucket["id"], "") or keeper["idle"]
        if ages[name] is None:
            late.append(f"{name}: never copied whole{f' ({why})' if why else ''}")
        elif ages[name] > rpo:
            late.append(f"{name}: copy is {ages[name]} s old, at most {rpo} s are promised{f' ({why})' if why else ''}")
    skew = keeper.get("skew", 0)
    if abs(skew) > SKEW_SECONDS:
        late.append(f"clock differs from {seen['peer']}'s by {skew} s")
    known = [one for one in ages.values() if one is not None]
    return (f"copies from {seen['peer']} at most {max(known)} s old" if known else f"copies from {seen['peer']}: none yet"), late


def states(buckets, rounds, epoch):
    """As model/copies.ts has it."""
    return [{"id": f"objects:{bucket['id']}", "completeAt": moment(rounds.get(bucket["id"])), "epoch": epoch} for bucket in buckets]


def moment(began):
    """ISO 8601, never later than it was."""
    return None if began is None else datetime.fromtimestamp(int(began * 1000) / 1000, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def age(seen, bucket):
    began = seen["rounds"].get(bucket)
    return None if began is None else max(0, round(seen["now"] - began))
