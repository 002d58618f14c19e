import { describe, expect, test } from "vitest";
import { latestDue, nextDueMs } from "./slots.ts";

const plan = { reportMonths: [1, 7], monthly: true, atSeconds: 5 * 3600 };
const at = (iso: string): number => Date.parse(iso);
const shown = (moment: string, own = plan, zone: "Asia/Jakarta" | "Asia/Jayapura" = "Asia/Jakarta") => {
  const { kind, atMs, fromMs } = latestDue(own, at(moment), zone);
  return [kind, new Date(atMs).toISOString(), new Date(fromMs).toISOString()];
};

describe("by default, each month one is due, and every half-year one for the report", () => {
  test.each([
    ["2026-07-01T05:00:00+07:00", ["report", "2026-06-30T22:00:00.000Z", "2025-12-31T22:00:00.000Z"]],
    ["2026-07-01T04:59:59+07:00", ["monthly", "2026-05-31T22:00:00.000Z", "2026-04-30T22:00:00.000Z"]],
    ["2026-08-15T12:00:00+07:00", ["monthly", "2026-07-31T22:00:00.000Z", "2026-06-30T22:00:00.000Z"]],
    ["2026-01-31T23:59:59+07:00", ["report", "2025-12-31T22:00:00.000Z", "2025-06-30T22:00:00.000Z"]],
  ])("at %s", (moment, expected) => expect(shown(moment)).toEqual(expected));
});

test("without those of each month only reports are due", () => {
  const rare = { ...plan, monthly: false };
  expect(shown("2026-12-24T00:00:00Z", rare)).toEqual([
    "report",
    "2026-06-30T22:00:00.000Z",
    "2025-12-31T22:00:00.000Z",
  ]);
  expect(new Date(nextDueMs(rare, at("2026-12-24T00:00:00Z"), "Asia/Jakarta")).toISOString()).toBe(
    "2026-12-31T22:00:00.000Z",
  );
});

test("once a year: from the year before; in the region's own time", () => {
  const yearly = { reportMonths: [3], monthly: false, atSeconds: 0 };
  expect(shown("2026-03-01T00:00:00+09:00", yearly, "Asia/Jayapura")).toEqual([
    "report",
    "2026-02-28T15:00:00.000Z",
    "2025-02-28T15:00:00.000Z",
  ]);
});

test("the next one is after this moment", () => {
  const next = (moment: string) => new Date(nextDueMs(plan, at(moment), "Asia/Jakarta")).toISOString();
  expect(next("2026-06-30T21:59:59Z")).toBe("2026-06-30T22:00:00.000Z");
  expect(next("2026-06-30T22:00:00Z")).toBe("2026-07-31T22:00:00.000Z");
});
