/** The faults of one round, as they come and go, and what an operator does meanwhile: nothing is demanded here. */
import { setTimeout as pause } from "node:timers/promises";
import { now } from "../region/client.ts";
import { otherOf, PATIENCE } from "../region/sites.ts";
import { handOverInGoodOrder, holder, type Standing } from "../region/standing.ts";
import type { RegionTrial } from "../region/trial.ts";
import type { Sleeper } from "./asleep.ts";
import { told } from "./fault.ts";
import { isolates, type PlannedFault, type PlannedRound } from "./plan.ts";
import { Troubles } from "./troubles.ts";

/** What was done and seen, with the milliseconds after the first fault. */
export class Seen {
  readonly #since = now();
  readonly lines: string[] = [];

  tell(line: string): void {
    this.lines.push(`${Math.round(now() - this.#since)}: ${line}`);
  }
}

export interface Played {
  /** The old site was given up, and not closed in good order. */
  readonly gaveUp: boolean;
  /** On the clients' clock: when the first fault began; when the active site could prove its lease last, where one of them kept it from that until the promotion. */
  readonly from: number;
  readonly provenLast: number | null;
  /** When the other site took writes; null: it was not asked to. */
  readonly openedAt: number | null;
  /** How many of the faults befell somebody. */
  readonly befell: number;
  readonly sleepers: readonly Sleeper[];
}

export async function play(trial: RegionTrial, plan: PlannedRound, was: Standing, seen: Seen): Promise<Played> {
  const { active, epoch } = was;
  const next = otherOf(active);
  const troubles = new Troubles(trial, active);
  const from = now();
  const begunAt = new Map<PlannedFault, number>();
  const open = once(async () => {
    await trial.open(next, epoch + 1);
    seen.tell(`${next} takes writes in epoch ${epoch + 1}`);
    return now();
  });

  const befalls = async (one: PlannedFault): Promise<void> => {
    const trouble = troubles.of(one.fault, one.lastsMs);
    await pause(one.afterMs);
    try {
      const done = await trouble.begin();
      begunAt.set(one, now());
      seen.tell(`${told(one.fault)}: ${done}`);
    } catch (error) {
      // Without this one the round would be another.
      if (isolates(one)) throw error;
      seen.tell(`${told(one.fault)}: befell nobody: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    try {
      await pause(one.lastsMs);
      if (one.untilPromoted) {
        await open();
        await pause(plan.calmMs); // both sites take what they take, while neither knows of the other
      }
    } finally {
      seen.tell(`${told(one.fault)}: ended${wordOf(await trouble.end())}`);
    }
  };
  const asked = async (): Promise<void> => {
    if (plan.asksAfterMs === null) return;
    await pause(plan.asksAfterMs);
    await trial.askFor(next, epoch + 1);
    seen.tell(`${next} was asked to take over`);
  };
  await all([...plan.faults.map(befalls), asked()]);
  await troubles.mend();
  const mended = now();
  seen.tell("all is mended");

  const isolating = plan.faults.find(({ untilPromoted }) => untilPromoted);
  const provenLast = (isolating && begunAt.get(isolating)) ?? null;
  const common = { from, provenLast, befell: begunAt.size, sleepers: troubles.sleepers };
  if (plan.asksAfterMs === null) return { ...common, gaveUp: false, openedAt: null };
  const inGoodOrder = (await holder(trial, was, mended, PATIENCE)) === active;
  seen.tell(inGoodOrder ? `${active} holds its lease still` : `${next} has the next epoch`);
  if (!inGoodOrder) return { ...common, gaveUp: true, openedAt: await open() };
  await handOverInGoodOrder(trial, was);
  return { ...common, gaveUp: false, openedAt: now() };
}

const wordOf = (said: string | undefined): string => (said === undefined || said === "" ? "" : `: ${said}`);

/** Waits for all, also where one fails: what befalls a region is undone before anybody looks at it. @throws the first error */
async function all(work: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}
