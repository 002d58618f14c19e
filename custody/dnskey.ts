/** What a zone's signing key looks like to the world: its DNSKEY and DS records. */
import { createHash, createPrivateKey } from "node:crypto";

/** Zone key and secure entry point (RFC 4034 section 2.1.1). */
const FLAGS = 257;
const PROTOCOL = 3;
/** ECDSA P-256 with SHA-256 (RFC 6605). */
const ALGORITHM = 13;
const SHA256 = 2;

/** RDATA of the DNSKEY record of a key. @param key PKCS#8 PEM of an ECDSA P-256 key. */
export function dnskeyData(key: string): Uint8Array {
  const { x, y } = createPrivateKey(key).export({ format: "jwk" });
  if (x === undefined || y === undefined) throw new TypeError("dnssec key: expected one of an elliptic curve");
  const head = Uint8Array.of(FLAGS >> 8, FLAGS & 0xff, PROTOCOL, ALGORITHM);
  return Buffer.concat([head, Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}

/** Key tag (RFC 4034 appendix B). */
export function keyTag(key: string): number {
  let sum = 0;
  for (const [index, byte] of dnskeyData(key).entries()) sum += index % 2 === 0 ? byte << 8 : byte;
  return (sum + (sum >> 16)) & 0xffff;
}

/** The DS record that the parent zone is to show, as a line of a zone file (RFC 4034 section 5, digest of RFC 4509). */
export function dsRecord(zone: string, key: string): string {
  const digest = createHash("sha256").update(wireName(zone)).update(dnskeyData(key)).digest("hex");
  return `${zone}. IN DS ${keyTag(key)} ${ALGORITHM} ${SHA256} ${digest.toUpperCase()}`;
}

/** Lower case, uncompressed (RFC 4034 section 6.2). */
function wireName(zone: string): Uint8Array {
  const labels = zone
    .toLowerCase()
    .split(".")
    .map((label) => Buffer.concat([Uint8Array.of(label.length), Buffer.from(label, "latin1")]));
  return Buffer.concat([...labels, Uint8Array.of(0)]);
}
