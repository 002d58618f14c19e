import { describe, expect, it } from "vitest";
import { compact, lineOf, parseJournal } from "./journal.ts";
import { RunBook } from "./run-book.ts";
import { World } from "./testing/world.ts";
import { ANY, type Job, type JournalEvent, type Outcome } from "./types.ts";

const DAY = 1440;
/** Local midnight in Jakarta. */
const MARCH = "2026-02-28T17:00:00Z";
const count = (world: World, job: string) => world.starts.filter((run) => run.job === job).length;
const drill = (seconds: number): Job => ({
  id: "drill",
  target: ANY,
  action: "drill",
  engine: "restic",
  schedule: { kind: "every", seconds, atSeconds: 0 },
});
const full = (target: string, seconds = 86_400): Job => ({
  id: `${target}/full`,
  target,
  action: "full",
  engine: "restic",
  class: "base",
  schedule: { kind: "every", seconds, atSeconds: 0 },
});

describe("a simulated month", () => {
  it("runs everything exactly as declared: every slot once, and a drill every hour in rotation", async () => {
    const world = new World({ from: MARCH });
    await world.minutes(1);
    const first = world.starts.length;
    await world.minutes(30 * DAY - 1);

    // At the very first tick everything is due that fits beside each other: one run for each target, and no more.
    const begun = world.starts.slice(0, first).map(({ target }) => target);
    expect(new Set(begun).size).toBe(begun.length);

    const later = world.starts.filter(({ at }) => at >= "2026-03-01T17:00:00Z");
    const of = (job: string) => later.filter((run) => run.job === job);
    // 29 days from the second local midnight on: Sundays are the 8th, 15th, 22nd and 29th.
    expect(
      of("postgresql:utama/full").map(({ slot }) =>
        new Date(Date.parse(slot) + 7 * 3_600_000).toISOString().slice(0, 10),
      ),
    ).toEqual(["2026-03-08", "2026-03-15", "2026-03-22", "2026-03-29"]);
    expect(of("postgresql:utama/differential")).toHaveLength(29 - 4);
    expect(of("postgresql:utama/incremental")).toHaveLength(29 * 4 - 29);
    expect(of("files:ppid/full")).toHaveLength(29);
    expect(of("zones/full")).toHaveLength(29);
    expect(of("postgresql:utama/archive-check")).toHaveLength(29 * 576);
    for (const job of ["postgresql:utama/expire", "files:ppid/extend-locks", "restic/read-data", "zones/expire"])
      expect([job, of(job).length]).toEqual([job, 29]);
    expect(count(world, "postgresql:utama/full/monthly")).toBe(2);
    expect(count(world, "postgresql:utama/full/yearly")).toBe(1);

    const drills = world.starts.filter(({ job }) => job === "drill");
    expect(drills).toHaveLength(720 + 1);
    expect(new Set(drills.map(({ slot }) => slot)).size).toBe(721);
    const targets = ["postgresql:utama", "files:ppid", "zones"];
    for (const target of targets) {
      const own = drills.filter((run) => run.target === target);
      expect(Math.abs(own.length - 240)).toBeLessThanOrEqual(2);
      expect(own.map(({ choice }) => choice)).toEqual(
        own.map((_, index) => (["newest", "oldest", "random"] as const)[index % 3]),
      );
      for (const { choice, backup: id } of own)
        expect(choice === "newest" ? id === "new" : choice === "oldest" ? id === "old" : true).toBe(true);
    }
    const random = drills.filter(({ choice }) => choice === "random").map(({ backup: id }) => id);
    for (const id of ["old", "middle", "new"])
      expect(random.filter((one) => one === id).length).toBeGreaterThan(random.length / 5);

    // Never late by more than the busy target lets it: every run begins within minutes of its slot.
    const worst = Math.max(...later.map(({ at, slot }) => Date.parse(at) - Date.parse(slot)));
    expect(worst).toBeLessThanOrEqual(5 * 60_000);
    expect(world.warnings).toEqual([]);
  });

  it("reads the whole of a repository, a slice a day", async () => {
    const world = new World({ from: MARCH });
    await world.minutes(15 * DAY);
    const slices = world.starts.filter(({ job }) => job === "restic/read-data").map(({ slice }) => slice);
    expect(slices.slice(0, 15)).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7, 1]);
  });
});

