/**
 * A PostgreSQL server that is declared `sync` (design D8): commits wait for the other site, people relax that, and a site that is killed while clients write takes
 * nothing with it that was acknowledged. That this is the waiting's doing shows when it is relaxed.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureImages } from "../../../io/images.ts";
import { readPatroni } from "../../../services/ops/read.ts";
import { eventually, throughout } from "../../lab/support/eventually.ts";
import { tellFigures } from "../figures.ts";
import type { Verdict } from "../ledger/judge.ts";
import { PATIENCE, SERVER, SyncStand, syncModel, TABLE } from "./sync-stand.ts";

const MINUTE_MS = 60_000;
/** What a client waits for that is meant to wait. */
const LONG_MS = 2 * MINUTE_MS;
const TRIES = 3;
let stand: SyncStand;
/** Whose turn it is, and in which epoch: sites change with each takeover. */
const turn = { active: "dc", other: "drc", epoch: 1 };

beforeAll(async () => {
  const images = await ensureImages(["etcd", "postgres"], {
    progress: ({ text }) => process.stderr.write(`${text.en}\n`),
  });
  stand = new SyncStand(await syncModel(), images);
  await stand.raise();
}, 1_800_000);
afterAll(() => {
  if (process.env.LUMBUNG_KEEP_STAND === undefined) stand.fell();
}, 120_000);

const count = (site: string, id: number) => stand.sql(site, `select count(*) from ${TABLE} where id = ${id};`);

/** An insert that nobody waits for yet. */
async function begin(id: number) {
  const client = await stand.connect("dc", LONG_MS);
  const own = { settled: false, done: Promise.resolve() };
  own.done = client.insert(id, `row ${id}`).finally(() => {
    own.settled = true;
    return client.close();
  });
  own.done.catch(() => {});
  return own;
}

test("it is founded while the other site has nothing yet, and waits for it from then on", async () => {
  await stand.healthIs("dc", /^wait \[wait-permit\]/);
  stand.pause("drc");
  stand.guards.exec("dc", SERVER, ["tee", "/identity/permit"], "found");
  await stand.healthIs("dc", /^primary, .*writes wait: drc is away \(sync\)/);
  await stand.syncIs("dc", { mode: "required", waits: true, satisfied: false });
  stand.resume("drc");
  await stand.standsBy("drc");
  await stand.syncIs("dc", { waits: true, satisfied: true, waiting: 0 });
  await stand.healthIs("dc", /^primary, timeline 1, [0-9A-F/]+($|;)/);
  // The one that stands by would wait as well, and does not now.
  expect(stand.guards.state("drc", SERVER).sync).toEqual({
    mode: "required",
    waits: null,
    satisfied: null,
    waiting: null,
  });
  expect(readPatroni(stand.patroni("dc")).sync).toEqual({ waits: true, satisfied: true });
  expect(readPatroni(stand.patroni("drc")).sync).toEqual({ waits: true, satisfied: false });
  stand.emptyTable("dc");
});

test("a commit waits while the other site is paused, is seen by nobody, and is acknowledged when it is back", async () => {
  stand.pause("drc");
  const insert = await begin(1);
  try {
    await stand.syncIs("dc", { waits: true, satisfied: false, waiting: 1 });
    await stand.healthIs("dc", /writes wait: drc is away \(sync\)/, 20);
    await eventually("ops sees it", 30, async () =>
      readPatroni(stand.patroni("dc")).sync?.satisfied === false ? true : undefined,
    );
    await throughout(5, () => expect(insert.settled).toBe(false));
    expect(count("dc", 1)).toBe("0");
  } finally {
    stand.resume("drc");
  }
  await insert.done;
  await eventually("at the other site", 30, async () => (count("drc", 1) === "1" ? true : undefined));
});

