/** Which target and which backup a drill takes: every target in turn, and of each the newest, the oldest, one at random. */
import { partsOf } from "./applications.ts";
import type { Situation, Start } from "./decide.ts";
import { stableHash } from "./slots.ts";
import { type DrillChoice, drillChoices, type Job } from "./types.ts";

/** The target that was drilled longest ago, of those that have a backup and are free, as are all parts of an application; undefined: none. */
export function rotate(job: Job, slot: number, situation: Situation, busy: ReadonlySet<string>): Start | undefined {
  const { jobs, book, copiesOf, applications = [] } = situation;
  const backedUp = jobs.filter(({ action }) => action === "full").map(({ target }) => target);
  const targets = [...new Set([...backedUp, ...applications.map(({ id }) => id)])];
  const isFree = (one: string): boolean => [one, ...partsOf(applications, one)].every((each) => !busy.has(each));
  const [target] = targets
    .filter((one) => isFree(one) && copiesOf(one).length > 0)
    .map((one, index) => ({ one, index, at: book.lastDrill(one)?.at ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => (a.at === b.at ? a.index - b.index : a.at - b.at))
    .map(({ one }) => one);
  if (target === undefined) return undefined;
  const choice = nextChoice(book.lastDrill(target)?.choice);
  const backup = chosen(copiesOf(target), choice, `${target} ${slot}`);
  return backup === undefined ? undefined : { job, target, slot, choice, backup };
}

export function nextChoice(last: DrillChoice | undefined): DrillChoice {
  const at = last === undefined ? -1 : drillChoices.indexOf(last);
  return drillChoices[(at + 1) % drillChoices.length] ?? "newest";
}

/** `oldestFirst`: ids. The random one is fair over slots, and the same for the same slot. */
export function chosen(oldestFirst: readonly string[], choice: DrillChoice, seed: string): string | undefined {
  switch (choice) {
    case "newest":
      return oldestFirst.at(-1);
    case "oldest":
      return oldestFirst[0];
    case "random":
      return oldestFirst[stableHash(seed) % Math.max(1, oldestFirst.length)];
  }
}
