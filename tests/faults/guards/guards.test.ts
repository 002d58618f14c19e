/** Two sites under real guards, apart from the lab: founded, closed and opened in good order and in bad, without ever being open both. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureImages } from "../../../io/images.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { type Engine, Guards } from "../../lab/support/guards.ts";
import { ENGINES, leaseCases } from "../../lab/support/lease-cases.ts";
import { IMAGES, nameOf, RegionStand, STAND, standModel } from "./region-stand.ts";

const guards = new Guards(STAND);
const SITES = ["dc", "drc"] as const;
const GUARDED = ["gateway", "dns", ...ENGINES] as const;
const PATIENCE = 120;
let stand: RegionStand;

beforeAll(async () => {
  const images = await ensureImages([...IMAGES], { progress: ({ text }) => process.stderr.write(`${text.en}\n`) });
  stand = new RegionStand(await standModel(), images);
  await stand.raise();
}, 1_800_000);
afterAll(() => {
  if (process.env.LUMBUNG_KEEP_STAND === undefined) stand.fell();
}, 120_000);

const atBoth = (check: (site: string) => unknown) => Promise.all(SITES.map(check));
const healthIs = (site: string, engine: Engine, line: RegExp, seconds = PATIENCE) =>
  eventually(`${site}/${engine}: ${line}`, seconds, async () => {
    const { said } = guards.exec(site, engine, ["/usr/local/lib/lumbung/health"]);
    if (!line.test(said)) throw new Error(said);
    return said;
  });
const standsBy = (site: string, seconds = PATIENCE) =>
  Promise.all(ENGINES.map((engine) => healthIs(site, engine, /^standby of (?!.*not streaming)/, seconds)));

test("nothing opens before it is founded; the founding permit begins the first epoch, and the other site copies", async () => {
  for (const engine of ENGINES) await healthIs("dc", engine, /^wait \[wait-permit\]/);
  await guards.until("dc", "gateway", { state: "closed", code: "not-founded" }, PATIENCE);
  for (const engine of ENGINES) guards.exec("dc", engine, ["tee", "/identity/permit"], "found");
  for (const engine of ENGINES) await guards.writes("dc", engine, true, PATIENCE);
  await standsBy("drc");
  for (const workload of GUARDED) {
    await guards.until("dc", workload, { state: "open", code: "leased", epoch: 1, epochSite: "dc" }, 30);
    await guards.until("drc", workload, { state: "closed", code: "other-site", epoch: 1, epochSite: "dc" }, 30);
  }
});

test("the epoch is in the data of both sites", async () => {
  await eventually("epoch 1 in every database", 60, () =>
    atBoth((site) => {
      for (const engine of ENGINES) {
        const { said } = guards.sql(site, engine, "select epoch, site from lumbung.epoch;");
        expect(said.replace(/[|\t]/, " "), `${site}/${engine}`).toBe("1 dc");
        expect(guards.state(site, engine).known).toContainEqual({ source: "database", epoch: 1, site: "dc" });
      }
    }).then(() => true),
  );
});

describe("guards", () => leaseCases(guards, "dc", "drc"));

/** As the runbook does it: from one site to the other in good order. Returns for how long nothing took writes, seconds. */
async function switchOver(from: string, to: string, epoch: number): Promise<number> {
  const began = performance.now();
  for (const workload of GUARDED) guards.order(from, workload, { verb: "close", epoch });
  await Promise.all(GUARDED.map((workload) => guards.until(from, workload, { code: "closed-by-order" }, 60)));
  guards.order(from, "gateway", { verb: "resign", epoch });
  for (const workload of GUARDED) guards.order(to, workload, { verb: "promote", epoch: epoch + 1, by: "trial" });
  await Promise.all(GUARDED.map((workload) => guards.until(to, workload, { state: "open", epoch: epoch + 1 }, 60)));
  for (const engine of ENGINES) guards.order(to, engine, { verb: "open", epoch: epoch + 1 });
  await Promise.all(ENGINES.map((engine) => guards.writes(to, engine, true, 60)));
  return (performance.now() - began) / 1000;
}

