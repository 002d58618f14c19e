import { z } from "zod";

/** What a batch came to, when, where and on which commit. */
const outcomeSchema = z.object({
  /** The last commit that changed anything but the results; empty where something was not committed. */
  commit: z.string(),
  passed: z.boolean(),
  exitCode: z.number().int(),
  startedAt: z.string(),
  seconds: z.number().nonnegative(),
  /** Operating system, processors and memory; no host name. */
  machine: z.string(),
  /** What the batch counted, by name: seeds, faults, longest times. */
  figures: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});

const outcomesSchema = z.record(z.string(), outcomeSchema);

export type Outcome = z.infer<typeof outcomeSchema>;
/** The newest outcome of each batch, by its name. */
export type Outcomes = z.infer<typeof outcomesSchema>;

/** Reads what earlier runs left; none where there is no file yet. @throws SyntaxError, ZodError: figures that were kept are not written over unread. */
export function parseOutcomes(text: string): Outcomes {
  return text === "" ? {} : outcomesSchema.parse(JSON.parse(text));
}

/** The batches still to run: those that have not passed on this commit. What is not committed has passed nothing. */
export function remaining<T extends { readonly name: string }>(
  batches: readonly T[],
  outcomes: Outcomes,
  commit: string,
): T[] {
  return batches.filter(({ name }) => {
    const outcome = outcomes[name];
    return commit === "" || !outcome?.passed || outcome.commit !== commit;
  });
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
