import { expect, test } from "vitest";
import { type Bench, chooseBenches } from "./bench.ts";
import { BENCHES } from "./benches.ts";

const bench = (...makes: string[]): Bench => ({ makes, measure: async () => [] });
const all = [bench("model.1000"), bench("preview.lab"), bench("preview.200", "preview.growth")];

const chosen = (...words: string[]) => {
  const choice = chooseBenches(words, all);
  return "chosen" in choice ? choice.chosen.flatMap(({ makes }) => makes) : choice;
};

test("nothing asked means all", () => {
  expect(chosen()).toEqual(["model.1000", "preview.lab", "preview.200", "preview.growth"]);
});

test("a figure brings those that are measured with it, a family all of its own", () => {
  expect(chosen("preview.growth")).toEqual(["preview.200", "preview.growth"]);
  expect(chosen("preview")).toEqual(["preview.lab", "preview.200", "preview.growth"]);
  expect(chosen("preview.lab", "model")).toEqual(["model.1000", "preview.lab"]);
});

test("half a word means nothing, and every unknown name is told", () => {
  expect(chosen("prev", "model.1000", "preview.20")).toEqual({ unknown: ["prev", "preview.20"] });
});

test("no two benches make a figure of the same name", () => {
  const names = BENCHES.flatMap(({ makes }) => makes);
  expect(new Set(names).size).toBe(names.length);
});
