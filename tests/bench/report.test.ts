import { expect, test } from "vitest";
import { figureOf } from "./figure.ts";
import { figuresTable, quantity } from "./report.ts";

test.each([
  [12.345, "s", "12.3 s"],
  [0.004567, "s", "4.57 ms"],
  [1234.5, "s", "1235 s"],
  [2 ** 29, "bytes", "512 MiB"],
  [1.5 * 2 ** 30, "bytes", "1.5 GiB"],
  [80 * 2 ** 20, "bytes/s", "80 MiB/s"],
  [7, "requests", "7 requests"],
  [Number.NaN, "s", "NaN s"],
])("%d %s is shown as %s", (value, unit, text) => {
  expect(quantity(value, unit)).toBe(text);
});

test("a line for each figure, with its verdict", () => {
  const common = { unit: "s", floor: 2, against: "bare", bound: 1.3 };
  const lines = figuresTable([
    figureOf({ name: "preview.lab", value: 2.2, ...common }),
    figureOf({ name: "preview.1000", value: 20, ...common }),
  ]).split("\n");
  expect(lines[0]).toBe("figure        value  floor  ratio  bound        against");
  expect(lines[2]).toBe("preview.lab   2.2 s    2 s    1.1    1.3  ok    bare");
  expect(lines[3]).toBe("preview.1000   20 s    2 s     10    1.3  over  bare");
});

test("a least bound and none are told apart from a most", () => {
  const common = { unit: "s", value: 1, floor: 2, against: "bare" };
  const lines = figuresTable([
    figureOf({ name: "a", bound: 0.9, least: true, ...common }),
    figureOf({ name: "b", bound: null, ...common }),
  ]).split("\n");
  expect(lines[2]).toMatch(/0\.5 +≥0\.9 +under +bare$/);
  expect(lines[3]).toMatch(/0\.5 +– +ok +bare$/);
});
