"""The facts that the founding guard decides by, read from the volumes, from the other site, and (to forget) from etcd."""
import base64
import contextlib
import http.client
import json
import os
import struct
import urllib.error
import urllib.parse
import urllib.request

import guard_files
from guard_decision import Facts

CONFIG = os.environ.get("LUMBUNG_CONFIG", "/config") + "/current"
IDENTITY = os.environ.get("LUMBUNG_IDENTITY", "/identity")
PGDATA = os.environ.get("LUMBUNG_PGDATA", "/var/lib/postgresql/data")
MEMORY_FILE = IDENTITY + "/identity.json"
# Why these data are not part of the other site's history, as follow_watch.py saw while they followed it. Gone once they are replaced, rejoined, or led with.
DIVERGED = IDENTITY + "/diverged"
PEER_TIMEOUT_SECONDS = 3
# Patroni rewinds what can be rewound.
REJOINS = ("found", "reseed", "rejoin")


class EtcdSilent(Exception):
    """etcd does not answer; it may be starting."""


def read_settings():
    """guard.env as a dict."""
    return guard_files.read_settings(CONFIG + "/guard.env")


def read_memory():
    return guard_files.read_memory(MEMORY_FILE)


def data_state(folder=None):
    folder = folder or PGDATA
    if not os.path.isdir(folder) or not os.listdir(folder):
        return "empty"
    whole = os.path.exists(folder + "/PG_VERSION") and os.path.exists(folder + "/global/pg_control")
    return "whole" if whole else "partial"


def system_identifier(folder=None):
    """Of the data that lie here; None if none do. First eight bytes of pg_control (PostgreSQL, catalog/pg_control.h)."""
    try:
        with open((folder or PGDATA) + "/global/pg_control", "rb") as file:
            return str(struct.unpack("=Q", file.read(8))[0])
    except FileNotFoundError:
        return None


def tls():
    return guard_files.client_tls(CONFIG)


def ask_peer(settings):
    """Patroni's answer at the other site, or None if there is none. TLS with its name verified."""
    url = f"https://{settings['PEER_HOST_NAME']}:8008/patroni"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls()))
    try:
        with opener.open(url, timeout=PEER_TIMEOUT_SECONDS) as response:
            return json.load(response)
    except (OSError, http.client.HTTPException, ValueError):
        return None


def peer_state(answer, region, system):
    """The other site as the decision wants it. `system` is the identifier of the data that this site has or had, if known."""
    if answer is None:
        return "silent"
    its = answer.get("database_system_identifier")
    if (answer.get("tags") or {}).get("lumbung_region") != region:
        return "foreign"
    if not its:
        return "empty"
    if system and its != system:
        return "foreign"
    return "primary" if answer.get("role") in ("primary", "master") and answer.get("state") == "running" else "standby"


def diverged():
    """Why; None: nothing was seen."""
    try:
        with open(DIVERGED, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def forget_diverged():
    with contextlib.suppress(FileNotFoundError):
        os.unlink(DIVERGED)


def misfit_of(settings, memory, data):
    """Why data or memory cannot be this region's; empty if they can."""
    region = settings["REGION_IDENTITY"]
    if memory.get("region") not in (None, region):
        return f"the identity volume is of region {memory['region']}, expected {region}"
    known = memory.get("systemIdentifier")
    found = system_identifier() if data == "whole" else None
    if memory.get("state") == "data" and known and found and known != found:
        return f"the data volume is of database cluster {found}, expected {known}"
    return ""


def gather(settings, memory, permit_file):
    data = data_state()
    state = memory.get("state", "never")
    permit = guard_files.read_permit(permit_file, REJOINS)
    misfit = misfit_of(settings, memory, data)
    # The other site matters only where this one may not simply start: it must be able to come up alone.
    starts = data == "whole" and permit not in ("reseed", "rejoin") and state not in ("founding", "cloning")
    peer = "none"
    if settings.get("PEER_HOST_NAME") and not starts:
        peer = peer_state(ask_peer(settings), settings["REGION_IDENTITY"], memory.get("systemIdentifier"))
    return Facts(data, state, settings["DESIGNATION"], peer, permit, not misfit, misfit)


def forget_in_etcd(settings):
    """Removes what etcd knows of a server that is about to be made anew: it would keep the new one from starting.

    Raises EtcdSilent when etcd does not answer.
    """
    prefix = f"/service/{settings['SCOPE']}/".encode()
    end = prefix[:-1] + bytes([prefix[-1] + 1])
    body = {"key": base64.b64encode(prefix).decode(), "range_end": base64.b64encode(end).decode()}
    request = urllib.request.Request(
        settings["ETCD_URL"] + "/v3/kv/deleterange", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls()))
    try:
        with opener.open(request, timeout=PEER_TIMEOUT_SECONDS) as response:
            json.load(response)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EtcdSilent(str(error)) from error
