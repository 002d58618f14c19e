"""The server's side of the reconciler: read a zone (AXFR by kdig), change it (RFC 2136), create it (Knot's control socket)."""

import functools
import os
import re
import subprocess
import time

import dns.exception
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.tsigkeyring
import dns.update
from libknot.control import KnotCtl, KnotCtlError, KnotCtlType

from plan import SERVERS_OWN, Record

IN = dns.rdataclass.IN
SOCKET = "/run/knot/knot.sock"
FOLDER = "/run/lumbung"
PLAIN_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.")
DATA_IS_NAMES = frozenset({"NS", "CNAME", "MX"})
# Records of one update message; 500 of the longest usual ones stay below the 64 KiB of a message.
MESSAGE_RECORDS = 500


class Failed(Exception):
    """A server did not do what it was asked; the text names the server, the request and the answer."""


class Key:
    """One TSIG key: who may ask for what."""

    def __init__(self, told):
        self.keyring = dns.tsigkeyring.from_text({told["name"]: (told["algorithm"], told["secret"])})
        self.name = told["name"]
        self.words = f"{told['algorithm']}:{told['name']}:{told['secret']}\n"

    def file(self):
        """Path of a file that holds the key for kdig: a key is never an argument."""
        path = f"{FOLDER}/key-{self.name}"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.words)
        return path


class Server:
    """A name server at an address, asked over TCP with TSIG."""

    def __init__(self, address, port, transfer, update, timeout):
        self.address, self.port, self.timeout = address, port, timeout
        self.transfer, self.update = transfer, update

    def records(self, zone):
        """Every record of the zone but the signer's, in canonical form, and its SOA as (TTL, data). Raises Failed.

        kdig makes the transfer and checks its signature: dnspython would take a minute for a signed zone of 20,000 records.
        """
        words = ["kdig", "-k", self.transfer.file(), f"@{self.address}", "-p", str(self.port), "+tcp", "+retry=0"]
        words += [f"+timeout={self.timeout // 6}", zone.to_text(), "AXFR"]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=self.timeout, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{self.address} did not hand over {zone} within {self.timeout} s") from error
        records, soas = [], []
        for line in done.stdout.splitlines():
            if not line or line.startswith(";"):
                continue
            name, ttl, _, kind, data = line.split(None, 4)
            if kind == "SOA":
                soas.append((int(ttl), rdata(kind, data)))
            elif kind not in SERVERS_OWN and kind != "TSIG":
                records.append(record(name, kind, ttl, data))
        # RFC 5936, 2.2: a transfer begins and ends with the SOA; anything less is no transfer.
        if done.returncode != 0 or len(soas) != 2 or soas[0] != soas[1]:
            why = " ".join(done.stderr.split()) or f"kdig ended with {done.returncode}, {len(soas)} of 2 SOA"
            raise Failed(f"{self.address} did not hand over {zone}: {why}")
        return records, soas[0]

    def send(self, zone, changes):
        """One update message with all of the changes: the server takes all or none. Raises Failed."""
        message = dns.update.UpdateMessage(zone, keyring=self.update.keyring, keyname=self.update.name)
        for change in changes:
            name = dns.name.from_text(change.name)
            for gone in change.removals:
                message.delete(name, rdata(gone.type, gone.data))
            for new in change.additions:
                message.add(name, new.ttl, rdata(new.type, new.data))
        self._ask(zone, message)

    def send_soa(self, zone, ttl, data):
        """Replaces the SOA; the server takes it only with a later serial."""
        message = dns.update.UpdateMessage(zone, keyring=self.update.keyring, keyname=self.update.name)
        message.add(zone, ttl, data)
        self._ask(zone, message)

    def _ask(self, zone, message):
        try:
            answer = dns.query.tcp(message, self.address, port=self.port, timeout=self.timeout)
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise Failed(f"{self.address} did not take the update of {zone}: {type(error).__name__} {error}".rstrip()) from error
        if answer.rcode() != dns.rcode.NOERROR:
            raise Failed(f"{self.address} refused the update of {zone}: {dns.rcode.to_text(answer.rcode())}")


class Control:
    """Knot's control socket: what no update message can do."""

    def __init__(self, timeout):
        self.timeout = timeout

    def wait(self, deadline):
        """Returns when the server has loaded its zones: only then does it bind the socket. Raises Failed at the deadline."""
        while True:
            try:
                self._commands([("status", {})])
                return
            except KnotCtlError as error:
                if time.monotonic() > deadline:
                    raise Failed(f"the name server is not up: {error}") from error
                time.sleep(0.1)

    def has(self, zone):
        """Whether the server has contents for the zone."""
        (answer,) = self._commands([("zone-status", {"zone": zone.to_text(), "filters": "s"})])
        status = answer.get(zone.to_text(), {})
        return status.get("serial", "-") not in ("-", "none")

    def create(self, zone, soa_ttl, soa, records):
        """Makes the zone with its SOA and records, as one transaction."""
        self._transaction(zone, [], [Record("@", "SOA", soa_ttl, soa.to_text()), *records])

    def change(self, zone, changes):
        """As one transaction, outside RFC 2136: for what no update message can do (see `split`)."""
        self._transaction(
            zone,
            [gone for change in changes for gone in change.removals],
            [new for change in changes for new in change.additions],
        )

    def _transaction(self, zone, removals, additions):
        def words(one, ttl):
            told = {"owner": one.name, "rtype": one.type, "data": one.data}
            return told | ({"ttl": str(one.ttl)} if ttl else {})

        name = zone.to_text()
        commands = [("zone-begin", {"zone": name})]
        commands += [("zone-unset", {"zone": name, **words(gone, False)}) for gone in removals]
        commands += [("zone-set", {"zone": name, **words(new, True)}) for new in additions]
        commands += [("zone-commit", {"zone": name})]
        try:
            self._commands(commands)
        except KnotCtlError as error:
            try:
                self._commands([("zone-abort", {"zone": name})])
            except KnotCtlError:
                pass  # there was no transaction to end; the first error is the one to tell
            raise Failed(f"the name server did not take the transaction on {name}: {error}") from error

    def _commands(self, commands):
        control = KnotCtl()
        control.set_timeout(self.timeout)
        control.connect(SOCKET)
        try:
            answers = []
            for command, words in commands:
                control.send_block(cmd=command, **words)
                answers.append(control.receive_block())
            return answers
        finally:
            control.send(KnotCtlType.END)
            control.close()


def record(name, kind, ttl, data):
    """A record in the form that two of them are compared in: lower case names, canonical data. Raises ValueError."""
    try:
        return Record(_name(name), kind, int(ttl), _data(kind, data))
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError(f"{name} {kind} {data!r}: {error}") from error


def _name(text):
    if PLAIN_NAME.fullmatch(text):
        return text
    return dns.name.from_text(text).canonicalize().to_text()


# Nearly all records of a region are the same alias: each text is parsed once.
@functools.lru_cache(maxsize=4096)
def _data(kind, text):
    data = rdata(kind, text).to_text()
    return data.lower() if kind in DATA_IS_NAMES else data


def rdata(kind, text):
    return dns.rdata.from_text(IN, kind, text, origin=dns.name.root, relativize=False)
