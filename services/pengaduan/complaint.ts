/** A complaint: what is taken, what is refused and why, and how it is named. Pure. */
import { createHash } from "node:crypto";

/** Steps that a complaint goes through: taken, passed to the head of the OPD, acted upon, done (Empat Lawang 13(5)). */
export const STATUSES = ["diterima", "diteruskan", "ditindaklanjuti", "selesai"] as const;
export type Status = (typeof STATUSES)[number];

/** What was typed, as it was typed. */
export interface Draft {
  readonly opd: string;
  readonly text: string;
  readonly name: string;
  readonly contact: string;
}

export const EMPTY_DRAFT: Draft = { opd: "", text: "", name: "", contact: "" };

export interface NewComplaint extends Draft {
  /** Equal for the same form sent twice. */
  readonly requestKey: string;
}

/** What anyone may see: never the name or the contact. */
export interface Complaint {
  readonly reference: string;
  readonly opd: string;
  readonly text: string;
  readonly status: Status;
  readonly createdAt: Date;
  readonly history: readonly { readonly status: Status; readonly at: Date }[];
}

export type ComplaintSummary = Omit<Complaint, "text" | "history">;

/** Most characters (code points) of each field, and fewest of the text. */
export const LENGTHS = { text: 4000, textLeast: 10, name: 120, contact: 160 } as const;

export type Field = keyof Draft;
export type Fault = "unknown-opd" | "too-short" | "too-long";
export type Faults = Readonly<Partial<Record<Field, Fault>>>;

/** One form for equal texts: line ends as `\n`, composed (NFC), no control characters, no blanks around it. */
export function normalise(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\t\n])\p{Cc}|\p{Cs}/gu, "")
    .normalize("NFC")
    .trim();
}

function length(text: string): number {
  return [...text].length;
}

/** Everything that is wrong with a draft; an empty object if nothing is. */
export function faultsOf(draft: Draft, opds: readonly { readonly id: string }[]): Faults {
  const faults: Partial<Record<Field, Fault>> = {};
  if (!opds.some((opd) => opd.id === draft.opd)) faults.opd = "unknown-opd";
  if (length(draft.text) < LENGTHS.textLeast) faults.text = "too-short";
  if (length(draft.text) > LENGTHS.text) faults.text = "too-long";
  if (length(draft.name) > LENGTHS.name) faults.name = "too-long";
  if (length(draft.contact) > LENGTHS.contact) faults.contact = "too-long";
  return faults;
}

/**
 * Key under which a complaint is written once. It covers the form's token *and* what was typed: a double click writes once,
 * but a form that was sent, changed and sent again is another complaint and not lost.
 */
export function requestKey(token: string, draft: Draft): string {
  const hash = createHash("sha256");
  for (const part of [token, draft.opd, draft.text, draft.name, draft.contact]) hash.update(`${part.length}:${part}`);
  return hash.digest("hex");
}

/** Crockford's base 32: no letter that is taken for a digit. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const REFERENCE = /^ADU-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;

/** A reference number that can be read out on the telephone and not be guessed by counting: 40 random bits. */
export function referenceFrom(random: Uint8Array): string {
  if (random.length < 8) throw new Error(`referenceFrom: expected 8 random bytes, received ${random.length}`);
  const letters = [...random.subarray(0, 8)].map((byte) => ALPHABET[byte % 32]).join("");
  return `ADU-${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** A reference as it may be typed: lower case, blanks, O for 0, I or L for 1. `undefined` if it can't be one. */
export function readReference(typed: string): string | undefined {
  const plain = typed.toUpperCase().replace(/[\s-]/g, "").replace(/^ADU/, "");
  const letters = plain.replaceAll("O", "0").replaceAll("I", "1").replaceAll("L", "1");
  const reference = `ADU-${letters.slice(0, 4)}-${letters.slice(4)}`;
  return REFERENCE.test(reference) ? reference : undefined;
}
