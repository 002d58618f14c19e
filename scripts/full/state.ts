import { z } from "zod";

/** What a batch came to, when, where and on which commit. */
const outcomeSchema = z.object({
  passed: z.boolean(),
  exitCode: z.number().int(),
  startedAt: z.string(),
  seconds: z.number().nonnegative(),
  /** Operating system, processors and memory; no host name. */
  machine: z.string(),
  /** What the batch counted, by name: seeds, faults, longest times. */
  figures: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});

const stateSchema = z.object({ commit: z.string(), outcomes: z.record(z.string(), outcomeSchema) });

export type Outcome = z.infer<typeof outcomeSchema>;
export type State = z.infer<typeof stateSchema>;

/** Reads what an earlier run left; anything that is not a whole state of the same commit counts as none. */
export function parseState(text: string, commit: string): State {
  const none: State = { commit, outcomes: {} };
  try {
    const parsed = stateSchema.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.commit === commit ? parsed.data : none;
  } catch (error) {
    if (error instanceof SyntaxError) return none;
    throw error;
  }
}

/** The batches still to run: those that have not passed on this commit. */
export function remaining<T extends { readonly name: string }>(batches: readonly T[], state: State): T[] {
  return batches.filter(({ name }) => !state.outcomes[name]?.passed);
}

/** Figures from what a batch appended: a line of JSON each, `{"name": …, "value": …}`; the last of a name counts. @throws SyntaxError */
export function figuresOf(lines: string): Outcome["figures"] {
  const told = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => figureSchema.parse(JSON.parse(line)));
  return Object.fromEntries(told.map(({ name, value }) => [name, value]));
}

const figureSchema = z.strictObject({ name: z.string(), value: z.union([z.string(), z.number()]) });

/** The batches that are named, all where none is. @returns or the first name that no batch has. */
export function chosen<T extends { readonly name: string }>(
  batches: readonly T[],
  names: readonly string[],
): { readonly chosen: readonly T[] } | { readonly unknown: string } {
  const unknown = names.find((name) => !batches.some((batch) => batch.name === name));
  if (unknown !== undefined) return { unknown };
  return { chosen: names.length === 0 ? batches : batches.filter(({ name }) => names.includes(name)) };
}
