/** What a record says: an in-toto Statement v1 (in-toto attestation framework, spec/v1/statement.md) with a predicate of ours. */
import { canonicalJson, type Json } from "./canonical.ts";
import { sha256 } from "./dsse.ts";
import { type Kind, kindOf, predicateTypeOf } from "./kinds.ts";
import { parseWriter } from "./writer.ts";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

export interface Subject {
  /** What it is about, for example `dc/postgres-utama` or a backup's label. */
  readonly name: string;
  /** SHA-256 in hex: of the thing itself, or else of what was observed of it (`observedSubject`). */
  readonly digest: { readonly sha256: string };
}

/** What somebody saw, before it has a place in a chain. */
export interface Observed {
  readonly kind: Kind;
  readonly subject: readonly Subject[];
  readonly observed: Json;
  /** ISO 8601 */
  readonly observedAt: string;
  /** The programme's commit; null where a signer speaks of its own chain. */
  readonly commit: string | null;
  /** SHA-256 of the inventory, in hex; null as above. */
  readonly inventory: string | null;
  readonly tool: { readonly name: string; readonly version: string };
}

/** Where it stands in a chain. */
export interface Place {
  readonly region: string;
  readonly writer: string;
  /** From 1. */
  readonly sequence: number;
  /** SHA-256 of the record before, in hex; null for the first. */
  readonly previous: string | null;
  /** ISO 8601, by the signer's clock. */
  readonly recordedAt: string;
}

export type Statement = Observed & Place;

/** A subject that has no bytes of its own: its digest is that of what was observed, in canonical JSON. */
export function observedSubject(name: string, observed: Json): Subject {
  return { name, digest: { sha256: sha256(canonicalJson(observed)) } };
}

/** The statement's bytes, which are what is signed. */
export function statementBytes({ kind, subject, ...predicate }: Statement): Buffer {
  return Buffer.from(
    canonicalJson({ _type: STATEMENT_TYPE, subject, predicateType: predicateTypeOf(kind), predicate }),
  );
}

/** The statement in these bytes, or undefined where they are not exactly what `statementBytes` writes. */
export function readStatement(bytes: Uint8Array): Statement | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const { subject, predicateType, predicate } = fields(value);
    const kind = kindOf(String(predicateType));
    if (kind === undefined) return undefined;
    const statement = { kind, subject, ...fields(predicate) } as Statement;
    if (problemsOf(statement).length > 0 || !isPlace(statement)) return undefined;
    return statementBytes(statement).equals(bytes) ? statement : undefined;
  } catch {
    // Not JSON, or nested deeper than anybody writes.
    return undefined;
  }
}

/** What is wrong with an observation, each with its path; empty where nothing is. */
export function problemsOf(value: Partial<Record<keyof Observed, unknown>>): string[] {
  return RULES.flatMap(([path, expected, holds]) =>
    holds(value[path]) ? [] : [`${path}: expected ${expected}, received ${shown(value[path])}`],
  );
}

const RULES: readonly (readonly [keyof Observed, string, (value: unknown) => boolean])[] = [
  ["kind", "a kind of statement", (value) => kindOf(predicateTypeOf(value as Kind)) !== undefined],
  ["subject", "a list of { name, digest: { sha256 } }", isSubjects],
  ["observed", "what was seen", (value) => value !== undefined],
  ["observedAt", "a time in ISO 8601 with offset", isTime],
  ["commit", "a commit's name in hex, or null", (value) => value === null || isHex(value, 7, 64)],
  ["inventory", "a SHA-256 in hex, or null", (value) => value === null || isHex(value, 64, 64)],
  ["tool", "{ name, version }", (value) => isText(fields(value).name) && isText(fields(value).version)],
];

function isPlace({ region, writer, sequence, previous, recordedAt }: Statement): boolean {
  return (
    isText(region) &&
    isText(writer) &&
    parseWriter(writer) !== undefined &&
    Number.isSafeInteger(sequence) &&
    sequence > 0 &&
    (previous === null || isHex(previous, 64, 64)) &&
    isTime(recordedAt)
  );
}

function isSubjects(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => isText(fields(item).name) && isHex(fields(fields(item).digest).sha256, 64, 64))
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= 1024;
}

function isHex(value: unknown, least: number, most: number): boolean {
  return typeof value === "string" && value.length >= least && value.length <= most && /^[0-9a-f]+$/.test(value);
}

function isTime(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}
