/** Networks cut while both sites live, as far as the gate has time for it; `npm run test:full -- faults-cuts` has all of it (tests/faults/cuts). */
import { afterAll, beforeAll } from "vitest";
import { cuts } from "../faults/cuts/cuts.ts";
import { lies } from "../faults/cuts/lies.ts";
import { RegionTrial } from "../faults/region/trial.ts";
import { seedOf } from "../seeded.ts";

const trial = new RegionTrial();
const seed = seedOf(process.env);
beforeAll(async () => {
  await trial.raise();
  await trial.load();
}, 900_000);
afterAll(() => trial.fell(), 120_000);

cuts(trial, seed);
lies(trial, seed);
