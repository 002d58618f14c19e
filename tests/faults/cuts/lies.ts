/** The same cuts with guards that heed no deadline: the judge must find that two sites took writes, or it could find nothing at all. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REPOSITORY } from "../../../io/repository.ts";
import type { Engine } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { tellFigures } from "../figures.ts";
import { type Handover, handover } from "../ledger/handover.ts";
import { now } from "./client.ts";
import { CYCLE, type PlannedCut, planCuts } from "./plan.ts";
import { standing, wiresOf } from "./round.ts";
import { type CutTrial, otherOf, PATIENCE, SITES } from "./trial.ts";

const PROGRAM = "usr/local/lib/lumbung/lease_state.py";
/** Where a guard counts its deadline. Nothing that is delivered or declared reaches it: the program itself is another one here. */
const HEEDED = "return proof.asked_at + min(proof.ttl, facts.me.ttl) - facts.me.margin";
const DEAF = "return proof.asked_at + 86400";
const TRIES = 3;

/** The program of the guards with a deadline that never comes. @throws where it is no longer counted as it was. */
export function deafened(program: string): string {
  const parts = program.split(HEEDED);
  if (parts.length !== 2) throw new Error(`${PROGRAM}: expected one deadline, received ${parts.length - 1}`);
  return parts.join(DEAF);
}

export function lies(trial: CutTrial, seed: number): void {
  const alone = planCuts(seed, 2 * CYCLE.length, trial.lease).filter(({ kind }) => kind === "active-alone");

  describe("with guards that heed no deadline", () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "lumbung-deaf-"));
      await chmod(folder, 0o755);
      const file = join(folder, "lease_state.py");
      await writeFile(file, deafened(await readFile(join(REPOSITORY, "images/shared/lease", PROGRAM), "utf8")));
      const { active } = standing(trial);
      for (const site of SITES) trial.alter(site, { [`/${PROGRAM}`]: file });
      for (const engine of ENGINES) await trial.guards.writes(active, engine, true, PATIENCE);
      await trial.standsBy(otherOf(active));
    }, 600_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it("the same seed's cuts show a site that acknowledges after the other has begun to", async () => {
      const found = await untilLies(trial, alone.slice(0, TRIES));
      tellFigures({ ...found });
      expect(found.liesOfDeafGuards).toBeGreaterThan(0);
    }, 1_200_000);
  });
}

async function untilLies(trial: CutTrial, plans: readonly PlannedCut[]) {
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
async function splitOnce(trial: CutTrial, { stages, calmMs }: PlannedCut): Promise<Record<Engine, Handover>> {
  const { active, epoch } = standing(trial);
  const [next, from] = [otherOf(active), now()];
  trial.clients.go();
  await pause(calmMs);
  await trial.wires.set(wiresOf(stages.at(-1) ?? [], active));
  trial.askFor(next, epoch + 1);
  await trial.open(next, epoch + 1);
  await pause(2 * calmMs);
  await trial.wires.mend();
  const kept = await trial.clients.hold();
  const changeOf = (engine: Engine) => handover({ from, to: now(), attempts: kept[engine] ?? [] }, active, next);
  return { "postgres-utama": changeOf("postgres-utama"), "mariadb-php": changeOf("mariadb-php") };
}
