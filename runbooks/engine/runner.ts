/** Runs what is left of a plan, step by step. What was begun and not seen to its end is checked first, and repeated only where its check does not hold. */
import { LumbungError } from "../../io/errors.ts";
import type { Text } from "../../model/types.ts";
import type { Phase } from "./events.ts";
import type { Keeper } from "./keeper.ts";
import type { Held, Programs, StepContext, StepProgram } from "./program.ts";
import { factsOf, type RunState, type StepState } from "./state.ts";

/** What an operator asked for while it runs; honoured between two steps. */
export type Wish =
  | { readonly wish: "pause" }
  | { readonly wish: "abort"; readonly reason: string; readonly by: string };

export interface Wishes {
  /** Asked before each step. */
  next(): Promise<Wish | undefined>;
  /** Told where a wish is not met; the next step is run all the same. */
  refused(why: Text): Promise<void>;
}

export interface Conduct {
  readonly keeper: Keeper;
  readonly programs: Programs;
  readonly wishes: Wishes;
}

/** `cause`: what was thrown, for the log; the journal holds its words alone. */
export type Ending =
  | { readonly result: "succeeded" | "paused" | "aborted" }
  | {
      readonly result: "failed";
      readonly step: string;
      readonly phase: Phase;
      readonly why: Text;
      readonly cause?: unknown;
    };

export const NO_WAY_BACK: Text = {
  id: "titik tanpa kembali sudah lewat: pelaksanaan hanya dapat dilanjutkan",
  en: "the point of no return has passed: the run can only go forward",
};

type Failed = Extract<Ending, { result: "failed" }>;

/** @throws the journal's error, after which nothing more is done. RangeError where a step has no program. */
export async function walk(conduct: Conduct): Promise<Ending> {
  const { keeper, programs, wishes } = conduct;
  for (const { step } of keeper.state.steps) programOf(programs, step.id);
  while (keeper.state.aborting === undefined) {
    const next = keeper.state.steps.find(({ outcome }) => outcome !== "done" && outcome !== "skipped");
    if (next === undefined) return close(keeper, "succeeded");
    const wished = await wishes.next();
    if (wished?.wish === "pause") {
      await keeper.write({ event: "paused" });
      return { result: "paused" };
    }
    if (wished?.wish === "abort") {
      const { reason, by } = wished;
      if (!keeper.state.beyondReturn) {
        await keeper.write({ event: "aborting", reason, by });
        break;
      }
      await wishes.refused(NO_WAY_BACK);
    }
    const failed = await runStep(next, conduct);
    if (failed) return failed;
  }
  return takeBack(conduct);
}

export function programOf(programs: Programs, id: string): StepProgram {
  const program = Object.hasOwn(programs, id) ? programs[id] : undefined;
  if (program === undefined) throw new RangeError(`programs.${id}: expected the program of this step, received none`);
  return program;
}

export function contextOf(state: RunState, attempt: number): StepContext {
  return { region: state.plan.region, facts: factsOf(state), attempt };
}

async function runStep(
  { step, outcome, attempts }: StepState,
  { keeper, programs }: Conduct,
): Promise<Failed | undefined> {
  const program = programOf(programs, step.id);
  const context = contextOf(keeper.state, attempts + 1);
  const failed = (phase: Phase, why: Text, cause?: unknown) => fail(keeper, { step: step.id, phase, why }, cause);
  if (outcome === "begun" || outcome === "failed") {
    const seen = await attempted(() => program.check(context));
    if ("cause" in seen) return failed("check", wordsOf(seen.cause), seen.cause);
    if (seen.value.holds) return done(keeper, step.id, "before-repeat", seen.value);
  }
  const may = await attempted(() => program.precondition(context));
  if ("cause" in may) return failed("precondition", wordsOf(may.cause), may.cause);
  if (!may.value.holds) return failed("precondition", may.value.why);
  await keeper.write({ event: "begun", step: step.id, attempt: context.attempt });
  const acted = await attempted(() => program.action(context));
  if ("cause" in acted) return failed("action", wordsOf(acted.cause), acted.cause);
  const seen = await attempted(() => program.check(context));
  if ("cause" in seen) return failed("check", wordsOf(seen.cause), seen.cause);
  return seen.value.holds ? done(keeper, step.id, "after-action", seen.value) : failed("check", seen.value.why);
}

async function done(
  keeper: Keeper,
  step: string,
  seen: "after-action" | "before-repeat",
  { facts = {} }: Extract<Held, { holds: true }>,
): Promise<undefined> {
  await keeper.write({ event: "done", step, seen, facts });
}

/** Last one first: whatever was begun, whether or not it was seen to its end. */
async function takeBack({ keeper, programs }: Conduct): Promise<Ending> {
  for (const { step, attempts, outcome } of keeper.state.steps.toReversed()) {
    const { undo } = programOf(programs, step.id);
    if (undo === undefined || outcome === "undone" || (outcome !== "done" && attempts === 0)) continue;
    const undone = await attempted(() => undo(contextOf(keeper.state, attempts)));
    if ("cause" in undone)
      return fail(keeper, { step: step.id, phase: "undo", why: wordsOf(undone.cause) }, undone.cause);
    await keeper.write({ event: "undone", step: step.id });
  }
  return close(keeper, "aborted");
}

async function close(keeper: Keeper, result: "succeeded" | "aborted"): Promise<Ending> {
  await keeper.write({ event: "closed", result });
  return { result };
}

async function fail(keeper: Keeper, what: Omit<Failed, "result" | "cause">, cause?: unknown): Promise<Failed> {
  await keeper.write({ event: "failed", ...what });
  return { result: "failed", ...what, ...(cause === undefined ? {} : { cause }) };
}

async function attempted<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly cause: unknown }> {
  try {
    return { value: await work() };
  } catch (cause) {
    return { cause };
  }
}

/** In an operator's words where the error has them. Halves of characters, which an engine may say, cannot be written. */
export function wordsOf(cause: unknown): Text {
  if (cause instanceof LumbungError) {
    const { text, hint } = cause;
    return hint ? { id: `${text.id} (${hint.id})`, en: `${text.en} (${hint.en})` } : text;
  }
  const said = (cause instanceof Error ? cause.message : String(cause)).replace(/\p{Surrogate}/gu, "\ufffd");
  return { id: said, en: said };
}
