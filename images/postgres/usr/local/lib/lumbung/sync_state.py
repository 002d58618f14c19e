"""Whether commits of a server that is declared `sync` wait for the other site (design D8): what Patroni is told, and what is made of what PostgreSQL says. Pure
but for the files, whose folders are handed in.

patroni.yml names the other site's standby in `synchronous_standby_names`, always. Where people let commits go on without it (`wait` at the guard's door, for one
epoch) the file 30-sync.yml beside it puts an empty list above that one. What is lost or cannot be read therefore waits.
"""
import json
import os
from dataclasses import dataclass

from guard_files import write_durably

# A standby reports every second (wal_receiver_status_interval); one that is paused or cut off stays in the primary's list for a while.
SILENT_SECONDS = 5
OVERLAY = "/30-sync.yml"


def mode_of(settings, identity):
    """`required`, `relaxed`, or None where nothing is declared to wait, or there is nobody to wait for. settings: guard.env."""
    if settings.get("MODE") != "sync" or not settings.get("PEER_SITE"):
        return None
    return "relaxed" if os.path.exists(identity + "/sync-relaxed") else "required"


def names_for(mode, settings):
    """What `synchronous_standby_names` must be, as components/postgres/parameters.ts writes it."""
    return '"' + settings["PEER_SITE"].replace('"', '""') + '"' if mode == "required" else ""


def overlay(mode):
    """What Patroni reads after patroni.yml. The tag is shown to whoever asks Patroni."""
    if mode is None:
        return {}
    relaxed = {"postgresql": {"parameters": {"synchronous_standby_names": ""}}} if mode == "relaxed" else {}
    return {"tags": {"lumbung_sync": mode}, **relaxed}


def write_overlay(folder, mode):
    """Whether it changed."""
    text = json.dumps(overlay(mode)) + "\n"
    try:
        with open(folder + OVERLAY, encoding="utf-8") as file:
            if file.read() == text:
                return False
    except FileNotFoundError:
        pass
    write_durably(folder + OVERLAY, text)
    return True


@dataclass(frozen=True)
class Answer:
    """Of PostgreSQL itself. standby: what its synchronous standby said last (any text that changes when it speaks); None: none streams."""
    names: str
    recovering: bool
    standby: str | None
    waiting: int


@dataclass(frozen=True)
class Heard:
    """When the standby was last heard, by this machine's own clock: the other site's is not to be trusted with it."""
    said: str | None = None
    at: float = float("-inf")


def hear(heard, answer, now):
    if answer is None or answer.standby is None:
        return Heard()
    return heard if heard.said == answer.standby else Heard(answer.standby, now)


def state_of(answer, heard, now):
    """{waits, satisfied, waiting}: whether commits wait, whether a standby confirms them now, how many wait. None: it does not say, or is no primary."""
    if answer is None or answer.recovering:
        return {"waits": None, "satisfied": None, "waiting": None}
    return {"waits": answer.names != "", "satisfied": answer.names != "" and now - heard.at < SILENT_SECONDS, "waiting": answer.waiting}


def remark_of(mode, state, peer):
    """For the health script: `well`, `note …` or `fail …`."""
    if state["waits"] and not state["satisfied"]:
        return f"fail writes wait: {peer} is away (sync)"
    if state["waits"] is False and mode == "required":
        return "fail does not wait for the other site yet though sync is declared"
    if mode == "relaxed":
        return "note does not wait for the other site though sync is declared: people let it"
    return "well"
