/** Records that one store has and another has not. */
import { sha256 } from "./dsse.ts";
import type { EvidenceStore, StoredRecord } from "./store.ts";
import { parseRecordId } from "./writer.ts";

/** Puts them there. @returns how many were put. @throws AlreadyThere where the store says something else. */
export async function keepMissing(records: readonly StoredRecord[], store: EvidenceStore): Promise<number> {
  const there = new Set<string>();
  for await (const { id, bytes } of store.list()) there.add(`${id} ${sha256(bytes)}`);
  let count = 0;
  for (const { id, bytes } of records) {
    if (parseRecordId(id) === undefined || there.has(`${id} ${sha256(bytes)}`)) continue;
    await store.put(id, bytes);
    count += 1;
  }
  return count;
}
