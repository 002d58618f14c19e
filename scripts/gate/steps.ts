import { handOver, run } from "../bootstrap/command.mjs";
import { generatedPaths, staleFiles } from "../generate.ts";
import { badArrows } from "./imports.ts";
import { readSources } from "./sources.ts";
import { type Tally, tallyOfStep } from "./tally.ts";
import { runVitest } from "./vitest.ts";

/** Where the gate runs. */
export interface Place {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** One step of the gate. `dear`: needs the Docker engine and minutes; not begun when a cheap one has failed. */
export interface Step {
  readonly name: string;
  readonly title: string;
  readonly dear?: true;
  readonly run: (place: Place) => Promise<Tally>;
}

/** Every step, in the order in which they run. */
export const STEPS: readonly Step[] = [
  { name: "lint", title: "format and lint", run: tool("node_modules/.bin/biome", "ci") },
  { name: "types", title: "types", run: tool("node_modules/.bin/tsc", "--noEmit", "-p", ".") },
  { name: "imports", title: "import direction", run: imports },
  { name: "generated", title: "generated files are current", run: generated },
  { name: "unit", title: "unit tests", run: tests("vitest.config.ts") },
  {
    name: "conformance",
    title: "conformance of the docker plugin",
    dear: true,
    run: tests("vitest.conformance.config.ts"),
  },
  { name: "lab", title: "lab tests", dear: true, run: tests("vitest.lab.config.ts") },
];

function tool(...words: [string, ...string[]]): Step["run"] {
  return async ({ root, env }) => tallyOfStep((await handOver(words, { cwd: root, env })) === 0);
}

function tests(config: string): Step["run"] {
  return ({ root, env }) => runVitest(root, config, env);
}

async function imports({ root }: Place): Promise<Tally> {
  const bad = badArrows(await readSources(root));
  for (const line of bad) process.stdout.write(`${line}\n`);
  return tallyOfStep(bad.length === 0);
}

async function generated({ root, env }: Place): Promise<Tally> {
  const stale = await staleFiles(root);
  for (const path of stale) process.stdout.write(`${path}: not what "npm run generate" makes; run it and commit\n`);
  const dirty = env.CI ? await uncommitted(root, generatedPaths()) : [];
  for (const line of dirty) process.stdout.write(`${line}: generated, and not committed\n`);
  return tallyOfStep(stale.length + dirty.length === 0);
}

async function uncommitted(root: string, paths: readonly string[]): Promise<string[]> {
  const { code, output } = await run(["git", "status", "--porcelain", "--", ...paths], { cwd: root });
  if (code !== 0) return [`git status: ${output.trim()}`];
  return output.split("\n").filter((line) => line.trim() !== "");
}
