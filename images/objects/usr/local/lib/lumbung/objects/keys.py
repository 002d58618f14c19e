"""S3 credentials of one use in one epoch, derived from the use's secret (HKDF-SHA256, RFC 5869): pure. The same in model/object-keys.ts."""

import base64
import hashlib
import hmac

ACCESS_BYTES, SECRET_BYTES = 10, 30


def hkdf(secret, info, length):
    """Extract with no salt, then expand."""
    key = hmac.digest(bytes(hashlib.sha256().digest_size), secret, "sha256")
    block, found = b"", b""
    for number in range(1, -(-length // len(key)) + 1):
        block = hmac.digest(key, block + info + bytes([number]), "sha256")
        found += block
    return found[:length]


def keys_of(secret, epoch):
    """{"accessKey", "secretKey"} of this epoch."""
    found = hkdf(secret.encode(), f"lumbung objects epoch {epoch}".encode(), ACCESS_BYTES + SECRET_BYTES)
    return {"accessKey": found[:ACCESS_BYTES].hex().upper(), "secretKey": base64.urlsafe_b64encode(found[ACCESS_BYTES:]).decode()}


def in_epoch(one, epoch):
    """What is let in: the keys by the use's secret and, while that is being changed, by the one before."""
    return [keys_of(each["secret"], epoch) for each in (one, one.get("previous")) if each]
