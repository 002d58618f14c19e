/** What a run measured, from what its steps' checks saw. Pure. What was not seen is unknown. */

import type { RunEvent } from "./engine/events.ts";
import { factsOf, type RunState, stateOf } from "./engine/state.ts";
import { type ServerSeen, type Situation, serverSeen } from "./facts.ts";
import {
  type Loss,
  type Measured,
  type NamesMoved,
  type Proven,
  secondsBetween,
  type TargetObjectives,
} from "./report/report.ts";
import { situationOf } from "./runbook.ts";

export function measuredOf(events: readonly RunEvent[]): Measured {
  const state = stateOf(events);
  const situation = situationOf(state.plan);
  const moves = state.steps.some(({ step }) => step.id === "open-writes");
  const stopped = moves ? writesStopped(state, situation) : 0;
  const lost = moves && isDone(state, "open-writes") ? losses(state, situation) : null;
  return {
    epochAfter: epochAfter(state),
    writesStoppedSeconds: stopped,
    leaseWaitSeconds: leaseWaitOf(state),
    names: namesMoved(state),
    targets: situation.declared.servers.map(({ id, mode, rpoSeconds, rtoSeconds }): TargetObjectives => {
      const loss = lost?.find(({ target }) => target === id);
      return {
        target: id,
        rpo: { declaredSeconds: mode === "sync" ? 0 : rpoSeconds, measuredSeconds: loss?.seconds ?? null },
        rto: { declaredSeconds: rtoSeconds, measuredSeconds: stopped },
      };
    }),
    lost: lost ?? (moves ? null : []),
    proofs: moves ? proofsOf(state) : [],
  };
}

function isDone({ steps }: RunState, id: string): boolean {
  return steps.some(({ step, outcome }) => step.id === id && outcome === "done");
}

function timesOf({ steps }: RunState, id: string) {
  return steps.find(({ step }) => step.id === id);
}

function epochAfter(state: RunState): number | null {
  const { epoch } = factsOf(state)["raise-epoch"] ?? {};
  if (typeof epoch === "number") return epoch;
  // Where it was never begun, nobody of this run has raised it.
  return state.beyondReturn ? null : state.plan.epoch;
}

/** From when writes stopped to the first that counted. Planned: when closing began. Unplanned: when somebody decided, or earlier where that is known. */
function writesStopped(state: RunState, { seen }: Situation): number | null {
  const proven = factsOf(state).prove?.provenAt;
  const closing = timesOf(state, "close-writes");
  const from = closing ? closing.begunAt : seen.at;
  return typeof proven === "string" ? secondsBetween(from, proven) : null;
}

/**
 * Of the step that waits only what the lease demands: from when it began until nobody can be open any more. What it takes longer, to look, is the runbook's.
 * The lease also runs out while other steps work; that is no wait. In seconds; null where the run did not wait so, or has no times.
 */
export function leaseWaitOf(state: RunState): number | null {
  const wait = timesOf(state, "wait-lease");
  const { closedBy } = factsOf(state)["wait-lease"] ?? {};
  if (wait?.begunAt === undefined || wait.endedAt === undefined || typeof closedBy !== "string") return null;
  const end = Math.min(Date.parse(wait.endedAt), Date.parse(closedBy));
  return Math.max(0, end - Date.parse(wait.begunAt)) / 1000;
}

/** What `move-names` saw (steps/names.ts); a journal of before says serials alone. */
function namesMoved(state: RunState): NamesMoved | null {
  const { movedAt, ttlSeconds, serials } = factsOf(state)["move-names"] ?? {};
  if (typeof movedAt !== "string" || typeof ttlSeconds !== "number" || !Array.isArray(serials)) return null;
  return {
    ...{ movedAt, ttlSeconds, serials: serials as unknown as NamesMoved["serials"] },
    cachesUntil: new Date(Date.parse(movedAt) + ttlSeconds * 1000).toISOString(),
  };
}

/** What `prove` saw (steps/service.ts); a journal of before says no rows. */
function proofsOf(state: RunState): readonly Proven[] | null {
  const { proofs } = factsOf(state).prove ?? {};
  return Array.isArray(proofs) ? (proofs as unknown as readonly Proven[]) : null;
}

/** Planned: the last write was seen at the other site. Unplanned: all after which the standby was not complete any more, at most. */
function losses(state: RunState, { declared, seen, to }: Situation): Loss[] {
  const facts = factsOf(state);
  const closedBy = facts["wait-lease"]?.closedBy;
  const from = declared.sites.find(({ id }) => id !== to)?.id ?? "";
  return declared.servers.map(({ id, mode }): Loss => {
    if (isDone(state, "last-writes")) return { target: id, rows: 0, seconds: 0 };
    // Commits that wait for the standby are acknowledged only once it has them. Declared is not enough: a person may have relaxed it.
    if (mode === "sync" && waitedToTheEnd(serverSeen(seen, from, id), closedBy, declared.leaseSeconds))
      return { target: id, rows: 0, seconds: 0 };
    const complete = facts.drain?.[id];
    const seconds =
      typeof complete === "string" && typeof closedBy === "string" ? secondsBetween(complete, closedBy) : null;
    return { target: id, rows: null, seconds };
  });
}

/** What people need at least for the plan, the approval and the steps by which commits stop waiting. */
const RELAXING_SECONDS = 60;

/**
 * Whether a primary was seen to wait so shortly before it was surely closed that nobody can have relaxed it unseen: who was out of sight for longer may have been told
 * to go on alone, and acknowledged what only it has.
 */
function waitedToTheEnd({ waits, waitsAt }: ServerSeen, closedBy: unknown, leaseSeconds: number | null): boolean {
  if (waits !== true || waitsAt === null || typeof closedBy !== "string") return false;
  const unseen = secondsBetween(waitsAt, closedBy);
  return unseen !== null && unseen <= RELAXING_SECONDS + (leaseSeconds ?? 0);
}
