import { describe, expect, test } from "vitest";
import type { RunEvent } from "./events.ts";
import { lineOf, parseJournal, withoutTorn } from "./journal.ts";
import { planDigest } from "./plan.ts";
import { stateOf } from "./state.ts";
import { examplePlan } from "./testing/world.ts";

const plan = examplePlan();
const at = "2026-03-01T03:00:00.000Z";
const EVENTS: readonly RunEvent[] = [
  { at, event: "opened", run: "r", plan, digest: planDigest(plan), commit: null, approvals: [] },
  { at, event: "begun", step: "lower-ttl", attempt: 1 },
  { at, event: "done", step: "lower-ttl", seen: "after-action", facts: { ttl: 60 } },
  { at, event: "paused" },
];

function written(events: readonly RunEvent[] = EVENTS): string {
  let [text, sum] = ["", ""];
  for (const event of events) {
    const next = lineOf(event, sum);
    [text, sum] = [text + next.line, next.sum];
  }
  return text;
}

const places = (text: string): string[] => parseJournal(text).faults.map(({ path }) => path);

describe("a journal", () => {
  test("reads back as it was written", () => {
    const { events, faults, torn } = parseJournal(written());
    expect({ events, faults, torn }).toEqual({ events: EVENTS, faults: [], torn: undefined });
  });

  test("cut off anywhere: whole lines count, and what was cut is named", () => {
    const text = written();
    const bytes = Buffer.from(text);
    // The first line is long: its last bytes stand for all of it.
    for (let length = text.indexOf("\n") - 40; length <= bytes.length; length += 1) {
      const cut = bytes.subarray(0, length).toString();
      const whole = cut.split("\n").length - 1;
      const { events, faults, torn } = parseJournal(cut);
      expect([length, events.length, faults]).toEqual([length, whole, []]);
      const left = length - Buffer.byteLength(withoutTorn(cut));
      expect(torn).toEqual(left === 0 ? undefined : { line: whole + 1, bytes: left });
    }
  });

  test("a changed byte in a whole line is damage, and every damaged line is named", () => {
    const lines = written().split("\n");
    const damaged = lines.map((line, index) =>
      index === 1 || index === 3 ? line.replace(/"at":"2026/, '"at":"2027') : line,
    );
    expect(places(damaged.join("\n"))).toEqual(["[2]", "[4]"]);
  });

  test.each([
    ["taken out", (lines: string[]) => [...lines.slice(0, 1), ...lines.slice(2)], ["[2]"]],
    ["put in twice", (lines: string[]) => [...lines.slice(0, 2), ...lines.slice(1)], ["[3]"]],
    ["swapped", ([a, b, c, ...rest]: string[]) => [a, c, b, ...rest] as string[], ["[2]", "[3]", "[4]"]],
    ["empty", (lines: string[]) => [...lines.slice(0, 2), "", ...lines.slice(2)], ["[3]"]],
    ["spaced", (lines: string[]) => lines.map((line, index) => (index === 2 ? ` ${line}` : line)), ["[3]"]],
  ])("a line %s is damage", (_, change, expected) => {
    expect(places(change(written().split("\n")).join("\n"))).toEqual(expected);
  });

  test("it begins with its plan, once, and names that plan's digest", () => {
    const [opened, ...rest] = EVENTS as [RunEvent, ...RunEvent[]];
    expect(places(written(rest))).toEqual(["[1].event"]);
    expect(places(written([opened, opened]))).toEqual(["[2].event"]);
    expect(places(written([{ ...opened, digest: "0".repeat(64) } as RunEvent]))).toEqual(["[1].digest"]);
    expect(() => stateOf(rest)).toThrow(/expected "opened" first/);
  });
});
