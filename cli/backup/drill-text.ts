/** One drill for a terminal. Pure. */
import type { Model } from "../../model/types.ts";
import type { DrillRecord } from "../../services/ops/jobs/drills.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import { comparedRows, drillFacts, drillTimes, verdictOf, WORDS } from "./drill-words.ts";
import { decimal } from "./figures.ts";

/** Rows of a list on a terminal; all of them are in the page and in --json. */
const MOST_ROWS = 40;

export function drillText(record: DrillRecord, zone: Model["region"]["timezone"]): string {
  const facts = drillFacts(record, zone).map(([label, value]) => [say(label), value]);
  const times = drillTimes(record).map(([label, seconds]) => [say(label), `${decimal(seconds, 2)} s`]);
  const { shown, left } = comparedRows(record, MOST_ROWS);
  const compared = shown.map(({ name, same, expected, received, rows }) => [
    name,
    rows === undefined ? "–" : String(rows),
    same ? colour("green", say(WORDS.same)) : colour("red", say(WORDS.differs)),
    same ? "" : `${expected ?? say(WORDS.absent)} → ${received ?? say(WORDS.absent)}`,
  ]);
  const checks = (record.report?.checks ?? []).map(({ name, ok, detail }) => [
    name,
    ok ? say(WORDS.ok) : say(WORDS.notOk),
    detail,
  ]);
  const columns = [
    { title: say(WORDS.compared) },
    { title: say(WORDS.rows), align: "right" as const },
    { title: "" },
    { title: "" },
  ];
  return `${[
    colour(record.passed ? "green" : "red", say(verdictOf(record))),
    table([{ title: say(WORDS.drill) }, { title: record.id }], facts),
    ...(times.length > 0
      ? [table([{ title: say(WORDS.step) }, { title: say(WORDS.took), align: "right" }], times)]
      : []),
    ...(compared.length > 0 ? [table(columns, compared)] : []),
    ...(left > 0
      ? [
          say({
            id: `… dan ${left} lagi: --to <berkas.html> atau --json`,
            en: `… and ${left} more: --to <file.html> or --json`,
          }),
        ]
      : []),
    ...(checks.length > 0 ? [table([{ title: say(WORDS.checks) }, { title: "" }, { title: "" }], checks)] : []),
  ].join("\n\n")}\n`;
}
