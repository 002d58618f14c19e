/** What the command line tells of a finding: `POST /findings`, and standard input of `node ops.mjs finding`. Times are ISO 8601. */
import { fits, isId, isText, isTime, parseBy, type Rule } from "../told/rules.ts";

export interface ToldFinding {
  /** Of this telling, so that one that waits is not written twice: `[A-Za-z0-9-]{1,56}`. */
  readonly id: string;
  /** Id of the finding, `site.apart/no-shared-hazard`. */
  readonly finding: string;
  /** A word of follow-up as compliance/assessment.ts knows them; it is judged there. */
  readonly word: string;
  /** A role. Nobody proved it. */
  readonly by: string;
  readonly note: string;
  /** When it was said. */
  readonly at: string;
  /** As whoever typed it was called where the command was typed. Nobody proved it. */
  readonly requestedBy: { readonly name: string; readonly host: string };
}

/** What was told in a text, or all that is wrong with it. */
export function parseFinding(text: string): ToldFinding | readonly string[] {
  return parseBy<ToldFinding>(text, RULES);
}

const MOST_NOTE = 4000;

const RULES: readonly Rule[] = [
  ["id", "letters, digits and hyphens, 56 at most", isId],
  ["finding", "<duty>/<what>, 200 at most", fits(/^(?=.{1,200}$)[a-z0-9.-]+\/[a-z0-9:.-]+$/)],
  ["word", "lower case letters and hyphens", fits(/^[a-z-]{1,40}$/)],
  ["by", "the id of a role", fits(/^[a-z0-9-]{1,80}$/)],
  ["note", `a text, ${MOST_NOTE} characters at most`, (value) => isText(value) && String(value).length <= MOST_NOTE],
  ["at", "a time in ISO 8601", isTime],
  ["requestedBy.name", "a text", isText],
  ["requestedBy.host", "a text", isText],
];
