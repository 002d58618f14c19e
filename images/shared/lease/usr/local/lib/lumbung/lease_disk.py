"""The files of a keeper: this volume's memory, permits, and what others know. Every path is handed in."""
import contextlib
import json
import os

import lease_file
from guard_files import sync_folder, write_durably
from lease_types import FOUND, Alone, Confirm, Known, Memory, Promote


def parse_permit(text):
    """`found`, `confirm <epoch> <site>`, `promote <epoch> [<by>]`, `alone <epoch>`, or None for anything else."""
    words = text.split()
    if words == [FOUND]:
        return FOUND
    kind, epoch, rest = (words + ["", ""])[0], (words + ["", ""])[1], words[2:]
    if not (epoch.isdecimal() and int(epoch) > 0):
        return None
    made = {"confirm": Confirm, "promote": Promote, "alone": Alone}.get(kind)
    fits = len(rest) in {"confirm": (1,), "promote": (0, 1), "alone": (0,)}.get(kind, ())
    return made(int(epoch), *rest) if fits else None


def read_json(path):
    """The file's JSON; None if there is none. A broken file is an error, never `nothing`."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


class Disk:
    """identity: folder that outlives the workload. run: folder that does not.

    <identity>/lease.json         memory
    <identity>/lease-permit       what a person, or the first `lumbung up`, permitted; taken away when used or void
    <identity>/lease-closing      the epoch that this guard was told to end; taken away when a later one has begun
    <identity>/sync-relaxed       the epoch in which people let commits go on without the other site; taken away when they end that, or a later one has begun
    <run>/epoch-known/<source>    {"epoch": N, "site": "dc"}: what the guard read in its database, or was told by the other site
    """

    def __init__(self, identity, run):
        self.memory_path = identity + "/lease.json"
        self.permit_path = identity + "/lease-permit"
        self.closing_path = identity + "/lease-closing"
        self.relaxed_path = identity + "/sync-relaxed"
        self.known_path = run + "/epoch-known"
        self.run = run

    def read_memory(self):
        return Memory(**(read_json(self.memory_path) or {}))

    def write_memory(self, memory):
        write_durably(self.memory_path, json.dumps(memory.__dict__) + "\n")

    def known(self):
        sources = sorted(os.listdir(self.known_path)) if os.path.isdir(self.known_path) else []
        found = [(source, read_json(f"{self.known_path}/{source}")) for source in sources if not source.endswith(".new")]
        return tuple(Known(source, content["epoch"], content["site"]) for source, content in found if content)

    def read_permit(self):
        return parse_permit(self.permit_text() or "")

    def permit_text(self):
        """As it was given; None: none waits."""
        try:
            with open(self.permit_path, encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return None

    def give_permit(self, text):
        write_durably(self.permit_path, text + "\n")

    def use_permit(self):
        forget(self.permit_path)

    def read_closing(self):
        """The epoch that is to end; 0: none."""
        try:
            with open(self.closing_path, encoding="utf-8") as file:
                return int(file.read())
        except FileNotFoundError:
            return 0

    def order_closing(self, epoch):
        write_durably(self.closing_path, f"{epoch}\n")

    def forget_closing(self):
        forget(self.closing_path)

    def relax(self, epoch):
        write_durably(self.relaxed_path, f"{epoch}\n")

    def tighten(self):
        forget(self.relaxed_path)

    def is_relaxed(self):
        return os.path.exists(self.relaxed_path)

    def void_relaxed(self, epoch):
        """Takes back what was let in an epoch before this one. Whether it did."""
        try:
            with open(self.relaxed_path, encoding="utf-8") as file:
                given = file.read().strip()
        except FileNotFoundError:
            return False
        # What is no number was not given by this door: commits wait rather than not.
        if given.isdecimal() and int(given) >= epoch:
            return False
        self.tighten()
        return True

    def idle(self):
        """No engine here takes writes."""
        return lease_file.is_exempt(self.run)


def begin_first(identity, record, memory, founds):
    """Where nobody knows of an epoch the first one begins with the founding of a primary's data, or with a primary from before there were leases.

    record: as lease_file.read_lease. memory: what the founding guard remembers. founds: whether a person permitted it to found.
    """
    from_before = (memory.get("state"), memory.get("role")) == ("data", "primary") and not os.path.exists(identity + "/lease.json")
    if (founds or from_before) and record["code"] == "not-founded":
        write_durably(identity + "/lease-permit", FOUND + "\n")


def forget(path):
    """Durably: what was taken back must not come again with the power."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
        sync_folder(os.path.dirname(path))
