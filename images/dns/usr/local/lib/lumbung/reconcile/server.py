"""The server's side of the reconciler: read a zone (AXFR), change it (RFC 2136), create it (Knot's control socket)."""

import queue
import socket
import threading
import time

import dns.exception
import dns.message
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
# Records of one update message; 500 of the longest usual ones stay below the 64 KiB of a message.
MESSAGE_RECORDS = 500


class Failed(Exception):
    """A server did not do what it was asked; the text names the server, the request and the answer."""


class Key:
    """One TSIG key: who may ask for what."""

    def __init__(self, told):
        self.keyring = dns.tsigkeyring.from_text({told["name"]: (told["algorithm"], told["secret"])})
        self.name = told["name"]


class Server:
    """A name server at an address, asked over TCP with TSIG."""

    def __init__(self, address, port, transfer, update, timeout):
        self.address, self.port, self.timeout = address, port, timeout
        self.transfer, self.update = transfer, update

    def records(self, zone):
        """Every record of the zone but the signer's, in canonical form, and its SOA as (TTL, data). Raises Failed.

        Message by message: a signed zone of 50,000 records as one object of dnspython would not fit the container.
        """
        records, soas = [], []
        try:
            for answer in self._transferred(zone):
                if answer.rcode() != dns.rcode.NOERROR:
                    raise Failed(f"{self.address} did not hand over {zone}: {dns.rcode.to_text(answer.rcode())}")
                for rrset in answer.answer:
                    if rrset.rdtype == dns.rdatatype.SOA:
                        soas.append((rrset.ttl, rrset[0]))
                    elif dns.rdatatype.to_text(rrset.rdtype) not in SERVERS_OWN:
                        records += [record(rrset.name, rrset.ttl, data) for data in rrset]
                if len(soas) == 2:  # RFC 5936, 2.2: it begins and ends with the SOA
                    return records, soas[0]
        except (dns.exception.DNSException, OSError, EOFError, queue.Empty) as error:
            raise Failed(f"{self.address} did not hand over {zone}: {type(error).__name__} {error}".rstrip()) from error
        raise Failed(f"{self.address} did not hand over {zone}: the transfer ended early")

    def _transferred(self, zone):
        """The messages of an AXFR, each with its TSIG checked. A thread reads them ahead: to parse one can take longer than
        the half second after which Knot gives up on a client that does not read."""
        query = dns.message.make_query(zone, dns.rdatatype.AXFR)
        query.use_tsig(self.transfer.keyring, self.transfer.name)
        wire = query.to_wire()
        wires, context = queue.Queue(), None
        with socket.create_connection((self.address, self.port), self.timeout) as connection:
            connection.sendall(len(wire).to_bytes(2) + wire)
            threading.Thread(target=_read_ahead, args=(connection, wires), daemon=True).start()
            while wire := wires.get(timeout=self.timeout):
                answer = dns.message.from_wire(
                    wire, keyring=query.keyring, request_mac=query.mac, xfr=True,
                    tsig_ctx=context, multi=True, one_rr_per_rrset=False,
                )
                if context is None and not answer.had_tsig:
                    raise Failed(f"{self.address} did not hand over {zone}: {dns.rcode.to_text(answer.rcode())}, unsigned")
                context = answer.tsig_ctx
                yield answer

    def send(self, zone, changes):
        """One update message with all of the changes: the server takes all or none. Raises Failed."""
        message = dns.update.UpdateMessage(zone, keyring=self.update.keyring, keyname=self.update.name)
        for change in changes:
            name = dns.name.from_text(change.name)
            for gone in change.removals:
                message.delete(name, rdata(gone))
            for new in change.additions:
                message.add(name, new.ttl, rdata(new))
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


def _read_ahead(connection, wires):
    """Puts every message of a connection into a queue, and nothing at its end."""
    try:
        with connection.makefile("rb") as stream:
            while len(size := stream.read(2)) == 2:
                wires.put(stream.read(int.from_bytes(size)))
    except OSError:
        pass  # closed by either side: the end
    wires.put(b"")


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


def record(name, ttl, data):
    """A record in the form that two of them are compared in: lower case names, canonical data."""
    return Record(
        name.canonicalize().to_text(), dns.rdatatype.to_text(data.rdtype), ttl, rdata_text(data)
    )


def rdata_text(data):
    """Names inside the data in lower case and absolute."""
    return dns.rdata.from_wire(IN, data.rdtype, *_wire(data)).to_text()


def _wire(data):
    wire = data.to_digestable()
    return wire, 0, len(wire)


def declared_record(told):
    """A declared record in the same form. Raises ValueError with the record's words."""
    try:
        data = dns.rdata.from_text(IN, told["type"], told["data"], origin=dns.name.root, relativize=False)
        return record(dns.name.from_text(told["name"]), int(told["ttl"]), data)
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError(f"{told['name']} {told['type']} {told['data']!r}: {error}") from error


def rdata(one):
    return dns.rdata.from_text(IN, one.type, one.data, origin=dns.name.root, relativize=False)
