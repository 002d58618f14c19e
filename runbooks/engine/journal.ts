/**
 * A run's journal as text: one event a line, in canonical JSON, with the SHA-256 of the sum before and the event, so that no line can be
 * altered, taken out or put in unseen. A power cut leaves at most the last line without its line feed; anything else is damage. Pure.
 */
import { canonicalJson } from "../../evidence/canonical.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { text } from "../../model/text.ts";
import { type Fault, fault } from "../faults.ts";
import { isEventName, type RunEvent } from "./events.ts";
import { planDigest } from "./plan.ts";

export interface Journal {
  readonly events: readonly RunEvent[];
  /** Sum of the last whole line; empty where there is none. */
  readonly sum: string;
  /** Number (from 1) and bytes of the last line where it was cut off; it does not count. */
  readonly torn?: { readonly line: number; readonly bytes: number };
  /** What is damaged. Where anything is, nothing may go on from this journal. */
  readonly faults: readonly Fault[];
}

/** @param before sum of the line before; empty for the first. @returns the line with its line feed. */
export function lineOf(event: RunEvent, before: string): { readonly line: string; readonly sum: string } {
  const sum = sumOf(event, before);
  return { line: `${canonicalJson({ event, sum })}\n`, sum };
}

export function parseJournal(journal: string): Journal {
  const lines = journal.split("\n");
  const rest = lines.pop() ?? "";
  const events: RunEvent[] = [];
  const faults: Fault[] = [];
  let sum = "";
  for (const [index, line] of lines.entries()) {
    const read = readLine(line, sum);
    if (read === undefined) {
      faults.push(fault(`[${index + 1}]`, EXPECTED, line, HINT));
      // What follows is held against what this line says of itself, so that each damaged line is named and no other.
      sum = claimedSum(line) ?? sum;
      continue;
    }
    sum = read.sum;
    if ((read.event.event === "opened") !== (index === 0))
      faults.push(fault(`[${index + 1}].event`, FIRST, read.event.event));
    else if (read.event.event === "opened" && planDigest(read.event.plan) !== read.event.digest)
      faults.push(
        fault(
          "[1].digest",
          text("sidik rencana pada baris itu", "the digest of the plan in that line"),
          read.event.digest,
        ),
      );
    events.push(read.event);
  }
  const torn = rest === "" ? {} : { torn: { line: lines.length + 1, bytes: Buffer.byteLength(rest) } };
  return { events, sum, faults, ...torn };
}

/** The journal's text without a line that was cut off. */
export function withoutTorn(journal: string): string {
  return journal.slice(0, journal.lastIndexOf("\n") + 1);
}

const EXPECTED = text("baris utuh yang menyambung baris sebelumnya", "a whole line that follows the one before");
const HINT = text(
  "jurnal rusak atau diubah: jangan dilanjutkan; tentukan keadaan wilayah lebih dulu",
  "the journal is damaged or was altered: do not resume; find out the region's state first",
);
const FIRST = text('"opened" sebagai baris pertama, dan hanya di sana', '"opened" as the first line, and only there');

function sumOf(event: RunEvent, before: string): string {
  return sha256(`${before}\n${canonicalJson(event)}`);
}

function readLine(line: string, before: string): { readonly event: RunEvent; readonly sum: string } | undefined {
  const { event, sum } = fieldsOf(line);
  if (typeof event !== "object" || event === null || typeof sum !== "string") return undefined;
  const one = event as RunEvent;
  if (!isEventName(one.event) || Number.isNaN(Date.parse(one.at)) || sum !== sumOf(one, before)) return undefined;
  return lineOf(one, before).line === `${line}\n` ? { event: one, sum } : undefined;
}

function claimedSum(line: string): string | undefined {
  const { sum } = fieldsOf(line);
  return typeof sum === "string" ? sum : undefined;
}

function fieldsOf(line: string): { readonly event?: unknown; readonly sum?: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Not JSON: whoever asked tells which line it is.
    return {};
  }
}
