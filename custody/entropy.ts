import { randomBytes, randomUUID, webcrypto } from "node:crypto";

/** Where keys and random numbers come from; handed in, so that a test can count, fix or refuse them. */
export interface Entropy {
  bytes(length: number): Uint8Array;
  uuid(): string;
  /** ECDSA P-256, extractable, for signing. */
  keyPair(): Promise<webcrypto.CryptoKeyPair>;
}

/** The operating system's random generator. */
export const systemEntropy: Entropy = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  uuid: () => randomUUID(),
  keyPair: () => webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]),
};

/** Text of `length` characters drawn evenly from the given alphabet (bytes that would favour some characters are thrown away). */
export function randomText(entropy: Entropy, length: number, alphabet = ALPHANUMERIC): string {
  const fair = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of entropy.bytes(length)) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
