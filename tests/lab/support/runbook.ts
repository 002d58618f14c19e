/** Runbooks as an operator runs them in the lab, approved with the lab's own keys. */
import type { RunReport } from "../../../runbooks/report/report.ts";
import { lumbung } from "./lumbung.ts";
import { REGION } from "./region.ts";

/** Who approves planned work in the lab, and the two who override together (inventory/lab/roles.yaml). */
export const APPROVER = "kepala-diskominfo";
export const OVERRIDERS = "kepala-diskominfo,penyetuju-peralihan";

/** Runs it to its end. @throws with everything that it said where it did not succeed. */
export async function runbook(verb: string, words: readonly string[], by: string = APPROVER): Promise<RunReport> {
  const { code, stdout, stderr } = await lumbung([verb, ...words, "--by", by, "--region", REGION, "--json"]);
  if (code !== 0) throw new Error(`${verb} ${words.join(" ")}: exit code ${code}\n${stderr}\n${stdout}`);
  return JSON.parse(stdout) as RunReport;
}
