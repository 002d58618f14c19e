"""A small client of etcd's v3 JSON gateway over mutual TLS. Keys and values are base64 there, 64-bit numbers are text.

https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/
"""
import base64
import http.client
import json
import time
import urllib.parse

import guard_files
from lease_rounds import StoreSilent
from lease_types import Epoch, Holder, Known, View

# Short: a round must end before the next one is due, with one of three members away.
TIMEOUT_SECONDS = 1.0
KEPT_SECONDS = 60.0
# gRPC's codes for an answer that every member would give: invalid, not found, denied, failed precondition, unauthenticated.
NOT_FOUND = 5
REFUSALS = (3, NOT_FOUND, 7, 9, 16)


class Refused(Exception):
    """etcd answered, and said no: another member would say the same. code: of gRPC."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def encode(text):
    return base64.b64encode(text.encode()).decode()


def decode(value):
    return json.loads(base64.b64decode(value))


class Store:
    """endpoints: https URLs of the members, in order of preference. config: folder with tls/. timeout: seconds for each answer."""

    def __init__(self, endpoints, region, config, timeout=TIMEOUT_SECONDS):
        self.endpoints, self.config, self.timeout = list(endpoints), config, timeout
        self.connections = {}
        self.epoch_key, self.holder_key, self.ended_key = (encode(f"/lumbung/{region}/{name}") for name in ("epoch", "holder", "ended"))

    # --- requests -------------------------------------------------------------------------------------------------------------
    def ask(self, path, body):
        """The first member that answers; it is asked first from then on. @raises StoreSilent, Refused."""
        silent = []
        for endpoint in list(self.endpoints):
            try:
                answer = self.ask_member(endpoint, path, body)
            except StoreSilent as error:
                silent.append(f"{endpoint}: {error}")
                continue
            self.endpoints.sort(key=lambda one: one != endpoint)
            return answer
        raise StoreSilent("; ".join(silent))

    def ask_member(self, endpoint, path, body):
        """@raises StoreSilent, Refused."""
        kept = endpoint in self.connections
        try:
            status, content = self.talk(endpoint, path, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.drop(endpoint)
            # A member that started anew ended what was kept: it is asked once more. One that is slow is not, as the next round waits.
            if not kept or isinstance(error, TimeoutError):
                raise StoreSilent(str(error)) from error
            return self.ask_member(endpoint, path, body)
        return self.accept(status, content)

    def talk(self, endpoint, path, body):
        """(status, content). A handshake costs more than all else, so the connection is kept, for so long as certificates may be old."""
        connection, opened_at = self.connections.get(endpoint, (None, 0.0))
        if connection is None or time.monotonic() - opened_at > KEPT_SECONDS:
            self.drop(endpoint)
            url = urllib.parse.urlsplit(endpoint)
            connection = http.client.HTTPSConnection(
                url.hostname, url.port, timeout=self.timeout, context=guard_files.client_tls(self.config)
            )
            self.connections[endpoint] = (connection, time.monotonic())
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        # A stream of one answer (keepalive) is one line.
        return response.status, json.loads(response.read().decode().split("\n")[0])

    def drop(self, endpoint):
        connection, _ = self.connections.pop(endpoint, (None, 0.0))
        if connection is not None:
            connection.close()

    @staticmethod
    def accept(status, content):
        fault = content.get("error")
        if status == 200 and not fault:
            return content.get("result", content)
        code = content.get("code", fault.get("grpc_code") if isinstance(fault, dict) else None)
        message = content.get("message") or str(fault)
        if code in REFUSALS:
            raise Refused(code, message)
        raise StoreSilent(message)

    # --- leases ---------------------------------------------------------------------------------------------------------------
    def grant(self, ttl):
        """Id of a new lease of so many seconds."""
        return int(self.ask("/v3/lease/grant", {"TTL": str(int(ttl)), "ID": "0"})["ID"])

    def keepalive(self, lease):
        """(seconds that the lease was renewed for, raft term of the member). 0 seconds: the lease is gone."""
        answer = self.ask("/v3/lease/keepalive", {"ID": str(lease)})
        return float(answer.get("TTL", 0)), int(answer["header"].get("raft_term", 0))

    def revoke(self, lease):
        """Ends the lease, and the holder with it: only once every guard of the site has closed."""
        try:
            self.ask("/v3/lease/revoke", {"ID": str(lease)})
        except Refused as refusal:
            if refusal.code != NOT_FOUND:
                raise

    def resign(self, lease, epoch):
        """As revoke; whoever takes over need not wait for a margin, as all guards of the site have said that they are closed."""
        self.ask("/v3/kv/put", {"key": self.ended_key, "value": encode(json.dumps({"epoch": epoch}))})
        self.revoke(lease)

    # --- keys -----------------------------------------------------------------------------------------------------------------
    def read(self):
        """All keys, linearizable: whoever answers has asked a majority."""
        keys = (self.epoch_key, self.holder_key, self.ended_key)
        answer = self.ask("/v3/kv/txn", {"success": [{"request_range": {"key": key}} for key in keys]})
        epoch, holder, ended = (one["response_range"].get("kvs", [None])[0] for one in answer["responses"])
        header = answer["header"]
        last = decode(ended["value"])["epoch"] if ended else 0
        return View(self.epoch_of(epoch), self.holder_of(holder), int(header["revision"]), int(header.get("raft_term", 0)), last)

    @staticmethod
    def epoch_of(pair):
        if pair is None:
            return None
        value = decode(pair["value"])
        return Epoch(value["epoch"], value["site"], value["region"], int(pair["mod_revision"]))

    @staticmethod
    def holder_of(pair):
        if pair is None:
            return None
        value = decode(pair["value"])
        return Holder(value["epoch"], value["site"], int(pair.get("lease", 0)))

    def members(self):
        """The epoch that each member that answers knows by itself, whether or not it has a majority."""
        known = []
        for endpoint in self.endpoints:
            try:
                answer = self.ask_member(endpoint, "/v3/kv/range", {"key": self.epoch_key, "serializable": True})
            except StoreSilent:
                continue
            known += [Known(urllib.parse.urlsplit(endpoint).hostname, one.epoch, one.site) for one in map(self.epoch_of, answer.get("kvs", []))]
        return tuple(known)

    def acquire(self, epoch_revision, epoch, site, lease):
        """Holds the epoch that the store shows, if nobody does and it has not changed; it is not ended any more. False: it has."""
        return self.commit(epoch_revision, [self.holder_put(epoch, site, lease), {"request_delete_range": {"key": self.ended_key}}])

    def promote(self, epoch_revision, epoch, site, region, by, lease):
        """Raises the epoch and holds it, if nobody holds the one before and it has not changed. False: it has.

        region: the region's identity. by: who asked for it, for people who read the store.
        """
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        value = json.dumps({"epoch": epoch, "site": site, "region": region, "since": since, "by": by})
        put = {"request_put": {"key": self.epoch_key, "value": encode(value)}}
        return self.commit(epoch_revision, [put, self.holder_put(epoch, site, lease)])

    def holder_put(self, epoch, site, lease):
        value = json.dumps({"epoch": epoch, "site": site})
        return {"request_put": {"key": self.holder_key, "value": encode(value), "lease": str(lease)}}

    def commit(self, epoch_revision, puts):
        """epoch_revision 0: the epoch key must not exist (etcd says 0 for a key that does not)."""
        unchanged = {"key": self.epoch_key, "target": "MOD", "result": "EQUAL", "mod_revision": str(epoch_revision)}
        nobody = {"key": self.holder_key, "target": "CREATE", "result": "EQUAL", "create_revision": "0"}
        try:
            return self.ask("/v3/kv/txn", {"compare": [unchanged, nobody], "success": puts}).get("succeeded", False)
        except Refused as refusal:
            if refusal.code == NOT_FOUND:  # the lease ended on the way
                return False
            raise
