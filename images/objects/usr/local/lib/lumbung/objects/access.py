"""Who may do what, from identities and epoch: pure. The engine is told rights and secrets, HAProxy which key is of which bucket.

Only the epoch in force has keys: those of every other epoch are unknown at both places (design D7).
"""

from settings import Wrong

READ = ("Read", "List", "GetObjectRetention", "GetBucketObjectLockConfiguration")
WRITE = (*READ, "Write", "PutObjectRetention")
# The engine knows no right to delete that is not one to write: HAProxy lets who prunes ask for nothing else (rules.ts).
PRUNE = (*READ, "Write")
RIGHTS = {"read": READ, "copy": READ, "write": WRITE, "prune": PRUNE}


def in_force(told, epoch):
    """By use, the credentials of this epoch."""
    return {use: one for (use, _, of), one in ((name.rpartition("@"), one) for name, one in sorted(told.items())) if of == str(epoch)}


def grants(buckets, identities, epoch):
    """A list of (name, credentials, bucket or None, use), of declared buckets only. Raises Wrong where the epoch has no keys here."""
    uses = in_force(identities["identities"], epoch)
    if "admin" not in uses:
        prepared = sorted({name.rpartition("@")[2] for name in identities["identities"]})
        raise Wrong(f"no keys are prepared for epoch {epoch}, only for {', '.join(prepared)}. Hint: lumbung up prepares them")
    found = [("admin", uses["admin"], None, "admin")]
    for bucket in buckets:
        for use in ("read", "write", "prune"):
            if one := uses.get(f"{bucket['id']}/{use}"):
                found.append((f"{bucket['id']}-{use}", one, bucket["id"], use))
    if copier := identities["copiers"].get(str(epoch)):
        found.append(("copier", copier, None, "copy"))
    return found


def credentials(one):
    """What is let in: the new key and, while it is being changed, the one before."""
    return [{"accessKey": each["accessKey"], "secretKey": each["secretKey"]} for each in (one, one.get("previous")) if each]


def engine_identities(given):
    """The file that SeaweedFS reads: one identity per use, with rights on one bucket."""
    return {
        "identities": [
            {
                "name": name,
                "credentials": credentials(one),
                "actions": actions(bucket, use),
            }
            for name, one, bucket, use in given
        ]
    }


def actions(bucket, use):
    if use == "admin":
        return ["Admin"]
    return [right if bucket is None else f"{right}:{bucket}" for right in RIGHTS[use]]


def front_keys(given, epoch, full):
    """HAProxy's map. The administrator is not in it: that key is refused over the network."""
    keys = {each["accessKey"]: f"{bucket or '*'}:{use}" for _, one, bucket, use in given if use != "admin" for each in credentials(one)}
    return {**keys, ".epoch": str(epoch), **({".full": "full"} if full else {})}
