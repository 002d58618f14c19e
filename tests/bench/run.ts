/**
 * `npm run bench [-- names...]`: measures figures and writes them to `tests/bench/results.json` (design.md section 6), each bench's as soon
 * as it is done. Names are figures or families of them (`preview`, `preview.lab`); none means all.
 * Exit codes: 0 all within their bounds; 1 one is not; 2 an unknown name; 3 the lab or the tools are not there; 70 a bug.
 */
import { join } from "node:path";
import { step } from "../../cli/output/progress.ts";
import { LumbungError } from "../../io/errors.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { type Bench, chooseBenches } from "./bench.ts";
import { BENCHES } from "./benches.ts";
import type { Figure } from "./figure.ts";
import { describeCommit, describeMachine, loadNow } from "./machine.ts";
import { figuresTable } from "./report.ts";
import { mergeResults, readResults, writeResults } from "./results.ts";

const RESULTS = "tests/bench/results.json";

async function main(words: readonly string[]): Promise<number> {
  const choice = chooseBenches(words, BENCHES);
  if ("unknown" in choice) {
    say(
      `bench: no figure is called ${choice.unknown.join(", ")}; there are: ${BENCHES.flatMap(({ makes }) => makes).join(", ")}`,
    );
    return 2;
  }
  const commit = await describeCommit(RESULTS);
  const done: Figure[] = [];
  const failures: unknown[] = [];
  for (const bench of choice.chosen) {
    try {
      done.push(...(await measure(bench, commit)));
    } catch (error) {
      say(explain(error));
      failures.push(error);
    }
  }
  if (done.length > 0) process.stdout.write(`${figuresTable(done)}\n`);
  if (failures.length > 0)
    return Math.max(...failures.map((error) => (error instanceof LumbungError ? error.exitCode : 70)));
  return done.every(({ ok }) => ok) ? 0 : 1;
}

async function measure(bench: Bench, commit: string): Promise<readonly Figure[]> {
  const before = loadNow();
  const figures = await step(bench.makes.join(", "), ({ note }) => bench.measure(note));
  const circumstances = {
    machine: describeMachine(),
    commit,
    at: new Date().toISOString(),
    load: [before, loadNow()],
  } as const;
  const path = join(REPOSITORY, RESULTS);
  await writeResults(path, mergeResults(await readResults(path), figures, circumstances));
  return figures;
}

function explain(error: unknown): string {
  if (error instanceof LumbungError) return `  ${error.text.en}${error.hint ? `\n  → ${error.hint.en}` : ""}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
