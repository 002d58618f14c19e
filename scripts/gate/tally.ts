/** Counting: what each step adds to the gate's last line. */
import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** What a step came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Of each that failed: which, and how its message begins. A log that is cut in its middle still has them, as they come last. */
  readonly failures?: readonly string[];
}

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly AssertionResult[];
  }[];
}

export interface AssertionResult {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[] | null;
}

/** Of one failure: several have to fit into the end of a log that is kept by its last few thousand characters. */
const SHOWN_CHARACTERS = 700;

/** A step that is no test counts as one. */
export function tallyOfStep(ok: boolean): Tally {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * The tests of a vitest run, and one failure for each file that could not be loaded. A run that ended badly, had no test at all, or left no
 * report never counts as clean.
 */
export function tallyOfTests(report: VitestReport | undefined, exitCode: number): Tally {
  if (!report) return { passed: 0, failed: 1 };
  const broken = report.testResults.filter((file) => file.status === "failed" && !file.assertionResults.length).length;
  const failed = report.numFailedTests + broken;
  const unexplained = failed === 0 && (exitCode !== 0 || !report.success || report.numPassedTests === 0);
  const failures = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === "failed").map((one) => failureLine(name, one)),
  );
  return {
    passed: report.numPassedTests,
    failed: failed + (unexplained ? 1 : 0),
    ...(failures.length > 0 ? { failures } : {}),
  };
}

function failureLine(file: string, { fullName, failureMessages }: AssertionResult): string {
  const message = stripVTControlCharacters(failureMessages?.[0] ?? "").replace(/\s+/g, " ");
  return `${basename(file)}: ${fullName}: ${message.slice(0, SHOWN_CHARACTERS)}`;
}

/** The sum of several tallies. */
export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce<Tally>((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** The gate's last line. */
export function lastLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
