import { expect, test } from "vitest";
import { uuidOf } from "../../evidence/uuid.ts";
import { ageText } from "./chapters/standard.ts";
import { quoted } from "./csv.ts";
import { hijriDate } from "./hijri.ts";
import { csvRows } from "./testing/csv-rows.ts";

/** Counted with another implementation: Python's uuid5. */
test("the same name has the same UUID, of version 5", () => {
  expect(uuidOf("lab/finding/site.apart")).toBe("475a95d3-b310-5ce1-b65f-a31fd70e43b4");
});

/** Langsa 34/2020 dates itself by both calendars. */
test.each([
  ["2020-09-15", "27 Muharram 1442 H"],
  ["2026-07-01", "16 Muharram 1448 H"],
])("%s is %s", (date, hijri) => {
  expect(hijriDate(date)).toBe(hijri);
});

test.each([
  ["biasa", "biasa"],
  ["a,b", '"a,b"'],
  ['kata "itu"', '"kata ""itu"""'],
  ["=1+1", "'=1+1"],
  ["@x", "'@x"],
  ["-", "-"],
  ["-12,5", '"-12,5"'],
])("%s is written %s", (value, written) => {
  expect(quoted(value)).toBe(written);
  expect(csvRows(`${quoted(value)}\r\n`)[0]?.[0]?.replace(/^'/, "")).toBe(value);
});

test.each([
  [3_600, "bukti paling lama 60 menit"],
  [93_600, "bukti paling lama 26 jam"],
  [31_622_400, "bukti paling lama 366 hari"],
])("%d seconds", (seconds, said) => {
  expect(ageText(seconds).id).toBe(said);
});
