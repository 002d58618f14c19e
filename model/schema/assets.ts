import { z } from "zod";
import { date, decree, provenance, reference, say, slug } from "./common.ts";

/** Kinds of ICT device (Lamandau 37/2018, 16(8)(10): what an OPD holds is inventoried too). */
export const assetKinds = [
  "server",
  "storage",
  "router",
  "switch",
  "access-point",
  "radio",
  "firewall",
  "ups",
  "generator",
  "laptop",
  "desktop",
  "printer",
  "other",
] as const;

/** A device, or several of one kind that were bought and are kept together. */
export const asset = z.strictObject({
  id: slug.describe(say("Id aset; dipakai pada label kabel", "Id of the asset; used on labels of cables")),
  name: z.string().min(1).describe(say("Nama perangkat", "Name of the device")),
  kind: z.enum(assetKinds).describe(say("Jenis perangkat", "Kind of device")),
  count: z.int().min(1).default(1).describe(say("Jumlah", "How many")),
  opd: reference.describe(say("Id OPD pemegang", "Id of the OPD that holds it")),
  site: reference
    .exactOptional()
    .describe(say("Id lokasi bila ditempatkan di sana", "Id of the site, if it stands there")),
  origin: z
    .enum(["region", "centre", "province", "other"])
    .describe(
      say(
        "Asal: region (dibeli daerah), centre (pemerintah pusat), province, other",
        "Origin: region (bought by it), centre (central government), province, other",
      ),
    ),
  acquired: date.describe(say("Tanggal diterima", "Date on which it was received")),
  status: z
    .enum(["in-use", "spare", "broken", "disposed"])
    .describe(say("Dipakai, cadangan, rusak, atau dihapus", "In use, spare, broken or disposed of")),
  recommendation: decree
    .exactOptional()
    .describe(
      say(
        "Surat rekomendasi Diskominfo sebelum pengadaan",
        "Letter by which the Diskominfo recommended it before it was bought",
      ),
    ),
  coordination: decree
    .exactOptional()
    .describe(
      say(
        "Surat koordinasi bila diterima dari pusat atau provinsi",
        "Letter of coordination, if it came from the centre or the province",
      ),
    ),
  maintainedEveryDays: z
    .int()
    .min(1)
    .exactOptional()
    .describe(say("Selang pemeliharaan, hari", "Interval of maintenance, days")),
  costCentre: reference.exactOptional().describe(say("Id pusat biaya", "Id of the cost centre")),
  ...provenance,
});

export const assets = z.array(asset).describe(say("Inventaris perangkat TIK", "Inventory of ICT devices"));

export type Asset = z.output<typeof asset>;
