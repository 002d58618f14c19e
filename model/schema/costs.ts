import { z } from "zod";
import { provenance, reference, say, slug } from "./common.ts";

export const costCentre = z.strictObject({
  id: slug.describe(say("Id pusat biaya", "Id of the cost centre")),
  code: z.string().min(1).describe(say("Kode rekening atau subkegiatan", "Account or activity code")),
  name: z.string().min(1).describe(say("Nama kegiatan", "Name of the activity")),
  fund: z
    .enum(["apbd", "apbd-provinsi", "apbn", "hibah", "lainnya"])
    .describe(say("Sumber dana", "Source of the funds")),
  year: z.int().min(2000).max(2100).describe(say("Tahun anggaran", "Budget year")),
  owner: reference.describe(say("Id OPD pengguna anggaran", "Id of the OPD whose budget it is")),
  ...provenance,
});

export const costCentres = z.array(costCentre).describe(say("Pusat biaya", "Cost centres"));

export type CostCentre = z.output<typeof costCentre>;
