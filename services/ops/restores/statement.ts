/** What a signed statement says of a restore that a person ordered. In the shape of a drill's, with what only a restore has. Pure. */
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import type { DrillReport, RunState } from "../../backup/wire.ts";
import { type Named, TOOL } from "../jobs/statements.ts";
import { plain } from "../plain.ts";
import type { ToldRestore } from "./told.ts";

/** What was compared is told one by one up to so many; of more, those that differ and how many there are. */
const MOST_COMPARED = 500;
/** Of those that differ. */
const MOST_DIFFERING = 100;

/** @param state what the drill room says of the run; undefined: it has only begun, or the room could not be asked. */
export function restoreStatement(told: ToldRestore, state: RunState | undefined, named: Named, now: Date): Observed {
  const { id, target, copy, until, startedAt, requestedBy, to, overLive, imported } = told;
  const { region, site, commit, inventory } = named;
  const failed = told.result === "failed" || state?.state === "failed";
  const observed = plain({
    ...{ region, site, requestedBy, to, overLive, imported },
    run: { id, target, action: "restore", backup: copy.id, copyAt: copy.at, class: copy.class, until, startedAt },
    // The room's word counts more than what the command line made of it.
    result: told.stage === "begun" ? "begun" : failed ? "failed" : "succeeded",
    why: told.why ?? state?.why ?? null,
    endedAt: told.stage === "begun" ? null : now.toISOString(),
    seen: state !== undefined,
    report: state?.report?.report === "drill" ? bounded(state.report) : null,
  });
  return {
    kind: "restore",
    subject: [observedSubject([site, target, copy.id].join("/"), observed)],
    observed,
    observedAt: now.toISOString(),
    commit: commit ?? null,
    inventory,
    tool: TOOL,
  };
}

function bounded(report: DrillReport): unknown {
  const { compared } = report;
  if (compared.length <= MOST_COMPARED) return report;
  const differing = compared.filter(({ same }) => !same);
  return {
    ...report,
    compared: compared.length,
    differing: differing.length,
    first: differing.slice(0, MOST_DIFFERING),
  };
}
