/** kill -9 during backups and restores, as far as the gate has time for it; `npm run test:full -- faults-backups` has all of it (tests/faults/backups). */
import { afterAll, beforeAll } from "vitest";
import { kills } from "../faults/backups/kills.ts";
import { Trial } from "../faults/backups/trial.ts";

const trial = new Trial();
beforeAll(() => trial.raise(), 900_000);
afterAll(() => trial.stand.fell());

kills(trial);
