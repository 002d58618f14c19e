/** What breaks backups, as far as the gate has time for it; `npm run test:full` has all of it (tests/faults/backups). */
import { afterAll, beforeAll } from "vitest";
import { damage } from "../faults/backups/damage.ts";
import { kills } from "../faults/backups/kills.ts";
import { room } from "../faults/backups/room.ts";
import { anotherCluster, wrongKey } from "../faults/backups/strangers.ts";
import { Trial } from "../faults/backups/trial.ts";

const trial = new Trial();
beforeAll(() => trial.raise(), 900_000);
afterAll(() => trial.stand.fell());

damage(trial);
wrongKey(trial);
room(trial);
kills(trial);
anotherCluster(trial);
