/** The same cuts with guards that heed no deadline: the judge must find that two sites took writes, or it could find nothing at all. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../lab/support/guards.ts";
import { tellFigures } from "../figures.ts";
import { type Handover, handover } from "../ledger/handover.ts";
import { now } from "../region/client.ts";
import { deafenGuards } from "../region/deaf.ts";
import { otherOf } from "../region/sites.ts";
import { standing, wiresOf } from "../region/standing.ts";
import type { RegionTrial } from "../region/trial.ts";
import { CYCLE, type PlannedCut, planCuts } from "./plan.ts";

const TRIES = 3;

export function lies(trial: RegionTrial, seed: number): void {
  const alone = planCuts(seed, 2 * CYCLE.length, trial.lease).filter(({ kind }) => kind === "active-alone");

  describe("with guards that heed no deadline", () => {
    deafenGuards(trial);

    it("the same seed's cuts show a site that acknowledges after the other has begun to", async () => {
      const found = await untilLies(trial, alone.slice(0, TRIES));
      tellFigures({ ...found });
      expect(found.liesOfDeafGuards).toBeGreaterThan(0);
    }, 1_200_000);
  });
}

async function untilLies(trial: RegionTrial, plans: readonly PlannedCut[]) {
  for (const [index, plan] of plans.entries()) {
    const { active } = standing(trial);
    const changes = Object.values(await splitOnce(trial, plan));
    const liesOfDeafGuards = changes.reduce((sum, change) => sum + change.lies.length, 0);
    const deafGuardsLiedForMs = Math.round(Math.max(...changes.map(({ liedForMs }) => liedForMs)));
    if (liesOfDeafGuards > 0) return { cutsUntilLies: index + 1, liesOfDeafGuards, deafGuardsLiedForMs };
    await trial.join(active);
  }
  return { cutsUntilLies: plans.length, liesOfDeafGuards: 0, deafGuardsLiedForMs: 0 };
}

/** As in a round, but nobody demands anything. */
async function splitOnce(trial: RegionTrial, { stages, calmMs }: PlannedCut): Promise<Record<Engine, Handover>> {
  const { active, epoch } = standing(trial);
  const [next, from] = [otherOf(active), now()];
  trial.clients.go();
  await pause(calmMs);
  await trial.wires.set(wiresOf(stages.at(-1) ?? [], active));
  await trial.askFor(next, epoch + 1);
  await trial.open(next, epoch + 1);
  await pause(2 * calmMs);
  await trial.wires.mend();
  const kept = await trial.clients.hold();
  const changeOf = (engine: Engine) => handover({ from, to: now(), attempts: kept[engine] ?? [] }, active, next);
  return { "postgres-utama": changeOf("postgres-utama"), "mariadb-php": changeOf("mariadb-php") };
}
