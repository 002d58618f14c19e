import { describe, expect, it } from "vitest";
import { chooseSteps, runGate } from "./run.ts";
import type { Step } from "./steps.ts";
import { lastLine, type Tally, tallyOfTests, type VitestReport } from "./tally.ts";

const step = (name: string, tally: Tally | Error, dear?: true): Step => ({
  name,
  title: name,
  ...(dear ? { dear } : {}),
  run: async () => {
    if (tally instanceof Error) throw tally;
    return tally;
  },
});

async function gate(steps: Step[], all = false): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const desk = { print: (line: string) => void lines.push(line), clock: () => 0, seconds: () => "0 s" };
  const code = await runGate({ steps, all }, { root: "/", env: {} }, desk);
  return { code, lines };
}

describe("runGate", () => {
  it("ends with one line that sums up, and exits 0 when all passed", async () => {
    const { code, lines } = await gate([
      step("a", { passed: 1, failed: 0 }),
      step("b", { passed: 41, failed: 0 }, true),
    ]);
    expect(code).toBe(0);
    expect(lines.at(-1)).toBe("42 passed, 0 failed");
  });
  it("goes on through the cheap ones after a failure, but does not begin the dear", async () => {
    const steps = [
      step("a", { passed: 0, failed: 1 }),
      step("b", { passed: 3, failed: 1 }),
      step("c", { passed: 9, failed: 0 }, true),
    ];
    expect(await gate(steps)).toMatchObject({ code: 1, lines: expect.arrayContaining(["3 passed, 2 failed"]) });
    expect((await gate(steps, true)).lines.at(-1)).toBe("12 passed, 2 failed");
  });
  it("counts a step that throws as failed", async () => {
    const { code, lines } = await gate([step("a", new Error("boom")), step("b", { passed: 1, failed: 0 })]);
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe("1 passed, 1 failed");
    expect(lines.join("\n")).toContain("boom");
  });
  it("says at its end which tests failed, and how their messages begin", async () => {
    const { lines } = await gate([step("a", { passed: 0, failed: 1, failures: ["a.test.ts: works: Error: no"] })]);
    expect(lines.join("\n")).toContain("\n✗  a.test.ts: works: Error: no");
  });
  it("fails when nothing ran", async () => {
    expect(await gate([])).toMatchObject({ code: 1 });
    expect(await gate([step("a", { passed: 0, failed: 0 })])).toMatchObject({ code: 1 });
  });
});

describe("tallyOfTests", () => {
  const report = (more: Partial<VitestReport>): VitestReport => ({
    numPassedTests: 5,
    numFailedTests: 0,
    success: true,
    testResults: [],
    ...more,
  });
  it.each<[string, VitestReport | undefined, number, Tally]>([
    ["a clean run", report({}), 0, { passed: 5, failed: 0 }],
    ["failed tests", report({ numFailedTests: 2, success: false }), 1, { passed: 5, failed: 2 }],
    [
      "a failed test, by its file, its name and its message",
      report({
        ...{ numFailedTests: 1, success: false },
        testResults: [
          {
            ...{ name: "/a/b/c.test.ts", status: "failed" },
            assertionResults: [
              {
                fullName: "it works",
                status: "failed",
                failureMessages: ["\u001b[31mError:\u001b[39m no\n  at x", "more"],
              },
              { fullName: "it too", status: "passed", failureMessages: [] },
            ],
          },
        ],
      }),
      1,
      { passed: 5, failed: 1, failures: ["c.test.ts: it works: Error: no at x"] },
    ],
    [
      "a file that could not be loaded",
      report({ success: false, testResults: [{ name: "x", status: "failed", assertionResults: [] }] }),
      1,
      { passed: 5, failed: 1 },
    ],
    ["an error outside any test", report({ success: false }), 1, { passed: 5, failed: 1 }],
    ["no test at all", report({ numPassedTests: 0 }), 0, { passed: 0, failed: 1 }],
    ["no report", undefined, 137, { passed: 0, failed: 1 }],
  ])("%s", (_, given, code, expected) => expect(tallyOfTests(given, code)).toEqual(expected));
});

describe("chooseSteps", () => {
  const steps = [step("a", { passed: 1, failed: 0 }), step("b", { passed: 1, failed: 0 })];
  it("all of them by default", () => expect(chooseSteps([], steps)).toMatchObject({ steps, all: false }));
  it("those that are named", () =>
    expect(chooseSteps(["--only=b", "--all"], steps)).toMatchObject({ steps: [steps[1]], all: true }));
  it.each(["--only=c", "--other"])("says what is wrong with %s", (word) =>
    expect(chooseSteps([word], steps)).toMatchObject({ fault: expect.stringContaining("expected") }),
  );
});

it("the last line", () => expect(lastLine({ passed: 12, failed: 0 })).toBe("12 passed, 0 failed"));
