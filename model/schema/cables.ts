import { z } from "zod";
import { date, provenance, reference, say, slug } from "./common.ts";

const node = (id: string, en: string) =>
  z
    .strictObject({
      asset: reference.describe(say("Id aset", "Id of the asset")),
      port: z
        .string()
        .regex(/^[A-Za-z0-9.-]{1,16}$/, say("nama port, misalnya 24", "name of a port such as 24"))
        .describe(say("Port", "Port")),
    })
    .describe(say(id, en));

/** A data cable between two nodes. Its label follows from the two ends, so it is not declared (Lamandau 37/2018, 16(3)). */
export const cable = z.strictObject({
  id: slug.describe(say("Id kabel", "Id of the cable")),
  opd: reference.describe(say("Id OPD tempat kabel terpasang", "Id of the OPD in whose office it lies")),
  from: node("Ujung pertama", "First end"),
  to: node("Ujung kedua", "Second end"),
  labelled: date
    .exactOptional()
    .describe(
      say(
        "Tanggal label kedua ujung terpasang; kosong berarti belum berlabel",
        "Date on which both ends were labelled; absent means not labelled",
      ),
    ),
  ...provenance,
});

export const cables = z.array(cable).describe(say("Kabel data di kantor OPD", "Data cables in the offices of OPD"));

export type Cable = z.output<typeof cable>;
