import { z } from "zod";
import { date, provenance, say, slug } from "./common.ts";

/** A body that may read reports and evidence for a time. Bodies, never named persons. */
export const auditor = z.strictObject({
  // Part of the name in its certificate, of which X.509 takes 64 characters.
  id: slug.max(20).describe(say("Id auditor", "Id of the auditor")),
  body: z
    .string()
    .min(1)
    .max(200)
    .describe(say("Nama lembaga pemeriksa, tanpa nama orang", "Name of the auditing body, without a person's name")),
  from: date.describe(
    say("Hari pertama boleh membaca (tahun-bulan-tanggal)", "First day on which it may read (year-month-day)"),
  ),
  until: date.describe(
    say("Hari terakhir boleh membaca (tahun-bulan-tanggal)", "Last day on which it may read (year-month-day)"),
  ),
  ...provenance,
});

export const auditors = z
  .array(auditor)
  .describe(
    say(
      "Auditor yang boleh membaca laporan dan bukti, untuk sementara",
      "Auditors who may read reports and evidence, for a time",
    ),
  );

export type Auditor = z.output<typeof auditor>;
