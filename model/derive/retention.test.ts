import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  endOf,
  lockExtensions,
  neededBackups,
  prunable,
  retentionClasses,
  type Snapshot,
  startOf,
} from "./retention.ts";

const DAY = 86_400_000;
const zone = "Asia/Jakarta";
const none = { daily: 0, weekly: 0, monthly: 0, yearly: 0 };
/** One backup a night at 01:30 WIB (18:30 UTC the day before). */
const nightly = (from: string, days: number): Snapshot[] =>
  Array.from({ length: days }, (_, index) => {
    const at = new Date(Date.parse(`${from}T18:30:00Z`) + index * DAY).toISOString();
    return { id: at.slice(0, 10), at };
  });
const ids = (snapshots: readonly Snapshot[], retention: typeof none) =>
  neededBackups(snapshots, retention, zone, at(snapshots.at(-1)?.at.slice(0, 10) ?? "")).map(({ id }) => id);
const at = (day: string) => new Date(`${day}T20:00:00Z`);

describe("neededBackups", () => {
  it("keeps the newest of each of the last days, weeks, months and years", () => {
    const year = nightly("2025-12-31", 400);
    expect(ids(year, { ...none, daily: 3 })).toEqual(["2027-02-03", "2027-02-02", "2027-02-01"]);
    // Local Mondays: 2027-02-01 begins a week, so the last backups of weeks are those of Sunday's night.
    expect(ids(year, { ...none, weekly: 3 })).toEqual(["2027-02-03", "2027-01-30", "2027-01-23"]);
    expect(ids(year, { ...none, monthly: 3 })).toEqual(["2027-02-03", "2027-01-30", "2026-12-30"]);
    expect(ids(year, { ...none, yearly: 5 })).toEqual(["2027-02-03", "2026-12-30"]);
  });

  it("counts local days: 01:30 in Jakarta is the day before in UTC", () => {
    expect(new Date(startOf("daily", Date.parse("2026-03-31T18:30:00Z"), zone)).toISOString()).toBe(
      "2026-03-31T17:00:00.000Z",
    );
    expect(new Date(startOf("monthly", Date.parse("2026-03-31T18:30:00Z"), zone)).toISOString()).toBe(
      "2026-03-31T17:00:00.000Z",
    );
    expect(new Date(endOf("yearly", Date.parse("2026-03-31T18:30:00Z"), 5, "Asia/Jayapura")).toISOString()).toBe(
      "2031-12-31T15:00:00.000Z",
    );
    expect(new Date(endOf("monthly", Date.parse("2026-01-31T04:00:00Z"), 1, "Asia/Makassar")).toISOString()).toBe(
      "2026-02-28T16:00:00.000Z",
    );
  });

  it("keeps what a kept one needs, for as long", () => {
    const snapshots: Snapshot[] = [
      { id: "full", at: "2026-03-01T18:30:00Z" },
      { id: "diff", at: "2026-03-05T18:30:00Z", needs: ["full"] },
      { id: "incr", at: "2026-03-06T18:30:00Z", needs: ["full", "diff"] },
    ];
    const needed = neededBackups(snapshots, { ...none, daily: 1 }, zone, at("2026-03-06"));
    expect(needed.map(({ id, classes }) => [id, classes])).toEqual([
      ["incr", ["daily"]],
      ["diff", []],
      ["full", []],
    ]);
    expect(new Set(needed.map(({ until }) => until)).size).toBe(1);
  });

  it("keeps a backup for the longest of its classes", () => {
    const [one] = neededBackups(
      nightly("2026-03-01", 1),
      { daily: 1, weekly: 1, monthly: 0, yearly: 2 },
      zone,
      at("2026-03-01"),
    );
    expect(one).toEqual({
      id: "2026-03-01",
      classes: ["daily", "weekly", "yearly"],
      until: "2028-12-31T17:00:00.000Z",
    });
  });

  it("keeps at most as many as declared and always the newest, and locks what it keeps beyond now, also after an outage", () => {
    const count = (max: number) => fc.integer({ min: 0, max });
    const retentions = fc.record({ daily: count(5), weekly: count(5), monthly: count(4), yearly: count(3) });
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(days, retentions, fc.integer({ min: 0, max: 2000 }), (set, retention, outage) => {
        const all = set.map((day) => {
          const at = new Date(Date.UTC(2026, 0, 1, 18, 30) + day * DAY).toISOString();
          return { id: at, at };
        });
        const now = new Date(Date.UTC(2026, 0, 1, 19) + (Math.max(...set) + outage) * DAY);
        const needed = neededBackups(all, retention, zone, now);
        for (const name of retentionClasses)
          expect(needed.filter(({ classes }) => classes.includes(name)).length).toBeLessThanOrEqual(retention[name]);
        const any = Object.values(retention).some((kept) => kept > 0);
        expect(needed[0]?.id).toBe(
          any
            ? all
                .map(({ id }) => id)
                .sort()
                .at(-1)
            : undefined,
        );
        for (const { until } of needed) expect(Date.parse(until)).toBeGreaterThan(now.getTime());
      }),
    );
  });

  it("after an outage, holds the old ones for as long as newer ones take to replace them", () => {
    const [newest, older] = neededBackups(nightly("2026-03-01", 2), { ...none, daily: 2 }, zone, at("2026-05-01"));
    expect([newest?.until, older?.until]).toEqual(["2026-05-03T17:00:00.000Z", "2026-05-02T17:00:00.000Z"]);
  });
});

