import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, test } from "vitest";
import { GivingWay, givingWay, othersShare, RULES, type Seen, standFor } from "./giving-way.ts";
import { processorsIn, readProcesses, toldIn, treeOf } from "./proc.ts";
import { atLowestPriority, run, start, stopGroup } from "./process.ts";
import { behindOthers } from "./room/perform.ts";
import { afterRunning } from "./running-timer.ts";
import type { DrillReport } from "./wire.ts";

describe("for how long of a second it stands still", () => {
  const busy: Seen = { othersShare: 0.8, usedSeconds: 60, stoodMs: 0, ranMs: 60_000, hurried: false };

  it.each<[string, Partial<Seen>, number]>([
    ["others need the machine", {}, 750],
    ["just more than half of it", { othersShare: 0.51 }, 750],
    ["half of it", { othersShare: 0.5 }, 0],
    ["nobody does", { othersShare: 0 }, 0],
    ["a small drill", { usedSeconds: 20 }, 0],
    ["no small one any more", { usedSeconds: 20.1 }, 750],
    ["a restore waits for it", { hurried: true }, 0],
    ["it takes four times as long already", { stoodMs: 180_000 }, 0],
    ["it nearly does", { stoodMs: 179_900 }, 100],
    ["it stood for an hour already", { stoodMs: 3_600_000, ranMs: 3_600_000 }, 0],
    ["it stood for nearly an hour", { stoodMs: 3_599_800, ranMs: 3_600_000 }, 200],
  ])("%s", (_name, seen, ms) => {
    expect(standFor({ ...busy, ...seen })).toBe(ms);
  });

  it("so never takes more than four times as long, nor more than an hour longer", () => {
    for (const endlessMs of [30_000, 3_600_000]) {
      let [stoodMs, ranMs] = [0, 0];
      while (ranMs < endlessMs) {
        const standMs = standFor({ ...busy, stoodMs, ranMs });
        stoodMs += standMs;
        ranMs += 1000 - standMs;
      }
      expect(stoodMs).toBeLessThanOrEqual(Math.min(3 * ranMs, RULES.mostStandingMs));
      expect(stoodMs).toBeGreaterThan(0.9 * Math.min(3 * ranMs, RULES.mostStandingMs));
    }
  });
});

test("what others used is all but what the drill did, of what there was", () => {
  const before = { busy: 100, total: 200, counted: 30 };
  expect(othersShare(before, { busy: 102, total: 202, counted: 31 })).toBe(0.5);
  expect(othersShare(before, { busy: 102, total: 202, counted: 32 })).toBe(0);
  expect(othersShare(before, before)).toBe(0);
});

test("reads what Linux says of processors and processes", () => {
  const stat = "cpu  1000 200 300 4000 500 60 40 7 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
  expect(processorsIn(stat)).toEqual({ busy: 14, total: 61 });
  expect(() => processorsIn("intr 1")).toThrow('expected a line "cpu"');
  const one =
    "4711 (a) b (c) S 12 4711 4711 0 -1 4194304 1 2 3 4 150 50 100 20 39 19 1 0 12345 6789 10 18446744073709551615";
  expect(toldIn(one)).toEqual({ pid: 4711, parent: 12, seconds: 3.2, systemSeconds: 0.7 });
  const processes = [
    { pid: 9, parent: 5, seconds: 0, systemSeconds: 0 },
    { pid: 5, parent: 3, seconds: 0, systemSeconds: 0 },
    { pid: 3, parent: 1, seconds: 0, systemSeconds: 0 },
    { pid: 4, parent: 1, seconds: 0, systemSeconds: 0 },
  ];
  expect(treeOf([3, 77], processes).map(({ pid }) => pid)).toEqual([3, 5, 9]);
  expect(readProcesses().find(({ pid }) => pid === process.pid)).toMatchObject({ parent: process.ppid });
});

