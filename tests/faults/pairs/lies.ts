/** The same rounds with guards that heed no deadline: the judge must find that two sites took writes, or it could find nothing at all. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { tellFigures } from "../figures.ts";
import { handover } from "../ledger/handover.ts";
import { now } from "../region/client.ts";
import { deafenGuards } from "../region/deaf.ts";
import { otherOf } from "../region/sites.ts";
import { standing } from "../region/standing.ts";
import type { RegionTrial } from "../region/trial.ts";
import { type PlannedRound, planPairs, splitting } from "./plan.ts";
import { play, Seen } from "./play.ts";

const TRIES = 3;
/** Among so many are enough to try, whatever the seed. */
const AMONG = 60;

export function lies(trial: RegionTrial, seed: number): void {
  const plans = splitting(planPairs(seed, AMONG, trial.lease)).slice(0, TRIES);

  describe("with guards that heed no deadline", () => {
    deafenGuards(trial);

    it("the same seed's rounds show a site that acknowledges after the other has begun to", async () => {
      const found = await untilLies(trial, plans);
      tellFigures({ ...found });
      expect(found.liesOfDeafGuards).toBeGreaterThan(0);
    }, 1_800_000);
  });
}

async function untilLies(trial: RegionTrial, plans: readonly PlannedRound[]) {
  for (const [index, plan] of plans.entries()) {
    const { active } = standing(trial);
    const changes = await splitOnce(trial, plan);
    const liesOfDeafGuards = changes.reduce((sum, change) => sum + change.lies.length, 0);
    const deafGuardsLiedForMs = Math.round(Math.max(...changes.map(({ liedForMs }) => liedForMs)));
    if (liesOfDeafGuards > 0) return { roundsUntilLies: index + 1, liesOfDeafGuards, deafGuardsLiedForMs };
    await trial.join(active);
  }
  return { roundsUntilLies: plans.length, liesOfDeafGuards: 0, deafGuardsLiedForMs: 0 };
}

/** As in a round, but nobody demands anything. */
async function splitOnce(trial: RegionTrial, plan: PlannedRound) {
  const was = standing(trial);
  const from = now();
  trial.clients.go();
  await pause(plan.calmMs);
  await play(trial, plan, was, new Seen());
  const histories = trial.histories(await trial.clients.hold(), from);
  return ENGINES.map((engine) => handover(histories[engine], was.active, otherOf(was.active)));
}
