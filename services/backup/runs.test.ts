import { expect, test, vi } from "vitest";
import { Runs, type RunsOptions } from "./runs.ts";
import type { Report, RunOrder } from "./wire.ts";
import { type Work, WorkFault } from "./work.ts";

const order = (id: string, target = "files:ppid"): RunOrder => ({
  id,
  target,
  action: "full",
  engine: "restic",
  standby: false,
});
const CARE: Report = { report: "care", figures: { kept: 1 } };

function runsOf(
  perform: RunsOptions["perform"],
  clean = vi.fn(async () => {}),
  more: Pick<RunsOptions, "sharePlace"> = {},
) {
  const log = { info: vi.fn(), warn: vi.fn() };
  const now = () => new Date("2026-11-25T00:00:00Z");
  const runs = new Runs({ perform, clean, now, monotonicMs: () => 5000, log, ...more });
  return { runs, clean };
}

const ended = (runs: Runs, id: string): Promise<unknown> =>
  vi.waitFor(() => expect(runs.get(id)?.state).not.toBe("running"));

test("an order is begun once, and its report is there when it ended", async () => {
  const perform = vi.fn(async () => CARE);
  const { runs } = runsOf(perform);
  expect(runs.begin(order("r1"))).toMatchObject({ id: "r1", state: "running" });
  expect(runs.begin(order("r1"))).toMatchObject({ id: "r1" });
  await ended(runs, "r1");
  expect(perform).toHaveBeenCalledTimes(1);
  expect(runs.get("r1")).toMatchObject({ state: "succeeded", report: CARE, endedAt: "2026-11-25T00:00:00.000Z" });
});

test("one run at a time on a target; another target is free", async () => {
  let finish = (): void => {};
  const { runs } = runsOf(
    () =>
      new Promise((resolve) => {
        finish = () => resolve(CARE);
      }),
  );
  runs.begin(order("r1"));
  expect(runs.begin(order("r2"))).toMatch(/files:ppid: full has been running since .*r1/);
  expect(runs.begin(order("r3", "zones"))).toMatchObject({ state: "running" });
  await vi.waitFor(() => finish());
});

test("what shares a place is done one after the other, whatever its target; what waits says for what, and can be stopped", async () => {
  const finish = new Map<string, () => void>();
  const perform = vi.fn(({ order: { id } }: Work) => new Promise<Report>((done) => finish.set(id, () => done(CARE))));
  const { runs } = runsOf(perform, undefined, { sharePlace: (action) => action === "drill" });
  const drill = (id: string, target: string): RunOrder => ({ ...order(id, target), action: "drill" });
  runs.begin(drill("r1", "a"));
  runs.begin(drill("r2", "b"));
  runs.begin(drill("r3", "c"));
  runs.begin(order("r4", "d"));
  await vi.waitFor(() => expect([...finish.keys()].sort()).toEqual(["r1", "r4"]));
  expect(runs.get("r2")).toMatchObject({
    state: "running",
    phase: { en: "waiting for its turn: drill of a runs in the same place" },
  });
  expect(runs.begin(drill("r5", "b"))).toMatch(/^b: drill has been running since/);
  await runs.stop("r2", "test");
  finish.get("r1")?.();
  await vi.waitFor(() => expect([...finish.keys()].sort()).toEqual(["r1", "r3", "r4"]));
  finish.get("r3")?.();
  await ended(runs, "r3");
  expect(perform).toHaveBeenCalledTimes(3);
});

test("a drill knows whether a restore waits for its place; what waits elsewhere, and another drill, is no reason to hurry", async () => {
  let drilling: Work | undefined;
  let finish = (): void => {};
  const perform = (work: Work): Promise<Report> => {
    drilling ??= work;
    return new Promise((done) => {
      finish = () => done(CARE);
    });
  };
  const { runs } = runsOf(perform, undefined, { sharePlace: (action) => action === "drill" || action === "restore" });
  runs.begin({ ...order("r1", "a"), action: "drill" });
  await vi.waitFor(() => expect(drilling).toBeDefined());
  runs.begin({ ...order("r2", "b"), action: "drill" });
  expect(drilling?.awaited()).toBe(false);
  runs.begin({ ...order("r3", "c"), action: "restore" });
  expect(drilling?.awaited()).toBe(true);
  await runs.stop("r3", "test");
  expect(drilling?.awaited()).toBe(false);
  finish();
});

test("what goes wrong is told with what to do; a drill that does not pass failed", async () => {
  const why = { id: "gagal: ulangi", en: "failed: do it again" };
  const failing = runsOf(() => Promise.reject(new WorkFault(why)));
  failing.runs.begin(order("r1"));
  await ended(failing.runs, "r1");
  expect(failing.runs.get("r1")).toMatchObject({ state: "failed", why });

  const drill = { report: "drill", passed: false, why } as unknown as Report;
  const drilling = runsOf(async () => drill);
  drilling.runs.begin(order("r1"));
  await ended(drilling.runs, "r1");
  expect(drilling.runs.get("r1")).toMatchObject({ state: "failed", report: drill, why });
});

test("a run that is stopped is told so, waited for, and cleaned after", async () => {
  const seen: unknown[] = [];
  const { runs, clean } = runsOf(
    ({ signal }: Work) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          seen.push("aborted");
          reject(signal.reason);
        });
      }),
  );
  runs.begin(order("r1"));
  await vi.waitFor(() => expect(runs.underWay).toHaveLength(1));
  await runs.stop("r1", "test");
  expect(seen).toEqual(["aborted"]);
  expect(clean).toHaveBeenCalledTimes(1);
  expect(runs.get("r1")).toBeUndefined();
});

test("how far it is, is told while it runs", async () => {
  let go = (): void => {};
  const { runs } = runsOf(async ({ phase }) => {
    phase({ id: "menyalin", en: "copying" }, 5, 10);
    await new Promise<void>((resolve) => {
      go = resolve;
    });
    return CARE;
  });
  runs.begin(order("r1"));
  await vi.waitFor(() =>
    expect(runs.get("r1")).toMatchObject({ phase: { en: "copying" }, doneBytes: 5, totalBytes: 10 }),
  );
  go();
});
