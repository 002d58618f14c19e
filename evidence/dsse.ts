/** Signed envelopes: DSSE 1.0 (github.com/secure-systems-lab/dsse, protocol.md) with one Ed25519 signature (RFC 8032). */
import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { canonicalJson } from "./canonical.ts";

/** The only type that we sign (in-toto attestation framework, v1, envelope). */
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

export interface Envelope {
  /** Base64 */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly [Signature];
}

export interface Signature {
  /** SHA-256 of the public key's SPKI DER, in hex. */
  readonly keyid: string;
  /** Base64 */
  readonly sig: string;
}

/** The bytes that are signed: `DSSEv1 <length> <type> <length> <payload>`, lengths in bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.byteLength} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Name of a key, of which the public half is taken. */
export function keyIdOf(key: KeyObject): string {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return sha256(half.export({ type: "spki", format: "der" }));
}

/** @param key private, Ed25519. */
export function seal(payload: Uint8Array, key: KeyObject): Envelope {
  const sig = sign(null, preAuthEncoding(PAYLOAD_TYPE, payload), key).toString("base64");
  return {
    payload: Buffer.from(payload).toString("base64"),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ keyid: keyIdOf(key), sig }],
  };
}

/** The bytes of a record: the envelope in canonical JSON, without a final newline. */
export function envelopeBytes(envelope: Envelope): Buffer {
  return Buffer.from(canonicalJson(envelope));
}

/** The envelope in these bytes, or undefined where they are not exactly what `envelopeBytes` writes: nothing may be added that no signature covers. */
export function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  const parts = ENVELOPE.exec(Buffer.from(bytes).toString("latin1"));
  const [, payload, payloadType, keyid, sig] = parts ?? [];
  if (payload === undefined || payloadType === undefined || keyid === undefined || sig === undefined) return undefined;
  if (![payload, sig].every(isBase64)) return undefined;
  return { payload, payloadType, signatures: [{ keyid, sig }] };
}

const ENVELOPE =
  /^\{"payload":"([A-Za-z0-9+/=]+)","payloadType":"([a-z0-9.+/-]+)","signatures":\[\{"keyid":"([0-9a-f]{64})","sig":"([A-Za-z0-9+/=]+)"\}\]\}$/;

/** Whether the one signature is this public key's, over this payload and type. */
export function isSignedBy({ payload, payloadType, signatures: [{ sig }] }: Envelope, publicKey: KeyObject): boolean {
  const signed = preAuthEncoding(payloadType, Buffer.from(payload, "base64"));
  return verify(null, signed, publicKey, Buffer.from(sig, "base64"));
}

/** In hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The same bytes have several base64 texts; only the one that is written counts. */
function isBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}
