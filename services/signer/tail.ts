/** How a chain on disk ends, as far as it is right. */
import { type ChainRecord, emptyChain, type Head, openRecord } from "../../evidence/chain.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import { recordId } from "../../evidence/writer.ts";
import type { EvidenceFolder } from "../../io/evidence-folder.ts";

export interface Tail {
  /** Of the last record before which nothing that was looked at is wrong. */
  readonly head: Head;
  /** The records that were looked at and are right. */
  readonly records: readonly ChainRecord[];
  /** What is wrong; undefined where nothing is. */
  readonly problem?: string;
}

/** Looks at a chain's last records, and that no number is missing before them. */
export async function tailOf(
  folder: EvidenceFolder,
  writer: string,
  keys: KeyRing,
  region: string,
  atMost: number,
): Promise<Tail> {
  const numbers = await folder.numbers(writer);
  const gap = numbers.findIndex((number, index) => number !== index + 1);
  const whole = gap === -1 ? numbers.length : gap;
  const missing = gap === -1 ? undefined : `${recordId(writer, gap + 1)}: missing`;
  const records: ChainRecord[] = [];
  let head = emptyChain(writer);
  for await (const { id, bytes } of folder.list(writer, Math.max(0, whole - atMost))) {
    if (records.length === Math.min(whole, atMost)) break;
    const record = openRecord(bytes, keys);
    const problem = typeof record === "string" ? record : misplaced(record, id, region, head);
    if (typeof record === "string" || problem !== undefined) return { head, records, problem: `${id}: ${problem}` };
    records.push(record);
    head = record.head;
  }
  return { head, records, ...(missing === undefined ? {} : { problem: missing }) };
}

function misplaced(record: ChainRecord, id: string, region: string, before: Head): string | undefined {
  const { statement } = record;
  if (record.id !== id || statement.region !== region) return "wrong-place";
  const linked = before.digest === null ? true : statement.previous === before.digest;
  return linked && (statement.sequence > 1 || statement.previous === null) ? undefined : "replaced";
}
