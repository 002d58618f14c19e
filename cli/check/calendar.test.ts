import { afterEach, expect, test } from "vitest";
import { CALENDAR_KINDS } from "../../compliance/render/words.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { chooseLanguage } from "../output/language.ts";
import { calendarText, daysLeft } from "./calendar.ts";

afterEach(() => chooseLanguage("id"));

test("days are counted from the region's today, across months and leap days", () => {
  expect([
    daysLeft("2026-07-01", "2026-07-01"),
    daysLeft("2028-03-01", "2028-02-28"),
    daysLeft("2026-06-30", "2026-07-01"),
  ]).toEqual([0, 2, -1]);
});

test.each(["id", "en"] as const)("each entry is a line with its day, duty, kind and why: %s", (language) => {
  chooseLanguage(language);
  const { calendar } = madeAssessment();
  expect(calendar.length).toBeGreaterThan(0);
  const lines = calendarText(calendar, "2026-07-01").split("\n");
  for (const { date, duty, kind, what } of calendar)
    expect(
      lines.some((line) =>
        [date, duty, CALENDAR_KINDS[kind][language], what[language]].every((one) => line.includes(one)),
      ),
    ).toBe(true);
  expect(calendarText([], "2026-07-01").split("\n")).toHaveLength(2);
});
