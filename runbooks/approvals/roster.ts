/** Who may approve: a region's roster of roles with their public keys. Needs no sign-on service: the roster comes with the inventory. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { keyIdOf } from "../../evidence/dsse.ts";
import { text } from "../../model/text.ts";
import { type Fault, fault } from "../faults.ts";

/** `approve`: planned work. `override`: together with another role, a takeover against the rules. */
export const MAY = ["approve", "override"] as const;
export type May = (typeof MAY)[number];

/** As it is declared; a role whose key was lost or changed gets a new line, and the old one is taken out. */
export interface RosterEntry {
  /** Id of a role in the inventory. */
  readonly role: string;
  /** Post that holds the role, without a person's name. */
  readonly post: string;
  /** SPKI PEM, Ed25519. */
  readonly publicKey: string;
  readonly may: readonly May[];
}

export interface Approver {
  readonly role: string;
  readonly post: string;
  readonly key: KeyObject;
  readonly may: readonly May[];
}

/** By the key's name: the SHA-256 of its SPKI DER, in hex. */
export type Roster = ReadonlyMap<string, Approver>;

/** The roster, and what is wrong with its entries: those are not in it. */
export function readRoster(entries: readonly RosterEntry[]): {
  readonly roster: Roster;
  readonly faults: readonly Fault[];
} {
  const roster = new Map<string, Approver>();
  const faults: Fault[] = [];
  for (const [index, entry] of entries.entries()) {
    const path = `roster[${index}]`;
    const key = ed25519(entry.publicKey);
    const keyId = key && keyIdOf(key);
    const found = [
      ...(entry.role === "" ? [fault(`${path}.role`, text("id peran", "the id of a role"), entry.role)] : []),
      ...(key
        ? []
        : [
            fault(
              `${path}.publicKey`,
              text("kunci publik Ed25519 dalam PEM", "a public Ed25519 key in PEM"),
              kindOf(entry.publicKey),
            ),
          ]),
      ...(keyId !== undefined && roster.has(keyId)
        ? [
            fault(
              `${path}.publicKey`,
              text("kunci yang tidak dipegang peran lain", "a key that no other entry holds"),
              roster.get(keyId)?.role,
            ),
          ]
        : []),
      ...(entry.may.length > 0 && entry.may.every((one) => MAY.includes(one))
        ? []
        : [
            fault(
              `${path}.may`,
              text(`sedikitnya satu dari ${MAY.join(", ")}`, `at least one of ${MAY.join(", ")}`),
              entry.may,
            ),
          ]),
    ];
    faults.push(...found);
    if (found.length === 0 && key && keyId !== undefined)
      roster.set(keyId, { role: entry.role, post: entry.post, key, may: entry.may });
  }
  return { roster, faults };
}

/** Never what came itself: it may be a private key. */
function kindOf(pem: string): string {
  return /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(pem)?.[1] ?? "no PEM";
}

function ed25519(pem: string): KeyObject | undefined {
  try {
    // A private key would be taken for its public half: it must not stand in a roster at all.
    const key = pem.includes("PRIVATE") ? undefined : createPublicKey(pem);
    return key?.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    // OpenSSL's words for what is no key say nothing of use; the fault names the entry.
    return undefined;
  }
}
