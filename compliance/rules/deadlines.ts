/** Dates follow from their articles. */
import { text } from "../../model/text.ts";
import { yearsAfter } from "../dates.ts";
import type { Entries, Findings } from "./rule.ts";

/** A date that does not follow from its article would mislead: it is computed again and compared. */
export function* wrongDates({ profiles }: Entries): Findings {
  for (const entry of profiles) {
    for (const [index, { counted, years, date }] of entry.value.deadlines.entries()) {
      const from = entry.value.regulation[counted];
      const computed = yearsAfter(from, years);
      if (computed === date) continue;
      yield [
        entry,
        {
          path: ["deadlines", index, "date"],
          message: text("tidak sesuai dengan hitungannya", "does not follow from its arithmetic"),
          expected: text(`${from} ditambah ${years} tahun: ${computed}`, `${from} and ${years} years: ${computed}`),
        },
      ];
    }
  }
}