const left: ChildProcess[] = [];
afterEach(() => {
  for (const { pid } of left.splice(0)) if (pid !== undefined) killGroup(pid);
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface MadeUp {
  looks: number;
  busy: boolean;
  awaited: boolean;
}

/** Looked at five times as often as a real one, from the beginning. */
const QUICK = { ...RULES, freeSeconds: -1, everyMs: 200, standMs: 175 };
/** Stands still for longer than any test waits, if nothing ends that. */
const LONG = { ...QUICK, standMs: 60_000, mostTimes: Number.POSITIVE_INFINITY };

/** A machine that others keep busy, or not: with more processors than any drill can use. */
function madeUp(rules = QUICK): { readonly machine: MadeUp; readonly giving: GivingWay } {
  const machine = { looks: 0, busy: true, awaited: false };
  const seen = { busy: 0, total: 0 };
  const processors = () => {
    machine.looks += 1;
    seen.total += 1000;
    if (machine.busy) seen.busy += 900;
    return { ...seen };
  };
  return { machine, giving: new GivingWay({ processors, rules, awaited: () => machine.awaited }) };
}

const BUSY = ["sh", "-c", "sh -c 'while :; do :; done' & echo ready; while :; do :; done"];

async function burner(): Promise<{ readonly child: ChildProcess; readonly pids: readonly number[] }> {
  const child = start(BUSY);
  left.push(child);
  await once(child.stdout, "data");
  const { pid = 0 } = child;
  return { child, pids: treeOf([pid], readProcesses()).map((one) => one.pid) };
}

const statesOf = (pids: readonly number[]): string =>
  pids.map((pid) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] ?? "?").join("");
const secondsOf = (pids: readonly number[]): number =>
  treeOf(pids, readProcesses()).reduce((sum, { seconds }) => sum + seconds, 0);

/** Looks every few milliseconds. @throws where it does not become so within ten seconds. */
async function until(what: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`not within ten seconds: ${what}`);
    await sleep(5);
  }
}

const stand = (pids: readonly number[]) => (): boolean => statesOf(pids) === "T".repeat(pids.length);
const go = (pids: readonly number[]) => (): boolean => !statesOf(pids).includes("T");

/** Does the work beside a program that stands still already, with the child that it started. */
async function whileOneStands(
  giving: GivingWay,
  work: (pids: readonly number[], child: ChildProcess) => Promise<void>,
): Promise<void> {
  await atLowestPriority(async () => {
    const { child, pids } = await burner();
    expect(pids).toHaveLength(2);
    await until(stand(pids));
    await work(pids, child);
  }, giving);
}

/** It does not stand still, however often is looked. */
async function goesOn({ machine, giving }: ReturnType<typeof madeUp>): Promise<void> {
  const { looks } = machine;
  await until(() => machine.looks > looks);
  const { stoodMs } = giving;
  await until(() => machine.looks > looks + 4);
  expect(giving.stoodMs).toBe(stoodMs);
}

