"""The facts that the founding guard decides by, for MariaDB: from the volumes, and from the other site's agent."""
import http.client
import json
import os
import socket
import ssl

import guard_files
from guard_decision import Facts

CONFIG = os.environ.get("LUMBUNG_CONFIG", "/config") + "/current"
IDENTITY = os.environ.get("LUMBUNG_IDENTITY", "/identity")
VOLUME = os.environ.get("LUMBUNG_DATA", "/var/lib/mysql")
DATA = VOLUME + "/data"
MEMORY_FILE = IDENTITY + "/identity.json"
PERMIT = IDENTITY + "/permit"
# There while people let commits go on without the other site, though `sync` is declared (lease_door).
RELAXED = IDENTITY + "/sync-relaxed"
AGENT_PORT = 8008
PEER_TIMEOUT_SECONDS = 3


def marker_file(folder=None):
    """Whose data these are: written when a founding or a copy is complete. Goes and comes with the data."""
    return (folder or DATA) + "/.lumbung.json"


def read_settings():
    return guard_files.read_settings(CONFIG + "/guard.env")


def read_memory():
    return guard_files.read_memory(MEMORY_FILE)


def remember(memory):
    guard_files.write_durably(MEMORY_FILE, json.dumps(memory, indent=2) + "\n")


def read_marker(folder=None):
    return guard_files.read_memory(marker_file(folder))


def write_marker(marker, folder=None):
    guard_files.write_durably(marker_file(folder), json.dumps(marker, indent=2) + "\n")


def data_state(folder=None):
    """Only a marked folder is whole: MariaDB's own files say nothing of a copy that was cut off."""
    folder = folder or DATA
    if not os.path.isdir(folder) or not os.listdir(folder):
        return "empty"
    whole = os.path.exists(marker_file(folder)) and os.path.isdir(folder + "/mysql") and os.path.exists(folder + "/ibdata1")
    return "whole" if whole else "partial"


def connect_peer(settings, timeout):
    """A connection to the other site's agent: TLS with its name verified, our own certificate shown."""
    return http.client.HTTPSConnection(
        settings["PEER_HOST_NAME"], AGENT_PORT, timeout=timeout, context=guard_files.client_tls(CONFIG)
    )


def ask_peer(settings):
    """What the other site's agent says of itself, or None if nothing."""
    if not settings.get("PEER_HOST_NAME"):
        return None
    try:
        connection = connect_peer(settings, PEER_TIMEOUT_SECONDS)
        try:
            connection.request("GET", "/mariadb")
            answer = json.load(connection.getresponse())
            return answer if isinstance(answer, dict) else None
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError, ssl.SSLError, socket.timeout):
        return None


def peer_state(answer, region, system):
    """The other site as the decision wants it. `system` is the identifier of the data that this site has or had, if known."""
    if answer is None:
        return "silent"
    if answer.get("region") != region:
        return "foreign"
    its = answer.get("system")
    if not its:
        return "empty"
    if system and its != system:
        return "foreign"
    return "primary" if answer.get("role") == "primary" and answer.get("state") == "running" else "standby"


def misfit_of(settings, memory, marker):
    """Why data or memory cannot be this region's; empty if they can."""
    region = settings["REGION_IDENTITY"]
    if memory.get("region") not in (None, region):
        return f"the identity volume is of region {memory['region']}, expected {region}"
    if marker.get("region") not in (None, region):
        return f"the data volume is of region {marker['region']}, expected {region}"
    known, found = memory.get("system"), marker.get("system")
    if memory.get("state") == "data" and known and found and known != found:
        return f"the data volume is of server {found}, expected {known}"
    return ""


def gather(settings, memory):
    data = data_state()
    marker = read_marker() if data == "whole" else {}
    state = memory.get("state", "never")
    permit = guard_files.read_permit(PERMIT)
    misfit = misfit_of(settings, memory, marker)
    # The other site matters only where this one may not simply start: it must be able to come up alone.
    starts = data == "whole" and permit != "reseed" and state not in ("founding", "cloning")
    peer = "none"
    if settings.get("PEER_HOST_NAME") and not starts:
        peer = peer_state(ask_peer(settings), settings["REGION_IDENTITY"], memory.get("system"))
    return Facts(data, state, settings["DESIGNATION"], peer, permit, not misfit, misfit)


def role_of(memory, marker):
    """What this server is: as the identity volume remembers or, where that was lost, the data. `closed` where neither does."""
    role = memory.get("role") or marker.get("role")
    return role if role in ("primary", "standby", "closed") else "closed"


def free_bytes():
    space = os.statvfs(VOLUME)
    return space.f_bavail * space.f_frsize, space.f_blocks * space.f_frsize


def used_bytes(folder):
    total = 0
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(at, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total
