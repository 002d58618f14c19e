import { z } from "zod";
import { address4, hazards, mebibytes, place, provenance, reference, say } from "./common.ts";
import { runtime } from "./sites.ts";

/** Third place that holds one member of the epoch store (D7). */
export const witness = z
  .strictObject({
    status: z.enum(["running", "planned"]).describe(say("Berjalan atau direncanakan", "Running or planned")),
    name: z.string().min(1).describe(say("Nama tempat saksi", "Name of the witness's place")),
    place,
    hazards,
    publish: z
      .strictObject({ ipv4: address4.describe(say("Alamat IPv4 saksi", "IPv4 address of the witness")) })
      .describe(say("Alamat saksi", "Address of the witness")),
    runtime: runtime.default({ kind: "docker" }),
    backboneOffset: z
      .int()
      .min(0)
      .default(200)
      .describe(
        say(
          "Ditambahkan pada nomor slot untuk alamat saksi di backbone",
          "Added to a slot for the witness's address on the backbone",
        ),
      ),
    leaseSeconds: z
      .int()
      .min(5)
      .max(120)
      .default(15)
      .describe(
        say(
          "Lama sewa lokasi aktif: selama itu lokasi yang terputus masih boleh menerima tulisan, detik",
          "Lease of the active site: for so long a site that is cut off may still take writes, seconds",
        ),
      ),
    memoryMiB: z
      .strictObject({
        epoch: mebibytes
          .exactOptional()
          .describe(say("Batas memori penyimpan epoch, MiB", "Memory limit of the epoch store, MiB")),
      })
      .exactOptional()
      .describe(say("Batas memori yang menyimpang dari bawaan", "Memory limits that differ from the defaults")),
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
