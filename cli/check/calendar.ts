/** The calendar of an assessment as a person reads it. Pure but for the language. */
import { type CalendarEntry, SEVERITIES } from "../../compliance/index.ts";
import { CALENDAR_KINDS, STATUSES } from "../../compliance/render/words.ts";
import { say } from "../output/language.ts";
import { table } from "../output/table.ts";

/** @param today local date of the region: how many days are left is counted from it */
export function calendarText(entries: readonly CalendarEntry[], today: string): string {
  if (entries.length === 0)
    return `${say({ id: "tidak ada yang memerah pada hari yang diketahui", en: "nothing turns red on a day that is known" })}\n`;
  const columns = [
    { title: say({ id: "hari", en: "day" }) },
    { title: say({ id: "lagi", en: "days left" }), align: "right" as const },
    { title: say({ id: "kewajiban", en: "duty" }) },
    { title: say({ id: "bobot", en: "severity" }) },
    { title: say({ id: "menjadi", en: "becomes" }) },
    { title: say({ id: "jenis", en: "kind" }) },
    { title: say({ id: "sebab", en: "why" }) },
  ];
  const rows = entries.map(({ date, duty, severity, becomes, kind, what }) => [
    date,
    String(daysLeft(date, today)),
    duty,
    say(SEVERITIES[severity]),
    say(STATUSES[becomes]),
    say(CALENDAR_KINDS[kind]),
    say(what),
  ]);
  return `${table(columns, rows)}\n`;
}

/** Below 0: that day has passed. */
export const daysLeft = (date: string, today: string): number =>
  Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
