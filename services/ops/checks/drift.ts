/** How far a site differs from what is declared, as `lumbung preview --refresh` found it, as it is signed. Pure. */
import { isDigest } from "../../../evidence/fields.ts";
import { type DriftItem, probeName } from "../../../evidence/probes.ts";
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import { TOOL } from "../jobs/statements.ts";
import { plain } from "../plain.ts";
import { isId, isTime, parseBy, type Rule } from "../told/rules.ts";

/** What the command line tells of it. */
export interface ToldDrift extends DriftItem {
  readonly region: string;
  readonly site: string;
  /** Before the first resource was looked at. ISO 8601. */
  readonly at: string;
  /** As evidence names them. */
  readonly commit: string | null;
  readonly inventory: string;
}

/** The statement that is made of what was told in a text, or all that is wrong with it. @param region that this site belongs to */
export function driftStatement(text: string, region: string): Observed | readonly string[] {
  const told = parseBy<ToldDrift>(text, [["region", region, (value) => value === region], ...RULES]);
  if (!("site" in told)) return told;
  const { site, at, commit, inventory, changed, same } = told;
  const observed = plain({ region, site, items: { [probeName.drift]: { changed, same } } });
  const subject = [observedSubject(`${site}/probes`, observed)];
  return { kind: "probe", subject, observed, observedAt: at, commit, inventory, tool: TOOL };
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** The signer says what is wrong with the commit. */
const RULES: readonly Rule[] = [
  ["site", "the id of a site", isId],
  ["at", "a time", isTime],
  ["inventory", "a SHA-256 in hex", isDigest],
  ["changed", "a whole number", isCount],
  ["same", "a whole number", isCount],
];
