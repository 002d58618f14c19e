import { z } from "zod";
import { provenance, reference, say } from "./common.ts";

const bucket = z.strictObject({
  id: z
    .string()
    .min(3)
    .max(63)
    .regex(
      /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
      say("3 sampai 63 huruf kecil, angka, tanda hubung", "3 to 63 lower-case letters, digits, hyphens"),
    )
    .describe(say("Nama bucket", "Name of the bucket")),
  owner: reference.describe(say("Id OPD pemilik", "Id of the OPD that owns it")),
  purpose: z.string().min(1).describe(say("Kegunaan", "Purpose")),
  classification: z.enum(["public", "limited", "secret"]).describe(say("Klasifikasi kerahasiaan", "Confidentiality")),
  versioning: z.boolean().default(true).describe(say("Simpan setiap versi", "Keep every version")),
  lockDays: z
    .int()
    .min(0)
    .default(0)
    .describe(say("Lama versi terkunci, hari; 0 berarti tidak", "How long a version is locked, days; 0 means not")),
  rpoSeconds: z
    .int()
    .min(10)
    .default(300)
    .describe(
      say("Umur salinan di lokasi lain paling lama, detik", "How old the copy at the other site may be, seconds"),
    ),
  copied: z
    .boolean()
    .default(true)
    .describe(
      say(
        "Salah bila tiap lokasi menyimpan isinya sendiri, misalnya cadangan; tidak pernah disalin",
        "False if each site keeps content of its own, such as backups; never copied",
      ),
    ),
  backup: reference.exactOptional().describe(say("Id kebijakan cadangan", "Id of the backup policy")),
  ...provenance,
});

export const objectStore = z
  .strictObject({
    status: z.enum(["running", "planned"]).describe(say("Berjalan atau direncanakan", "Running or planned")),
    buckets: z.array(bucket).describe(say("Bucket", "Buckets")),
  })
  .describe(say("Penyimpanan objek", "Object store"));

export type ObjectStore = z.output<typeof objectStore>;
