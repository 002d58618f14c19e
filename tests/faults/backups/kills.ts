/**
 * kill -9 at any moment, of whatever has a part in backups and restores at the recovery site, while a client writes at the active one. After each
 * everything comes back by itself, the same work ordered again succeeds, nothing is left, and every row that was acknowledged is restored.
 */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { BackupReport, RunOrder, RunState } from "../../../services/backup/wire.ts";
import type { SiteId } from "../../lab/support/backup-stand.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { seedOf } from "../../seeded.ts";
import { tellFigures } from "../figures.ts";
import { type Kill, killsOf, planKills } from "./kill-plan.ts";
import { expectFailed, PATIENCE_SECONDS, placeOf, proven, SERVER, type Trial } from "./trial.ts";
import { Writer } from "./writer.ts";

const SITE = "drc";
/** Of fewer than these, half may well come a moment too late by chance. */
const MANY = 10;

export function kills(trial: Trial): void {
  const seed = seedOf(process.env);
  const plan = planKills(seed, killsOf(process.env));
  process.stderr.write(`LUMBUNG_SEED=${seed} LUMBUNG_KILLS=${plan.length}\n`);

  describe(`kill -9, ${plan.length} times (LUMBUNG_SEED=${seed})`, () => {
    let newest: BackupReport | undefined;
    let hits = 0;
    plan.forEach((kill, index) => {
      const { victim, during, part, afterMs } = kill;
      const fetched = during === "restore" && victim !== "engine" ? `${Math.round(part * 100)} % and ` : "";
      const when = `${fetched}${afterMs} ms`;
      it(`${index + 1}: the ${victim}, ${when} into a ${during}`, async () => {
        newest ??= await trial.good(SITE);
        const survived = await survives(trial, kill, `rows_${index + 1}`, newest);
        newest = survived.newest;
        hits += survived.hit ? 1 : 0;
      }, 900_000);
    });
    it("most in the middle of the work; and the newest copy restores to its checkpoint, table by table", async () => {
      process.stderr.write(`${hits} of ${plan.length} in the middle of the work\n`);
      tellFigures({ seed, kills: plan.length, hits });
      expect(hits).toBeGreaterThanOrEqual(plan.length < MANY ? 1 : Math.ceil(plan.length / 2));
      if (!newest) throw new Error("no backup");
      await trial.restoresExactly(SITE, newest);
    }, 300_000);
  });
}

interface Survived {
  readonly newest: BackupReport;
  /** Whether the work was under way when the kill came. */
  readonly hit: boolean;
}

async function survives(trial: Trial, kill: Kill, table: string, newest: BackupReport): Promise<Survived> {
  const { stand } = trial;
  const writer = await Writer.start(stand, table);
  await eventually("rows are written", 60, async () => (writer.acknowledged > 20 ? true : undefined));
  if (kill.during === "restore") await trial.archived(SITE);
  const again = (): RunOrder =>
    kill.during === "restore"
      ? trial.order(SITE, "restore", { copy: newest.copy })
      : trial.order(SITE, "incremental", { class: "base" });
  const { hit, state } = await cutOff(trial, kill, again(), newest);
  await wellAgain(trial);
  const before = writer.acknowledged;
  await eventually("rows are written after it", 60, async () => (writer.acknowledged > before + 20 ? true : undefined));
  const history = await writer.stop();
  if (state?.state === "failed") expectFailed(state, telling(kill, newest));
  if (state?.report?.report === "drill") expect(state.report.left).toEqual([]);
  trial.expectEmpty(SITE);
  const last = kill.during === "backup" ? proven(await ordered(trial, again())) : newest;
  await trial.hasAllRows(SITE, last, table, history);
  return { newest: last, hit };
}

interface Cut {
  readonly hit: boolean;
  /** How the work ended; undefined where it ended with its host. */
  readonly state?: RunState;
}

/** Begins the work and kills in its middle. */
async function cutOff(trial: Trial, kill: Kill, order: RunOrder, { copy }: BackupReport): Promise<Cut> {
  const { stand } = trial;
  const place = placeOf(order.action);
  const now = (): RunState => stand.state(SITE, place, order.id);
  stand.begin(SITE, place, order);
  if (kill.during === "restore")
    await eventually("the moment of the kill", 300, async () => {
      const { state, doneBytes = 0, phase } = now();
      if (state !== "running") return true;
      if (kill.victim === "engine") return stand.script(SITE, "drill", ENGINE_RUNS).code === 0 ? true : undefined;
      const fetched = /replaying|copying database|comparing/.test(phase?.en ?? "");
      return fetched || (kill.part < 1 && doneBytes >= copy.bytes * kill.part) ? true : undefined;
    });
  await pause(kill.afterMs);
  const hit = now().state === "running";
  strike(trial, kill);
  if (kill.victim === "host" || kill.victim === "room") return { hit };
  const state = await stand.ended(SITE, place, order, PATIENCE_SECONDS);
  const came = hit ? "in its middle" : "after its end";
  process.stderr.write(`${kill.victim} during ${kill.during}, ${came}: ${state.state} ${state.why?.en ?? ""}\n`);
  return { hit, state };
}

const ENGINE_RUNS = "kill -0 $(head -n 1 /scratch/data/postmaster.pid)";

function strike(trial: Trial, { victim }: Kill): void {
  switch (victim) {
    case "engine":
      killServer(trial, SITE, "drill", "/scratch/data");
      break;
    case "primary":
      killServer(trial, "dc", SERVER, "/var/lib/postgresql/data");
      break;
    default:
      trial.stand.crash(SITE, workloads[victim]);
  }
}

const workloads = { room: "drill", host: "backup", store: "objects" } as const;

/** PostgreSQL's first process: the others end when they notice. One that has ended already is as well. */
function killServer({ stand }: Trial, site: SiteId, workload: string, data: string): void {
  stand.script(site, workload, `kill -9 $(head -n 1 ${data}/postmaster.pid)`);
}

/** What work that was cut off says: which copy where one was restored, and what to do. */
function telling({ victim, during }: Kill, { copy }: BackupReport): RegExp {
  if (victim === "engine") return new RegExp(`copy ${copy.id}: .*(another copy|another one)`);
  return during === "restore" ? /check this site's object store/ : /the object store or the server does not answer/;
}

async function wellAgain(trial: Trial): Promise<void> {
  const { stand } = trial;
  await stand.untilHealth(SITE, "objects", /^(?!wait)/, 240);
  await trial.untilReplicating();
  await trial.untilHost(SITE);
  await stand.untilHealth(SITE, "drill", /^drill room, epoch 1$/, 240);
}

/** The same work again, as the scheduler orders it: a first answer that the host is not quite there yet is asked once more. */
async function ordered({ stand }: Trial, order: RunOrder): Promise<RunState> {
  const state = await stand.work(SITE, placeOf(order.action), order, PATIENCE_SECONDS);
  expect(state, state.why?.en).toMatchObject({ state: "succeeded" });
  return state;
}
