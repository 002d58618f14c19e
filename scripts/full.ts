/**
 * The full test: every batch, one after the other. Stopped in the middle, the next run goes on with the first batch that has not passed on the
 * same commit (`--again` begins anew). Names of batches run those alone. What came of each when it last ran, on which commit, and what it counted
 * stands in `tests/full/results.json`. Exit codes: 0 all that were asked for passed; 1 one failed; 2 an unknown name.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { arch, cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { readIfThere, writeAtomically } from "../io/files.ts";
import { handOver, run } from "./bootstrap/command.mjs";
import { ROOT } from "./bootstrap/context.mjs";
import { BATCHES, type Batch } from "./full/batches.ts";
import { chosen, figuresOf, type Outcome, type Outcomes, parseOutcomes, remaining } from "./full/state.ts";

const RESULTS = join(ROOT, "tests", "full", "results.json");

/** The last commit that changed more than the results; none where something is not committed: such a tree never resumes. */
async function commitOf(): Promise<string> {
  const butResults = ["--", ".", ":!tests/full/results.json"];
  const head = await run(["git", "log", "-1", "--format=%H", ...butResults], { cwd: ROOT });
  const dirty = await run(["git", "status", "--porcelain", ...butResults], { cwd: ROOT });
  if (head.code !== 0 || dirty.code !== 0) return "";
  return dirty.output.trim() ? "" : head.output.trim();
}

function machine(): string {
  return `${process.platform} ${release()} ${arch()}, ${cpus().length} processors, ${Math.round(totalmem() / 1024 ** 3)} GiB`;
}

async function runBatch(batch: Batch, commit: string): Promise<Outcome> {
  const startedAt = new Date();
  const folder = await mkdtemp(join(tmpdir(), "lumbung-full-"));
  try {
    const file = join(folder, "figures");
    await writeFile(file, "");
    const exitCode = await handOver(batch.words, {
      cwd: ROOT,
      env: { ...process.env, ...batch.env, LUMBUNG_FIGURES: file },
    });
    const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000);
    const figures = figuresOf(await readFile(file, "utf8"));
    return {
      commit,
      passed: exitCode === 0,
      exitCode,
      startedAt: startedAt.toISOString(),
      seconds,
      machine: machine(),
      figures,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function kept(): Promise<Outcomes> {
  return parseOutcomes(Buffer.from((await readIfThere(RESULTS)) ?? []).toString("utf8"));
}

const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const choice = chosen(BATCHES, names);
if ("unknown" in choice) {
  process.stderr.write(
    `no batch is called ${choice.unknown}; there are: ${BATCHES.map(({ name }) => name).join(", ")}\n`,
  );
  process.exit(2);
}
const batches = choice.chosen;
const commit = await commitOf();
const todo = process.argv.includes("--again") ? batches : remaining(batches, await kept(), commit);
process.stdout.write(`${batches.length - todo.length} of ${batches.length} batches passed before on this commit\n`);
const failed: Batch[] = [];
for (const batch of todo) {
  process.stdout.write(`\n══ ${batch.name}: ${batch.about}\n`);
  const outcome = await runBatch(batch, commit);
  if (!outcome.passed) failed.push(batch);
  // Read anew: another run beside this one may have kept its own.
  await writeAtomically(RESULTS, `${JSON.stringify({ ...(await kept()), [batch.name]: outcome }, null, 2)}\n`);
}
for (const { name } of failed) process.stdout.write(`✗ ${name}\n`);
process.stdout.write(`${batches.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length ? 1 : 0;
