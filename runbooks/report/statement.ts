/** What is told to the signer of a run that has ended: the whole report, and the digest of its journal. Pure. */
import type { Json } from "../../evidence/canonical.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { type Observed, observedSubject } from "../../evidence/statement.ts";
import type { RunReport } from "./report.ts";

/** @param journal the bytes of the run's file as they lie on disk. */
export function runStatement(report: RunReport, journal: Uint8Array, tool: Observed["tool"]): Observed {
  // As JSON can say it: without what is undefined.
  const observed = JSON.parse(JSON.stringify(report)) as Json;
  const last = report.events.at(-1)?.at ?? report.startedAt;
  return {
    kind: "run",
    subject: [
      observedSubject(`${report.region}/${report.run}`, observed),
      { name: `${report.run}.jsonl`, digest: { sha256: sha256(journal) } },
    ],
    observed,
    observedAt: report.endedAt ?? last,
    commit: report.commits.at(-1) ?? null,
    inventory: report.inventory,
    tool,
  };
}