describe("one run at a time", () => {
  it("on a target, however long it takes; others go on", async () => {
    const world = new World({
      from: MARCH,
      jobs: [full("a", 3600), full("b", 3600)],
      secondsOf: ({ target }) => (target === "a" ? 3 * 3600 : 30),
    });
    await world.minutes(6 * 60);
    expect(count(world, "a/full")).toBe(2);
    expect(count(world, "b/full")).toBe(6);
  });

  it("refuses a second one that is asked for, in both languages, also while a tick is at it", async () => {
    const world = new World({ from: MARCH, jobs: [full("a")], secondsOf: () => 3600 });
    const [, refused] = await Promise.all([world.scheduler.tick(), world.scheduler.request(full("a"), "a")]);
    expect(refused).toEqual({
      id: "a: a/full sedang berjalan sejak 2026-02-28T17:00:00.000Z; satu pekerjaan saja pada satu waktu",
      en: "a: a/full has been running since 2026-02-28T17:00:00.000Z; one run at a time",
    });
    expect(await world.scheduler.request(full("b"), "b")).toEqual({ id: "run-2" });
    const both = await Promise.all([world.scheduler.request(full("c"), "c"), world.scheduler.request(full("c"), "c")]);
    expect(both.filter((one) => !("en" in one))).toHaveLength(1);
    expect(world.starts.map(({ target }) => target)).toEqual(["a", "b", "c"]);
  });

  it("and not more at once than the site bears", async () => {
    const jobs = ["a", "b", "c", "d", "e"].map((target) => full(target));
    const world = new World({ from: MARCH, jobs, atOnce: 2, secondsOf: () => 600 });
    await world.minutes(5);
    expect(world.scheduler.underWay.map(({ target }) => target)).toEqual(["a", "b"]);
    await world.minutes(40);
    expect(world.starts.map(({ target }) => target)).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("but one check that an archive grows, as it cannot wait for long runs", async () => {
    const check = (target: string): Job => ({
      ...full(target, 300),
      id: `${target}/archive-check`,
      action: "archive-check",
    });
    const jobs = [full("a"), full("b"), check("c"), check("d")];
    const world = new World({ from: MARCH, jobs, atOnce: 2, secondsOf: () => 600 });
    await world.minutes(1);
    expect(world.scheduler.underWay.map(({ job }) => job)).toEqual(["a/full", "b/full", "c/archive-check"]);
  });

  it("two ticks at once are one", async () => {
    const world = new World({ from: MARCH, jobs: [full("a")], secondsOf: () => 3600 });
    await Promise.all([world.scheduler.tick(), world.scheduler.tick(), world.scheduler.tick()]);
    expect(world.starts).toHaveLength(1);
  });
});

describe("after an outage", () => {
  it("each job is caught up once, at once, and then comes at its own times again", async () => {
    const world = new World({ from: MARCH, jobs: [full("a", 3600), full("b"), drill(3600)] });
    await world.minutes(2 * DAY);
    const before = world.starts.length;
    world.kill();
    world.setClock("2026-03-05T20:30:00Z");
    await world.minutes(5);
    const caught = world.starts.slice(before);
    expect(caught.map(({ job, slot }) => [job, slot])).toEqual([
      ["b/full", "2026-03-05T17:00:00.000Z"],
      ["a/full", "2026-03-05T20:00:00.000Z"],
      ["drill", "2026-03-05T20:00:00.000Z"],
    ]);
    await world.minutes(DAY);
    expect(world.starts.slice(before).filter(({ job }) => job === "a/full")).toHaveLength(1 + 24);
    expect(world.starts.slice(before).filter(({ job }) => job === "drill")).toHaveLength(1 + 24);
  });

  it("a drill goes on in its rotation", async () => {
    const world = new World({ from: MARCH, jobs: [full("a"), full("b"), drill(3600)] });
    await world.minutes(3 * 60);
    world.kill();
    world.setClock("2026-03-20T00:00:00Z");
    await world.minutes(3 * 60);
    const drills = world.starts.filter(({ job }) => job === "drill");
    for (const target of ["a", "b"])
      expect(drills.filter((run) => run.target === target).map(({ choice }) => choice)).toEqual(
        ["newest", "oldest", "random"].slice(0, drills.filter((run) => run.target === target).length),
      );
    expect(new Set(drills.map(({ target }) => target)).size).toBe(2);
  });

  it("nothing is drilled of which there is no backup", async () => {
    const world = new World({
      from: MARCH,
      jobs: [full("a"), full("b"), drill(3600)],
      copiesOf: (one) => (one === "b" ? ["x"] : []),
    });
    await world.minutes(5 * 60);
    const drills = world.starts.filter(({ job }) => job === "drill");
    expect(new Set(drills.map(({ target, backup: id }) => `${target} ${id}`))).toEqual(new Set(["b x"]));
    expect(drills.length).toBeGreaterThanOrEqual(5);
  });
});

describe("a run that failed", () => {
  it("is tried again soon, then more seldom, four times, and then waits for its next slot", async () => {
    const world = new World({ from: MARCH, jobs: [full("a")], succeeds: () => false });
    await world.minutes(DAY + 10);
    expect(world.starts.map(({ at }) => at.slice(11, 16))).toEqual([
      ...["17:00", "17:02", "17:08", "17:24", "17:40"],
      // The next day.
      ...["17:00", "17:02", "17:08"],
    ]);
  });

  it("does not stand for what is smaller", async () => {
    const incremental: Job = { ...full("a"), id: "a/incremental", action: "incremental" };
    const world = new World({
      from: MARCH,
      jobs: [full("a"), incremental],
      succeeds: ({ action }) => action !== "full",
    });
    await world.minutes(60);
    expect(world.starts.map(({ job }) => job)).toEqual([
      "a/full",
      "a/incremental",
      ...Array.from({ length: 4 }, () => "a/full"),
    ]);
    const well = new World({ from: MARCH, jobs: [full("a"), incremental] });
    await well.minutes(60);
    expect(well.starts.map(({ job }) => job)).toEqual(["a/full"]);
  });
});

describe("kill -9", () => {
  it("a backup that was cut off is begun again at the next start, for the same slot", async () => {
    const world = new World({ from: MARCH, jobs: [full("a")], secondsOf: () => 3600 });
    await world.minutes(10);
    world.kill();
    await world.minutes(2);
    expect(world.events.map(({ event }) => event)).toEqual(["started", "ended", "started"]);
    expect(world.events[1]).toMatchObject({ id: "run-1", result: "interrupted" });
    expect(new Set(world.starts.map(({ slot }) => slot)).size).toBe(1);
  });

  it("a drill's leftovers are cleaned before anything begins on its target; until then nothing does", async () => {
    const world = new World({
      from: MARCH,
      jobs: [full("a", 600), drill(600)],
      secondsOf: ({ action }) => (action === "drill" ? 1e6 : 30),
    });
    await world.minutes(5);
    expect(world.scheduler.underWay.map(({ action }) => action)).toEqual(["drill"]);
    world.kill();
    world.cleaning = () => {
      throw new Error("disk busy");
    };
    const before = world.events.length;
    await world.minutes(20);
    expect(world.events).toHaveLength(before);
    expect(world.warnings[0]).toMatch(/drill of .* was cut off and is not cleaned yet: disk busy/);
    world.cleaning = () => {};
    await world.minutes(1);
    expect(world.cleaned).toHaveLength(1);
    expect(world.events[before]).toMatchObject({ event: "ended", result: "interrupted" });
    expect(world.starts.at(-1)?.job).toBe("a/full");
  });

  it("what still goes on elsewhere is followed to its real end, once, and nothing begins beside it", async () => {
    const world = new World({ from: MARCH, jobs: [full("a", 600)], secondsOf: () => 1e6 });
    await world.minutes(2);
    let end: (outcome: Outcome) => void = () => {};
    world.elsewhere.set("run-1", new Promise<Outcome>((resolve) => (end = resolve)));
    world.kill();
    await world.minutes(30);
    expect(world.starts).toHaveLength(1);
    const why = { id: "penuh", en: "full" };
    end({ result: "failed", why });
    await world.minutes(1);
    expect(world.events.filter(({ event }) => event === "ended")).toEqual([
      expect.objectContaining({ id: "run-1", result: "failed", why }),
    ]);
    // A failure that is known as one waits its quarter of an hour, or for the next slot.
    world.elsewhere.clear();
    await world.minutes(30);
    expect(world.starts).toHaveLength(2);
  });

  it("an end that nobody saw leaves the run open until it is found or known to be gone", async () => {
    const world = new World({ from: MARCH, jobs: [full("a")], secondsOf: () => 1e6 });
    await world.minutes(1);
    world.kill();
    world.elsewhere.set("run-1", Promise.reject(new Error("disk full")));
    await world.minutes(3);
    expect(world.events).toHaveLength(1);
    expect(world.warnings[0]).toBe("a/full: its end is not in the journal: disk full");
    world.elsewhere.set("run-1", Promise.resolve({ result: "succeeded" }));
    await world.minutes(3);
    expect(world.events).toHaveLength(2);
    expect(world.events[1]).toMatchObject({ event: "ended", id: "run-1", result: "succeeded" });
  });

  it("at any moment leaves a journal from which the same follows", async () => {
    const world = new World({ from: MARCH });
    await world.minutes(3 * DAY);
    const text = world.events.map(lineOf).join("");
    for (const cut of [text.length, text.length - 1, text.length - 30, Math.floor(text.length / 2)]) {
      const { events, broken } = parseJournal(text.slice(0, cut));
      expect(broken).toEqual([]);
      expect(events).toEqual(world.events.slice(0, events.length));
    }
    expect(
      parseJournal(`${lineOf({ event: "clock-back", at: MARCH, from: MARCH })}rubbish\n{"event":"started"}\n`).broken,
    ).toEqual([2, 3]);
  });
});

describe("a clock that goes back", () => {
  it("makes nothing late: what was run while it was ahead is due again when its time comes", async () => {
    const world = new World({ from: "2030-01-01T00:30:00Z", jobs: [full("a")] });
    await world.minutes(3 * DAY);
    expect(world.starts).toHaveLength(4);
    world.setClock("2026-03-01T00:00:00Z");
    await world.minutes(2 * DAY);
    expect(world.events.filter(({ event }) => event === "clock-back")).toHaveLength(1);
    expect(world.starts.slice(4).map(({ slot }) => slot)).toEqual([
      "2026-02-28T17:00:00.000Z",
      "2026-03-01T17:00:00.000Z",
      "2026-03-02T17:00:00.000Z",
    ]);
  });

  it("is noticed once, though the process ended before and after", async () => {
    const world = new World({ from: "2030-01-01T00:30:00Z", jobs: [full("a")] });
    await world.minutes(2 * DAY);
    world.kill();
    world.setClock("2026-03-01T00:00:00Z");
    await world.minutes(10);
    world.kill();
    await world.minutes(10);
    expect(world.events.filter(({ event }) => event === "clock-back")).toHaveLength(1);
    expect(world.starts.slice(3).map(({ slot }) => slot)).toEqual(["2026-02-28T17:00:00.000Z"]);
  });

  it("by less than an interval runs no slot twice that had been run before", async () => {
    const world = new World({ from: MARCH, jobs: [full("a"), full("b", 3600)] });
    await world.minutes(90);
    world.setClock("2026-02-28T18:10:00Z");
    await world.minutes(10);
    expect(count(world, "a/full")).toBe(1);
    expect(count(world, "b/full")).toBe(2);
  });

  it("by seconds is not noticed", async () => {
    const world = new World({ from: MARCH, jobs: [full("b", 3600)], secondsOf: () => 1200 });
    await world.minutes(61);
    world.setClock("2026-02-28T17:59:30Z");
    await world.minutes(50);
    expect(world.events.some(({ event }) => event === "clock-back")).toBe(false);
    expect(count(world, "b/full")).toBe(2);
  });
});

describe("the journal", () => {
  it("stays small, and what it says stays the same", async () => {
    const world = new World({ from: MARCH });
    await world.minutes(100 * DAY);
    const now = new Date("2026-06-08T17:00:00Z");
    const kept = compact(world.events, now);
    expect(kept.length).toBeLessThan(world.events.length * 0.7);
    const [whole, small] = [RunBook.of(world.events), RunBook.of(kept)];
    for (const { id, target } of world.settings.jobs) {
      const last = world.starts.filter(({ job }) => job === id).at(-1);
      expect([id, small.isDone({ id }, Date.parse(last?.slot ?? ""))]).toEqual([id, true]);
      expect(small.lastDrill(target)).toEqual(whole.lastDrill(target));
      expect(small.lastSlice(target)).toBe(whole.lastSlice(target));
    }
  }, 60_000);

  it("forgets the many archive checks of the day before, except the last of each", () => {
    const check = (id: string, at: string): JournalEvent[] => [
      { event: "started", at, id, job: "a/archive-check", target: "a", action: "archive-check", slot: at },
      { event: "ended", at, id, result: "succeeded" },
    ];
    const events = [
      ...check("1", "2026-03-01T00:00:00Z"),
      ...check("2", "2026-03-01T00:02:30Z"),
      ...check("3", "2026-03-03T00:00:00Z"),
    ];
    expect(compact(events, new Date("2026-03-03T01:00:00Z"))).toEqual(events.slice(4));
    expect(compact(events, new Date("2026-05-03T01:00:00Z"))).toEqual(events.slice(4));
  });

  it("keeps what is open, however old", () => {
    const events: JournalEvent[] = [
      { event: "started", at: MARCH, id: "1", job: "a/full", target: "a", action: "full", slot: MARCH },
      { event: "started", at: MARCH, id: "2", job: "b/full", target: "b", action: "full", slot: MARCH },
      { event: "ended", at: MARCH, id: "2", result: "succeeded" },
    ];
    const kept = compact(events, new Date("2028-01-01T00:00:00Z"));
    expect(RunBook.of(kept).open.map(({ id }) => id)).toEqual(["1"]);
    expect(kept).toHaveLength(3);
  });
});
