/** A chain: each record names the SHA-256 of the one before, so that none can be taken out, put in or moved unseen. Pure. */
import type { KeyObject } from "node:crypto";
import { envelopeBytes, isSignedBy, keyIdOf, readEnvelope, seal, sha256 } from "./dsse.ts";
import type { KeyRing } from "./keys.ts";
import { type Observed, observedSubject, readStatement, type Statement, statementBytes } from "./statement.ts";
import { parseWriter, recordId } from "./writer.ts";

/** The end of a chain. */
export interface Head {
  readonly writer: string;
  /** Of the last record; 0 where there is none. */
  readonly sequence: number;
  /** SHA-256 of the last record's bytes, in hex; null where there is none. */
  readonly digest: string | null;
}

/** One signed record as it is stored. */
export interface ChainRecord {
  /** `<writer>/<number>` */
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly statement: Statement;
  readonly head: Head;
}

export interface Signing {
  readonly region: string;
  /** Private, Ed25519. */
  readonly key: KeyObject;
  readonly now: Date;
}

export function emptyChain(writer: string): Head {
  return { writer, sequence: 0, digest: null };
}

/** The record that follows a head. @throws RangeError where the chain is another key's. */
export function append(head: Head, observed: Observed, { region, key, now }: Signing): ChainRecord {
  const { writer, sequence, digest } = head;
  if (!keyIdOf(key).startsWith(parseWriter(writer)?.keyPrefix ?? "?")) {
    throw new RangeError(`chain ${writer}: expected the key that it is named after, received another`);
  }
  const { kind, subject, observedAt, commit, inventory, tool } = observed;
  const statement: Statement = {
    ...{ kind, subject, observed: observed.observed, observedAt, commit, inventory, tool },
    ...{ region, writer, sequence: sequence + 1, previous: digest, recordedAt: now.toISOString() },
  };
  const bytes = envelopeBytes(seal(statementBytes(statement), key));
  return recordOf(bytes, statement);
}

/** `restored`: the former chain came back from a copy, or was found to be older than the other site's copy of it. */
export type StartReason = "founded" | "key-rotated" | "damaged" | "restored";

/** What the first record of a chain says: why it begins, and where the chain before it ended as far as it can be read. */
export function chainStart(
  site: string,
  reason: StartReason,
  before: (Head & { readonly problem?: string }) | undefined,
  tool: Observed["tool"],
  now: Date,
): Observed {
  const observed = { reason, before: before === undefined ? null : { ...before } };
  const subject = [observedSubject(`${site}/evidence`, observed)];
  return { kind: "chain-start", subject, observed, observedAt: now.toISOString(), commit: null, inventory: null, tool };
}

/** A record whose envelope, key, signature and statement are right, or which of them is not. Its place in a chain is not looked at. */
export function openRecord(bytes: Uint8Array, keys: KeyRing): ChainRecord | Fault {
  const envelope = readEnvelope(bytes);
  if (envelope === undefined) return "unreadable";
  const known = keys.get(envelope.signatures[0].keyid);
  if (known === undefined) return "unknown-key";
  if (!isSignedBy(envelope, known.key)) return "signature";
  const statement = readStatement(Buffer.from(envelope.payload, "base64"));
  if (statement === undefined) return "not-a-statement";
  const writer = parseWriter(statement.writer);
  const own = writer?.site === known.site && envelope.signatures[0].keyid.startsWith(writer.keyPrefix);
  return own ? recordOf(bytes, statement) : "wrong-writer";
}

export type Fault = "unreadable" | "unknown-key" | "signature" | "not-a-statement" | "wrong-writer";

function recordOf(bytes: Uint8Array, statement: Statement): ChainRecord {
  const { writer, sequence } = statement;
  return { id: recordId(writer, sequence), bytes, statement, head: { writer, sequence, digest: sha256(bytes) } };
}
