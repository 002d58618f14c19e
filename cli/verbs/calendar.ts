import { assess, isDay, localDate } from "../../compliance/index.ts";
import { text } from "../../model/text.ts";
import { calendarText, daysLeft } from "../check/calendar.ts";
import { gather } from "../check/gather.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { allWrong, wrong } from "../wrong.ts";

/**
 * `calendar`: which duty turns red on which day if nobody acts, by day; `--until` looks no further. No site need answer for it: days on
 * which evidence becomes too old are there where evidence could be read.
 * @returns 0, whatever there is
 */
export async function calendar(options: Options): Promise<number> {
  const { until } = options;
  const problems = [
    ...options.words.map((word) => wrong(word, TOO_MUCH, text("tidak ada kata lagi", "no more words"), word)),
    ...(until !== undefined && !isDay(until)
      ? [wrong("--until", NO_DAY, text("tanggal, misalnya 2026-12-31", "a date such as 2026-12-31"), until)]
      : []),
  ];
  if (problems.length > 0) throw allWrong("calendar", problems);
  const input = await gather(options);
  const assessment = assess(input);
  const today = localDate(input.now, input.model.region.timezone);
  const entries = assessment.calendar.filter(({ date }) => until === undefined || date <= until);
  const { region, at, evidence } = assessment;
  if (options.json) {
    const items = entries.map((one) => ({ ...one, daysLeft: daysLeft(one.date, today) }));
    process.stdout.write(`${JSON.stringify({ region: region.id, at, today, items }, null, 2)}\n`);
  } else {
    process.stdout.write(calendarText(entries, today));
    if (evidence.reason) process.stderr.write(`! ${say(evidence.reason)}\n`);
  }
  return 0;
}

const TOO_MUCH = text("tidak dikenal di sini", "not known here");
const NO_DAY = text("tanggalnya tidak terbaca", "its date cannot be read");
