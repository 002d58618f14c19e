/** One cut: it comes, it ends, the other site is promoted where a majority is with it, the old one joins again, and what the clients heard is judged. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { eventually } from "../../lab/support/eventually.ts";
import type { Engine } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { type Excuse, type Handover, handover, unexcused } from "../ledger/handover.ts";
import type { Attempt, History } from "../ledger/history.ts";
import { judge, longestStop } from "../ledger/judge.ts";
import { now } from "./client.ts";
import { type Edge, HANDS_OVER, type Part, type PlannedCut } from "./plan.ts";
import { type CutTrial, otherOf, PATIENCE, SITES, type SiteId, TABLE } from "./trial.ts";
import type { Wire } from "./wires.ts";

/** What `async` had no time to send before the cut, and what a busy machine adds. The region declares a minute. */
const LAG_MS = 5_000;

/** When things were done, on the clients' clock. */
interface Times {
  /** The first wire was cut, from when on a copy may be behind; the last of those that were to be, from when on nothing is proven. */
  readonly cutFrom: number;
  readonly cutBy: number;
}

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
  /** How long after the last proof before the cut could have opened it the old site acknowledged; below 0: before its deadline. Null: it kept the lease. */
  readonly afterDeadlineMs: number | null;
}

export interface Round {
  readonly active: SiteId;
  readonly handedOver: boolean;
  readonly ways: readonly string[];
  readonly judged: Readonly<Record<Engine, Judged>>;
}

export interface Standing {
  readonly active: SiteId;
  readonly epoch: number;
}

/** Who is active now, in which epoch. @throws unless it is one site, and the other stands by. */
export function standing(trial: CutTrial): Standing {
  const { epoch, site } = trial.epoch("dc");
  const active = SITES.find((one) => one === site);
  if (active === undefined) throw new Error(`no site is active: epoch ${epoch} of ${site}`);
  expect(trial.epoch(otherOf(active)), "both sites know the same epoch").toEqual({ epoch, site: active });
  return { active, epoch };
}

export async function cutOnce(trial: CutTrial, plan: PlannedCut): Promise<Round> {
  const { active, epoch } = standing(trial);
  const next = otherOf(active);
  const from = now();
  const above = highestRow(trial, active);
  trial.clients.go();
  await pause(plan.calmMs);
  const cut = (edges: readonly Edge[]) => trial.wires.set(wiresOf(edges, active));
  const [first = [], second] = plan.stages;
  const cutFrom = now();
  await cut(first);
  const handsOver = HANDS_OVER.has(plan.kind);
  if (handsOver) trial.askFor(next, epoch + 1);
  if (second) {
    await heldBack(trial, active, epoch, plan.beforeMs);
    await cut(second);
  }
  const cutBy = now();
  const inGoodOrder = await ended(trial, plan, { active, epoch });
  const ways = handsOver ? await trial.join(active) : [];
  if (!handsOver) {
    await trial.takesWrites(active);
    await trial.standsBy(next);
  }
  await pause(plan.calmMs);
  const kept = await trial.clients.hold();
  const winner = handsOver ? next : active;
  expect(standing(trial)).toEqual({ active: winner, epoch: handsOver ? epoch + 1 : epoch });
  const gaveUp = handsOver && !inGoodOrder;
  const times = { cutFrom, cutBy };
  const judged = await Promise.all(
    ENGINES.map(async (engine) => {
      const history = { from, to: now(), attempts: kept[engine] ?? [] };
      return [
        engine,
        await judgeOne(trial, { engine, above: above[engine], history, active, winner, gaveUp, times }),
      ] as const;
    }),
  );
  return { active, handedOver: handsOver, ways, judged: Object.fromEntries(judged) as Round["judged"] };
}

export const wiresOf = (edges: readonly Edge[], active: SiteId): Wire[] => {
  const place = (part: Part) => ({ active, other: otherOf(active), witness: "witness" })[part];
  return edges.map(({ from, to }) => ({ from: place(from), to: place(to) }));
};

/** The active site has a majority: whoever asks for its epoch waits. */
async function heldBack(trial: CutTrial, active: SiteId, epoch: number, ms: number): Promise<void> {
  const until = now() + ms;
  while (now() < until) {
    expect(trial.guards.state(otherOf(active), "gateway"), "not promoted over a majority").toMatchObject({
      state: "closed",
    });
    await pause(500);
  }
  expect(trial.guards.state(active, "gateway")).toMatchObject({ state: "open", epoch });
}

