/** The long version: `npm run test:full -- faults-cuts`. */
import { afterAll, beforeAll } from "vitest";
import { seedOf } from "../../seeded.ts";
import { RegionTrial } from "../region/trial.ts";
import { cuts } from "./cuts.ts";
import { lies } from "./lies.ts";

const trial = new RegionTrial();
const seed = seedOf(process.env);
beforeAll(async () => {
  await trial.raise();
  await trial.load();
}, 1_800_000);
afterAll(() => trial.fell(), 120_000);

cuts(trial, seed);
lies(trial, seed);
