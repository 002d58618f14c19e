/** `kill -9` at every point of a run, of its resumption, and of an abort: the end is that of a run that nobody cut off. */
import { describe, expect, test } from "vitest";
import { stoppedClock } from "../../io/clock.ts";
import type { Lines } from "../../io/lines.ts";
import { parseJournal, withoutTorn } from "./journal.ts";
import { Keeper } from "./keeper.ts";
import { planDigest } from "./plan.ts";
import type { Programs } from "./program.ts";
import { type Ending, type Wishes, walk } from "./runner.ts";
import { stateOf } from "./state.ts";
import { Disk } from "./testing/disk.ts";
import { examplePlan, Killed, Killer, newWorld, programsOf, type World } from "./testing/world.ts";

const plan = examplePlan();
const clock = stoppedClock(new Date("2026-03-01T03:00:00.000Z"));

/** What a test may switch off. */
interface Protections {
  readonly lines: (disk: Disk, killer: Killer) => Pick<Lines, "append">;
  readonly programs: (programs: Programs) => Programs;
  readonly cut: (text: string) => string;
}

const ALL: Protections = {
  lines: (disk, killer) => disk.lines(killer),
  programs: (programs) => programs,
  cut: withoutTorn,
};

interface Life {
  readonly world: World;
  readonly disk: Disk;
}

/** Asks for an abort before the step that follows `after`; for nothing where it is undefined. */
const wishesOf = (disk: Disk, after: string | undefined): Wishes => ({
  next: async () => {
    const done = stateOf(parseJournal(disk.text).events).steps.some(
      ({ step, outcome }) => step.id === after && outcome === "done",
    );
    return done ? { wish: "abort", reason: "jaringan dipelihara", by: "kepala-infrastruktur" } : undefined;
  },
  refused: async () => {},
});

/** One process, from its start to its end or its death. */
async function live(
  { world, disk }: Life,
  killer: Killer,
  protections = ALL,
  abortAfter?: string,
): Promise<Ending | undefined> {
  disk.text = protections.cut(disk.text);
  const { events, sum, faults } = parseJournal(disk.text);
  if (faults.length > 0) throw new Error(`journal: ${faults.map(({ path }) => path).join(", ")}`);
  const keeper = new Keeper(protections.lines(disk, killer), clock, events, sum);
  try {
    if (events.length > 0) await keeper.write({ event: "resumed", commit: null });
    else
      await keeper.write({
        ...{ event: "opened", run: "r", plan, digest: planDigest(plan), commit: null, approvals: [] },
      });
    const programs = protections.programs(programsOf(world, killer));
    return await walk({ keeper, programs, wishes: wishesOf(disk, abortAfter) });
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return undefined;
  }
}

/** What an auditor compares: the world, and what the journal says came of each step. Not how often or when. */
async function verdict({ world, disk }: Life) {
  const { stage, steps, beyondReturn } = stateOf(parseJournal(disk.text).events);
  return {
    world,
    stage,
    beyondReturn,
    steps: steps.map(({ step, outcome, facts }) => ({ id: step.id, outcome, facts })),
  };
}

/** Lives one after another, each killed at its moment, and a last one that nobody kills. */
async function lives(kills: readonly number[], protections = ALL, abortAfter?: string): Promise<Life> {
  const life = { world: newWorld(), disk: new Disk() };
  for (const at of [...kills, Number.POSITIVE_INFINITY]) await live(life, new Killer(at), protections, abortAfter);
  return life;
}

async function momentsOf(abortAfter?: string): Promise<number> {
  const killer = new Killer();
  await live({ world: newWorld(), disk: new Disk() }, killer, ALL, abortAfter);
  return killer.count;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Moments of death after which the end is another, or the journal cannot be read. */
async function differing(protections: Protections): Promise<number[]> {
  const unbroken = await verdict(await lives([]));
  const found: number[] = [];
  for (const at of upTo(await momentsOf())) {
    const same = await lives([at], protections)
      .then(verdict)
      .then(
        (ending) => JSON.stringify(ending) === JSON.stringify(unbroken),
        () => false,
      );
    if (!same) found.push(at);
  }
  return found;
}

describe("a run that is killed and resumed", () => {
  test("an unbroken run does every step once, and keeps what its checks saw", async () => {
    expect(await verdict(await lives([]))).toEqual({
      world: {
        ...{ ttl: 60, gateway: "open", database: "open", epoch: 8, active: "drc", missingRows: 3 },
        names: { ns1: "drc", ns2: "drc" },
      },
      stage: "succeeded",
      beyondReturn: true,
      steps: plan.steps.map(({ id }) => ({ id, outcome: "done", facts: id === "measure" ? { rows: 3 } : {} })),
    });
  });

  test("at every moment, once and twice: the same end, the same verdict", async () => {
    const unbroken = await verdict(await lives([]));
    const moments = upTo(await momentsOf());
    expect(moments.length).toBeGreaterThan(60);
    for (const first of moments) {
      expect(await verdict(await lives([first])), `killed at ${first}`).toEqual(unbroken);
      // Every fifth moment of the second life, other ones each time.
      for (const second of upTo(5).map((each) => 5 * each - (first % 5)))
        expect(await verdict(await lives([first, second])), `killed at ${first}, ${second}`).toEqual(unbroken);
    }
  }, 120_000);

  test("an abort that is killed takes everything back all the same", async () => {
    const unbroken = await verdict(await lives([], ALL, "close-writes"));
    expect(unbroken.world).toEqual(newWorld());
    expect(unbroken.stage).toBe("aborted");
    for (const at of upTo(await momentsOf("close-writes"))) {
      const ending = await verdict(await lives([at], ALL, "close-writes"));
      expect(ending.world, `killed at ${at}`).toEqual(unbroken.world);
      expect(ending.stage).toBe("aborted");
    }
  });
});

describe("each protection is needed: without it some kill ends elsewhere", () => {
  test("without the check before a repeat, the epoch is raised twice", async () => {
    const forgetful = (programs: Programs): Programs =>
      Object.fromEntries(
        Object.entries(programs).map(([id, program]) => {
          let acted = false;
          return [
            id,
            {
              ...program,
              action: (context) => {
                acted = true;
                return program.action(context);
              },
              check: async (context) =>
                acted ? program.check(context) : { holds: false, why: { id: "tidak diperiksa", en: "not checked" } },
            },
          ];
        }),
      );
    expect(await differing({ ...ALL, programs: forgetful })).not.toEqual([]);
  });

  test("without flushing a line before what it tells of, a begun step is forgotten", async () => {
    expect(await differing({ ...ALL, lines: (disk, killer) => disk.unflushed(killer) })).not.toEqual([]);
  });

  test("without cutting off a torn line, the journal is damaged by the next one", async () => {
    expect(await differing({ ...ALL, cut: (text) => text })).not.toEqual([]);
  });

  test("with all of them none does", async () => {
    expect(await differing(ALL)).toEqual([]);
  });
});
