/** A standby is compared with its primary however it became one: closed in good order, it may still have what the other site lacks, under the same timeline number. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureImages } from "../../../io/images.ts";
import type { LeaseOrder } from "../../../model/lease.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { Guards } from "../../lab/support/guards.ts";
import { RegionStand, STAND, standModel } from "./region-stand.ts";

type SiteId = "dc" | "drc";
const SERVER = "postgres-utama";
const PATIENCE = 150;
const FOLLOWS = /^standby of .*, lag \d+ B$/;
const PARTED = /^(diverged from|wait \[wait-diverged\])/;
const guards = new Guards(STAND);
let stand: RegionStand;

beforeAll(async () => {
  const images = await ensureImages(["etcd", "postgres"], {
    progress: ({ text }) => process.stderr.write(`${text.en}\n`),
  });
  stand = new RegionStand(await standModel(), images, { kinds: ["epoch", "etcd", "postgresql"] });
  await stand.raise();
  await healthIs("dc", /^wait \[wait-permit\]/);
  guards.exec("dc", SERVER, ["tee", "/identity/permit"], "found");
  await guards.writes("dc", SERVER, true, PATIENCE);
  await healthIs("drc", FOLLOWS);
  sql("dc", "create table lumbung.n (n int);");
}, 1_800_000);
afterAll(() => {
  if (process.env.LUMBUNG_KEEP_STAND === undefined) stand.fell();
}, 120_000);

const health = (site: SiteId) => guards.exec(site, SERVER, ["/usr/local/lib/lumbung/health"]).said;
const healthIs = (site: SiteId, line: RegExp) =>
  eventually(`${site}: ${line}`, PATIENCE, async () => {
    const said = health(site);
    if (!line.test(said)) throw new Error(said);
    return said;
  });
const stop = (site: SiteId) => guards.docker("stop", guards.name(site, SERVER));
const start = (site: SiteId) => guards.docker("start", guards.name(site, SERVER));

function sql(site: SiteId, statements: string): string {
  const { code, said } = guards.sql(site, SERVER, statements);
  if (code !== 0) throw new Error(`${site}: ${said}`);
  return said;
}

/** One that was only just started takes it as soon as its guard answers. */
const told = (site: SiteId, order: LeaseOrder) =>
  eventually(`${site} takes ${order.verb}`, PATIENCE, async () => guards.order(site, SERVER, order));

async function close(site: SiteId, epoch: number): Promise<void> {
  guards.order(site, SERVER, { verb: "close", epoch });
  await guards.until(site, SERVER, { code: "closed-by-order" }, PATIENCE);
}

async function opens(site: SiteId, epoch: number): Promise<void> {
  await guards.until(site, SERVER, { state: "open", epoch }, PATIENCE);
  guards.order(site, SERVER, { verb: "open", epoch });
  await guards.writes(site, SERVER, true, PATIENCE);
}

/** A site takes its closing back, and writes: on a timeline of its own. */
async function reopen(site: SiteId, epoch: number): Promise<void> {
  await told(site, { verb: "reopen", epoch });
  await opens(site, epoch);
}

async function takeOver(site: SiteId, epoch: number): Promise<void> {
  await told(site, { verb: "promote", epoch, by: "trial" });
  await opens(site, epoch);
}

const rows = (site: SiteId) => sql(site, "select count(*), sum(n) from lumbung.n;");
const alike = () =>
  eventually("both sites are alike", PATIENCE, async () => (rows("dc") === rows("drc") ? true : undefined));

/** The old site alone writes on its timeline and closes in good order; the other one, that never heard of it, is promoted to the same number, and writes past it. */
async function partOnTheSameNumber(old: SiteId, next: SiteId, epoch: number): Promise<void> {
  await reopen(old, epoch);
  sql(old, "insert into lumbung.n values (1000000);");
  await close(old, epoch);
  guards.order(old, SERVER, { verb: "resign", epoch });
  stop(old);
  start(next);
  await takeOver(next, epoch + 1);
  sql(next, "insert into lumbung.n select generate_series(1, 20000); checkpoint;");
  start(old);
}

/** It is said, at no moment to follow, and the server is closed. */
async function isFoundOut(old: SiteId): Promise<string> {
  const said: string[] = [];
  await eventually(`${old}: closed as it parted`, PATIENCE, async () => {
    const line = health(old);
    said.push(line);
    expect(said.filter((one) => FOLLOWS.test(one))).toEqual([]);
    return line.startsWith("wait [wait-diverged]") ? true : undefined;
  });
  expect(said.at(-1)).toMatch(PARTED);
  await guards.until(old, SERVER, { state: "closed", code: "other-site" }, PATIENCE);
  return said.at(-1) ?? "";
}

async function reseed(old: SiteId): Promise<void> {
  guards.order(old, SERVER, { verb: "reseed" });
  await healthIs(old, FOLLOWS);
  await alike();
  expect(sql(old, "select count(*) from lumbung.n where n = 1000000;")).toBe("0");
}

test("a site that is closed in good order is found to follow, and nothing is started anew for that", async () => {
  sql("dc", "insert into lumbung.n values (1);");
  await alike();
  const before = guards.restarts("dc", SERVER);
  await close("dc", 1);
  guards.order("dc", SERVER, { verb: "resign", epoch: 1 });
  await takeOver("drc", 2);
  const opened = performance.now();
  await healthIs("dc", FOLLOWS);
  const seconds = (performance.now() - opened) / 1000;
  process.stderr.write(`found to follow ${seconds.toFixed(1)} s after the other site opened\n`);
  expect(guards.state("dc", SERVER).follows).toEqual({ verdict: "well", why: "" });
  sql("drc", "insert into lumbung.n values (2);");
  await alike();
  expect(guards.restarts("dc", SERVER)).toBe(before);
});

test("the same number from the same place, begun at both sites: told by who began it, and made anew", async () => {
  await close("drc", 2);
  const ends = () => (["dc", "drc"] as const).map((site) => sql(site, "select pg_last_wal_replay_lsn();"));
  await eventually("both end at the same place", PATIENCE, async () => (new Set(ends()).size === 1 ? true : undefined));
  stop("dc");
  await partOnTheSameNumber("drc", "dc", 2);
  expect(await isFoundOut("drc")).toMatch(/was begun here/);
  const [old, next] = [guards.data("drc", SERVER), guards.data("dc", SERVER)];
  expect([old.newest, old.history]).toEqual([next.newest, next.history]);
  await reseed("drc");
});

test("the same number from another place: closed before the other site had caught up", async () => {
  stop("drc");
  sql("dc", "insert into lumbung.n values (3);");
  await close("dc", 3);
  await partOnTheSameNumber("dc", "drc", 3);
  expect(await isFoundOut("dc")).toMatch(/the histories differ on timeline/);
  const [old, next] = [guards.data("dc", SERVER), guards.data("drc", SERVER)];
  expect(old.newest).toBe(next.newest);
  await reseed("dc");
});
