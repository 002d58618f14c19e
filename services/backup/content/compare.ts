/** What was there when the copy was made, against what was restored. */
import type { Compared, TableDigest } from "../wire.ts";

/** Every table of either, by name: missing ones received null, those too many expected null. */
export function compareTables(expected: readonly TableDigest[], received: readonly TableDigest[]): Compared[] {
  const there = new Map(received.map((table) => [table.name, table]));
  const wanted = new Map(expected.map((table) => [table.name, table]));
  const names = [...new Set([...wanted.keys(), ...there.keys()])].sort();
  return names.map((name) => {
    const one = wanted.get(name);
    const other = there.get(name);
    return {
      name,
      same: one !== undefined && other !== undefined && one.sha256 === other.sha256 && one.rows === other.rows,
      expected: one?.sha256 ?? null,
      received: other?.sha256 ?? null,
      rows: other?.rows ?? one?.rows ?? 0,
    };
  });
}
