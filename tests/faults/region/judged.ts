/** What the clients heard in a round, and what is there afterwards at both sites. */
import { expect } from "vitest";
import { eventually } from "../../lab/support/eventually.ts";
import type { Engine } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { type Excuse, type Handover, handover, unexcused } from "../ledger/handover.ts";
import type { Attempt, History } from "../ledger/history.ts";
import { judge, longestStop } from "../ledger/judge.ts";
import { otherOf, type SiteId } from "./sites.ts";
import type { RegionTrial } from "./trial.ts";

/** What `async` had no time to send before the first fault, and what a busy machine adds, milliseconds. The region declares a minute. */
export const LAG_MS = 5_000;

export interface Judged {
  readonly acknowledged: number;
  /** How many of its rows are there. */
  readonly kept: number;
  /** Acknowledged by the old site alone, and gone with it. */
  readonly lost: number;
  readonly lies: number;
  readonly liedForMs: number;
  /** Nobody answered for them, and they are there. */
  readonly unansweredButThere: number;
  readonly longestStopMs: number;
  /** How long after the last proof before the fault could have opened it the old site acknowledged; below 0: before its deadline. Null: nobody knows one, or it kept the lease. */
  readonly afterDeadlineMs: number | null;
}

export type JudgedEngines = Readonly<Record<Engine, Judged>>;

export interface Case {
  /** Of each engine: the rows above are this round's. */
  readonly above: Readonly<Record<Engine, number>>;
  readonly histories: Readonly<Record<Engine, History>>;
  /** Who was active at the beginning, and is at the end. */
  readonly active: SiteId;
  readonly winner: SiteId;
  /** Where the old site was given up, and not closed in good order. Null: nothing may be lost. */
  readonly excuse: Excuse | null;
  /** When the old site's lease could have been in force at the latest, on the clients' clock. Null: nobody knows. */
  readonly deadline: number | null;
}

/** By engine. @throws where a row is missing without an excuse, was never asked for, or two sites acknowledged. */
export async function judgeRound(trial: RegionTrial, one: Case): Promise<JudgedEngines> {
  const judged = await Promise.all(
    ENGINES.map(async (engine) => [engine, await judgeOne(trial, one, engine)] as const),
  );
  return Object.fromEntries(judged) as Record<Engine, Judged>;
}

async function judgeOne(trial: RegionTrial, one: Case, engine: Engine): Promise<Judged> {
  const { active, winner, excuse, deadline } = one;
  const [above, history] = [one.above[engine], one.histories[engine]];
  const found = trial.rows(winner, engine, above);
  await eventually(`${engine} is alike at both sites`, 60, async () => {
    expect(trial.rows(otherOf(winner), engine, above).length).toBe(found.length);
    return true;
  });
  expect(trial.rows(otherOf(winner), engine, above), `${engine} at both sites`).toEqual(found);
  const verdict = judge(history, found);
  const change = handover(history, active, otherOf(active));
  const said = { ...verdict, lies: change.lies, unexcused: unexcused(history, verdict.missing, change, excuse) };
  expect(said, engine).toMatchObject({
    lies: [],
    unexcused: [],
    neverAsked: [],
    refusedButThere: [],
    changed: [],
    doubled: [],
  });
  return {
    acknowledged: verdict.acknowledged,
    kept: found.length,
    lost: verdict.missing.length,
    lies: change.lies.length,
    liedForMs: change.liedForMs,
    unansweredButThere: verdict.unansweredButThere,
    longestStopMs: longestStop(history).milliseconds,
    afterDeadlineMs:
      excuse === null || deadline === null ? null : lastByOldSite(history.attempts, active, change) - deadline,
  };
}

/** When the old site acknowledged last. */
const lastByOldSite = (attempts: readonly Attempt[], active: SiteId, { lastByOld }: Handover): number =>
  lastByOld ?? Math.max(...attempts.filter(({ by }) => by === active).map(({ endedAt }) => endedAt));

export function told(judged: JudgedEngines): string {
  const engines = ENGINES.map((engine) => {
    const { acknowledged, lost, longestStopMs, afterDeadlineMs } = judged[engine];
    const closed = afterDeadlineMs === null ? "" : `, last ${Math.round(afterDeadlineMs)} ms from the deadline`;
    return `${engine}: ${acknowledged} acknowledged, ${lost} lost${closed}, ${(longestStopMs / 1000).toFixed(1)} s without`;
  });
  return engines.join("; ");
}

/** Of all rounds together; times in milliseconds. */
export function figuresOf(rounds: readonly JudgedEngines[]): Record<string, number> {
  const all = (of: (judged: Judged) => number): number[] =>
    rounds.flatMap((judged) => ENGINES.map((engine) => of(judged[engine])));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const most = (values: readonly number[]): number => Math.round(Math.max(...values));
  const deadlines = rounds.flatMap((judged) => ENGINES.map((engine) => judged[engine].afterDeadlineMs));
  const known = deadlines.filter((one) => one !== null);
  return {
    acknowledged: sum(all(({ acknowledged }) => acknowledged)),
    lostWithTheOldSite: sum(all(({ lost }) => lost)),
    mostLostInOneRound: most(all(({ lost }) => lost)),
    lies: sum(all(({ lies }) => lies)),
    unansweredButThere: sum(all(({ unansweredButThere }) => unansweredButThere)),
    longestStopMs: most(all(({ longestStopMs }) => longestStopMs)),
    ...(known.length === 0 ? {} : { latestAfterDeadlineMs: most(known) }),
  };
}

/** At the end: each site has what the rounds left, and nothing that was lost came back. */
export function bothHaveWhatWasKept(
  trial: RegionTrial,
  sites: readonly SiteId[],
  rounds: readonly JudgedEngines[],
): void {
  for (const engine of ENGINES) {
    const kept = rounds.reduce((sum, judged) => sum + judged[engine].kept, 0);
    for (const site of sites) expect(trial.rows(site, engine, 0), `${site}/${engine}`).toHaveLength(kept);
  }
}
