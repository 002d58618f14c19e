import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** PostgreSQL's own default (`scram_iterations`). */
export const SCRAM_ITERATIONS = 4096;

/** The two keys that a server keeps instead of the password (RFC 5802 section 3, with SHA-256 by RFC 7677). */
export interface ScramKeys {
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/**
 * Keys of SCRAM-SHA-256 for a password of printable ASCII, for which SASLprep (RFC 4013) changes nothing.
 * @throws RangeError for any other character: preparing it wrongly would lock its user out.
 */
export function scramKeys(password: string, salt: Uint8Array, iterations: number = SCRAM_ITERATIONS): ScramKeys {
  if (!/^[\x20-\x7e]+$/.test(password)) {
    throw new RangeError("SCRAM password: expected printable ASCII, received another character or nothing");
  }
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  return {
    storedKey: createHash("sha256").update(clientKey).digest(),
    serverKey: createHmac("sha256", salted).update("Server Key").digest(),
  };
}

/** What PostgreSQL stores for a role: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>` (RFC 5803). */
export function scramVerifier(password: string, salt: Uint8Array, iterations: number = SCRAM_ITERATIONS): string {
  const { storedKey, serverKey } = scramKeys(password, salt, iterations);
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  return `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`;
}
