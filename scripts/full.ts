/**
 * The full test: every batch, one after the other. Stopped in the middle, the next run goes on with the first batch that has not passed on the
 * same commit (`--again` begins anew). Names of batches run those alone. What came of them and what they counted goes to
 * `tests/full/results.json`. Exit codes: 0 all that were asked for passed; 1 one failed; 2 an unknown name.
 */
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { arch, cpus, release, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "./bootstrap/cache.mjs";
import { handOver, run } from "./bootstrap/command.mjs";
import { ROOT } from "./bootstrap/context.mjs";
import { codeOf } from "./bootstrap/errors.mjs";
import { BATCHES, type Batch } from "./full/batches.ts";
import { chosen, figuresOf, type Outcome, parseState, remaining, type State } from "./full/state.ts";

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

async function save(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${path}.${process.pid}`, path);
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
const before = await readFile(STATE, "utf8").catch((error: unknown) => {
  if (codeOf(error) === "ENOENT") return "";
  throw error;
});
const fresh = process.argv.includes("--again") || commit === "";
const state: State = fresh ? { commit, outcomes: {} } : parseState(before, commit);
const todo = remaining(batches, state);
process.stdout.write(`${batches.length - todo.length} of ${batches.length} batches passed before on this commit\n`);
for (const batch of todo) {
  process.stdout.write(`\n══ ${batch.name}: ${batch.about}\n`);
  state.outcomes[batch.name] = await runBatch(batch);
  await save(STATE, state);
  await save(RESULTS, state);
}
const failed = remaining(batches, state);
for (const { name } of failed) process.stdout.write(`✗ ${name}\n`);
process.stdout.write(`${batches.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length ? 1 : 0;
