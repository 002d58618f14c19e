/** A process of its own, `kill -9`, and another one that resumes: files, locks and all. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../io/clock.ts";
import { resume } from "./change.ts";
import { openRuns, readRuns } from "./desk.ts";
import { stateOf } from "./state.ts";
import { holder, signedBy } from "./testing/signed.ts";
import { examplePlan, Killer, newWorld, programsOf, type World } from "./testing/world.ts";

const plan = examplePlan();
const head = holder("kepala-diskominfo");
const CHILD = new URL("testing/child.ts", import.meta.url).pathname;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "killed-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Moments of the third step: its precondition; the epoch not raised yet; raised, but the journal does not know; its check. */
const [PRECONDITION, BEFORE, RAISED, CHECK] = [10, 11, 12, 13];

test.each([
  [PRECONDITION, "waiting", 7],
  [BEFORE, "begun", 7],
  [RAISED, "begun", 8],
  [CHECK, "begun", 8],
])("killed at moment %d: the step is %s, the epoch %d; resumed, it is raised once", async (moment, outcome, epoch) => {
  const folder = await mkdtemp(join(root, "run-"));
  const path = join(folder, "world.json");
  await writeFile(path, JSON.stringify(newWorld()));
  await writeFile(join(folder, "approval.json"), signedBy(head, plan, { now: systemClock.now() }));
  await writeFile(join(folder, "roster.json"), JSON.stringify([head.entry]));
  const { signal, stderr } = spawnSync(process.execPath, ["--import", "tsx", CHILD, folder, String(moment)], {
    encoding: "utf8",
  });
  expect([signal, stderr]).toEqual(["SIGKILL", ""]);

  const desk = {
    region: "lab",
    folder: join(folder, "runs"),
    lock: join(folder, "lock"),
    clock: systemClock,
    commit: null,
  };
  const [cut] = openRuns(await readRuns(desk));
  const world = JSON.parse(await readFile(path, "utf8")) as World;
  expect([cut?.state?.stage, cut?.state?.steps[2]?.outcome, world.epoch]).toEqual(["open", outcome, epoch]);

  const wishes = { next: async () => undefined, refused: async () => {} };
  const { ending, events } = await resume(desk, {
    run: cut?.run ?? "",
    plan,
    programs: programsOf(world, new Killer()),
    wishes,
  });
  expect(ending).toEqual({ result: "succeeded" });
  expect(world).toMatchObject({ epoch: 8, active: "drc", gateway: "open", database: "open" });
  expect(stateOf(events).steps.every((one) => one.outcome === "done")).toBe(true);
});
