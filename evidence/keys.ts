/** Public keys by which evidence is checked: of every site, former generations included. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { keyIdOf } from "./dsse.ts";

/** As custody keeps it. */
export interface PublicEvidenceKey {
  readonly site: string;
  /** SPKI PEM, Ed25519. */
  readonly publicKey: string;
}

export interface KnownKey {
  readonly site: string;
  readonly key: KeyObject;
}

/** By the key's name. */
export type KeyRing = ReadonlyMap<string, KnownKey>;

/** @throws RangeError for a key of another kind, or OpenSSL's error for what is no key. */
export function keyRing(keys: readonly PublicEvidenceKey[]): KeyRing {
  return new Map(
    keys.map(({ site, publicKey }) => {
      const key = createPublicKey(publicKey);
      if (key.asymmetricKeyType !== "ed25519") {
        throw new RangeError(`evidence key of ${site}: expected Ed25519, received ${key.asymmetricKeyType}`);
      }
      return [keyIdOf(key), { site, key }];
    }),
  );
}
