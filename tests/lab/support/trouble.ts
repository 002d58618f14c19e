/** What a machine that nobody can look at any more leaves to read when a test fails. */
import { CommandFailed, run } from "../../../io/shell.ts";
import { REGION } from "./region.ts";

const LINES = 12;

/** Containers of the lab that are not up and healthy, and the last lines that some workloads logged, `<site>-<workload>` each. */
export async function troubleAt(...workloads: readonly string[]): Promise<string> {
  const format = ["--format", "{{.Names}}: {{.Status}}"];
  const { stdout } = await run(["docker", "ps", "--all", "--filter", `name=^${REGION}-`, ...format]);
  const unwell = stdout.split("\n").filter((line) => line !== "" && !/: Up .*\(healthy\)/.test(line));
  const logs = workloads.map(async (workload) => {
    const said = await run(["docker", "logs", "--tail", String(LINES), `${REGION}-${workload}`]).catch(resultOf);
    return `${workload}:\n${said.stdout}${said.stderr}`;
  });
  return [`not healthy: ${unwell.join("; ") || "none"}`, ...(await Promise.all(logs))].join("\n");
}

function resultOf(error: unknown): CommandFailed["result"] {
  if (error instanceof CommandFailed) return error.result;
  throw error;
}
