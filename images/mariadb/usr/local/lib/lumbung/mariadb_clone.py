"""A copy of the running primary, streamed from its agent: mariadb-backup there, mbstream here, prepared, then put in place.

A physical copy and not a dump: it takes as long as the disk and the link do, holds no lock that writers feel, and carries accounts
and every engine's tables byte for byte. The old data stay until the new are whole, unless there is no room for both.
"""
import http.client
import os
import shutil
import subprocess
import threading
import uuid

import guard_files
import mariadb_facts as facts_of
from mariadb_engine import defaults_file, empty

CHUNK = 256 * 1024
PREPARE_MEMORY = "32M"
INFO_FILES = ("mariadb_backup_binlog_info", "xtrabackup_binlog_info")


class CloneFailed(Exception):
    """The copy did not come about; what was there before is as it was, unless `show` said otherwise."""


def backup_words(since=None):
    """Over the local socket: there is no name that TLS could verify, and no wire. `since`: only what changed after this LSN, as delta files.

    The position noted is that of the last change applied, also on a standby: `--slave-info` would add the same once more.
    """
    words = ["mariadb-backup", f"--defaults-file={defaults_file()}", "--backup", "--stream=mbstream", "--user=mysql", "--skip-ssl",
            f"--socket={os.environ.get('LUMBUNG_SOCKET', '/run/mysqld/mysqld.sock')}", f"--target-dir={facts_of.VOLUME}/tmp/backup"]
    return words if since is None else [*words, f"--incremental-lsn={since}"]


def give(write, since=None, begun=None):
    """Runs a backup and hands its stream to `write`; its process to `begun`. Raises CloneFailed: the stream must then not be ended as if it were whole."""
    folder = f"{facts_of.VOLUME}/tmp/backup"
    shutil.rmtree(folder, ignore_errors=True)
    with subprocess.Popen(backup_words(since), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        if begun:
            begun(process)
        errors = Drain(process.stderr)
        try:
            while chunk := process.stdout.read(CHUNK):
                write(chunk)
        except OSError:
            process.kill()
            raise
        finally:
            code = process.wait()
            errors.join()
            shutil.rmtree(folder, ignore_errors=True)
    if code != 0:
        raise CloneFailed(f"mariadb-backup ended with exit code {code}: {errors.last_line()}")


class Drain(threading.Thread):
    """Reads a stream to its end, so that its writer never waits; keeps the last lines."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream = stream
        self.lines = []
        self.start()

    def run(self):
        for line in self.stream:
            self.lines = (self.lines + [line.decode(errors="replace").strip()])[-5:]

    def last_line(self):
        return next((line for line in reversed(self.lines) if line), "")[:200]


def take(settings, peer, show):
    """Copies the other site's data into place and returns them marked. `peer`: what its agent said of itself; `show(text)`: progress.

    Raises CloneFailed.
    """
    new, old = facts_of.VOLUME + "/data.new", facts_of.VOLUME + "/data.old"
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    free, _ = facts_of.free_bytes()
    size = int(peer.get("data_bytes") or 0)
    if free < size * 1.2 and os.path.isdir(facts_of.DATA):
        show("no room for two copies: the old one goes first")
        empty(facts_of.DATA)
    os.mkdir(new, 0o700)
    receive(settings, new, show)
    show("preparing the copy")
    prepare(new)
    gtid = position_of(new)
    # Pages and log numbers are others than before: nothing may be added to a backup of what was here.
    lineage = str(uuid.uuid4())
    facts_of.write_marker({"region": peer["region"], "system": peer["system"], "role": "standby", "gtid": gtid, "lineage": lineage}, new)
    subprocess.run(["sync", "-f", new], check=True)
    if os.path.isdir(facts_of.DATA):
        os.rename(facts_of.DATA, old)
    os.rename(new, facts_of.DATA)
    guard_files.sync_folder(facts_of.VOLUME)
    shutil.rmtree(old, ignore_errors=True)
    return gtid


def receive(settings, folder, show):
    try:
        connection = facts_of.connect_peer(settings, timeout=60)
        try:
            connection.request("POST", "/clone")
            answer = connection.getresponse()
            if answer.status != 200:
                raise CloneFailed(f"{settings['PEER_SITE']} gives no copy: {answer.status} {answer.read(300).decode(errors='replace').strip()}")
            with subprocess.Popen(["mbstream", "-x", "-C", folder], stdin=subprocess.PIPE) as process:
                received = 0
                try:
                    while chunk := answer.read(CHUNK):
                        process.stdin.write(chunk)
                        received += len(chunk)
                        show(f"{received // 1024 // 1024} MiB received")
                except BaseException:
                    process.kill()
                    raise
                process.stdin.close()
                if process.wait() != 0:
                    raise CloneFailed(f"mbstream ended with exit code {process.returncode}")
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise CloneFailed(f"the copy was cut off: {error or type(error).__name__}") from error


def prepare(folder):
    run = subprocess.run(
        ["mariadb-backup", "--prepare", f"--use-memory={PREPARE_MEMORY}", f"--target-dir={folder}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
    )
    if run.returncode != 0:
        lines = run.stderr.decode(errors="replace").strip().splitlines()
        raise CloneFailed(f"the copy cannot be prepared (exit code {run.returncode}): {lines[-1][:200] if lines else ''}")


def position_of(folder):
    """The GTID position that the copy is at: third column of what mariadb-backup noted; empty where nothing was ever logged."""
    for name in INFO_FILES:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                words = file.read().split("\n")[0].split("\t")
            return words[2].strip() if len(words) > 2 else ""
    raise CloneFailed(f"the copy says no position: none of {', '.join(INFO_FILES)}")
