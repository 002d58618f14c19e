/** Whether the chains still hold what was published of them (D10). Pure. */
import type { Digests } from "./digests.ts";
import type { PublishedHead } from "./published.ts";
import type { Broken } from "./reasons.ts";
import * as say from "./reasons.ts";
import { parseWriter, recordId } from "./writer.ts";

/** A store that was read as a whole. */
export interface ReadStore {
  /** Whose; null: it may hold anything. */
  readonly site: string | null;
  readonly digests: ReadonlyMap<string, Digests>;
}

export interface JudgedPublished {
  /** Heads that are in their chain as they were published. */
  readonly agreed: number;
  readonly broken: readonly Broken[];
  /** Heads of which nobody can say, because the site that wrote that chain was not read. */
  readonly unknown: readonly Pick<Broken, "id" | "reason">[];
}

/**
 * @param published read before the stores were: a chain can only have grown since. Copies at the other site lag, so that a head is cut where not
 * even the site that wrote the chain has it.
 */
export function judgePublished(published: readonly PublishedHead[], stores: readonly ReadStore[]): JudgedPublished {
  const broken: Broken[] = [];
  const unknown: Pick<Broken, "id" | "reason">[] = [];
  let agreed = 0;
  for (const head of published) {
    const { writer, sequence, digest } = head;
    const site = parseWriter(writer)?.site ?? writer;
    const copies = stores.flatMap(({ digests }) => digests.get(writer) ?? []);
    const there = copies.flatMap((one) => one.get(sequence) ?? []);
    const last = Math.max(0, ...copies.map((one) => one.last));
    if (there.includes(digest)) agreed += 1;
    else if (there.length > 0)
      broken.push({ id: recordId(writer, sequence), code: "cut", reason: say.publishedOther(head) });
    else if (stores.some((store) => store.site === site))
      broken.push({
        id: recordId(writer, Math.min(last + 1, sequence)),
        code: "cut",
        reason: say.publishedBeyond(last, head),
      });
    else unknown.push({ id: recordId(writer, sequence), reason: say.notJudged(site, head) });
  }
  return { agreed, broken, unknown };
}
