/**
 * What the command line tells of a restore that a person ordered: `POST /restores`, and standard input of `node ops.mjs restore`. It is told
 * twice, so that one that is broken off leaves its beginning behind. Times are ISO 8601.
 */
import type { Text } from "../../../model/types.ts";
import { fields, isId, isText, isTextOrNull, isTime, parseBy, type Rule } from "../told/rules.ts";

export interface ToldRestore {
  /** Of the run in the drill room: `[A-Za-z0-9-]{1,56}`. */
  readonly id: string;
  readonly stage: "begun" | "ended";
  readonly target: string;
  /** The copy that is restored. */
  readonly copy: { readonly id: string; readonly at: string; readonly class?: string };
  /** Of a copy that was exported elsewhere, where it lies in this site's bucket; null: the site's own repositories. */
  readonly imported: string | null;
  /** The moment that was asked for; null: the latest that the copy reaches. */
  readonly until: string | null;
  /** As whoever ordered it was called where the command was typed. Nobody proved it. */
  readonly requestedBy: { readonly name: string; readonly host: string };
  readonly startedAt: string;
  /** The new folder, on that machine. */
  readonly to: string;
  /** Site whose live data are replaced; null: nothing that runs is touched. */
  readonly overLive: string | null;
  /** Null as long as it goes on. */
  readonly result: "succeeded" | "failed" | null;
  readonly why: Text | null;
}

/** What was told in a text, or all that is wrong with it. */
export function parseTold(text: string): ToldRestore | readonly string[] {
  return parseBy<ToldRestore>(text, RULES);
}

const RULES: readonly Rule[] = [
  ["id", "letters, digits and hyphens, 56 at most", isId],
  ["stage", "begun or ended", (value) => value === "begun" || value === "ended"],
  ["target", "a text", isText],
  ["copy.id", "a text", isText],
  ["copy.at", "a text", isText],
  ["copy.class", "a text or nothing", (value) => value === undefined || isText(value)],
  ["imported", "a text or null", isTextOrNull],
  ["until", "a text or null", isTextOrNull],
  ["requestedBy.name", "a text", isText],
  ["requestedBy.host", "a text", isText],
  ["startedAt", "a time in ISO 8601", isTime],
  ["to", "a text", isText],
  ["overLive", "a text or null", isTextOrNull],
  [
    "result",
    "null where it has begun, succeeded or failed where it has ended",
    (value, { stage }) => (stage === "begun" ? value === null : value === "succeeded" || value === "failed"),
  ],
  ["why", "{ id, en } or null", (value) => value === null || (isText(fields(value).id) && isText(fields(value).en))],
];
