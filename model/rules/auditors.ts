/** Who may read for a time. */
import { text } from "../text.ts";
import { type Context, entries, type Finding } from "./rule.ts";

/** A period that ends before it begins lets nobody in on any day. */
export function* auditorPeriods({ view }: Context): Generator<Finding> {
  for (const [index, { from, until }] of entries(view.auditors)) {
    if (from <= until) continue;
    yield {
      path: ["auditors", index, "until"],
      message: text(`hari terakhir lebih awal dari hari pertama ${from}`, `the last day is before the first, ${from}`),
      expected: text(`${from} atau sesudahnya`, `${from} or later`),
    };
  }
}
