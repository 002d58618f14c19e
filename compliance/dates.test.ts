import { expect, test } from "vitest";
import { yearsAfter } from "./dates.ts";

test.each([
  ["2019-06-25", 2, "2021-06-25"],
  ["2019-12-31", 1, "2020-12-31"],
  ["2018-11-19", 2, "2020-11-19"],
  ["2020-02-29", 1, "2021-02-28"],
  ["2020-02-29", 4, "2024-02-29"],
])("%s and %d years is %s", (from, years, expected) => {
  expect(yearsAfter(from, years)).toBe(expected);
});