test("switched over there and back: the site that closed stands by, and has every row", async () => {
  const write = (site: string, n: number) => {
    expect(
      guards.sql(
        site,
        "postgres-utama",
        `create table if not exists lumbung.n (n int); insert into lumbung.n values (${n});`,
      ).code,
    ).toBe(0);
    expect(
      guards.sql(
        site,
        "mariadb-php",
        `CREATE TABLE IF NOT EXISTS lumbung.n (n INT); INSERT INTO lumbung.n VALUES (${n});`,
      ).code,
    ).toBe(0);
  };
  const rows = (site: string, count: number) =>
    eventually(`${count} rows at ${site}`, PATIENCE, async () => {
      for (const engine of ENGINES)
        expect(guards.sql(site, engine, "select count(*) from lumbung.n;").said).toBe(String(count));
      return true;
    });
  write("dc", 1);
  // As the runbook does: a standby that has not come back yet from the case before would be promoted without it.
  await rows("drc", 1);
  const there = await switchOver("dc", "drc", 1);
  write("drc", 2);
  await rows("dc", 2);
  await standsBy("dc");
  expect(ENGINES.map((engine) => guards.takesWrites("dc", engine))).toEqual([false, false]);
  const back = await switchOver("drc", "dc", 2);
  write("dc", 3);
  await rows("drc", 3);
  await standsBy("drc");
  process.stderr.write(`without writes for ${there.toFixed(1)} s there and ${back.toFixed(1)} s back\n`);
});

test("a closing is taken back: the site opens again in its own epoch", async () => {
  for (const workload of GUARDED) guards.order("dc", workload, { verb: "close", epoch: 3 });
  await Promise.all(GUARDED.map((workload) => guards.until("dc", workload, { code: "closed-by-order" }, 60)));
  for (const workload of GUARDED) guards.order("dc", workload, { verb: "reopen", epoch: 3 });
  await Promise.all(GUARDED.map((workload) => guards.until("dc", workload, { state: "open", epoch: 3 }, 60)));
  for (const engine of ENGINES) guards.order("dc", engine, { verb: "open", epoch: 3 });
  await Promise.all(ENGINES.map((engine) => guards.writes("dc", engine, true, 60)));
});

test("the active site gone: the other is promoted after the lease, and the old one comes back closed, and joins again rewound or made anew", async () => {
  const names = stand.model.sites.find(({ id }) => id === "dc")?.workloads ?? [];
  const all = names.map(({ name }) => nameOf("dc", name)).filter((name) => exists(name));
  guards.docker("kill", ...all);
  guards.order("drc", "gateway", { verb: "promote", epoch: 4, by: "trial" });
  await Promise.all(GUARDED.map((workload) => guards.until("drc", workload, { state: "open", epoch: 4 }, PATIENCE)));
  for (const engine of ENGINES) guards.order("drc", engine, { verb: "open", epoch: 4 });
  await Promise.all(ENGINES.map((engine) => guards.writes("drc", engine, true, 60)));
  guards.docker("start", ...all);
  await healthIs("dc", "postgres-utama", /wait \[wait-lease\].*other-site/);
  await healthIs("dc", "mariadb-php", /^closed/);
  expect(ENGINES.map((engine) => guards.takesWrites("dc", engine))).toEqual([false, false]);
  // What lies there is looked at while the engine does not run.
  const data = guards.exec("dc", "postgres-utama", [
    ...["curl", "--silent", "--unix-socket", "/run/lumbung/lease.sock", "http://keeper/data"],
  ]);
  expect(JSON.parse(data.said)).toMatchObject({
    state: "in production",
    end: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/),
  });
  guards.order("dc", "postgres-utama", { verb: "rejoin" });
  guards.order("dc", "mariadb-php", { verb: "reseed" });
  await standsBy("dc");
  for (const engine of ENGINES)
    await eventually(`${engine} is alike at both sites`, PATIENCE, async () => {
      const [at, there] = SITES.map((site) => guards.sql(site, engine, "select n from lumbung.n order by n;").said);
      return at !== "" && at === there ? true : undefined;
    });
});

function exists(name: string): boolean {
  return guards.docker("ps", "--all", "--quiet", "--filter", `name=^${name}$`) !== "";
}
