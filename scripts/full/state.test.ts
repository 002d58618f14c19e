import { describe, expect, it } from "vitest";
import { chosen, figuresOf, parseOutcomes, remaining } from "./state.ts";

const outcome = (passed: boolean, commit = "abc") => ({
  commit,
  passed,
  exitCode: passed ? 0 : 1,
  startedAt: "2026-01-01T00:00:00Z",
  seconds: 1,
  machine: "m",
  figures: {},
});
const outcomes = { a: outcome(true), b: outcome(false), c: outcome(true, "older") };
const batches = [{ name: "a" }, { name: "b" }, { name: "c" }, { name: "d" }];

describe("the outcomes of the full test", () => {
  it("are read as they were written, and none is no fault", () => {
    expect(parseOutcomes(JSON.stringify(outcomes))).toEqual(outcomes);
    expect(parseOutcomes("")).toEqual({});
  });
  it.each([
    ["a file cut off", JSON.stringify(outcomes).slice(0, 50)],
    ["something else", "[]"],
  ])("are not written over after %s", (_, text) => expect(() => parseOutcomes(text)).toThrow());
  it("leave what has not passed on this very commit", () => {
    expect(remaining(batches, outcomes, "abc")).toEqual([{ name: "b" }, { name: "c" }, { name: "d" }]);
  });
  it("leave everything where something is not committed", () => {
    expect(remaining(batches, { a: outcome(true, "") }, "")).toEqual(batches);
  });
});

describe("the batches that are run", () => {
  it("are those named, in their own order; all where none is", () => {
    expect(chosen(batches, ["c", "a"])).toEqual({ chosen: [{ name: "a" }, { name: "c" }] });
    expect(chosen(batches, [])).toEqual({ chosen: batches });
  });
  it("a name that none has is told", () => expect(chosen(batches, ["a", "x"])).toEqual({ unknown: "x" }));
});

it("figures are the last ones of their name, and what is no figure is refused", () => {
  const lines = ['{"name":"kills","value":5}', '{"name":"seed","value":"7"}', '{"name":"kills","value":20}', ""];
  expect(figuresOf(lines.join("\n"))).toEqual({ kills: 20, seed: "7" });
  expect(() => figuresOf('{"name":"kills","value":null}')).toThrow();
});
