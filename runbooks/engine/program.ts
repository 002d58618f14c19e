/** What is run for a step of a plan. All effects are handed in with it. */
import type { Json } from "../../evidence/canonical.ts";
import type { Text } from "../../model/types.ts";

/** What a check saw, by name: kept in the journal for later steps and for the report. */
export type Facts = Readonly<Record<string, Json>>;

export interface StepContext {
  readonly region: string;
  /** What the checks of the steps before saw, by the step's id. */
  readonly facts: Readonly<Record<string, Facts>>;
  /** From 1; more where the action was begun before, which may have done all, part or none of it. */
  readonly attempt: number;
}

export type Held = { readonly holds: true; readonly facts?: Facts } | { readonly holds: false; readonly why: Text };

export interface StepProgram {
  /** Whether the action may begin. Asked before every attempt, so it must also hold where the action is half done. */
  precondition(context: StepContext): Promise<Held>;
  /** Safe to repeat, wherever an attempt before was cut off; except for what the check sees as a whole. */
  action(context: StepContext): Promise<void>;
  /**
   * Whether the action took effect: of the region itself, not of what the action remembers. Asked after each attempt and, where an attempt was
   * cut off or failed, before the next one.
   */
  check(context: StepContext): Promise<Held>;
  /** Takes the step back when a run is aborted; safe to repeat. Absent: it leaves nothing behind. */
  undo?(context: StepContext): Promise<void>;
}

/** By the step's id. */
export type Programs = Readonly<Record<string, StepProgram>>;
