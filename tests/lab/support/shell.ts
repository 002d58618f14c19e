/** Pulumi from a plain shell, as README shows it. */
import { type Ran, runProgram } from "./lumbung.ts";
import { REGION } from "./region.ts";

const ENTER = `eval "$(node cli/lumbung.mjs env --region ${REGION} --site "$1")" && shift && exec pulumi "$@"`;

/** `pulumi <words>` on a part's stack. */
export function pulumi(part: string, words: readonly string[]): Promise<Ran> {
  return runProgram("bash", ["-c", ENTER, "bash", part, ...words, "--color", "never"]);
}

/** The operations that a preview with refresh would do, by kind; `same` left out. */
export async function changesOf(part: string): Promise<Record<string, number>> {
  const { code, stdout, stderr } = await pulumi(part, ["preview", "--refresh", "--json", "--non-interactive"]);
  if (code !== 0) throw new Error(`pulumi preview of ${part}: exit code ${code}\n${stderr}\n${stdout}`);
  const { changeSummary } = JSON.parse(stdout) as { changeSummary?: Record<string, number> };
  const { same, ...changes } = changeSummary ?? {};
  return changes;
}
