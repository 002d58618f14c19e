import { z } from "zod";
import { address4, hazards, place, provenance, reference, say } from "./common.ts";

/** Third place that holds one member of the epoch store (D7). */
export const witness = z
  .strictObject({
    name: z.string().min(1).describe(say("Nama tempat saksi", "Name of the witness's place")),
    place,
    hazards,
    publish: z
      .strictObject({ ipv4: address4.describe(say("Alamat IPv4 saksi", "IPv4 address of the witness")) })
      .describe(say("Alamat saksi", "Address of the witness")),
    agreement: z
      .string()
      .min(1)
      .exactOptional()
      .describe(say("Nomor perjanjian dengan penyedia tempat", "Number of the agreement with the host")),
    costCentre: reference.exactOptional().describe(say("Id pusat biaya", "Id of the cost centre")),
    ...provenance,
  })
  .describe(say("Saksi: tempat ketiga penyimpan epoch", "Witness: the third place that holds the epoch"));

export type Witness = z.output<typeof witness>;
