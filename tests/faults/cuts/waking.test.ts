/** What sleeps for longer than the lease and wakes with transactions open, while the other site was promoted: the window that ADR 0015 states, and no more. */
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { tellFigures } from "../figures.ts";
import { handover } from "../ledger/handover.ts";
import { now } from "../region/client.ts";
import { signalServer } from "../region/server.ts";
import { otherOf, type SiteId } from "../region/sites.ts";
import { standing } from "../region/standing.ts";
import { type Open, openMariaDb, openPostgres } from "../region/transactions.ts";
import { RegionTrial, TABLE } from "../region/trial.ts";

const execute = promisify(execFile);
const trial = new RegionTrial();
const { guards } = trial;
/** The watch's period, and the time of a kill on a busy machine. */
const WINDOW_MS = 100 + 1_000;
const OPEN_EACH = 8;
/** Above all that the clients write. */
let nextRow = 1_000_000_000;

beforeAll(async () => {
  await trial.raise();
  await trial.load();
  trial.clients.go();
}, 1_800_000);
afterAll(() => trial.fell(), 120_000);

const transactions = (site: SiteId): Promise<Open[]> =>
  Promise.all(
    ENGINES.flatMap((engine) =>
      Array.from({ length: OPEN_EACH }, () => {
        const insert = `insert into ${TABLE} values (${nextRow++}, 'asleep')`;
        return (engine === "postgres-utama" ? openPostgres : openMariaDb)(trial.directly(site, engine), insert);
      }),
    ),
  );

/** What the clients heard, by engine, as of the change from one site to the other. */
async function changes(from: number, old: SiteId) {
  const kept = await trial.clients.hold();
  trial.clients.go();
  return ENGINES.map((engine) => handover({ from, to: now(), attempts: kept[engine] ?? [] }, old, otherOf(old)));
}

it("what sleeps for less than the lease wakes and commits: the same transactions, asked in the same way", async () => {
  const { active } = standing(trial);
  const names = ENGINES.map((engine) => guards.name(active, engine));
  const asleep = await transactions(active);
  guards.docker("pause", ...names);
  const commits = asleep.map((one) => one.commit());
  await pause(1_000);
  guards.docker("unpause", ...names);
  expect(await Promise.all(commits)).toEqual(asleep.map(() => expect.any(Number)));
  for (const one of asleep) one.end();
  expect(standing(trial)).toMatchObject({ active });
}, 120_000);

describe("SIGSTOP for longer than the lease", () => {
  it("PostgreSQL, postmaster and all, at a site that is cut off: killed in its sleep, it never wakes", async () => {
    const { active, epoch } = standing(trial);
    const [next, from] = [otherOf(active), now()];
    const asleep = (await transactions(active)).slice(0, OPEN_EACH);
    signalServer(guards, active, "STOP");
    const commits = asleep.map((one) => one.commit());
    await trial.wires.set(["witness", next].flatMap((to) => both(active, to)));
    await trial.askFor(next, epoch + 1);
    await trial.open(next, epoch + 1);
    // Whoever would wake it finds nobody: the keeper's watch killed it where it stood.
    expect(() => signalServer(guards, active, "CONT")).toThrow(/no server/);
    expect(await Promise.all(commits)).toEqual(asleep.map(() => null));
    await trial.wires.mend();
    await trial.join(active);
    for (const one of asleep) one.end();
    for (const change of await changes(from, active)) expect(change).toMatchObject({ lies: [] });
    expect(standing(trial)).toEqual({ active: next, epoch: epoch + 1 });
  }, 600_000);

  it("a whole site: after it wakes it acknowledges for the watch's period and the time of a kill, and is closed", async () => {
    const { active, epoch } = standing(trial);
    const [next, from] = [otherOf(active), now()];
    const names = trial.containersOf(active);
    const asleep = await transactions(active);
    guards.docker("pause", ...names);
    const commits = asleep.map((one) => one.commit());
    await trial.askFor(next, epoch + 1);
    await trial.open(next, epoch + 1);
    await pause(2_000);
    // The engines first: nobody beside them is awake to tell them what happened.
    const wokenAt = new Map<Engine, number>();
    for (const engine of ENGINES) {
      wokenAt.set(engine, now());
      await execute("docker", ["unpause", guards.name(active, engine)]);
    }
    await execute("docker", ["unpause", ...names.filter((name) => !ENGINES.some((one) => name.endsWith(one)))]);
    const answered = await Promise.all(commits);
    await trial.join(active);
    const heard = await changes(from, active);
    for (const one of asleep) one.end();
    const last = ENGINES.map((engine, index) => {
      const mine = answered.slice(index * OPEN_EACH, (index + 1) * OPEN_EACH).filter((at) => at !== null);
      const lied = heard[index];
      const late = [...mine, ...(lied && lied.lies.length > 0 ? [lied.lastByOld ?? 0] : [])];
      const count = mine.length + (lied?.lies.length ?? 0);
      return { engine, count, windowMs: Math.round(Math.max(0, ...late.map((at) => at - (wokenAt.get(engine) ?? 0)))) };
    });
    for (const { engine, count, windowMs } of last)
      tellFigures({ [`${engine} acknowledged after waking`]: count, [`${engine} for ms after waking`]: windowMs });
    for (const { engine, windowMs } of last) expect(windowMs, engine).toBeLessThanOrEqual(WINDOW_MS);
    expect(standing(trial)).toEqual({ active: next, epoch: epoch + 1 });
  }, 600_000);
});

const both = (a: string, b: string) => [
  { from: a, to: b },
  { from: b, to: a },
];
