/** Runbooks as an operator runs them in the lab, approved with the lab's own keys. */
import { expect } from "vitest";
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

/** What the report says was written and read back: through the complaint application, and of the server that no application of ours writes to its own row. */
export function expectProven({ proofs }: RunReport, domain: string): void {
  expect(proofs).toHaveLength(2);
  expect(proofs).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...{ target: "postgresql:utama", through: `pengaduan.${domain}` },
        row: expect.stringMatching(/^proof\[\d+\] = [0-9a-f]{32}$/),
      }),
      expect.objectContaining({
        ...{ target: "mariadb:php", through: null },
        row: expect.stringMatching(/^lumbung\.epoch = \d+$/),
      }),
    ]),
  );
}
