"""HAProxy, which stands before the engine: asked and changed through its own socket."""

import socket

from settings import RUN, write
from s3 import Failed

SOCKET = "/run/haproxy/admin.sock"
KEYS = RUN / "keys.map"
LOT = 50


def ask(command, timeout=5):
    """What HAProxy answers. Raises Failed where it does not."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as talk:
            talk.settimeout(timeout)
            talk.connect(SOCKET)
            talk.sendall(f"{command}\n".encode())
            talk.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := talk.recv(65536):
                answer += piece
    except OSError as error:
        raise Failed(f"HAProxy does not answer: {error}") from error
    return answer.decode()


def runs():
    try:
        ask("show info", 2)
    except Failed:
        return False
    return True


def store_keys(keys):
    """For the next start; access keys are half of a credential, so nobody else reads them."""
    write(KEYS, "".join(f"{key} {value}\n" for key, value in sorted(keys.items())), 0o600)


def apply_keys(keys):
    """All keys at once in the running HAProxy, and looked at afterwards. Raises Failed."""
    store_keys(keys)
    said = ask(f"prepare map {KEYS}")
    _, _, version = said.strip().partition("New version created: ")
    if not version:
        raise Failed(f"HAProxy began no new list of keys: {said.strip()}")
    lines = [f"{key} {value}" for key, value in sorted(keys.items())]
    for start in range(0, len(lines), LOT):
        said = ask(f"add map @{version} {KEYS} <<\n" + "\n".join(lines[start : start + LOT]) + "\n\n")
        if said.strip():
            raise Failed(f"HAProxy refused a list of keys: {said.strip()[:120]}")
    ask(f"commit map @{version} {KEYS}")
    if loaded() != keys:
        raise Failed("HAProxy took a list of keys and does not have it")


def loaded():
    """The map that is in force now."""
    words = (line.split(" ", 2) for line in ask(f"show map {KEYS}").splitlines() if line.startswith("0x"))
    return {key: value for _, key, value in words}


def set_key(key, value):
    """One entry set, or taken away where `value` is None. Returns whether anything changed."""
    keys = loaded()
    if keys.get(key) == value:
        return False
    changed = {name: one for name, one in keys.items() if name != key}
    apply_keys(changed if value is None else {**changed, key: value})
    return True


def engine_up():
    """Whether requests are handed on to the engine, as HAProxy's own check knows."""
    for line in ask("show servers state engine").splitlines():
        words = line.split()
        if len(words) > 5 and words[3] == "engine":
            return words[5] == "2"
    raise Failed("HAProxy knows no engine")
