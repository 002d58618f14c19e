/**
 * The data centre is lost while the region is at work: in the middle of a backup, a drill and a change of a database's schema, and in the middle
 * of `up`. The failover is the same; what was under way ends, says so, and can be done again.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPOSITORY } from "../../io/repository.ts";
import { run } from "../../io/shell.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { tellFigures } from "../faults/figures.ts";
import { AGENCY_HOST, inventoryWithAgency } from "./support/agency.ts";
import { eventually } from "./support/eventually.ts";
import { clearLoad, complaintsDatabase, startLoad } from "./support/load.ts";
import { expectLostAsSaid } from "./support/lost.ts";
import { lumbung, lumbungWell, type Ran } from "./support/lumbung.ts";
import { byPublicName, siteNamedBy } from "./support/public-name.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { runbook } from "./support/runbook.ts";
import { caughtUp, sql } from "./support/sql.ts";
import { troubleAt } from "./support/trouble.ts";
import { statusNow, wellWithin } from "./support/watch.ts";
import { ask } from "./support/web.ts";

const WELL_SECONDS = 300;
const TARGET = "postgresql:utama";
const TABLE = "lumbung_migrated";
const ROWS = 200_000;
let model: Model;
let dc: SiteModel;
let drc: SiteModel;
let folder: string;

beforeAll(async () => {
  model = await labModel();
  [dc, drc] = [siteWith(model, "primary"), siteWith(model, "recovery")];
  folder = await mkdtemp(join(tmpdir(), "lumbung-inventory-"));
  await wellWithin(model, WELL_SECONDS);
}, 600_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
  await inDatabase(dc, `drop table if exists ${TABLE};`);
  await clearLoad(model);
}, 120_000);

const containersOf = (site: SiteModel) => site.workloads.map(({ name }) => `${REGION}-${site.id}-${name}`);

function inDatabase(site: SiteModel, statement: string): Promise<string> {
  const { server, database } = complaintsDatabase(model);
  return sql(site.id, server.workload, database.name, statement);
}

/** Under load, the data centre is lost as soon as `busy` says that it is at work; ends with a failover that lost no more than it says. */
async function lostWhile(busy: () => Promise<void>): Promise<void> {
  const load = await startLoad(model, dc, [byPublicName(model, drc), byPublicName(model, dc)]);
  const failedOver = await (async () => {
    try {
      await busy();
      await run(["docker", "kill", ...containersOf(dc)]);
      const report = await runbook("failover", ["--to", drc.id]);
      await pause(2_000); // what is written after
      return { report, run: load.run, loaded: await load.stop(), from: dc.id, to: drc.id };
    } catch (error) {
      await load.stop();
      const trouble = await troubleAt(`${drc.id}-ops`, `${drc.id}-epoch`);
      throw new Error(`${error instanceof Error ? error.message : error}\n${trouble}`);
    }
  })();
  expect(failedOver.report.result).toBe("succeeded");
  expect((await siteNamedBy(model, drc)).id).toBe(drc.id);
  await expectLostAsSaid(model, failedOver);
}

async function givenBack(): Promise<void> {
  await run(["docker", "start", ...containersOf(dc)]);
  await eventually("the data centre's gateway stands by", 90, async () => {
    const ca = (await secretsOf(dc.id)).authority.root;
    const { status } = await ask({ address: dc.publicAddress, host: model.hosts[0]?.host ?? "", ca });
    return status === 503 ? true : undefined;
  });
  expect((await runbook("failback", ["--to", dc.id])).result).toBe("succeeded");
  await wellWithin(model, WELL_SECONDS);
  expect((await statusNow(model)).sites.map(({ id, state }) => [id, state])).toEqual(
    model.sites.map(({ id }) => [id, id === dc.id ? "active" : "standby"]),
  );
}

/** What the log of the site's backup host, or of its drill room, calls the run. */
const ACTIONS = { backup: ["full", "differential", "incremental"], drill: ["drill"] } as const;

/** Resolves when one of these has begun for the target since then. */
function begun(site: SiteModel, what: keyof typeof ACTIONS, since: Date): Promise<true> {
  const host = `${REGION}-${site.id}-${what}`;
  const actions: readonly (string | undefined)[] = ACTIONS[what];
  return eventually(`a ${what} of ${TARGET} at ${site.id}`, 180, async () => {
    const { stdout, stderr } = await run(["docker", "logs", "--since", since.toISOString(), host]);
    const lines = `${stdout}${stderr}`.split("\n").filter((line) => line.includes('"msg":"begins"'));
    const ours = lines.map((line) => JSON.parse(line) as { action?: string; target?: string });
    return ours.some(({ action, target }) => actions.includes(action) && target === TARGET) ? true : undefined;
  });
}

