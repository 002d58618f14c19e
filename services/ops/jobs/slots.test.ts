import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobsOf } from "./from-policies.ts";
import { latestSlot, nextSlot, stableHash, type Zone } from "./slots.ts";
import { backup } from "./testing/backup.ts";
import type { Schedule } from "./types.ts";

const iso = (moment: number) => new Date(moment).toISOString();
const latest = (schedule: Schedule, at: string, zone: Zone = "Asia/Jakarta") =>
  iso(latestSlot(schedule, Date.parse(at), zone));
const daily: Schedule = { kind: "every", seconds: 86_400, atSeconds: 5400 };

describe("slots", () => {
  it("are local times: 01:30 in WIB, WITA and WIT", () => {
    expect(latest(daily, "2026-03-10T12:00:00Z", "Asia/Jakarta")).toBe("2026-03-09T18:30:00.000Z");
    expect(latest(daily, "2026-03-10T12:00:00Z", "Asia/Makassar")).toBe("2026-03-09T17:30:00.000Z");
    expect(latest(daily, "2026-03-10T12:00:00Z", "Asia/Jayapura")).toBe("2026-03-09T16:30:00.000Z");
  });

  it("agree with the zones of the time zone database on every day of twenty years: there is no summer time", () => {
    for (const zone of ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"] as const) {
      const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
      for (let day = 0; day < 20 * 366; day += 1) {
        const slot = latestSlot(daily, Date.UTC(2020, 0, 1, 12) + day * 86_400_000, zone);
        if (format.format(slot) !== "01:30") throw new Error(`${zone} ${iso(slot)}: ${format.format(slot)}`);
      }
    }
  });

  it("come once a week on Sunday, once a month on the first, once a year on the first of January", () => {
    const weekly: Schedule = { kind: "every", seconds: 604_800, atSeconds: 5400 };
    expect(latest(weekly, "2026-03-10T12:00:00Z")).toBe("2026-03-07T18:30:00.000Z");
    const monthly: Schedule = { kind: "monthly", atSeconds: 5400 };
    expect(latest(monthly, "2026-03-10T12:00:00Z")).toBe("2026-02-28T18:30:00.000Z");
    expect(latest(monthly, "2026-02-28T18:29:59Z")).toBe("2026-01-31T18:30:00.000Z");
    const yearly: Schedule = { kind: "yearly", atSeconds: 5400 };
    expect(latest(yearly, "2026-03-10T12:00:00Z")).toBe("2025-12-31T18:30:00.000Z");
    expect(latest(yearly, "2025-12-31T18:29:59Z")).toBe("2024-12-31T18:30:00.000Z");
  });

  it("follow each other without gap or overlap, whatever the schedule, zone and moment", () => {
    const schedule: fc.Arbitrary<Schedule> = fc.oneof(
      fc.record({
        kind: fc.constant("every" as const),
        seconds: fc.integer({ min: 60, max: 2_000_000 }),
        atSeconds: fc.nat(90_000),
      }),
      fc.record({ kind: fc.constantFrom("monthly" as const, "yearly" as const), atSeconds: fc.nat(86_399) }),
    );
    const zone = fc.constantFrom<Zone>("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura");
    const moment = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2050) });
    fc.assert(
      fc.property(schedule, zone, moment, (one, where, at) => {
        const [before, after] = [latestSlot(one, at, where), nextSlot(one, at, where)];
        expect(before).toBeLessThanOrEqual(at);
        expect(after).toBeGreaterThan(at);
        expect(latestSlot(one, after - 1, where)).toBe(before);
        expect(latestSlot(one, after, where)).toBe(after);
      }),
    );
  });
});

describe("jobsOf", () => {
  const jobs = jobsOf(backup, "dc");

  it("derives every job from the policies, and none for what others run", () => {
    expect(jobs.map(({ id }) => id)).toEqual([
      "postgresql:utama/full",
      "postgresql:utama/differential",
      "postgresql:utama/incremental",
      "postgresql:utama/full/monthly",
      "postgresql:utama/full/yearly",
      "postgresql:utama/archive-check",
      "postgresql:utama/extend-locks",
      "postgresql:utama/expire",
      "postgresql:utama/read-data",
      "files:ppid/full",
      "files:ppid/extend-locks",
      "files:ppid/expire",
      "zones/full",
      "zones/extend-locks",
      "zones/expire",
      "restic/read-data",
      "store/prune",
      "drill",
    ]);
    expect(jobsOf({ ...backup, targets: [] }, "dc")).toEqual([]);
  });

  it("checks archives twice in the time that a policy accepts, never oftener than a scheduler ticks, for both databases", () => {
    const checks = (rpoSeconds: number, engine: "pgbackrest" | "mariadb-backup" | "restic") => {
      const [policy] = backup.policies;
      if (!policy) throw new Error("no policy");
      const target = { id: "x", kind: "mariadb", site: "dc", policy: policy.id, engine, rpoSeconds } as const;
      return jobsOf({ ...backup, policies: [{ ...policy, rpoSeconds }], targets: [target] }, "dc").flatMap(
        ({ action, schedule }) => (action === "archive-check" && schedule.kind === "every" ? [schedule.seconds] : []),
      );
    };
    expect(checks(300, "pgbackrest")).toEqual([150]);
    expect(checks(3600, "mariadb-backup")).toEqual([1800]);
    expect(checks(15, "mariadb-backup")).toEqual([60]);
    expect(checks(300, "restic")).toEqual([]);
  });

  it("spreads start times within the hour after the declared one, alike every time and apart at the two sites", () => {
    const starts = (site: string) =>
      jobsOf(backup, site).flatMap(({ id, schedule }) => (id.endsWith("/full") ? [schedule.atSeconds] : []));
    expect(starts("dc")).toEqual(starts("dc"));
    for (const [index, from] of [5400, 7200, 7200].entries())
      for (const site of ["dc", "drc"]) {
        const at = starts(site)[index] ?? -1;
        expect(at >= from && at < from + 3600 && at % 60 === 0).toBe(true);
      }
    expect(new Set([...starts("dc"), ...starts("drc")]).size).toBeGreaterThan(4);
    expect(starts("dc")[0]).not.toBe(starts("drc")[0]);
  });

  it("spreads many targets over the hour", () => {
    const policy = backup.policies[1]?.id ?? "";
    const targets = Array.from({ length: 600 }, (_, index) => ({
      id: `files:a${index}`,
      kind: "files" as const,
      site: "dc",
      policy,
      engine: "restic" as const,
      rpoSeconds: 86_400,
    }));
    const minutes = new Map<number, number>();
    for (const { action, schedule } of jobsOf({ ...backup, targets }, "dc"))
      if (action === "full") minutes.set(schedule.atSeconds, (minutes.get(schedule.atSeconds) ?? 0) + 1);
    expect(minutes.size).toBeGreaterThan(55);
    expect(Math.max(...minutes.values())).toBeLessThan(30);
  });

  it("has a hash that stays what it is", () => {
    expect([stableHash(""), stableHash("a"), stableHash("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });
});
