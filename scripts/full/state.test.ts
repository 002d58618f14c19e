import { describe, expect, it } from "vitest";
import { parseState, remaining } from "./state.ts";

const outcome = (passed: boolean) => ({
  passed,
  exitCode: passed ? 0 : 1,
  startedAt: "2026-01-01T00:00:00Z",
  seconds: 1,
  machine: "m",
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
