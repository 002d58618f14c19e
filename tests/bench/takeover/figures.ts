/** The four figures, from what was measured: medians against medians of rounds that took turns. Pure. */
import type { RunEvent } from "../../../runbooks/engine/events.ts";
import { factsOf, stateOf } from "../../../runbooks/engine/state.ts";
import { leaseWaitOf } from "../../../runbooks/measure.ts";
import type { History } from "../../faults/ledger/history.ts";
import { longestStop } from "../../faults/ledger/judge.ts";
import { type Figure, figureOf } from "../figure.ts";
import { median } from "../statistics.ts";

const FAILOVER_BOUND = 1.5;
const STOP_SECONDS = 10;
const GUARDS_BOUND = 0.95;
const FAILBACK_BOUND = 0.1;

type Detail = Readonly<Record<string, unknown>>;

/** Seconds of one failover. */
export interface Failover {
  /** Looking at the region and making the plan: what whoever decides has before them. */
  readonly plan: number;
  /** From the decision to the first verified write, with the wait. */
  readonly total: number;
  /** For which nothing was done but wait until the lease of the lost site had surely ended. */
  readonly leaseWait: number;
  readonly steps: Readonly<Record<string, number>>;
}

/** @param decidedAt ISO 8601. @throws where the run proved nothing, or its journal has no times. */
export function failoverOf(planSeconds: number, decidedAt: string, events: readonly RunEvent[]): Failover {
  const state = stateOf(events);
  const { provenAt } = factsOf(state).prove ?? {};
  if (typeof provenAt !== "string") throw new Error("bench: expected a proof in the run's journal, received none");
  const steps = Object.fromEntries(
    state.steps.map(({ step, begunAt, endedAt }) => [step.id, secondsBetween(begunAt, endedAt)]),
  );
  const leaseWait = leaseWaitOf(state);
  if (leaseWait === null) throw new Error("bench: expected a wait for the lease in the run's journal, received none");
  return { plan: planSeconds, total: secondsBetween(decidedAt, provenAt), leaseWait, steps };
}

function secondsBetween(from: string | undefined, to: string | undefined): number {
  const seconds = (Date.parse(to ?? "") - Date.parse(from ?? "")) / 1000;
  if (seconds >= 0) return seconds;
  throw new Error(`bench: expected two times in order, received ${from} and ${to}`);
}

/** Seconds of one failover by hand. */
export interface HandSeconds {
  readonly promote: number;
  readonly name: number;
  readonly write: number;
}

/** The wait for the lease is taken off and told; so is the TTL of the name, for which a resolver may still send people to the old site. */
export function failoverFigure(
  failovers: readonly Failover[],
  hands: readonly HandSeconds[],
  ttlSeconds: number,
): Figure {
  return figureOf({
    name: "failover.first-write",
    value: median(failovers.map(({ total, leaseWait }) => total - leaseWait)),
    unit: "s",
    floor: median(hands.map(({ promote, name, write }) => promote + name + write)),
    against: "tests/bench/floor-failover: patronictl promote-cluster, one knsupdate, one write that succeeds, no check",
    bound: FAILOVER_BOUND,
    detail: { leaseWait: failovers.map(({ leaseWait }) => leaseWait), nameTtlSeconds: ttlSeconds, failovers, hands },
  });
}

/** Longest time without an acknowledged write, of whichever engine, of whichever switchover: the demand is of each of them. */
export function switchoverFigure(switchovers: readonly Readonly<Record<string, History>>[], detail: Detail): Figure {
  const stops = switchovers.map((histories) =>
    Object.fromEntries(
      Object.entries(histories).map(([engine, history]) => [engine, longestStop(history).milliseconds / 1000]),
    ),
  );
  const all = stops.flatMap((one) => Object.values(one));
  return figureOf({
    name: "switchover.stop",
    value: all.length === 0 ? Number.NaN : Math.max(...all),
    unit: "s",
    floor: STOP_SECONDS,
    against: `${STOP_SECONDS} s, which is the demand itself (longest of all switchovers)`,
    bound: 1,
    detail: { stops, ...detail },
  });
}

/** Transactions per second of each round. */
export interface GuardSamples {
  readonly guarded: readonly number[];
  readonly unguarded: readonly number[];
}

export function guardsFigure({ guarded, unguarded }: GuardSamples, detail: Detail): Figure {
  return figureOf({
    name: "guards.pgbench",
    value: median(guarded),
    unit: "transactions/s",
    floor: median(unguarded),
    against: "pgbench on the same server and settings without a keeper, a watch and a lease",
    bound: GUARDS_BOUND,
    least: true,
    detail: { guarded, unguarded, ...detail },
  });
}

/** Seconds of each round. */
export interface FailbackSamples {
  readonly rewind: readonly number[];
  readonly reseed: readonly number[];
}

export function failbackFigure({ rewind, reseed }: FailbackSamples, detail: Detail): Figure {
  return figureOf({
    name: "failback.rewind",
    value: median(rewind),
    unit: "s",
    floor: median(reseed),
    against: "a full reseed of the same site and size, from the same order until it follows",
    bound: FAILBACK_BOUND,
    detail: { rewind, reseed, ...detail },
  });
}
