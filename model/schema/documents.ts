import { z } from "zod";
import { date, provenance, reference, say, slug } from "./common.ts";

/** Kinds of document by which a duty is attested. */
export const documentKinds = [
  "master-plan",
  "action-plan",
  "recovery-plan",
  "standard",
  "policy",
  "procedure",
  "agreement",
  "service-level",
  "appointment",
  "report",
  "other",
] as const;

/** A document that says something for a while: it has an owner, and it ends. */
export const document = z.strictObject({
  id: slug.describe(say("Id dokumen", "Id of the document")),
  kind: z.enum(documentKinds).describe(say("Jenis dokumen", "Kind of document")),
  title: z.string().min(1).describe(say("Judul", "Title")),
  number: z.string().min(1).describe(say("Nomor dokumen", "Number of the document")),
  date: date.describe(say("Tanggal ditetapkan (tahun-bulan-tanggal)", "Date of issue (year-month-day)")),
  expires: date.describe(say("Tanggal berakhir atau ditinjau ulang", "Date on which it ends or is reviewed")),
  owner: reference.describe(say("Id peran penanggung jawab", "Id of the role that answers for it")),
  opd: reference
    .exactOptional()
    .describe(say("Id OPD yang diaturnya bila hanya satu", "Id of the OPD that it is about, if one")),
  duties: z
    .array(
      z
        .string()
        .regex(/^[a-z]+(?:\.[a-z0-9-]+)?$/, say("id kewajiban, misalnya gov.sop", "the id of a duty such as gov.sop")),
    )
    .min(1)
    .describe(say("Id kewajiban yang dibuktikannya", "Ids of the duties that it attests")),
  file: z
    .string()
    .regex(
      /^(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9_./ -]*$/,
      say("jalan di bawah folder documents daerah ini", "a path below this region's folder documents"),
    )
    .exactOptional()
    .describe(
      say(
        "Berkasnya di bawah folder documents di samping berkas ini",
        "Its file below the folder documents beside this file",
      ),
    ),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, say("64 angka heksa", "64 hex digits"))
    .exactOptional()
    .describe(say("SHA-256 isi berkasnya", "SHA-256 of the file's content")),
  ...provenance,
});

export const documents = z
  .array(document)
  .describe(say("Dokumen dengan pemilik dan masa berlaku", "Documents with owner and expiry"));

export type Document = z.output<typeof document>;
