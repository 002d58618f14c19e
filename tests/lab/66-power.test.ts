/**
 * It shows 6: Docker restarted, then killed with everything in it, with both sites under light load; sites that come up one after the
 * other, and in an unfortunate order; a disk that stands still. Each time all comes back by itself, roles unchanged, no row missing, and
 * the standby is never promoted.
 *
 * The gate tries the hardest: everything killed at once.
 *
 * What a kill cannot show is a disk that forgets what was flushed: the kernel's cache outlives it.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../io/shell.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { longestStop } from "../faults/ledger/judge.ts";
import { cutPower, notOurs, restartDocker } from "./support/dockerd.ts";
import { eventually } from "./support/eventually.ts";
import { testInFull } from "./support/full.ts";
import { clearLoad, complaintsDatabase, expectNothingLost, failuresOf, startLoad } from "./support/load.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { isStandby, sql } from "./support/sql.ts";
import { promotions, statusNow, wellWithin } from "./support/watch.ts";
import { ask } from "./support/web.ts";

const WELL_SECONDS = 120;

let model: Model;
let active: SiteModel;
let standby: SiteModel;
let database: string;

beforeAll(async () => {
  model = await labModel();
  [active, standby] = [siteWith(model, "primary"), siteWith(model, "recovery")];
  database = complaintsDatabase(model).server.workload;
});
afterAll(() => clearLoad(model));

const container = (site: SiteModel, workload: string) => `${REGION}-${site.id}-${workload}`;
const workloadsOf = (site: SiteModel) => site.workloads.map(({ name }) => name);

/**
 * Does this to the lab under load, waits until all is well without anybody's help, and demands that nothing is lost and nobody changed
 * roles. Prints after how many seconds all was well and for how long nothing could be written. Returns when it began.
 */
async function survives(what: string, misfortune: () => Promise<void>): Promise<Date> {
  const since = new Date();
  const load = await startLoad(model, active);
  let wellAfter: number;
  try {
    await pause(2_000); // the load itself: what it wrote before is what could be lost
    await misfortune();
    wellAfter = await wellWithin(model, WELL_SECONDS);
    await pause(1_000); // and what it writes after
  } catch (error) {
    await load.stop();
    throw error;
  }
  const loaded = await load.stop();
  const stopped = [loaded.rows, loaded.mariadbRows].map((rows) => (longestStop(rows).milliseconds / 1000).toFixed(1));
  process.stderr.write(
    `${what}: all well ${wellAfter.toFixed(0)} s after; nothing written to PostgreSQL for ${stopped[0]} s, to MariaDB for ${stopped[1]} s\n`,
  );
  expect(await promotions(standby.id, database, since)).toBe(0);
  expect((await statusNow(model)).sites.map(({ id, state }) => [id, state])).toEqual(
    model.sites.map(({ id }) => [id, id === active.id ? "active" : "standby"]),
  );
  const judged = await expectNothingLost(model, [active, standby], load.run, loaded);
  for (const { acknowledged } of [judged.rows, judged.mariadbRows]) expect(acknowledged).toBeGreaterThan(50);
  return since;
}

const kill = (names: readonly string[]) => run(["docker", "kill", ...names]);
const start = (names: readonly string[]) => run(["docker", "start", ...names]);

testInFull("Docker restarted: all back by itself, roles unchanged, no row missing", async ({ skip }) => {
  const why = await notOurs();
  skip(why !== undefined, why);
  const since = await survives("Docker restarted", restartDocker);
  // The log does tell of promotions: the active site's database is promoted again each time that it starts.
  expect(await promotions(active.id, database, since)).toBeGreaterThan(0);
});

test("Docker and all containers killed at once: all back by itself, roles unchanged, no row missing", async ({
  skip,
}) => {
  const why = await notOurs();
  skip(why !== undefined, why);
  await survives("Docker killed", cutPower);
});

testInFull(
  "both sites lost power, the recovery centre is back first: it stays a standby, and the data centre goes on from where it was",
  async () => {
    await survives("DRC first", async () => {
      const all = [active, standby].flatMap((site) => workloadsOf(site).map((name) => container(site, name)));
      await kill(all);
      await start(workloadsOf(standby).map((name) => container(standby, name)));
      await eventually(
        "the recovery centre's database answers",
        60,
        async () => (await isStandby(standby.id, database)) || undefined,
      );
      await refusesWrites(standby);
      // Databases before the store that tells them what they are, the gateway before anything that it leads to.
      const unfortunate = ["gateway", database, "ops", "web", "dns", "etcd"];
      const rest = workloadsOf(active).filter((name) => !unfortunate.includes(name));
      for (const name of [...unfortunate.slice(0, -1), ...rest, "etcd"]) await start([container(active, name)]);
    });
  },
);

/** A site alone with a copy: its database takes no write, its gateway says that it stands by. Asked until the gateway has looked, then again. */
async function refusesWrites(site: SiteModel): Promise<void> {
  const ca = (await secretsOf(site.id)).authority.root;
  const host = model.hosts[0]?.host ?? "";
  for (let asked = 0; asked < 5; asked++) {
    await eventually(`${site.id} says that it stands by`, 30, async () => {
      const { status } = await ask({ address: site.publicAddress, host, ca });
      return status === 503 ? true : undefined;
    });
    await expect(sql(site.id, database, "postgres", "create table stray ();")).rejects.toThrow("read-only");
    await pause(1_000);
  }
}

testInFull(
  "both sites lost power, the data centre is back first: it serves alone, and the recovery centre catches up",
  async () => {
    await survives("DC first", async () => {
      const all = [active, standby].flatMap((site) => workloadsOf(site).map((name) => container(site, name)));
      await kill(all);
      await start(workloadsOf(active).map((name) => container(active, name)));
      await eventually("the data centre is active by itself", 90, async () => {
        const site = (await statusNow(model)).sites.find(({ id }) => id === active.id);
        return site?.state === "active" ? true : undefined;
      });
      await start(workloadsOf(standby).map((name) => container(standby, name)));
    });
  },
);

testInFull("each container of the standby restarted, one after the other: nobody notices", async () => {
  const load = await startLoad(model, active);
  for (const name of workloadsOf(standby)) await engine.restartContainer(container(standby, name), 60);
  const loaded = await load.stop();
  expect(failuresOf(loaded)).toEqual([]);
  await wellWithin(model, WELL_SECONDS);
});

testInFull(
  "the active site's disk stands still for longer than the database's lease: the role is not lost for good",
  async () => {
    // Patroni's ttl is 20 s (components/postgres/patroni-yml.ts): whoever leads must renew within it.
    const still = [database, "etcd"].map((name) => container(active, name));
    await survives("disk still for 25 s", async () => {
      await run(["docker", "pause", ...still]);
      try {
        await pause(25_000);
      } finally {
        await run(["docker", "unpause", ...still]);
      }
    });
  },
);
