import { expect, test } from "vitest";
import { clockProblem } from "./clocks.ts";

test.each<[string, Record<string, number | null>]>([
  ["clocks that agree", { dc: 0, drc: 0.2 }],
  ["a difference of a few seconds", { dc: -2, drc: 3 }],
  ["an engine that does not say", { dc: null, drc: null }],
])("%s: nothing to tell", (_, offsets) => expect(clockProblem(offsets)).toBeUndefined());

test("one site is off: told of, by how much and against whom, and not refused", () => {
  const problem = clockProblem({ dc: 0, drc: 42 });
  expect(problem?.refused).toBe(false);
  expect(problem?.text).toEqual({
    id: "jam situs drc mendahului jam situs dc 42 detik",
    en: "the clock of site drc is 42 seconds ahead of that of site dc",
  });
});

test("two sites of which each is near this machine may be far from each other", () => {
  expect(clockProblem({ dc: -4, drc: 4 })?.text.en).toContain("site drc is 8 seconds ahead of that of site dc");
});

test("beyond five minutes it is refused, and says what would break", () => {
  const problem = clockProblem({ dc: 0, drc: -301 });
  expect(problem?.refused).toBe(true);
  expect(problem?.text.en).toMatch(/this machine is 301 seconds ahead.*not yet valid.*TSIG.*DNSSEC/);
  expect(clockProblem({ dc: 0, drc: -300 })?.refused).toBe(false);
});
