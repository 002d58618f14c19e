/** What came of a run, as data: the same for every rendering and both languages, and what is signed. Pure. */
import type { ChainSummary } from "../../evidence/verify.ts";
import type { Model, Text } from "../../model/types.ts";
import type { RunEvent } from "../engine/events.ts";
import { type RunState, type StepOutcome, stateOf } from "../engine/state.ts";

/** Seconds. `measured`: null where it could not be measured, which is never as good as met. */
export interface Objective {
  readonly declaredSeconds: number | null;
  readonly measuredSeconds: number | null;
}

export type ObjectiveVerdict = "met" | "missed" | "unknown" | "not-declared";

export interface TargetObjectives {
  /** For example `postgresql:utama`. */
  readonly target: string;
  readonly rpo: Objective;
  readonly rto: Objective;
}

/** What a target lost; null where nobody knows. */
export interface Loss {
  readonly target: string;
  readonly rows: number | null;
  /** Time whose acknowledged writes are gone. */
  readonly seconds: number | null;
}

/** A row that a target took after the run, and that was read back. */
export interface Proven {
  readonly target: string;
  /** ISO 8601 */
  readonly at: string;
  readonly row: string;
  /** Host name of the application through whose public page it was written; null: the server's own row, through no application. */
  readonly through: string | null;
}

/** How the public name was moved. */
export interface NamesMoved {
  /** ISO 8601: when every name server that answered was seen to say the new addresses. */
  readonly movedAt: string;
  /** How long a cache may keep what a name server told it before. Nothing waits for that. */
  readonly ttlSeconds: number;
  /** ISO 8601: until when a cache may lead to the old site. */
  readonly cachesUntil: string;
  /** Of each site's name server; null: it did not answer, before or after. */
  readonly serials: readonly { readonly site: string; readonly before: number | null; readonly after: number | null }[];
}

export interface Measured {
  /** Null where it could not be read. */
  readonly epochAfter: number | null;
  readonly writesStoppedSeconds: number | null;
  /** Part of it: for which nothing was done but wait until the old site's lease had surely ended. Null where nothing waited for it, or nobody knows. */
  readonly leaseWaitSeconds: number | null;
  /** Null where no name was moved, or its journal does not say how. */
  readonly names: NamesMoved | null;
  readonly targets: readonly TargetObjectives[];
  /** One for each target of which it was looked for; null where it was looked for nowhere. */
  readonly lost: readonly Loss[] | null;
  /** Null where nothing was proven, or its journal does not say by what; none where the runbook has nothing to prove. */
  readonly proofs: readonly Proven[] | null;
}

export interface ReportStep {
  readonly id: string;
  readonly title: Text;
  readonly outcome: StepOutcome;
  readonly attempts: number;
  readonly plannedSeconds: number;
  /** From the first time its action was begun to its end; null where either is not known, as for what was done by hand. */
  readonly actualSeconds: number | null;
  readonly skipped: { readonly reason: string; readonly by: string } | null;
}

export interface ReportApproval {
  readonly role: string;
  readonly post: string;
  /** SHA-256 of the key's SPKI DER, in hex. */
  readonly keyid: string;
  readonly approvedAt: string;
  readonly expiresAt: string;
  readonly nonce: string;
}

export interface RunReport extends Measured {
  readonly run: string;
  readonly region: string;
  readonly runbook: string;
  readonly title: Text;
  /** `interrupted`: neither at its end nor failed. */
  readonly result: "succeeded" | "failed" | "aborted" | "interrupted";
  readonly epochBefore: number;
  /** Of every process that conducted it, in order; null where nobody knows. */
  readonly commits: readonly (string | null)[];
  /** SHA-256 of the inventory and of the plan, in hex. */
  readonly inventory: string;
  readonly plan: string;
  readonly startedAt: string;
  /** Null where it is not at its end. */
  readonly endedAt: string | null;
  readonly steps: readonly ReportStep[];
  readonly failure: RunState["failure"] | null;
  readonly abort: { readonly reason: string; readonly by: string } | null;
  readonly approvals: readonly ReportApproval[];
  /** In order of writing. */
  readonly events: readonly RunEvent[];
}

/** What is known of the report only when it was signed. */
export interface Signed {
  /** Record that says so; null where the signer has not taken it yet. */
  readonly evidence: { readonly id: string; readonly digest: string } | null;
  readonly heads: readonly Pick<ChainSummary, "writer" | "last" | "digest" | "counterSigned">[];
}

export type ReportRegion = Pick<Model["region"], "name" | "government" | "timezone">;

/** @throws RangeError where the events do not begin with `opened`. */
export function reportOf(events: readonly RunEvent[], measured: Measured): RunReport {
  const state = stateOf(events);
  const { run, plan, stage, digest, failure, aborting, approvals, startedAt, lastAt } = state;
  const closed = stage === "succeeded" || stage === "aborted";
  return {
    ...measured,
    ...{ run, region: plan.region, runbook: plan.runbook, title: plan.title, plan: digest, inventory: plan.inventory },
    result: closed || stage === "failed" ? stage : "interrupted",
    epochBefore: plan.epoch,
    commits: [...new Set(events.flatMap((one) => ("commit" in one ? [one.commit] : [])))],
    startedAt,
    endedAt: closed ? lastAt : null,
    steps: state.steps.map(({ step, outcome, attempts, begunAt, endedAt, skipped }) => ({
      ...{ id: step.id, title: step.title, outcome, attempts, plannedSeconds: step.expectedSeconds },
      actualSeconds: outcome === "done" ? secondsBetween(begunAt, endedAt) : null,
      skipped: skipped ?? null,
    })),
    failure: failure ?? null,
    abort: aborting ?? null,
    approvals: approvals.map(({ role, post, keyid, approvedAt, expiresAt, nonce }) => ({
      ...{ role, post, keyid, approvedAt, expiresAt, nonce },
    })),
    events,
  };
}

/** Null where a clock that was set makes it less than nothing. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | null {
  if (from === undefined || to === undefined) return null;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return seconds >= 0 ? seconds : null;
}

/** What is not known, or cannot be, is never met. */
export function objectiveVerdict({ declaredSeconds, measuredSeconds }: Objective): ObjectiveVerdict {
  if (declaredSeconds === null) return "not-declared";
  if (measuredSeconds === null || !(measuredSeconds >= 0)) return "unknown";
  return measuredSeconds <= declaredSeconds ? "met" : "missed";
}