describe("locks", () => {
  const needed = [
    { id: "a", classes: ["daily"], until: "2026-04-01T00:00:00.000Z" },
    { id: "b", classes: ["yearly"], until: "2031-01-01T00:00:00.000Z" },
  ] as const;
  const object = (key: string, retainUntil: string | undefined, ...neededBy: string[]) => ({
    key,
    versionId: "1",
    ...(retainUntil === undefined ? {} : { retainUntil }),
    neededBy,
  });

  it("are made longer for the longest need, old packs included, and never shorter", () => {
    expect(
      lockExtensions(
        [
          object("short", "2026-03-15T00:00:00Z", "a"),
          object("old pack", "2026-03-15T00:00:00Z", "a", "b"),
          object("long", "2040-01-01T00:00:00Z", "b"),
          object("unneeded", "2026-03-15T00:00:00Z", "gone"),
          object("unlocked", undefined, "a"),
        ],
        needed,
        2,
      ),
    ).toEqual([
      { key: "short", versionId: "1", until: "2026-04-03T00:00:00.000Z" },
      { key: "old pack", versionId: "1", until: "2031-01-03T00:00:00.000Z" },
      { key: "unlocked", versionId: "1", until: "2026-04-03T00:00:00.000Z" },
    ]);
  });

  it("hold what nothing needs until they end; then it may be pruned, and nothing else", () => {
    const now = new Date("2026-03-20T00:00:00Z");
    const objects = [
      object("ended", "2026-03-20T00:00:00Z", "gone"),
      object("holds", "2026-03-20T00:00:01Z", "gone"),
      object("needed, without lock", undefined, "gone", "a"),
      object("never locked", undefined),
    ];
    expect(prunable(objects, needed, now).map(({ key }) => key)).toEqual(["ended", "never locked"]);
  });

  it("are never both extended and pruned", () => {
    const objects = [object("x", "2026-01-01T00:00:00Z", "a"), object("y", "2026-01-01T00:00:00Z", "gone")];
    const extended = lockExtensions(objects, needed, 0).map(({ key }) => key);
    const pruned = prunable(objects, needed, new Date("2026-03-20T00:00:00Z")).map(({ key }) => key);
    expect(extended.filter((key) => pruned.includes(key))).toEqual([]);
  });
});
