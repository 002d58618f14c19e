import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { handOver } from "../bootstrap/command.mjs";
import { type Tally, tallyOfTests, type VitestReport } from "./tally.ts";

/** The words that run the tests of one configuration, shown as they go and reported to a file. */
export function vitestWords(config: string, report: string): readonly [string, ...string[]] {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--config", config, ...reporters];
}

/** Runs the tests of one configuration and counts them. */
export async function runVitest(root: string, config: string, env: NodeJS.ProcessEnv): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "lumbung-gate-"));
  const path = join(folder, "report.json");
  try {
    const code = await handOver(vitestWords(config, path), { cwd: root, env });
    return tallyOfTests(await readReport(path), code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run that was cut off leaves none, or half of one. */
async function readReport(path: string): Promise<VitestReport | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    return JSON.parse(text) as VitestReport;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
