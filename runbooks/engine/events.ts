/** Lines of a run's journal. Times are ISO 8601 in UTC. */
import type { Text } from "../../model/types.ts";
import type { Accepted } from "../approvals/judge.ts";
import type { Plan } from "./plan.ts";
import type { Facts } from "./program.ts";

export type Phase = "precondition" | "action" | "check" | "undo";

export type RunEvent = { readonly at: string } & (
  | Opened
  /** Bytes of a last line that was cut off: they do not count, and are gone. */
  | { readonly event: "torn"; readonly bytes: number }
  /** Another process goes on. */
  | { readonly event: "resumed"; readonly commit: string | null }
  | { readonly event: "begun"; readonly step: string; readonly attempt: number }
  /** `seen`: after the action, or before it would have been repeated. */
  | {
      readonly event: "done";
      readonly step: string;
      readonly seen: "after-action" | "before-repeat";
      readonly facts: Facts;
    }
  | { readonly event: "failed"; readonly step: string; readonly phase: Phase; readonly why: Text }
  | { readonly event: "skipped"; readonly step: string; readonly reason: string; readonly by: string }
  | { readonly event: "paused" }
  /** From here on steps are taken back, last one first. */
  | { readonly event: "aborting"; readonly reason: string; readonly by: string }
  | { readonly event: "undone"; readonly step: string }
  | { readonly event: "closed"; readonly result: "succeeded" | "aborted" }
);

/** The first line: all that is needed to go on, so that a journal that begins at all is enough. */
export interface Opened {
  readonly event: "opened";
  readonly run: string;
  readonly plan: Plan;
  /** SHA-256 of the plan, in hex. */
  readonly digest: string;
  /** The programme's commit; null where nobody knows. */
  readonly commit: string | null;
  readonly approvals: readonly Accepted[];
}

type Named = RunEvent["event"];

/** Exhaustive: a new event does not compile until it is listed. */
const NAMES: Readonly<Record<Named, true>> = {
  opened: true,
  torn: true,
  resumed: true,
  begun: true,
  done: true,
  failed: true,
  skipped: true,
  paused: true,
  aborting: true,
  undone: true,
  closed: true,
};

export function isEventName(name: unknown): name is Named {
  return typeof name === "string" && Object.hasOwn(NAMES, name);
}
