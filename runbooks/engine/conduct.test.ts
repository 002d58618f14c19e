import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stoppedClock } from "../../io/clock.ts";
import { text } from "../../model/text.ts";
import { type Beginning, begin } from "./begin.ts";
import { abort, resume, skip } from "./change.ts";
import type { Ended } from "./conduct.ts";
import { type Desk, readRuns, runOf } from "./desk.ts";
import type { Programs } from "./program.ts";
import type { Wish, Wishes } from "./runner.ts";
import { stateOf } from "./state.ts";
import { type Holder, holder, rosterOf, signedBy } from "./testing/signed.ts";
import { examplePlan, Killer, newWorld, programsOf, type World } from "./testing/world.ts";

const [head, secretary] = [holder("kepala-diskominfo"), holder("penyetuju-peralihan")] as [Holder, Holder];
const plan = examplePlan();
const by = "kepala-infrastruktur";
let desk: Desk & { readonly clock: ReturnType<typeof stoppedClock> };
let world: World;
let programs: Programs;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "runs-"));
  const clock = stoppedClock(new Date("2026-03-01T03:00:00.000Z"));
  desk = { region: "lab", folder, lock: join(folder, "lock"), clock, commit: "5f5b72f" };
  world = newWorld();
  programs = programsOf(world, new Killer());
});
afterEach(() => rm(desk.folder, { recursive: true, force: true }));

/** Says nothing so many times, then its wish for ever. */
function wishing(after: number, wish: Wish): Wishes & { readonly told: string[] } {
  let asked = 0;
  const told: string[] = [];
  return {
    told,
    next: async () => (asked++ < after ? undefined : wish),
    refused: async (why) => void told.push(why.en),
  };
}
const NONE: Wishes = { next: async () => undefined, refused: async () => {} };
const approvedBy = (one = plan, ...who: readonly Holder[]) =>
  (who.length > 0 ? who : [head]).map((each) => signedBy(each, one, { now: desk.clock.now() }));
const start = (more: Partial<Beginning> = {}): Promise<Ended> =>
  begin(desk, {
    ...{ plan, epoch: 7, roster: rosterOf(head, secretary), approvals: approvedBy(more.plan), programs, wishes: NONE },
    ...more,
  });
const pausedAfter = (steps: number) => start({ wishes: wishing(steps, { wish: "pause" }) });
const failing = (id: string, phase: "precondition" | "action" | "check", why = "listrik padam"): Programs => ({
  ...programs,
  [id]: {
    ...programs[id],
    [phase]: async () => {
      throw new Error(why);
    },
  } as Programs[string],
});
const outcomes = ({ events }: Ended) =>
  stateOf(events)
    .steps.map(({ outcome }) => outcome)
    .join(" ");

describe("a run", () => {
  test("comes to its end, and its journal is whole on disk", async () => {
    const { run, ending, events } = await start();
    expect(ending).toEqual({ result: "succeeded" });
    expect(run).toBe("switchover-20260301t030000000z");
    const { state, journal } = await runOf(desk, run);
    expect(journal.events).toEqual(events);
    expect(state).toMatchObject({ stage: "succeeded", commit: "5f5b72f", approvals: [{ role: "kepala-diskominfo" }] });
    await expect(resume(desk, { run, plan, programs, wishes: NONE })).rejects.toMatchObject({ exitCode: 4 });
  });

  test("without approvals nothing is done and nothing is written", async () => {
    await expect(start({ approvals: [] })).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("needed: 1"),
    });
    expect(await readRuns(desk)).toEqual([]);
    expect(world).toEqual(newWorld());
  });

  test("an approval that began a run begins no other", async () => {
    const approvals = approvedBy();
    await start({ approvals });
    desk.clock.advance(1);
    world = newWorld();
    await expect(start({ approvals, programs: programsOf(world, new Killer()) })).rejects.toThrow(
      "its number was used before",
    );
    expect(world).toEqual(newWorld());
  });

  test("a plan with faults, of another region, or with a step that has no program, is refused before anything", async () => {
    await expect(start({ plan: { ...plan, steps: [] } })).rejects.toMatchObject({ exitCode: 2 });
    await expect(start({ plan: { ...plan, region: "langsa" } })).rejects.toThrow(
      "region: expected lab, received langsa",
    );
    const { promote: _, ...rest } = programs;
    await expect(start({ programs: rest })).rejects.toThrow("programs.promote");
    expect(await readRuns(desk)).toEqual([]);
  });
});

