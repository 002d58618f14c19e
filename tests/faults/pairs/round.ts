/** One round: its faults come and go, the region comes to rest with one active site and one that follows, and what the clients heard is judged. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { eventually } from "../../lab/support/eventually.ts";
import { ENGINES, gatewaySays } from "../../lab/support/lease-cases.ts";
import type { Excuse } from "../ledger/handover.ts";
import { acknowledgedBy } from "../ledger/handover.ts";
import type { History } from "../ledger/history.ts";
import { now } from "../region/client.ts";
import { type JudgedEngines, judgeRound, LAG_MS } from "../region/judged.ts";
import { GUARDED, otherOf, PATIENCE, SITES, type SiteId } from "../region/sites.ts";
import { highestRow, type Standing, standing } from "../region/standing.ts";
import type { RegionTrial } from "../region/trial.ts";
import type { Sleeper } from "./asleep.ts";
import { type PlannedRound, toldRound } from "./plan.ts";
import { type Played, play, Seen } from "./play.ts";

export interface Round {
  readonly active: SiteId;
  readonly handedOver: boolean;
  readonly gaveUp: boolean;
  readonly faults: number;
  readonly befell: number;
  /** How the site that is active no more came to follow, by engine. */
  readonly ways: readonly string[];
  /** Transactions that were acknowledged in spite of their sleep, of those that there were. */
  readonly asleep: { readonly acknowledged: number; readonly of: number };
  readonly judged: JudgedEngines;
}

/** @param name by which it can be run again. @throws with all that was done and seen */
export async function roundOnce(trial: RegionTrial, plan: PlannedRound, name: string): Promise<Round> {
  const seen = new Seen();
  try {
    return await round(trial, plan, seen);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const report = [
      `${name}: ${why}`,
      `planned: ${toldRound(plan)}`,
      ...seen.lines,
      "at the end:",
      ...SITES.flatMap((site) => glance(trial, site)),
    ];
    throw new Error(report.join("\n  "), { cause: error });
  }
}

async function round(trial: RegionTrial, plan: PlannedRound, seen: Seen): Promise<Round> {
  const was = standing(trial);
  const { active, epoch } = was;
  const from = now();
  const above = highestRow(trial, active);
  trial.clients.go();
  await pause(plan.calmMs);
  const played = await play(trial, plan, was, seen);
  const handedOver = played.openedAt !== null;
  const winner = handedOver ? otherOf(active) : active;
  const ways = handedOver ? await trial.join(active) : [];
  await atRest(trial, { active: winner, epoch: handedOver ? epoch + 1 : epoch });
  seen.tell(`${winner} is active, and ${otherOf(winner)} follows`);
  await pause(plan.calmMs);
  const histories = trial.histories(await trial.clients.hold(), from);
  await quiet(trial, winner);
  const deadline =
    played.provenLast === null ? null : played.provenLast + (trial.lease.ttl - trial.lease.margin) * 1000;
  const excuse = played.gaveUp ? excuseOf(trial, active, played) : null;
  const judged = await judgeRound(trial, { above, histories, active, winner, excuse, deadline });
  const asleep = await judgeAsleep(played, winner, histories["postgres-utama"]);
  const { gaveUp, befell } = played;
  return { active, handedOver, gaveUp, faults: plan.faults.length, befell, ways, asleep, judged };
}

/** One site is open with engines that take writes, every guard of the other one is closed, and it follows. */
async function atRest(trial: RegionTrial, { active, epoch }: Standing): Promise<void> {
  const { guards } = trial;
  const follower = otherOf(active);
  await trial.isOpen(active, epoch);
  await trial.takesWrites(active);
  const closed = { state: "closed", code: "other-site", epoch, epochSite: active } as const;
  await Promise.all(GUARDED.map((name) => guards.until(follower, name, closed, PATIENCE)));
  await trial.standsBy(follower);
  for (const engine of ENGINES) expect(guards.takesWrites(follower, engine), `${follower}/${engine}`).toBe(false);
  await eventually(`the gateway of ${active} passes writes on`, PATIENCE, async () =>
    gatewaySays(guards, active) === "active" ? true : undefined,
  );
  expect(standing(trial)).toEqual({ active, epoch });
}

/** Whatever a client asked, and gave up, has ended as well: it may have been kept in a disk that was full, or a server that slept. */
async function quiet(trial: RegionTrial, winner: SiteId): Promise<void> {
  for (const engine of ENGINES)
    await eventually(`no client waits for ${engine}`, PATIENCE, async () => {
      const sessions = trial.busySessions(winner, engine);
      if (sessions > 0) throw new Error(`${sessions} sessions at work`);
      return true;
    });
}

/** What the old site acknowledged alone, until its lease had ended, or, where nobody knows when that was, until the other site took writes. */
function excuseOf(trial: RegionTrial, old: SiteId, { from, provenLast, openedAt }: Played): Excuse {
  const ended = provenLast === null ? Number.POSITIVE_INFINITY : provenLast + trial.lease.ttl * 1000;
  return { old, notBefore: from - LAG_MS, closedBy: Math.min(ended, openedAt ?? Number.POSITIVE_INFINITY) };
}

/** What was acknowledged to who slept is there, unless the site was given up; and never after the new site had acknowledged. */
async function judgeAsleep({ sleepers, gaveUp }: Played, winner: SiteId, history: History): Promise<Round["asleep"]> {
  const acknowledged = await Promise.all(sleepers.map((one: Sleeper) => one.acknowledgedAt()));
  const firstByNew = acknowledgedBy(history.attempts, winner)[0]?.endedAt ?? Number.POSITIVE_INFINITY;
  for (const [index, at] of acknowledged.entries()) {
    if (at === null) continue;
    if (gaveUp) expect(at, "acknowledged by the old site after the new one's first").toBeLessThanOrEqual(firstByNew);
    else expect(sleepers[index]?.isThere(winner), "acknowledged to a sleeper, and there").toBe(true);
  }
  return { acknowledged: acknowledged.filter((at) => at !== null).length, of: sleepers.length };
}

/** How each guard and engine of a site stands, a line each. */
function glance(trial: RegionTrial, site: SiteId): string[] {
  const guards = GUARDED.map((name) => {
    try {
      const { state, code, epoch, epochSite, permit, work } = trial.guards.state(site, name);
      const does = work === null ? "" : `, ${work.verb} ${work.state}: ${work.said}`;
      return `${site}/${name}: ${state} [${code}] in epoch ${epoch} of ${epochSite}${permit === null ? "" : `, permit ${permit}`}${does}`;
    } catch (error) {
      return `${site}/${name}: no answer: ${error instanceof Error ? error.message : String(error)}`;
    }
  });
  return [...guards, ...ENGINES.map((engine) => `${site}/${engine}: ${trial.health(site, engine)}`)];
}