describe("real programs", () => {
  it("stand still with their children while others need the machine, and run on when they do not", async () => {
    const made = madeUp();
    const { machine, giving } = made;
    await whileOneStands(giving, async (pids) => {
      const before = { ranMs: performance.now() - giving.stoodMs, used: secondsOf(pids), looks: machine.looks };
      const { stoodMs } = giving;
      await until(() => machine.looks > before.looks + 5);
      expect(giving.stoodMs - stoodMs).toBeGreaterThan(5 * QUICK.standMs);
      // Neither ever rests by itself: all that they used lies in the time in which they did not stand still.
      const ranMs = performance.now() - giving.stoodMs - before.ranMs;
      expect(secondsOf(pids) - before.used).toBeLessThan((2 * ranMs) / 1000 + 0.05);
      machine.busy = false;
      const later = secondsOf(pids);
      await goesOn(made);
      expect(go(pids)()).toBe(true);
      await until(() => secondsOf(pids) > later);
    });
  }, 40_000);

  it("run at once where what is done cannot wait, until it is done", async () => {
    const made = madeUp(LONG);
    await whileOneStands(made.giving, async (pids) => {
      await givingWay()?.hurry(async () => {
        await until(go(pids));
        await goesOn(made);
      });
      await until(stand(pids));
    });
  }, 40_000);

  it("run on where a restore waits", async () => {
    const made = madeUp();
    await whileOneStands(made.giving, async (pids) => {
      made.machine.awaited = true;
      await goesOn(made);
      expect(go(pids)()).toBe(true);
    });
  }, 40_000);

  it("run on after the work has thrown", async () => {
    let held: readonly number[] = [];
    const work = whileOneStands(madeUp(LONG).giving, async (pids) => {
      held = pids;
      throw new Error("the work failed");
    });
    await expect(work).rejects.toThrow("the work failed");
    const used = secondsOf(held);
    await until(() => go(held)() && secondsOf(held) > used);
  }, 40_000);

  it("end at once when they are told to, also while they stand still", async () => {
    const { giving } = madeUp(LONG);
    await whileOneStands(giving, async (_pids, child) => {
      stopGroup(child);
      await once(child, "close");
      expect(child.signalCode).toBe("SIGTERM");
    });
  }, 40_000);

  it("are not held any more when they were told to end", async () => {
    const made = madeUp();
    const slowly = "trap 'sleep 2; exit 7' TERM; echo ready; while :; do sleep 0.01; done";
    await atLowestPriority(async () => {
      const child = start(["sh", "-c", slowly]);
      left.push(child);
      await once(child.stdout, "data");
      await until(() => made.giving.stoodMs > 0);
      stopGroup(child);
      const ended = once(child, "close");
      await goesOn(made);
      expect(await ended).toEqual([7, null]);
    }, made.giving);
  }, 40_000);

  it("end at once when the work is stopped", async () => {
    const { giving } = madeUp(LONG);
    const stop = new AbortController();
    await atLowestPriority(async () => {
      const ended = expect(run(BUSY, { signal: stop.signal })).rejects.toThrow("stopped");
      await until(() => giving.stoodMs > 0);
      const begun = performance.now();
      stop.abort(new Error("stopped"));
      await ended;
      // Long before it would be killed.
      expect(performance.now() - begun).toBeLessThan(10_000);
    }, giving);
  }, 40_000);
});

it("what this process does itself waits meanwhile", async () => {
  const { giving } = madeUp();
  await whileOneStands(giving, async (pids) => {
    await givingWay()?.untilRunning();
    expect(go(pids)()).toBe(true);
  });
  expect(givingWay()).toBeUndefined();
}, 40_000);

it("a drill's own times are without it, and say how long it was", async () => {
  const { giving } = madeUp();
  const work = {
    order: { id: "r", target: "files:ppid", action: "drill", engine: "restic", standby: false } as const,
    signal: new AbortController().signal,
    ...{ awaited: () => false, now: () => new Date(0), phase: () => {} },
    seconds: () => performance.now() / 1000,
  };
  const wall = { begun: work.seconds(), running: 0 };
  const report = await behindOthers(
    work,
    async (told) => {
      const begun = told.seconds();
      await burner();
      await until(() => giving.stoodMs > 1000);
      wall.running = told.seconds() - begun;
      return { report: "drill" } as DrillReport;
    },
    giving,
  );
  const standing = (report as DrillReport).standingSeconds ?? 0;
  expect(standing).toBeGreaterThan(1);
  expect(wall.running + standing).toBeLessThan(work.seconds() - wall.begun + 0.01);
  expect(wall.running).toBeGreaterThan(0);
}, 40_000);

it("a deadline does not count the time in which it stood still", async () => {
  const { giving } = madeUp();
  await whileOneStands(giving, async () => {
    const [begun, stoodMs] = [performance.now(), giving.stoodMs];
    await new Promise<void>((resolve) => afterRunning(300, resolve));
    const tookMs = performance.now() - begun;
    expect(tookMs).toBeGreaterThan(1000);
    expect(tookMs - (giving.stoodMs - stoodMs)).toBeGreaterThan(250);
  });
}, 40_000);
