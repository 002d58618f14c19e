"""Finished binary logs, streamed as a tar from the agent to the site's own repository host: with them a copy is brought to any later moment."""
import os
import re
import tarfile
import types

import mariadb_facts as facts_of
import pymysql
from mariadb_clone import CHUNK, CloneFailed

NAME = re.compile(r"binlog\.[0-9]{6,9}")
FLUSH_SECONDS = 60


class Gone(Exception):
    """Logs in between are not here any more: whoever asks must begin again."""


def is_name(text):
    return NAME.fullmatch(text) is not None


def number_of(name):
    return int(name.split(".")[1])


def names_after(names, after):
    """Those that are finished after the one named `after` (empty: all), oldest first. `names`: all that there are; the last one is being written.

    Raises Gone where not every log after that one is here.
    """
    odd = [name for name in names if not is_name(name)]
    if odd or not names:
        raise CloneFailed(f"binary logs: expected names such as binlog.000001, received {odd or 'none'}")
    first, last = number_of(names[0]), number_of(names[-1])
    since = number_of(after) if after else first - 1
    # The one that is named may be gone: whoever asks has it. The next one may not.
    if not first - 1 <= since <= last or [number_of(name) for name in names] != list(range(first, last + 1)):
        raise Gone(f"the binary logs after {after or 'the beginning'} are no longer complete: this server has {names[0]} to {names[-1]}")
    return [name for name in names[:-1] if number_of(name) > since]


def finish(ask, after):
    """Ends the log that is being written, and returns what is finished. `ask`: as Watch.ask. Raises CloneFailed, Gone.

    Nothing of it is logged: a standby that logs something of its own is no copy any more.
    """
    try:
        ask("FLUSH NO_WRITE_TO_BINLOG BINARY LOGS", FLUSH_SECONDS)
        names = [row[0] for row in ask("SHOW BINARY LOGS")]
    except pymysql.err.Error as error:
        raise CloneFailed(f"the binary logs could not be finished: error {error.args[0] if error.args else type(error).__name__}") from error
    return names_after(names, after)


def give(write, names):
    """Raises Gone where one was purged before the first byte, OSError where one is purged later: the stream must then not be ended as if it were whole."""
    for name in names:
        if not os.path.exists(f"{facts_of.DATA}/{name}"):
            raise Gone(f"{name} is no longer here: it was purged")
    with tarfile.open(fileobj=types.SimpleNamespace(write=write), mode="w|", bufsize=CHUNK, format=tarfile.GNU_FORMAT) as archive:
        for name in names:
            with open(f"{facts_of.DATA}/{name}", "rb") as file:
                at = os.fstat(file.fileno())
                info = tarfile.TarInfo(name)
                info.size, info.mtime, info.mode = at.st_size, int(at.st_mtime), 0o600
                archive.addfile(info, file)