test("only the active site is told to go on alone; it does, also after a restart, and waits again when people say so", async () => {
  const relaxed = { mode: "relaxed", waits: false, satisfied: false } as const;
  expect(() => stand.guards.order("drc", SERVER, { verb: "wait", waits: false })).toThrow(/not-leased/);
  stand.pause("drc");
  const insert = await begin(2);
  try {
    await stand.syncIs("dc", { waiting: 1 });
    stand.guards.order("dc", SERVER, { verb: "wait", waits: false });
    await insert.done;
    await stand.syncIs("dc", relaxed);
    await stand.healthIs("dc", /^primary, .*does not wait for the other site though sync is declared/);
    expect(readPatroni(stand.patroni("dc")).sync).toEqual({ waits: false, satisfied: false });
    // The engine, and then the container.
    const before = stand.guards.restarts("dc", SERVER);
    stand.guards.signal("dc", SERVER, "patroni", "KILL");
    await eventually("begun anew", 20, async () => (stand.guards.restarts("dc", SERVER) > before ? true : undefined));
    await stand.guards.writes("dc", SERVER, true, PATIENCE);
    stand.guards.docker("restart", stand.guards.name("dc", SERVER));
    await stand.guards.writes("dc", SERVER, true, PATIENCE);
    await stand.syncIs("dc", relaxed);
    stand.guards.order("dc", SERVER, { verb: "wait", waits: true });
    await stand.syncIs("dc", { mode: "required", waits: true, satisfied: false });
    expect(stand.guards.takesWrites("dc", SERVER)).toBe(false);
  } finally {
    stand.resume("drc");
  }
  await stand.syncIs("dc", { waits: true, satisfied: true }, PATIENCE);
  expect(stand.guards.takesWrites("dc", SERVER)).toBe(true);
}, 480_000);

test("a wait that is cancelled is told as done, with a warning, and is not at the other site: PostgreSQL cannot do otherwise", async () => {
  stand.pause("drc");
  try {
    const insert = await begin(3);
    await stand.syncIs("dc", { waiting: 1 });
    stand.sql("dc", "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep';");
    await insert.done;
    expect(count("dc", 3)).toBe("1");
  } finally {
    stand.resume("drc");
  }
  await eventually("at the other site", 60, async () => (count("drc", 3) === "1" ? true : undefined));
});

/**
 * Kills the active site while four clients write and has the other take over; what is there then is judged, and the old site is given back.
 * @param cut the stream to the other site is cut for two seconds before.
 */
async function killed(cut: boolean): Promise<Verdict & { readonly kept: number | null }> {
  const { active, other, epoch } = turn;
  stand.emptyTable(active);
  const load = stand.write(active);
  await pause(3_000);
  if (cut) {
    stand.unlink(stand.site(other), stand.workload(other));
    await pause(2_000);
  }
  await stand.kill(active);
  const history = await load.stop();
  if (cut) stand.link(stand.site(other), stand.workload(other));
  await stand.takeOver(other, epoch + 1);
  const verdict = stand.judgeAt(other, history);
  await stand.healthIs(other, /does not wait for the other site though sync is declared/, 30);
  await stand.comesBack(active);
  // What was lost is not thrown away unseen.
  const kept = verdict.missing.length > 0 ? await stand.keepAside(active, other) : undefined;
  await stand.giveBack(active, other);
  Object.assign(turn, { active: other, other: active, epoch: epoch + 1 });
  return { ...verdict, kept: kept?.transactions ?? null };
}

const nothingLost = { missing: [], neverAsked: [], refusedButThere: [], changed: [], doubled: [] };

test("the active site killed while four clients write: every row that was acknowledged is at the other", async () => {
  const verdict = await killed(false);
  tellFigures({ "sync: acknowledged before the kill": verdict.acknowledged, "sync: missing": verdict.missing.length });
  expect(verdict).toMatchObject(nothingLost);
  expect(verdict.acknowledged).toBeGreaterThan(100);
}, 480_000);

test("the same with the stream cut two seconds before", async () => {
  const verdict = await killed(true);
  tellFigures({ "sync, cut: acknowledged": verdict.acknowledged, "sync, cut: missing": verdict.missing.length });
  expect(verdict).toMatchObject(nothingLost);
  expect(verdict.acknowledged).toBeGreaterThan(100);
}, 480_000);

test("the same where people had relaxed it: rows are missing, so it is the waiting that keeps them", async () => {
  let missing = 0;
  for (let tried = 0; tried < TRIES && missing === 0; tried += 1) {
    stand.guards.order(turn.active, SERVER, { verb: "wait", waits: false });
    await stand.syncIs(turn.active, { mode: "relaxed", waits: false });
    const verdict = await killed(true);
    missing = verdict.missing.length;
    tellFigures({ "relaxed, cut: acknowledged": verdict.acknowledged, "relaxed, cut: missing": missing });
    if (missing > 0) expect(verdict.kept).toBeGreaterThanOrEqual(missing);
  }
  expect(missing).toBeGreaterThan(0);
}, 1_200_000);
