/** What a check is: it names the things that its duty speaks of, and says of each what it knows. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { EvidenceRef } from "../assessment.ts";
import type { Facts } from "../facts.ts";

export type Verdict = "ok" | "failing" | "unknown";

export interface Thing {
  readonly name: string;
  readonly verdict: Verdict;
  /** Why it is not ok. */
  readonly why?: Text;
  readonly evidence?: EvidenceRef;
  /** Until when this holds, if nothing new comes. ISO 8601. */
  readonly until?: string;
}

export interface Looked {
  readonly things: readonly Thing[];
  /** What it means that there are none; never that the duty is met. Default: unknown. */
  readonly none?: { readonly applicable: boolean; readonly reason: Text };
}

export interface WayOptions {
  /** Oldest evidence that counts, seconds. */
  readonly freshSeconds: number;
}

export type Check = (facts: Facts, options: WayOptions) => Looked;

/** By id of the check, `<duty>/<name>`. */
export type Checks = Readonly<Record<string, Check>>;

export const ok = (name: string, rest: Pick<Thing, "evidence" | "until"> = {}): Thing => ({
  name,
  verdict: "ok",
  ...rest,
});
export const failing = (name: string, why: Text, rest: Pick<Thing, "evidence"> = {}): Thing => ({
  name,
  verdict: "failing",
  why,
  ...rest,
});
export const unknown = (name: string, why: Text): Thing => ({ name, verdict: "unknown", why });

/** One thing for each item: failing with what `problem` says, or ok. */
export function each<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  problem: (item: T) => Text | undefined,
  none?: Looked["none"],
): Looked {
  const things = items.map((item) => {
    const why = problem(item);
    return why === undefined ? ok(nameOf(item)) : failing(nameOf(item), why);
  });
  return none === undefined ? { things } : { things, none };
}

export const when = (fails: boolean, id: string, en: string): Text | undefined => (fails ? text(id, en) : undefined);

/** A duty that speaks of nothing that the region has. */
export const notApplicable = (id: string, en: string): NonNullable<Looked["none"]> => ({
  applicable: false,
  reason: text(id, en),
});
