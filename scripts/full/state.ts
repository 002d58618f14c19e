import { z } from "zod";

/** What a batch came to, when, where and on which commit. */
const outcomeSchema = z.object({
  passed: z.boolean(),
  exitCode: z.number().int(),
  startedAt: z.string(),
  seconds: z.number().nonnegative(),
  /** Operating system, processors and memory; no host name. */
  machine: z.string(),
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