describe("pause and resume", () => {
  test("it stops between two steps, and goes on where it stopped", async () => {
    const paused = await pausedAfter(2);
    expect(paused.ending).toEqual({ result: "paused" });
    expect(outcomes(paused)).toBe("done done waiting waiting waiting waiting");
    const went = await resume(desk, { run: paused.run, plan, programs, wishes: NONE });
    expect(went.ending).toEqual({ result: "succeeded" });
    expect(went.events.filter(({ event }) => event === "begun")).toHaveLength(6);
  });

  test("another plan is refused, and nothing is written", async () => {
    const { run } = await pausedAfter(2);
    const before = await readFile(join(desk.folder, `${run}.jsonl`), "utf8");
    const other = examplePlan({ observed: { active: "drc" } });
    await expect(resume(desk, { run, plan: other, programs, wishes: NONE })).rejects.toMatchObject({ exitCode: 4 });
    expect(await readFile(join(desk.folder, `${run}.jsonl`), "utf8")).toBe(before);
  });

  test("a step that failed before it was begun and was done by hand is not done again", async () => {
    const failed = await start({ programs: failing("raise-epoch", "precondition") });
    expect(failed.ending).toMatchObject({ result: "failed", step: "raise-epoch", phase: "precondition" });
    world.epoch = 8;
    const went = await resume(desk, { run: failed.run, plan, programs, wishes: NONE });
    expect([went.ending.result, world.epoch]).toEqual(["succeeded", 8]);
    expect(stateOf(went.events).beyondReturn).toBe(true);
  });

  test("the precondition is asked again before a repeat", async () => {
    const failed = await start({ programs: failing("promote", "action") });
    world.epoch = 9;
    const again = await resume(desk, { run: failed.run, plan, programs, wishes: NONE });
    expect(again.ending).toMatchObject({ result: "failed", step: "promote", phase: "precondition" });
    expect(world.active).toBe("dc");
  });

  test("what was torn off is named, and the run goes on", async () => {
    const { run } = await pausedAfter(1);
    await appendFile(join(desk.folder, `${run}.jsonl`), '{"event":{"at"');
    const { events } = await resume(desk, { run, plan, programs, wishes: NONE });
    expect(events.find(({ event }) => event === "torn")).toMatchObject({ bytes: 14 });
    expect((await runOf(desk, run)).state.stage).toBe("succeeded");
  });

  test("a damaged journal is refused with its line, and stands in the way of another run", async () => {
    const { run } = await pausedAfter(1);
    const path = join(desk.folder, `${run}.jsonl`);
    await writeFile(path, (await readFile(path, "utf8")).replace('"attempt":1', '"attempt":2'));
    await expect(resume(desk, { run, plan, programs, wishes: NONE })).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("[2]: expected"),
    });
    desk.clock.advance(1);
    await expect(start()).rejects.toThrow("journal damaged");
  });
});

describe("failure", () => {
  test.each(["precondition", "action", "check"] as const)("in the %s stops the run, with its reason", async (phase) => {
    const failed = await start({ programs: failing("promote", phase) });
    expect(failed.ending).toMatchObject({
      result: "failed",
      step: "promote",
      phase,
      why: text("listrik padam", "listrik padam"),
      cause: expect.any(Error),
    });
    expect(stateOf(failed.events)).toMatchObject({ stage: "failed", failure: { step: "promote", phase } });
    expect(world.names.ns1).toBe("dc");
  });
  test("a check that does not hold after the action is a failure, too", async () => {
    const idle = { ...programs, names: { ...programs.names, action: async () => {} } as Programs[string] };
    expect((await start({ programs: idle })).ending).toMatchObject({ result: "failed", step: "names", phase: "check" });
  });
});

describe("skip", () => {
  test("only with a reason, only what may be skipped", async () => {
    const { run } = await start({ programs: failing("lower-ttl", "action") });
    await expect(skip(desk, { run, step: "lower-ttl", reason: " ", by })).rejects.toMatchObject({ exitCode: 2 });
    await expect(skip(desk, { run, step: "close-writes", reason: "x", by })).rejects.toMatchObject({ exitCode: 4 });
    await expect(skip(desk, { run, step: "nothing", reason: "x", by })).rejects.toMatchObject({ exitCode: 2 });
    await skip(desk, { run, step: "lower-ttl", reason: "TTL sudah rendah", by });
    const went = await resume(desk, { run, plan, programs, wishes: NONE });
    expect([outcomes(went), world.ttl]).toEqual(["skipped done done done done done", 300]);
    expect(stateOf(went.events).steps[0]?.skipped).toEqual({ reason: "TTL sudah rendah", by });
  });
});

