import { z } from "zod";
import { provenance, say, slug } from "./common.ts";

/**
 * A duty that is not met, and that somebody answers for not being met until a day. What a waiver lacks makes it invalid and not the
 * inventory: it is judged where duties are (compliance/waivers.ts), so most of it is any text here.
 */
export const waiver = z.strictObject({
  id: slug.describe(say("Id pengecualian sementara", "Id of the waiver")),
  duty: z
    .string()
    .describe(say("Id kewajiban, misalnya site.consolidated", "Id of the duty such as site.consolidated")),
  which: z
    .array(z.string().min(1))
    .min(1)
    .exactOptional()
    .describe(
      say(
        "Hanya bagi yang disebut ini; kosong berarti seluruh kewajiban",
        "Only for these things; absent means the whole duty",
      ),
    ),
  justification: z.string().default("").describe(say("Alasan", "Justification")),
  approver: z.string().default("").describe(say("Id peran yang menyetujui", "Id of the role that approved it")),
  expires: z
    .string()
    .default("")
    .describe(
      say(
        "Hari terakhir berlakunya (tahun-bulan-tanggal); yang tidak terbaca dianggap berakhir",
        "Last day on which it holds (year-month-day); one that cannot be read counts as expired",
      ),
    ),
  ...provenance,
});

export const waivers = z
  .array(waiver)
  .describe(say("Pengecualian sementara dari kewajiban", "Waivers of duties, for a time"));

export type Waiver = z.output<typeof waiver>;
