import { z } from "zod";
import { decree, provenance, say, slug } from "./common.ts";

const keep = (id: string, en: string) => z.int().min(0).describe(say(id, en));

export const backupPolicy = z.strictObject({
  id: slug.describe(say("Id kebijakan cadangan", "Id of the backup policy")),
  name: z.string().min(1).describe(say("Nama kebijakan", "Name of the policy")),
  fullEverySeconds: z.int().min(60).describe(say("Selang cadangan penuh, detik", "Interval of full backups, seconds")),
  incrementalEverySeconds: z
    .int()
    .min(60)
    .exactOptional()
    .describe(say("Selang cadangan tambahan, detik", "Interval of incremental backups, seconds")),
  continuous: z
    .boolean()
    .default(false)
    .describe(
      say(
        "Benar bila perubahan diarsipkan terus-menerus (WAL atau binlog)",
        "True if changes are archived all the time (WAL or binary log)",
      ),
    ),
  startsAt: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, say("jam dan menit, misalnya 01:30", "hour and minute such as 01:30"))
    .describe(say("Jam mulai menurut waktu setempat", "Local time at which it starts")),
  rpoSeconds: z.int().min(0).describe(say("Kehilangan yang diterima, detik", "Loss that is accepted, seconds")),
  retention: z
    .strictObject({
      daily: keep("Cadangan harian yang disimpan", "Daily backups that are kept"),
      weekly: keep("Cadangan mingguan yang disimpan", "Weekly backups that are kept"),
      monthly: keep("Cadangan bulanan yang disimpan", "Monthly backups that are kept"),
      yearly: keep("Cadangan tahunan yang disimpan", "Yearly backups that are kept"),
    })
    .describe(say("Masa simpan", "Retention")),
  offlineCopy: z
    .boolean()
    .default(false)
    .describe(say("Benar bila satu salinan disimpan luring", "True if one copy is kept offline")),
  decree: decree.exactOptional(),
  ...provenance,
});

export const backupPolicies = z.array(backupPolicy).describe(say("Kebijakan cadangan", "Backup policies"));

export type BackupPolicy = z.output<typeof backupPolicy>;
