/** What a signed statement says of the follow-up of a finding. Pure. */
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import { type Named, TOOL } from "../jobs/statements.ts";
import { plain } from "../plain.ts";
import type { ToldFinding } from "./told.ts";

/** It is about the finding; compliance/findings/updates.ts reads it. */
export function findingStatement(told: ToldFinding, { region, site, commit, inventory }: Named): Observed {
  const { finding, word, by, note, at, requestedBy } = told;
  const observed = plain({ region, site, finding, word, by, note, requestedBy });
  return {
    kind: "follow-up",
    subject: [observedSubject(finding, observed)],
    observed,
    observedAt: new Date(at).toISOString(),
    commit: commit ?? null,
    inventory,
    tool: TOOL,
  };
}
