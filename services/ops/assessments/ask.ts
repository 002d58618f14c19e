/** Starts the process that assesses, and waits for what it says. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { within } from "../../../io/within.ts";

/** @param question on its standard input @returns its standard output @throws what it said where it failed, or where time or the signal ended it. */
export type Ask = (question: string, ending: AbortSignal) => Promise<string>;

const PATIENCE_MS = 600_000;

/** @param words the program and its arguments of now, after Node.js itself */
export const askProcess =
  (words: () => readonly string[]): Ask =>
  (question, ending) =>
    within(PATIENCE_MS, ending, async (signal) => {
      const child = spawn(process.execPath, words(), { stdio: ["pipe", "pipe", "pipe"], signal });
      // One that ends before it has read the question says why on standard error.
      child.stdin.on("error", () => undefined);
      child.stdin.end(question);
      const [said, wrong, [code, by]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
      ]);
      if (code === 0) return said;
      throw new Error(whyOf(wrong) ?? `it ended with ${code === null ? by : `exit code ${code}`}`);
    });

/** As many as are given to it start one process after another: beside `ops` there is memory for one. */
export function oneAtATime(): (ask: Ask) => Ask {
  let underWay: Promise<unknown> = Promise.resolve();
  return (ask) => (question, ending) => {
    const next = underWay.then(() => ask(question, ending));
    underWay = next.catch(() => undefined);
    return next;
  };
}

/** The error's own line, of what Node.js prints. */
const whyOf = (wrong: string): string | undefined => {
  const lines = wrong.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /^\w*Error: |heap out of memory/.test(line)) ?? lines.at(-1);
};
