"""The files that a founding guard reads and writes: settings, memory, permit. Every path is handed in."""
import contextlib
import fcntl
import json
import os
import ssl


def read_settings(path):
    """`KEY=value` lines as a dict."""
    with open(path, encoding="utf-8") as file:
        return dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line and not line.startswith("#"))


def read_memory(path):
    """What the identity volume remembers; an empty dict if nothing. A broken file is an error, never `nothing`."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def read_permit(path, words=("found", "reseed")):
    """One of the words, or None."""
    try:
        with open(path, encoding="utf-8") as file:
            word = file.read().strip()
    except FileNotFoundError:
        return None
    return word if word in words else None


def write_durably(path, text):
    """Whole or not at all, also when the power goes; of several at once the last one stands."""
    new = f"{path}.{os.getpid()}.new"
    with open(new, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(new, path)
    sync_folder(os.path.dirname(path))


@contextlib.contextmanager
def alone(path):
    """Nobody else reads and rewrites the file meanwhile who asks so as well: a server's callbacks run beside each other."""
    with open(path + ".lock", "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sync_folder(path):
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def client_tls(config):
    """The workload's own certificate is shown; servers are verified by name against the region's authority."""
    context = ssl.create_default_context(cafile=config + "/tls/ca.crt")
    context.load_cert_chain(config + "/tls/server.crt", config + "/tls/server.key")
    return context