const MIGRATION = `alter table ${TABLE} add column note text; update ${TABLE} set note = md5(id::text);`;

/** Of the table at a site: its rows, and the columns that the migration adds. */
const migratedAt = (site: SiteModel): Promise<string> =>
  inDatabase(
    site,
    `select (select count(*) from ${TABLE}), count(*) from information_schema.columns where table_name = '${TABLE}' and column_name = 'note';`,
  );

test("lost in the middle of a backup, a drill and a change of schema: each ends and says so, and can be done again", async () => {
  const { server } = complaintsDatabase(model);
  await inDatabase(
    dc,
    `drop table if exists ${TABLE}; create table ${TABLE} as select id from generate_series(1, ${ROWS}) id;`,
  );
  await caughtUp(dc.id, drc.id, server.workload, 60);
  let migration: Promise<unknown> | undefined;
  let drill: Promise<Ran> | undefined;
  let backup: Promise<Ran> | undefined;
  await lostWhile(async () => {
    const since = new Date();
    migration = inDatabase(dc, `begin; ${MIGRATION} select pg_sleep(600); commit;`).catch((error: Error) => error);
    await eventually("the schema is being changed", 120, async () => {
      const asleep = `select count(*) from pg_locks where relation = '${TABLE}'::regclass and mode = 'AccessExclusiveLock' and granted;`;
      return (await inDatabase(dc, asleep)) === "1" ? true : undefined;
    });
    drill = lumbung(["drill", "run", "--region", REGION, "--site", drc.id, "--target", TARGET]);
    await begun(drc, "drill", since);
    backup = lumbung(["backup", "run", "--region", REGION, "--site", dc.id, "--target", TARGET]);
    await begun(dc, "backup", since);
  });
  expect(await migration).toBeInstanceOf(Error);
  const [drilled, backedUp] = await Promise.all([drill, backup]);
  tellFigures({ "drill while failed over": `exit code ${drilled?.code}` });
  expect(backedUp?.code, backedUp?.stderr).not.toBe(0);
  expect(backedUp?.stderr).not.toContain("an error in Lumbung itself");
  expect(drilled?.code, `${drilled?.stderr}${drilled?.stdout}`).toBe(0);
  // Nothing of a change that was not acknowledged; it is made again where writes go now, and comes home with the role.
  expect(await migratedAt(drc)).toBe(`${ROWS}|0`);
  await inDatabase(drc, `begin; ${MIGRATION} commit;`);
  await givenBack();
  for (const site of model.sites) expect(await migratedAt(site), site.id).toBe(`${ROWS}|1`);
  await lumbungWell(["backup", "run", "--region", REGION, "--site", dc.id, "--target", TARGET]);
  await lumbungWell(["evidence", "verify", "--region", REGION]);
}, 1_800_000);

/** `up`, which says that it changes a site as soon as it does. */
function bringUp(env: Readonly<Record<string, string>>): {
  readonly changing: (site: SiteModel) => Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
} {
  const child = spawn(process.execPath, [join(REPOSITORY, "cli", "lumbung.mjs"), "up", "--region", REGION], {
    cwd: REPOSITORY,
    env: { ...process.env, LUMBUNG_LANG: "en", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, said }));
  return {
    changing: async (site) => {
      await eventually(`up changes ${site.id}`, 300, async () => {
        if (child.exitCode !== null) throw new Error(`up ended before: ${said}`);
        return said.includes(`· stack ${REGION}-${site.id}\n`) ? true : undefined;
      });
    },
    ended,
  };
}

test("lost in the middle of up: the failover does not wait for it, nothing opens the data centre, and up again changes both sites", async () => {
  const env = await inventoryWithAgency(model, folder);
  let up: ReturnType<typeof bringUp> | undefined;
  await lostWhile(async () => {
    up = bringUp(env);
    await up.changing(drc);
  });
  const ended = await up?.ended;
  tellFigures({ "up in a failover": `exit code ${ended?.code}` });
  expect(ended?.said).not.toContain("an error in Lumbung itself");
  expect((await statusNow(model)).sites.map(({ id, state }) => [id, state])).toContainEqual([drc.id, "active"]);
  await givenBack();
  await lumbungWell(["up", "--region", REGION], env);
  for (const site of model.sites) {
    const name = await engine.exec(`${REGION}-${site.id}-dns`, [
      ...["kdig", "@127.0.0.1", "-p", "5353", AGENCY_HOST, "CNAME", "+short"],
    ]);
    expect(name.stdout.trim(), site.id).toBe(`${model.region.gatewayName}.`);
  }
  await lumbungWell(["up", "--region", REGION]);
  await wellWithin(model, WELL_SECONDS);
}, 1_800_000);