describe("abort", () => {
  test("before the point of no return everything is taken back, last step first", async () => {
    const { run } = await start({ programs: failing("raise-epoch", "precondition") });
    const { ending, events } = await abort(desk, { run, reason: "ditunda", by, programs });
    expect([ending.result, world]).toEqual(["aborted", newWorld()]);
    expect(events.flatMap((one) => (one.event === "undone" ? [one.step] : []))).toEqual(["close-writes", "lower-ttl"]);
  });
  test("a half done step is taken back, too", async () => {
    const { run } = await start({ programs: failing("close-writes", "action") });
    world.gateway = "closed";
    await abort(desk, { run, reason: "ditunda", by, programs });
    expect(world).toEqual(newWorld());
  });
  test("what cannot be taken back is a failure; the next attempt goes on from there", async () => {
    const { run } = await pausedAfter(2);
    const stuck = {
      ...programs,
      "lower-ttl": {
        ...programs["lower-ttl"],
        undo: async () => {
          throw new Error("macet");
        },
      } as Programs[string],
    };
    const failed = await abort(desk, { run, reason: "ditunda", by, programs: stuck });
    expect(failed.ending).toMatchObject({ result: "failed", step: "lower-ttl", phase: "undo" });
    expect((await abort(desk, { run, reason: "ditunda", by, programs })).ending.result).toBe("aborted");
    expect(world).toEqual(newWorld());
  });
  test("not beyond it, nor where that step was done by hand, nor where nobody knows", async () => {
    const beyond = await start({ programs: failing("promote", "action") });
    await expect(abort(desk, { run: beyond.run, reason: "x", by, programs })).rejects.toMatchObject({ exitCode: 4 });
    await resume(desk, { run: beyond.run, plan, programs, wishes: NONE });

    desk.clock.advance(1);
    world = newWorld();
    programs = programsOf(world, new Killer());
    const { run } = await start({ programs: failing("raise-epoch", "precondition") });
    await expect(abort(desk, { run, reason: "x", by, programs: failing("raise-epoch", "check") })).rejects.toThrow(
      /unknown whether/,
    );
    world.epoch = 8;
    await expect(abort(desk, { run, reason: "x", by, programs })).rejects.toThrow(/no return has passed/);
    expect(world.database).toBe("closed");
  });
  test("asked for while it runs: honoured before, told as refused after", async () => {
    const wish: Wish = { wish: "abort", reason: "ditunda", by };
    expect((await start({ wishes: wishing(2, wish) })).ending.result).toBe("aborted");
    expect(world).toEqual(newWorld());
    desk.clock.advance(1);
    const late = wishing(3, wish);
    expect((await start({ wishes: late })).ending.result).toBe("succeeded");
    // Wished for before each of the last three steps, which are run all the same.
    expect(late.told).toEqual(Array(3).fill(expect.stringContaining("point of no return")));
  });
});

describe("one at a time", () => {
  test("nobody begins, resumes or skips while one is being run", async () => {
    let tried: unknown[] = [];
    const meanwhile: Wishes = {
      next: async () => {
        if (tried.length > 0) return undefined;
        const run = "switchover-20260301t030000000z";
        const all = await Promise.allSettled([
          start(),
          resume(desk, { run, plan, programs, wishes: NONE }),
          skip(desk, { run, step: "measure", reason: "x", by }),
        ]);
        tried = all.map((one) => (one.status === "rejected" ? (one.reason as { exitCode: number }).exitCode : "ran"));
        return undefined;
      },
      refused: async () => {},
    };
    expect((await start({ wishes: meanwhile })).ending.result).toBe("succeeded");
    expect(tried).toEqual([3, 3, 3]);
  });

  test("one that has not come to its end stands in the way, until two people put another in its place", async () => {
    const stuck = await start({ programs: failing("promote", "action") });
    desk.clock.advance(1);
    await expect(start()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(`${stuck.run} is not at its end`),
    });
    const instead = examplePlan({ runbook: "failover", needs: "override", supersedes: stuck.run, epoch: 8 });
    const again = { plan: instead, epoch: 8, programs: programsOf(world, new Killer(), 8) };
    await expect(start({ ...again, approvals: approvedBy(instead, head) })).rejects.toThrow("needed: 2");
    const done = await start({ ...again, approvals: approvedBy(instead, head, secretary) });
    expect(done.ending.result).toBe("succeeded");
    await expect(resume(desk, { run: stuck.run, plan, programs, wishes: NONE })).rejects.toThrow("taken the place of");
    desk.clock.advance(1);
    const next = { plan: { ...instead, epoch: 9 }, epoch: 9, programs: programsOf(world, new Killer(), 9) };
    await expect(start({ ...next, approvals: approvedBy(next.plan, head, secretary) })).rejects.toThrow("supersedes");
  });

  test("a run of which not even the first line is whole has done nothing, and stands in nobody's way", async () => {
    await writeFile(join(desk.folder, "switchover-20260228t030000000z.jsonl"), '{"event":{"approvals":[');
    expect((await start()).ending.result).toBe("succeeded");
    expect((await readdir(desk.folder)).filter((name) => name.endsWith(".jsonl"))).toHaveLength(2);
  });
});
