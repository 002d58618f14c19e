/** How far a run has come, folded from its journal's events. Pure: the same events give the same state. */

import type { Text } from "../../model/types.ts";
import type { Opened, Phase, RunEvent } from "./events.ts";
import type { Plan, Step } from "./plan.ts";
import type { Facts } from "./program.ts";

/** `begun`: nobody knows how much of it was done. `failed`: neither, and there is a reason. */
export type StepOutcome = "waiting" | "begun" | "failed" | "done" | "skipped" | "undone";

export interface StepState {
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** How often its action was begun. */
  readonly attempts: number;
  /** First time its action was begun; ISO 8601. */
  readonly begunAt?: string;
  readonly endedAt?: string;
  readonly facts: Facts;
  /** Why it was skipped, and by whom. */
  readonly skipped?: { readonly reason: string; readonly by: string };
}

/** `open`: no line says that it stopped; it runs, or was cut off. */
export type Stage = "open" | "paused" | "failed" | "succeeded" | "aborted";

export interface RunState {
  readonly run: string;
  readonly plan: Plan;
  readonly digest: string;
  readonly commit: string | null;
  readonly approvals: Opened["approvals"];
  readonly startedAt: string;
  /** Of the last event. */
  readonly lastAt: string;
  readonly stage: Stage;
  /** In the order of the plan. */
  readonly steps: readonly StepState[];
  /** Whether the step from which there is no way back was ever begun, or done by hand. */
  readonly beyondReturn: boolean;
  readonly aborting?: { readonly reason: string; readonly by: string };
  /** Where the stage is `failed`. */
  readonly failure?: { readonly step: string; readonly phase: Phase; readonly why: Text; readonly at: string };
}

/** @throws RangeError where the first event is not `opened`: `parseJournal` names that before. */
export function stateOf(events: readonly RunEvent[]): RunState {
  const [first, ...rest] = events;
  if (first?.event !== "opened") throw new RangeError(`journal: expected "opened" first, received ${first?.event}`);
  const { run, plan, digest, commit, approvals, at } = first;
  const steps = plan.steps.map((step): StepState => ({ step, outcome: "waiting", attempts: 0, facts: {} }));
  const opened = { run, plan, digest, commit, approvals, startedAt: at, lastAt: at, steps };
  return rest.reduce<RunState>(apply, { ...opened, stage: "open", beyondReturn: false });
}

/** Whether nothing can follow in this journal. */
export function isClosed({ stage }: Pick<RunState, "stage">): boolean {
  return stage === "succeeded" || stage === "aborted";
}

/** What the checks of steps that are done saw, by step. */
export function factsOf({ steps }: RunState): Readonly<Record<string, Facts>> {
  return Object.fromEntries(
    steps.flatMap(({ step, outcome, facts }) => (outcome === "done" ? [[step.id, facts]] : [])),
  );
}

function apply(before: RunState, event: RunEvent): RunState {
  const { failure: _, ...rest } = before;
  const at = { lastAt: event.at, stage: "open" as Stage };
  switch (event.event) {
    case "torn":
      return { ...before, lastAt: event.at };
    case "opened":
    case "resumed":
      return { ...rest, ...at };
    case "begun":
      return { ...rest, ...at, ...begun(before, event) };
    case "done": {
      const steps = withStep(before, event.step, { outcome: "done", endedAt: event.at, facts: event.facts });
      return { ...rest, ...at, steps, beyondReturn: before.beyondReturn || isReturnPoint(before, event.step) };
    }
    case "skipped": {
      const { reason, by } = event;
      const stage = before.stage === "failed" ? "paused" : before.stage;
      return {
        ...rest,
        ...at,
        stage,
        steps: withStep(before, event.step, { outcome: "skipped", endedAt: event.at, skipped: { reason, by } }),
      };
    }
    case "failed": {
      const { step, phase, why } = event;
      // A step that could not be taken back stays as it was: it has to be taken back still.
      const steps = phase === "undo" ? before.steps : withStep(before, step, { outcome: "failed" });
      return { ...rest, ...at, stage: "failed", steps, failure: { step, phase, why, at: event.at } };
    }
    case "paused":
      return { ...rest, ...at, stage: "paused" };
    case "aborting":
      return { ...rest, ...at, aborting: { reason: event.reason, by: event.by } };
    case "undone":
      return { ...rest, ...at, steps: withStep(before, event.step, { outcome: "undone", endedAt: event.at }) };
    case "closed":
      return { ...rest, ...at, stage: event.result };
  }
}

function begun(before: RunState, { step, attempt, at }: Extract<RunEvent, { event: "begun" }>): Partial<RunState> {
  const one = before.steps.find((each) => each.step.id === step);
  const begunAt = one?.begunAt ?? at;
  return {
    steps: withStep(before, step, { outcome: "begun", attempts: attempt, begunAt }),
    beyondReturn: before.beyondReturn || isReturnPoint(before, step),
  };
}

function isReturnPoint({ steps }: RunState, id: string): boolean {
  return steps.some(({ step }) => step.id === id && step.pointOfNoReturn);
}

function withStep({ steps }: RunState, id: string, change: Partial<StepState>): StepState[] {
  return steps.map((one) => (one.step.id === id ? { ...one, ...change } : one));
}
