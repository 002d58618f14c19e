/** One cut: it comes, it ends, the other site is promoted where a majority is with it, the old one joins again, and what the clients heard is judged. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { now } from "../region/client.ts";
import type { Edge } from "../region/edges.ts";
import { type JudgedEngines, judgeRound, LAG_MS } from "../region/judged.ts";
import { otherOf, SITES, type SiteId } from "../region/sites.ts";
import { handOverInGoodOrder, highestRow, holder, type Standing, standing, wiresOf } from "../region/standing.ts";
import type { RegionTrial } from "../region/trial.ts";
import { HANDS_OVER, type PlannedCut } from "./plan.ts";

export interface Round {
  readonly active: SiteId;
  readonly handedOver: boolean;
  readonly ways: readonly string[];
  readonly judged: JudgedEngines;
}

export async function cutOnce(trial: RegionTrial, plan: PlannedCut): Promise<Round> {
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
  if (handsOver) await trial.askFor(next, epoch + 1);
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
  const [margin, ttl] = [trial.lease.margin * 1000, trial.lease.ttl * 1000];
  // From the first wire on a copy may be behind; from the last of those that were to be cut on nothing is proven.
  const deadline = cutBy + ttl - margin;
  const gaveUp = handsOver && !inGoodOrder;
  const excuse = gaveUp ? { old: active, notBefore: cutFrom - LAG_MS, closedBy: deadline + margin } : null;
  const histories = trial.histories(kept, from);
  const judged = await judgeRound(trial, { above, histories, active, winner, excuse, deadline });
  return { active, handedOver: handsOver, ways, judged };
}

/** The active site has a majority: whoever asks for its epoch waits. */
async function heldBack(trial: RegionTrial, active: SiteId, epoch: number, ms: number): Promise<void> {
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
function nobodyIsOpen(trial: RegionTrial): void {
  for (const site of SITES)
    for (const engine of ENGINES) expect(trial.guards.takesWrites(site, engine), `${site}/${engine}`).toBe(false);
}

/** Waits for what a cut does, mends it, and for whoever is active then. Returns whether the old site was closed in good order. */
async function ended(trial: RegionTrial, plan: PlannedCut, was: Standing): Promise<boolean> {
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
  const { ttl, margin } = trial.lease;
  const inGoodOrder = (await holder(trial, was, now(), 3 * (ttl + margin))) === active;
  if (inGoodOrder) await handOverInGoodOrder(trial, was);
  else await trial.open(next, epoch + 1);
  return inGoodOrder;
}
