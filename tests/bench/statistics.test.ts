import { expect, test } from "vitest";
import { median, percentile } from "./statistics.ts";

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
  [[], Number.NaN],
])("median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test.each([
  [0.99, 99],
  [1, 100],
  [0.5, 50],
  [0, 1],
])("percentile %d of 1 to 100 is %d", (share, expected) => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, share)).toBe(expected);
  expect(values[0]).toBe(100);
});

test("of nothing there is no percentile", () => {
  expect(percentile([], 0.99)).toBeNaN();
});
