/** What one assessment in a process of its own is told, by files of one folder, and what it answers. */

export const FILES = { inventory: "inventory", records: "records.ndjson", keys: "keys.json" } as const;

export interface AssessAnswer {
  /** The most that was resident, of the whole process: Node.js and tsx, inventory, schema, catalogue, evidence, assessment. */
  readonly mostBytes: number;
  /** Records whose signature and place fit, of each site's store. */
  readonly verified: readonly number[];
  /** Duties that it looked at. */
  readonly duties: number;
}
