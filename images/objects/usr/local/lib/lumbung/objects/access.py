"""Who may do what, from identities and epoch: pure. The engine is told rights and secrets, HAProxy which key is of which bucket.

Only the epoch in force has keys: those of every other epoch are unknown at both places (design D7). They are derived from the secrets of their uses.
"""

from keys import in_epoch
from settings import Wrong

READ = ("Read", "List", "GetObjectRetention", "GetBucketObjectLockConfiguration")
WRITE = (*READ, "Write", "PutObjectRetention")
# The engine knows no right to delete that is not one to write: HAProxy lets who prunes ask for nothing else (rules.ts).
PRUNE = (*READ, "Write")
RIGHTS = {"read": READ, "copy": READ, "write": WRITE, "prune": PRUNE}


def grants(buckets, identities, epoch):
    """A list of (name, keys that are let in, bucket or None, use), of declared buckets only. Raises Wrong where there is no administrator's secret."""
    uses = identities["identities"]
    if "admin" not in uses:
        raise Wrong("identities.json: expected the secret of admin, received none. Hint: lumbung up makes it")
    found = [("admin", in_epoch(uses["admin"], epoch), None, "admin")]
    for bucket in buckets:
        for use in ("read", "write", "prune"):
            if one := uses.get(f"{bucket['id']}/{use}"):
                found.append((f"{bucket['id']}-{use}", in_epoch(one, epoch), bucket["id"], use))
    if copier := identities.get("copier"):
        found.append(("copier", in_epoch(copier, epoch), None, "copy"))
    return found


def engine_identities(given):
    """The file that SeaweedFS reads: one identity per use, with rights on one bucket."""
    return {
        "identities": [
            {
                "name": name,
                "credentials": keys,
                "actions": actions(bucket, use),
            }
            for name, keys, bucket, use in given
        ]
    }


def actions(bucket, use):
    if use == "admin":
        return ["Admin"]
    return [right if bucket is None else f"{right}:{bucket}" for right in RIGHTS[use]]


def front_keys(given, epoch, full):
    """HAProxy's map. The administrator is not in it: that key is refused over the network."""
    known = {each["accessKey"]: f"{bucket or '*'}:{use}" for _, keys, bucket, use in given if use != "admin" for each in keys}
    return {**known, ".epoch": str(epoch), **({".full": "full"} if full else {})}
