/** Which of the corpus' cases are sent, and which are not and why: pinned in corpus.json, so that a change of it is seen in review. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { ruleFacts, type Sorted, sortCorpus } from "./corpus.ts";
import type { FetchedCorpus } from "./fetched.ts";

const path = new URL("corpus.json", import.meta.url);
const pinnedSchema = z.strictObject({
  source: z.string(),
  sha256: z.string(),
  total: z.int(),
  /** Found by hand: reason to ids. */
  unfit: z.record(z.string(), z.array(z.string())),
  /** Reason to the ids that are left out for it, those found by hand among them. */
  left: z.record(z.string(), z.array(z.string())),
  sent: z.array(z.string()),
});
export type Pinned = z.infer<typeof pinnedSchema>;

export async function readPinned(): Promise<Pinned> {
  return pinnedSchema.parse(JSON.parse(await readFile(path, "utf8")));
}

/** The corpus sorted with what was found by hand. */
export function sortedWith({ unfit }: Pinned, { cases, rules }: FetchedCorpus): Sorted {
  const byId = new Map(Object.entries(unfit).flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const)));
  return sortCorpus(cases, ruleFacts(rules), byId);
}

/** What `corpus.json` says of this sorting. */
export function pinning(pinned: Pinned, { total, left, sent }: Sorted): Pinned {
  return { ...pinned, total, left: { ...left } as Pinned["left"], sent: sent.map(({ id }) => id) };
}