/** A cut that left nobody a majority for longer than the lease. */
function nobodyIsOpen(trial: CutTrial): void {
  for (const site of SITES)
    for (const engine of ENGINES) expect(trial.guards.takesWrites(site, engine), `${site}/${engine}`).toBe(false);
}

/** Waits for what a cut does, mends it, and for whoever is active then. Returns whether the old site was closed in good order. */
async function ended(trial: CutTrial, plan: PlannedCut, was: Standing): Promise<boolean> {
  const { active, epoch } = was;
  const next = otherOf(active);
  const untilPromoted = plan.kind === "active-alone" || plan.kind === "sites-then-active-alone";
  if (untilPromoted) {
    await trial.open(next, epoch + 1);
    await pause(plan.calmMs); // both sites take what they take, while neither knows of the other
  } else {
    await pause(plan.lastsMs);
    if (plan.kind === "all-alone") nobodyIsOpen(trial);
  }
  await trial.wires.mend();
  if (untilPromoted) return false;
  if (!HANDS_OVER.has(plan.kind)) {
    await trial.isOpen(active, epoch);
    return false;
  }
  const inGoodOrder = (await holder(trial, was)) === active;
  if (inGoodOrder) {
    // Each guard has a deadline of its own: a server that closed at its own is there again before anybody closes the site in good order.
    await trial.isOpen(active, epoch);
    await trial.takesWrites(active);
    await caughtUp(trial, active);
    await trial.close(active, epoch);
  }
  await trial.open(next, epoch + 1);
  return inGoodOrder;
}

/** Whoever switches over closes nothing before the other site has what there is: a connection may hang for a while after a cut. */
async function caughtUp(trial: CutTrial, active: SiteId): Promise<void> {
  const wanted = highestRow(trial, active);
  await eventually("the other site has caught up", PATIENCE, async () => {
    const there = highestRow(trial, otherOf(active));
    return ENGINES.every((engine) => there[engine] >= wanted[engine]) ? true : undefined;
  });
}

/** After a brief cut: the other site got the epoch, or the old one has proven since that it holds its lease still. */
function holder(trial: CutTrial, { active, epoch }: Standing): Promise<SiteId> {
  const next = otherOf(active);
  const { ttl, margin } = trial.lease;
  const mended = now();
  return eventually("somebody holds the lease", 3 * (ttl + margin), async () => {
    if ((trial.guards.state(next, "gateway").store?.epoch ?? 0) > epoch) return next;
    const asked = now();
    const { code, store } = trial.guards.state(active, "gateway");
    const proven = code === "leased" && store !== null && asked - store.agoSeconds * 1000 > mended;
    return proven ? active : undefined;
  });
}

/** The highest row of each engine: what comes after is this round's. */
function highestRow(trial: CutTrial, active: SiteId): Record<Engine, number> {
  const highest = (engine: Engine) =>
    Number(trial.sql(active, engine, `select coalesce(max(id), 0) from ${TABLE};`).split("\n").at(-1));
  return { "postgres-utama": highest("postgres-utama"), "mariadb-php": highest("mariadb-php") };
}

interface Case {
  readonly engine: Engine;
  readonly above: number;
  readonly history: History;
  readonly active: SiteId;
  readonly winner: SiteId;
  /** The old site was given up, and not closed in good order. */
  readonly gaveUp: boolean;
  readonly times: Times;
}

async function judgeOne(
  trial: CutTrial,
  { engine, above, history, active, winner, gaveUp, times }: Case,
): Promise<Judged> {
  const found = trial.rows(winner, engine, above);
  await eventually(`${engine} is alike at both sites`, 60, async () => {
    expect(trial.rows(otherOf(winner), engine, above).length).toBe(found.length);
    return true;
  });
  expect(trial.rows(otherOf(winner), engine, above), `${engine} at both sites`).toEqual(found);
  const verdict = judge(history, found);
  const change = handover(history, active, otherOf(active));
  const { ttl, margin } = trial.lease;
  const deadline = times.cutBy + (ttl - margin) * 1000;
  const excuse: Excuse | null = gaveUp
    ? { old: active, notBefore: times.cutFrom - LAG_MS, closedBy: deadline + margin * 1000 }
    : null;
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
    afterDeadlineMs: gaveUp ? lastInCut(history.attempts, active, change) - deadline : null,
  };
}

/** When the old site acknowledged last. */
const lastInCut = (attempts: readonly Attempt[], active: SiteId, { lastByOld }: Handover): number =>
  lastByOld ?? Math.max(...attempts.filter(({ by }) => by === active).map(({ endedAt }) => endedAt));
