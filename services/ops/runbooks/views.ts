/** What `ops` says of runbooks, and what it may be told: the shapes that the command line reads and writes. */
import type { RunEvent } from "../../../runbooks/engine/events.ts";
import type { Plan } from "../../../runbooks/engine/plan.ts";
import type { RegionSeen } from "../../../runbooks/report/region.ts";
import type { Loss, RunReport } from "../../../runbooks/report/report.ts";

/** `POST /runbooks`. */
export type RunbookOrder =
  /** Makes a plan of what is seen now and keeps it for approvals: a `PlanView`. `to`: default see `defaultTo`. */
  | { readonly verb: "plan"; readonly runbook: string; readonly to?: string; readonly supersedes?: string }
  /** Hands in a signed approval, base64: an `ApprovedView`. */
  | { readonly verb: "approve"; readonly approval: string }
  /** Begins the run of a kept plan: a `BegunView`. Refused with every reason while approvals are lacking. */
  | { readonly verb: "begin"; readonly plan: string }
  | { readonly verb: "resume"; readonly run: string }
  | { readonly verb: "pause"; readonly run: string }
  | { readonly verb: "abort"; readonly run: string; readonly reason: string; readonly by: string }
  | { readonly verb: "skip"; readonly run: string; readonly step: string; readonly reason: string; readonly by: string }
  /** Whether the other site could take over now: a `Preflight`. */
  | { readonly verb: "preflight"; readonly to?: string };

export const VERBS: readonly RunbookOrder["verb"][] = [
  "plan",
  "approve",
  "begin",
  "resume",
  "pause",
  "abort",
  "skip",
  "preflight",
];

/** A plan that waits for approvals, or could. */
export interface PlanView {
  /** SHA-256, in hex: names it. */
  readonly digest: string;
  readonly plan: Plan;
  /** How many approvals it needs, and roles whose approvals count so far. */
  readonly needed: number;
  readonly approvedBy: readonly string[];
}

export interface BegunView {
  readonly run: string;
}

/** `GET /runbooks`. */
export interface RunsView {
  readonly region: string;
  readonly site: string;
  /** Newest first. */
  readonly items: readonly RunItem[];
  /** Plans that were made here and not begun, newest first. */
  readonly waiting: readonly PlanView[];
}

/** Durations in seconds. Design.md, section 6. */
export interface RunItem {
  readonly id: string;
  readonly runbook: string;
  readonly epoch: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: RunReport["result"] | "running" | "damaged";
  readonly writesStoppedSeconds: number | null;
  readonly rpo: number | null;
  readonly rto: number | null;
  readonly lost: readonly Loss[] | null;
  /** Name of the signed record; null: there is none yet. */
  readonly evidence: string | null;
}

/** `GET /runbooks/<run>`. */
export interface RunView {
  /** Whether this `ops` carries it out now. */
  readonly running: boolean;
  readonly events: readonly RunEvent[];
  readonly report: RunReport;
  /** The region as it is now. */
  readonly seen: RegionSeen;
  readonly evidence: { readonly id: string; readonly digest: string } | null;
  /** Why the last wish (pause, abort) was not met, in English. */
  readonly refused: string | null;
}
