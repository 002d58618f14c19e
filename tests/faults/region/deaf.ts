/** Guards that heed no deadline: with them the judge must find that two sites took writes, or it could find nothing at all. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { REPOSITORY } from "../../../io/repository.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { otherOf, PATIENCE, SITES } from "./sites.ts";
import { standing } from "./standing.ts";
import type { RegionTrial } from "./trial.ts";

const PROGRAM = "usr/local/lib/lumbung/lease_state.py";
/** Where a guard counts its deadline. Nothing that is delivered or declared reaches it: the program itself is another one here. */
const HEEDED = "return proof.asked_at + min(proof.ttl, facts.me.ttl) - facts.me.margin";
const DEAF = "return proof.asked_at + 86400";

/** The program of the guards with a deadline that never comes. @throws where it is no longer counted as it was. */
export function deafened(program: string): string {
  const parts = program.split(HEEDED);
  if (parts.length !== 2) throw new Error(`${PROGRAM}: expected one deadline, received ${parts.length - 1}`);
  return parts.join(DEAF);
}

/** For a suite of tests: all guards of both sites are deaf before its first one. */
export function deafenGuards(trial: RegionTrial): void {
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
}
