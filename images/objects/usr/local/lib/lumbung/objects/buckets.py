"""Brings the buckets to what the inventory declares. What is planned is pure; nothing here deletes, shortens or suspends.

A bucket that is no longer declared stays and is named. A lock of a version that exists never changes: only what new versions get does.
"""

from dataclasses import dataclass

from s3 import ElementTree, Refused, text


@dataclass(frozen=True)
class Kept:
    """A bucket as it is: `lock_days` 0 where new versions get no lock."""

    versioning: bool
    lock_days: int


@dataclass(frozen=True)
class Step:
    message: str
    method: str
    path: str
    query: tuple = ()
    headers: tuple = ()
    body: bytes = b""


VERSIONING = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"


def lock_body(days):
    rule = f"<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>{days}</Days></DefaultRetention></Rule>"
    return f"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>{rule}</ObjectLockConfiguration>".encode()


def plan(declared, existing):
    """Steps to take and remarks for people, from declared buckets and {name: Kept}."""
    steps, remarks = [], []
    for bucket in declared:
        name, days = bucket["id"], bucket["lockDays"]
        kept = existing.get(name)
        if kept is None:
            lock = (("x-amz-bucket-object-lock-enabled", "true"),) if days else ()
            steps.append(Step(f"+ bucket {name}", "PUT", f"/{name}", headers=lock))
            kept = Kept(False, 0)
        # A copy needs versions to follow, and a lock needs them to hold.
        if not kept.versioning and (bucket["versioning"] or days):
            steps.append(Step(f"{name}: versions are kept", "PUT", f"/{name}", (("versioning", ""),), body=VERSIONING))
        if kept.versioning and not bucket["versioning"] and not days:
            remarks.append(f"{name}: declared without versions, has them and keeps them")
        if days and days != kept.lock_days:
            steps.append(Step(f"{name}: new versions are locked for {days} days (before: {kept.lock_days})", "PUT", f"/{name}", (("object-lock", ""),), body=lock_body(days)))
        if kept.lock_days and not days:
            remarks.append(f"{name}: declared without a lock, locks {kept.lock_days} days and keeps doing so")
    names = {bucket["id"] for bucket in declared}
    remarks += [f"{name}: not declared, kept; nobody reaches it" for name in sorted(existing) if name not in names]
    return steps, remarks


def existing(store):
    return {name: look(store, name) for name in store.buckets()}


def look(store, name):
    status = text(ElementTree.fromstring(store.call("GET", f"/{name}", [("versioning", "")])[2]), "Status")
    try:
        root = ElementTree.fromstring(store.call("GET", f"/{name}", [("object-lock", "")])[2])
    except Refused as error:
        if error.status != 404:
            raise
        return Kept(status == "Enabled", 0)
    days = [one.text for one in root.iter() if one.tag.endswith("Days")]
    return Kept(status == "Enabled", int(days[0]) if days else 0)


def reconcile(store, declared, say):
    """Takes the steps, believes no answer, and returns the remarks. Raises Failed."""
    steps, remarks = plan(declared, existing(store))
    for step in steps:
        store.call(step.method, step.path, step.query, dict(step.headers), step.body)
        say(step.message)
    if steps:
        left, remarks = plan(declared, existing(store))
        if left:
            raise Refused(200, "NotApplied", f"the engine took the changes and lacks them: {left[0].message}")
    return remarks
