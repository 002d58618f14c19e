import { describe, expect, it } from "vitest";
import { chosen, figuresOf, parseState, remaining } from "./state.ts";

const outcome = (passed: boolean) => ({
  passed,
  exitCode: passed ? 0 : 1,
  startedAt: "2026-01-01T00:00:00Z",
  seconds: 1,
  machine: "m",
  figures: {},
});
const state = { commit: "abc", outcomes: { a: outcome(true), b: outcome(false) } };
const batches = [{ name: "a" }, { name: "b" }, { name: "c" }];

describe("the state of the full test", () => {
  it("goes on with what has not passed", () => {
    expect(remaining(batches, parseState(JSON.stringify(state), "abc"))).toEqual([{ name: "b" }, { name: "c" }]);
  });
  it.each([
    ["another commit", JSON.stringify(state), "def"],
    ["a file cut off", JSON.stringify(state).slice(0, 50), "abc"],
    ["something else", "[]", "abc"],
    ["nothing", "", "abc"],
  ])("begins anew after %s", (_, text, commit) =>
    expect(remaining(batches, parseState(text, commit))).toEqual(batches),
  );
});

describe("the batches that are run", () => {
  it("are those named, in their own order; all where none is", () => {
    expect(chosen(batches, ["c", "a"])).toEqual({ chosen: [{ name: "a" }, { name: "c" }] });
    expect(chosen(batches, [])).toEqual({ chosen: batches });
  });
  it("a name that none has is told", () => expect(chosen(batches, ["a", "d"])).toEqual({ unknown: "d" }));
});

it("figures are the last ones of their name, and what is no figure is refused", () => {
  const lines = ['{"name":"kills","value":5}', '{"name":"seed","value":"7"}', '{"name":"kills","value":20}', ""];
  expect(figuresOf(lines.join("\n"))).toEqual({ kills: 20, seed: "7" });
  expect(() => figuresOf('{"name":"kills","value":null}')).toThrow();
});
