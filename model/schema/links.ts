import { z } from "zod";
import { provenance, reference, say, slug } from "./common.ts";

/** What a link runs over. */
export const linkMedia = ["fibre", "radio", "leased", "mobile", "satellite"] as const;

/** One way from an OPD's office to a site, over which its guaranteed rate has to fit. */
export const link = z.strictObject({
  id: slug.describe(say("Id sambungan", "Id of the link")),
  opd: reference.describe(say("Id OPD yang dihubungkan", "Id of the OPD that it joins")),
  site: reference.describe(say("Id lokasi yang dituju", "Id of the site that it leads to")),
  via: reference
    .exactOptional()
    .describe(
      say(
        "Id OPD yang kantornya menjadi perantara, misalnya menara radio",
        "Id of the OPD whose office relays it, for example a radio mast",
      ),
    ),
  medium: z
    .enum(linkMedia)
    .describe(
      say(
        "Media: fibre (serat optik daerah), radio, leased (sewa), mobile (seluler), satellite",
        "Medium: fibre (the region's own), radio, leased, mobile, satellite",
      ),
    ),
  role: z
    .enum(["main", "spare"])
    .default("main")
    .describe(
      say("main: jalur utama; spare: dipakai bila jalur utama putus", "main; or spare: used when the main one is cut"),
    ),
  capacityMbps: z.number().positive().describe(say("Kapasitas, Mbps", "Capacity, Mbps")),
  status: z.enum(["running", "planned"]).describe(say("Berjalan atau direncanakan", "Running or planned")),
  provider: z.string().min(1).exactOptional().describe(say("Penyedia, bila disewa", "Provider, if leased")),
  costCentre: reference.exactOptional().describe(say("Id pusat biaya", "Id of the cost centre")),
  ...provenance,
});

export const links = z
  .array(link)
  .describe(say("Sambungan OPD ke pusat data dan pusat pemulihan", "Links of OPD to the sites"));

export type Link = z.output<typeof link>;
