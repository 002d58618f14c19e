/** `npm run test:full -- faults-pairs`; `LUMBUNG_SEED=… LUMBUNG_ROUND=n` runs one round of a plan again. */
import { afterAll, beforeAll } from "vitest";
import { seedOf } from "../../seeded.ts";
import { RegionTrial } from "../region/trial.ts";
import { lies } from "./lies.ts";
import { pairs } from "./pairs.ts";

/** Of each data volume: several times what lies there. */
const DATA_BYTES = 1024 ** 3;

const trial = new RegionTrial({ dataBytes: DATA_BYTES });
const seed = seedOf(process.env);
beforeAll(async () => {
  await trial.raise();
  await trial.load();
}, 1_800_000);
afterAll(() => trial.fell(), 120_000);

pairs(trial, seed);
lies(trial, seed);
