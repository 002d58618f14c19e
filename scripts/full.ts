/**
 * The full test: every batch, one after the other. Stopped in the middle, the next run goes on with the first batch that has not passed on the
 * same commit (`--again` begins anew). Figures go to `tests/full/results.json`.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { arch, cpus, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "./bootstrap/cache.mjs";
import { handOver, run } from "./bootstrap/command.mjs";
import { ROOT } from "./bootstrap/context.mjs";
import { codeOf } from "./bootstrap/errors.mjs";
import { BATCHES, type Batch } from "./full/batches.ts";
import { type Outcome, parseState, remaining, type State } from "./full/state.ts";

const STATE = join(cacheFolder(process.env), "full", "state.json");
const RESULTS = join(ROOT, "tests", "full", "results.json");

/** The commit, and whether something is not committed: such a tree never resumes. */
async function commitOf(): Promise<string> {
  const head = await run(["git", "rev-parse", "HEAD"], { cwd: ROOT });
  const dirty = await run(["git", "status", "--porcelain", "--", ".", ":!tests/full/results.json"], { cwd: ROOT });
  if (head.code !== 0 || dirty.code !== 0) return "";
  return dirty.output.trim() ? "" : head.output.trim();
}

function machine(): string {
  return `${process.platform} ${release()} ${arch()}, ${cpus().length} processors, ${Math.round(totalmem() / 1024 ** 3)} GiB`;
}

async function runBatch(batch: Batch): Promise<Outcome> {
  const startedAt = new Date();
  const exitCode = await handOver(batch.words, { cwd: ROOT, env: process.env });
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000);
  return { passed: exitCode === 0, exitCode, startedAt: startedAt.toISOString(), seconds, machine: machine() };
}

async function save(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${path}.${process.pid}`, path);
}

const commit = await commitOf();
const before = await readFile(STATE, "utf8").catch((error: unknown) => {
  if (codeOf(error) === "ENOENT") return "";
  throw error;
});
const fresh = process.argv.includes("--again") || commit === "";
const state: State = fresh ? { commit, outcomes: {} } : parseState(before, commit);
const todo = remaining(BATCHES, state);
process.stdout.write(`${BATCHES.length - todo.length} of ${BATCHES.length} batches passed before on this commit\n`);
for (const batch of todo) {
  process.stdout.write(`\n══ ${batch.name}: ${batch.about}\n`);
  state.outcomes[batch.name] = await runBatch(batch);
  await save(STATE, state);
  await save(RESULTS, state);
}
const failed = remaining(BATCHES, state);
for (const { name } of failed) process.stdout.write(`✗ ${name}\n`);
process.stdout.write(`${BATCHES.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length ? 1 : 0;
