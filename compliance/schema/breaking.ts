/** The breaking example of a duty, as data: a change after which its check must say no. */
import { z } from "zod";
import { KINDS, type Kind } from "../../evidence/kinds.ts";
import { say, slug } from "../../model/schema/common.ts";
import { fileNames } from "../../model/schema/index.ts";
import { dutyId } from "./common.ts";

/** A key, an index, or the one item of a list whose field has this value: `{ id: simpeg }`. */
export type Segment = string | number | { readonly [field: string]: string };

const isSegment = (value: unknown): value is Segment => {
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") return Number.isInteger(value) && value >= 0;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const fields = Object.values(value);
  return fields.length === 1 && typeof fields[0] === "string";
};

const path = z
  .array(
    z.custom<Segment>(
      isSegment,
      say("kunci, nomor urut, atau satu medan dengan nilainya", "a key, an index, or one field with its value"),
    ),
  )
  .min(1)
  .describe(say("Jalan ke datum", "Path to the datum"));

const value = z.custom<NonNullable<unknown> | null>(
  (given) => given !== undefined,
  say("nilai yang ditulis", "a value to write"),
);

const inventoryFile = z
  .enum(Object.keys(fileNames) as [string, ...string[]])
  .describe(say("Berkas inventaris", "File of the inventory"));

/** One operation on the values of an inventory's file, as in RFC 6902; the last key `-` appends to a list. */
const inventoryEdit = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("add"), file: inventoryFile, path, value }),
  z.strictObject({ op: z.literal("replace"), file: inventoryFile, path, value }),
  z.strictObject({ op: z.literal("remove"), file: inventoryFile, path }),
]);

/** Which records: of this kind, whose subject's name is `about` or begins with it and `/`. `*` is any one part between slashes. */
const records = {
  record: z.enum(Object.keys(KINDS) as [Kind, ...Kind[]]).describe(say("Jenis catatan bukti", "Kind of record")),
  about: z
    .string()
    .min(1)
    .describe(say("Awal nama subjek; bagi dokumen, jenisnya", "Start of the subject's name; of a document, its kind")),
};

/** One operation on the records that evidence holds, before they are assessed. */
const evidenceEdit = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("remove"), ...records }),
  z.strictObject({ op: z.literal("age"), ...records, seconds: z.int().min(1) }),
  /** Its expiry is put one day before the assessment. */
  z.strictObject({ op: z.literal("expire"), ...records }),
  /** Below `observed` of the statement. */
  z.strictObject({ op: z.literal("replace"), ...records, path, value }),
]);

const host = z
  .string()
  .regex(/^[a-z0-9.-]+$/, say("nama host tanpa titik akhir", "a host name without final dot"))
  .describe(say("Nama yang diterbitkan", "A name that is published"));

const page = {
  site: slug,
  host,
  file: z
    .string()
    .regex(
      /^[a-z0-9-]+(?:\/[a-z0-9-]+)*\.html$/,
      say("jalan relatif ke berkas HTML", "a relative path to an HTML file"),
    )
    .describe(say("Berkas halamannya", "File of the page")),
};

/** One thing done to the running sites of a lab. */
const siteEdit = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("stop"), site: slug, workload: slug }),
  z.strictObject({ op: z.literal("cut"), site: slug }),
  /** Its name server says that the name leads elsewhere. */
  z.strictObject({ op: z.literal("mislead"), site: slug, host }),
  /** Its name server no longer says who may issue certificates for the zone. */
  z.strictObject({ op: z.literal("withdraw-caa"), site: slug, zone: host }),
  z.strictObject({ op: z.literal("remove-page"), ...page }),
  /** What others would put there: a link that readers do not see, out of the region. */
  z.strictObject({ op: z.literal("inject"), ...page }),
  /** Its gateway lets in a name that nobody declared. */
  z.strictObject({ op: z.literal("let-in"), site: slug }),
  /** A role that nobody declared may read every database of a PostgreSQL server; at the active site, whose data the other one copies. */
  z.strictObject({ op: z.literal("grant"), site: slug, workload: slug }),
  /** Its gateway shows the public a certificate that has ended. */
  z.strictObject({ op: z.literal("outdate-certificate"), site: slug }),
]);

const follows = z
  .array(dutyId)
  .default([])
  .describe(say("Kewajiban lain yang ikut tidak terpenuhi", "Other duties that turn red with it"));

export const breaking = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("inventory"),
    edit: z.array(inventoryEdit).min(1),
    refusedBy: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        say(
          "Aturan yang menolak inventaris seperti ini, sehingga tidak pernah dijalankan",
          "Rule that refuses such an inventory, which therefore never runs",
        ),
      ),
    follows,
  }),
  z.strictObject({ kind: z.literal("evidence"), edit: z.array(evidenceEdit).min(1), follows }),
  z.strictObject({ kind: z.literal("site"), edit: z.array(siteEdit).min(1), follows }),
]);

/**
 * What is done to running sites so that a probe must see it: what evidence of a region in good health could not show. `as`: the example of
 * that duty breaks this one, too.
 */
export const breakingSite = z.union([
  z.strictObject({
    as: dutyId.describe(say("Kewajiban yang contohnya melanggar ini juga", "Duty whose example breaks this one, too")),
  }),
  z.strictObject({
    edit: z.array(siteEdit).min(1),
    /** For what is only seen by evidence growing old. */
    laterSeconds: z
      .int()
      .min(1)
      .exactOptional()
      .describe(say("Dinilai sekian detik kemudian", "Assessed as so many seconds later")),
    follows,
  }),
]);

export type BreakingSite = z.output<typeof breakingSite>;
export type Breaking = z.output<typeof breaking>;
export type InventoryEdit = z.output<typeof inventoryEdit>;
export type EvidenceEdit = z.output<typeof evidenceEdit>;
export type SiteEdit = z.output<typeof siteEdit>;
