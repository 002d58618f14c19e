/**
 * The gate: every check there is, by hand (`npm run gate`, `npm test`) and by `.ci/run` alike.
 * `--only=<names>` runs some steps; `--all` goes on to the dear ones although a cheap one failed. The last line is `N passed, N failed`.
 */
import { ROOT } from "./bootstrap/context.mjs";
import { seconds } from "./bootstrap/progress.mjs";
import { chooseSteps, runGate } from "./gate/run.ts";
import { STEPS } from "./gate/steps.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);
const chosen = chooseSteps(process.argv.slice(2), STEPS);
if ("fault" in chosen) {
  process.stderr.write(`${chosen.fault}\n`);
  print("0 passed, 1 failed");
  process.exitCode = 2;
} else {
  const { FORCE_COLOR: _, ...plain } = process.env;
  const env = process.stdout.isTTY ? process.env : { ...plain, NO_COLOR: "1" };
  const clock = () => performance.now();
  process.exitCode = await runGate(chosen, { root: ROOT, env }, { print, clock, seconds });
}
