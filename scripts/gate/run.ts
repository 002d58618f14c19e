import type { Place, Step } from "./steps.ts";
import { lastLine, sum, type Tally } from "./tally.ts";

/** What was asked for. */
export interface Choice {
  readonly steps: readonly Step[];
  /** Dear steps run although a cheap one failed. */
  readonly all: boolean;
}

/** Reads the gate's words; a fault names the word that was not understood and what may be said. */
export function chooseSteps(words: readonly string[], steps: readonly Step[]): Choice | { readonly fault: string } {
  const names = steps.map((step) => step.name);
  let wanted: readonly string[] = names;
  let all = false;
  for (const word of words) {
    if (word === "--all") all = true;
    else if (word.startsWith("--only=")) wanted = word.slice("--only=".length).split(",");
    else return { fault: `gate: unknown word "${word}"; expected --all or --only=<${names.join(",")}>` };
  }
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) return { fault: `gate: unknown step "${unknown}"; expected one of ${names.join(", ")}` };
  return { steps: steps.filter((step) => wanted.includes(step.name)), all };
}

/** How the gate shows and measures. */
export interface Desk {
  readonly print: (line: string) => void;
  /** Milliseconds from anywhere. */
  readonly clock: () => number;
  readonly seconds: (milliseconds: number) => string;
}

/** Runs the steps and prints what each came to. @returns the exit code: 0 when something ran and nothing failed, else 1. */
export async function runGate({ steps, all }: Choice, place: Place, desk: Desk): Promise<number> {
  const tallies: Tally[] = [];
  const lines: string[] = [];
  for (const step of steps) {
    if (step.dear && !all && sum(tallies).failed > 0) {
      lines.push(`·  ${step.title}: not begun, since something cheaper failed (--all runs it)`);
      continue;
    }
    desk.print(`\n── ${step.title}`);
    const began = desk.clock();
    const tally = await outcome(step, place, desk);
    tallies.push(tally);
    const mark = tally.failed ? "✗" : "✓";
    lines.push(`${mark}  ${step.title}: ${lastLine(tally)} (${desk.seconds(desk.clock() - began)})`);
    desk.print(lines.at(-1) ?? "");
  }
  const total = sum(tallies);
  const failures = tallies.flatMap((tally) => tally.failures ?? []);
  if (failures.length > 0) desk.print(`\n${failures.map((one) => `✗  ${one}`).join("\n")}`);
  desk.print(`\n${lines.join("\n")}`);
  desk.print(lastLine(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** A step that throws has failed, and says why; the others still run. */
async function outcome(step: Step, place: Place, desk: Desk): Promise<Tally> {
  try {
    return await step.run(place);
  } catch (error) {
    desk.print(`${step.title}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { passed: 0, failed: 1 };
  }
}
