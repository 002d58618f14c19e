/** Networks cut while both sites live, as far as the gate has time for it; `npm run test:full -- faults-cuts` has all of it (tests/faults/cuts). */
import { afterAll, beforeAll } from "vitest";
import { cuts, seedOf } from "../faults/cuts/cuts.ts";
import { lies } from "../faults/cuts/lies.ts";
import { CutTrial } from "../faults/cuts/trial.ts";

const trial = new CutTrial();
const seed = seedOf(process.env);
beforeAll(async () => {
  await trial.raise();
  await trial.load();
}, 900_000);
afterAll(() => trial.fell(), 120_000);

cuts(trial, seed);
lies(trial, seed);
