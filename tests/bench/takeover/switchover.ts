/** For how long a switchover lets nobody write, as clients see it that go where the public name sends them (issue 6: at most 10 seconds). */
import { setTimeout as pause } from "node:timers/promises";
import type { History } from "../../faults/ledger/history.ts";
import type { Bench } from "../bench.ts";
import { conduct } from "./conduct.ts";
import { switchoverFigure } from "./figures.ts";
import { type TakeoverStand, takeoverStand } from "./stand.ts";
import { Users } from "./users.ts";

/** There and back, so often. */
const TIMES = 2;
/** Before and after, so that a stop has both of its ends. */
const CALM_MS = 3_000;

export const switchoverBench: Bench = {
  makes: ["switchover.stop"],
  measure: async (note) => {
    const stand = await takeoverStand(note);
    const users = new Users(stand);
    const kept: Readonly<Record<string, History>>[] = [];
    for (let time = 1; time <= 2 * TIMES; time += 1) {
      note(`switchover ${time} of ${2 * TIMES}`);
      kept.push(await underLoad(stand, users));
    }
    return [switchoverFigure(kept, { switchovers: kept.length, clients: 4 })];
  },
};

/** @throws where the new site acknowledged nothing: what did not end was no stop. */
async function underLoad(stand: TakeoverStand, users: Users): Promise<Readonly<Record<string, History>>> {
  const { active, other } = await stand.standing();
  users.prepare(active);
  const ledger = users.ledger();
  try {
    await pause(CALM_MS);
    await conduct(stand, users, { runbook: "switchover", to: other });
    await pause(CALM_MS);
  } catch (error) {
    await ledger.stop();
    throw error;
  }
  const histories = await ledger.stop();
  for (const [engine, { attempts }] of Object.entries(histories))
    if (!attempts.some(({ outcome, by }) => outcome === "acknowledged" && by === other))
      throw new Error(`bench: ${engine}: ${other} acknowledged nothing after the switchover`);
  return histories;
}
