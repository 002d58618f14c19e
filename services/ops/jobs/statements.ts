/** Which ends of runs are worth a signed statement, and what it says. Pure. */
import { createHash } from "node:crypto";
import type { Json } from "../../../evidence/canonical.ts";
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import type { Report } from "../../backup/wire.ts";
import { plain } from "../plain.ts";
import type { Outcome, Run } from "./types.ts";

/** By which programme these statements are made. A test holds the version to package.json's. */
export const TOOL = { name: "lumbung-ops", version: "0.1.0" } as const;

/** A run with its end, and all that is known of it. */
export interface Ended extends Outcome {
  readonly run: Run;
  readonly endedAt: string;
  /** Whether a repository host or a drill room said so; otherwise nobody could be asked. */
  readonly seen: boolean;
  readonly report?: Report;
}

/** What the statement names besides: absent where nobody knows it, and never made up. */
export interface Named {
  readonly region: string;
  readonly site: string;
  readonly commit?: string;
  readonly inventory: string;
}

/**
 * Every backup and drill, and the care of a repository, which comes once a day: whether well or not. Archives are checked every few
 * minutes, so of those only what changes. `lastCheck`: what the one that was told of last came to.
 */
export function isWorthSigning(
  { run, result }: Pick<Ended, "run" | "result">,
  lastCheck: Outcome["result"] | undefined,
) {
  return run.action !== "archive-check" || result !== lastCheck;
}

/** The signer takes no larger body (services/signer/body.ts); what is around the observation needs some of it. */
export const MAX_OBSERVED_BYTES = 240 * 1024;

/** What is told to the signer. `report`: the bytes of the run's report file, which is named by its digest where it is too large to be told. */
export function statementOf(
  ended: Ended,
  named: Named,
  report: { readonly name: string; readonly bytes: string },
): Observed {
  const { run, endedAt } = ended;
  const whole = observedOf(ended, named, ended.report);
  const file = { name: report.name, digest: { sha256: createHash("sha256").update(report.bytes).digest("hex") } };
  const fits = Buffer.byteLength(JSON.stringify(whole)) <= MAX_OBSERVED_BYTES;
  const observed = fits ? whole : observedOf(ended, named, ended.report && withoutLists(ended.report));
  const copy = copyOf(ended);
  const subject = observedSubject([named.site, run.target, ...(copy ? [copy] : [])].join("/"), observed);
  return {
    kind: run.action === "drill" ? "drill" : "backup",
    subject: fits ? [subject] : [subject, file],
    observed,
    observedAt: endedAt,
    commit: named.commit ?? null,
    inventory: named.inventory,
    tool: TOOL,
  };
}

export function copyOf({ run, report }: Pick<Ended, "run" | "report">): string | undefined {
  return report?.report === "backup" || report?.report === "drill" ? report.copy.id : run.backup;
}

function observedOf({ run, result, why, endedAt, seen }: Ended, { region, site }: Named, report: unknown): Json {
  return plain({ region, site, run, result, why: why ?? null, endedAt, seen, report: report ?? null });
}

/** Tables and what was compared, one by one, stay in the file. */
function withoutLists(report: Report): unknown {
  switch (report.report) {
    case "backup":
      return report.proof?.proof === "tables"
        ? { ...report, proof: { ...report.proof, tables: report.proof.tables.length } }
        : report;
    case "drill": {
      const differing = report.compared.filter(({ same }) => !same);
      return {
        ...report,
        compared: report.compared.length,
        differing: differing.length,
        first: differing.slice(0, 100),
      };
    }
    case "care":
      return report;
  }
}
