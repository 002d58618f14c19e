import { z } from "zod";
import { provenance, say, slug, subnet4, subnet6 } from "./common.ts";

const shared = {
  id: slug.describe(say("Id kumpulan alamat", "Id of the pool")),
  purpose: z
    .enum(["infrastructure", "opd"])
    .describe(
      say(
        "Kegunaan: infrastructure untuk lokasi dan backbone, opd untuk jaringan OPD",
        "Purpose: infrastructure for sites and backbone, opd for the networks of OPD",
      ),
    ),
  firstNumber: z
    .int()
    .min(0)
    .default(0)
    .describe(
      say(
        "Nomor OPD pertama yang dilayani; tambah kumpulan baru bila yang lama penuh",
        "First OPD number that it serves; add another pool when this is full",
      ),
    ),
  description: z.string().exactOptional().describe(say("Keterangan", "Remarks")),
  ...provenance,
};

/** Range of addresses from which networks are given out; one OPD gets one part, by its number. */
export const pool = z.discriminatedUnion("family", [
  z.strictObject({
    family: z.literal("ipv4").describe(say("IPv4", "IPv4")),
    subnet: subnet4.describe(say("Rentang alamat IPv4", "Range of IPv4 addresses")),
    opdPrefix: z
      .int()
      .min(8)
      .max(30)
      .default(24)
      .describe(say("Panjang awalan jaringan satu OPD", "Prefix length of one OPD's network")),
    ...shared,
  }),
  z.strictObject({
    family: z.literal("ipv6").describe(say("IPv6", "IPv6")),
    subnet: subnet6.describe(say("Rentang alamat IPv6", "Range of IPv6 addresses")),
    opdPrefix: z
      .int()
      .min(16)
      .max(64)
      .default(64)
      .describe(say("Panjang awalan jaringan satu OPD", "Prefix length of one OPD's network")),
    ...shared,
  }),
]);

export const pools = z.array(pool).describe(say("Kumpulan alamat IPv4 dan IPv6", "Pools of IPv4 and IPv6 addresses"));

export type Pool = z.output<typeof pool>;
