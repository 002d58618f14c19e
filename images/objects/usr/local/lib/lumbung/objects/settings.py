"""Where everything is, what the inventory tells, and the epoch in force."""

import json
import os
from pathlib import Path

CONFIG = Path(os.environ.get("LUMBUNG_CONFIG", "/config")) / "current"
DATA = Path("/data")
RUN = Path("/run/lumbung")
EPOCH = DATA / "epoch"
TLS = CONFIG / "tls"
ENGINE = ("127.0.0.1", 8334)
# Below this much room the store takes nothing more: reads, locks and the engine's own books still need some.
RESERVE_SHARE = 0.05
RESERVE_BYTES = 1024**3


class Wrong(Exception):
    """What was told cannot be done; the text says what to do."""


def settings():
    return json.loads((CONFIG / "objects.json").read_text())


def copied(told):
    """The buckets that come from the other site; each site keeps the content of the others for itself (design D9)."""
    return [bucket for bucket in told["buckets"] if bucket.get("copied", True)]


def identities():
    return json.loads((CONFIG / "identities.json").read_text())


def epoch():
    """The epoch in force: 1 until a switch wrote another. Raises Wrong for a file that holds none."""
    try:
        told = EPOCH.read_text().strip()
    except FileNotFoundError:
        return 1
    if not told.isdecimal() or int(told) < 1:
        raise Wrong(f"{EPOCH}: expected a whole number from 1, found {told[:20]!r}. Hint: write the region's epoch with /usr/local/lib/lumbung/epoch N")
    return int(told)


def write(path, content, mode=0o644):
    """Whole or not at all, also when the power goes."""
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    os.replace(new, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def room(stat=None):
    """Bytes free and bytes that must stay free."""
    stat = stat or os.statvfs(DATA)
    whole = stat.f_blocks * stat.f_frsize
    return stat.f_bavail * stat.f_frsize, int(min(whole * RESERVE_SHARE, RESERVE_BYTES))


def size(count):
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
