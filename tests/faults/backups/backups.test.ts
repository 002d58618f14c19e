/** The long version of what breaks backups: `npm run test:full`. */
import { afterAll, beforeAll } from "vitest";
import { damage } from "./damage.ts";
import { kills } from "./kills.ts";
import { room } from "./room.ts";
import { storeAway } from "./store-away.ts";
import { anotherCluster, wrongKey } from "./strangers.ts";
import { Trial } from "./trial.ts";

const trial = new Trial();
beforeAll(() => trial.raise(), 900_000);
afterAll(() => trial.stand.fell());

damage(trial);
wrongKey(trial);
room(trial);
storeAway(trial);
kills(trial);
anotherCluster(trial);
