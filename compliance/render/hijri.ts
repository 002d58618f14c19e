/** The Hijri date beside the Gregorian one (calendar Umm al-Qura, Unicode CLDR `islamic-umalqura`), which letters of Langsa carry. Pure. */

/** As official Indonesian writes them. */
const MONTHS = [
  ...["Muharram", "Safar", "Rabiul Awal", "Rabiul Akhir", "Jumadil Awal", "Jumadil Akhir"],
  ...["Rajab", "Syakban", "Ramadan", "Syawal", "Zulkaidah", "Zulhijah"],
];

const format = new Intl.DateTimeFormat("en-u-ca-islamic-umalqura-nu-latn", {
  timeZone: "UTC",
  day: "numeric",
  month: "numeric",
  year: "numeric",
});

/** `2020-09-15` as `27 Muharram 1442 H`. The proclaimed start of a month can differ by a day. @throws RangeError where it is no date. */
export function hijriDate(date: string): string {
  const parts = new Map(format.formatToParts(new Date(`${date}T00:00:00Z`)).map(({ type, value }) => [type, value]));
  return `${parts.get("day")} ${MONTHS[Number(parts.get("month")) - 1]} ${parts.get("year")} H`;
}
