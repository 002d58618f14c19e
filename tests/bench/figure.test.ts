import { expect, test } from "vitest";
import { figureOf, type Measure } from "./figure.ts";

const measure: Measure = { name: "preview.lab", value: 2.6, unit: "s", floor: 2, against: "bare", bound: 1.3 };

test.each<[string, Partial<Measure>, number, boolean]>([
  ["at its bound is within it", {}, 1.3, true],
  ["above its bound is not ok", { value: 2.7 }, 1.35, false],
  ["of what should be large is ok above its bound", { least: true }, 1.3, true],
  ["of what should be large is not ok below its bound", { least: true, value: 2.5 }, 1.25, false],
  ["without a bound is ok where it was measured", { bound: null }, 1.3, true],
  ["without a bound is not ok where it was not", { bound: null, value: Number.NaN }, Number.NaN, false],
  ["that took no time was not measured", { value: 0 }, 0, false],
  ["without a floor is not ok", { floor: 0 }, Number.POSITIVE_INFINITY, false],
  ["that is no number is not ok", { value: Number.NaN }, Number.NaN, false],
])("a figure %s", (_, change, ratio, ok) => {
  expect(figureOf({ ...measure, ...change })).toMatchObject({ ratio, ok });
});
