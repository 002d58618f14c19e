import { z } from "zod";
import { decree, provenance, reference, say, slug, timeOfDay } from "./common.ts";

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
  differentialEverySeconds: z
    .int()
    .min(60)
    .exactOptional()
    .describe(
      say(
        "Selang cadangan diferensial, detik: semua perubahan sejak cadangan penuh terakhir",
        "Interval of differential backups, seconds: all changes since the last full one",
      ),
    ),
  continuous: z
    .boolean()
    .default(false)
    .describe(
      say(
        "Benar bila perubahan diarsipkan terus-menerus (WAL atau binlog)",
        "True if changes are archived all the time (WAL or binary log)",
      ),
    ),
  startsAt: timeOfDay.describe(say("Jam mulai menurut waktu setempat", "Local time at which it starts")),
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

const policyOf = (id: string, en: string) => reference.exactOptional().describe(say(id, en));

/** The repository hosts, one at each site, and the policies of what has no declaration of its own. */
export const backup = z
  .strictObject({
    status: z.enum(["running", "planned"]).describe(say("Berjalan atau direncanakan", "Running or planned")),
    bucket: reference.describe(
      say(
        "Id bucket terkunci tempat repositori cadangan tiap lokasi; tidak disalin ke lokasi lain",
        "Id of the locked bucket that holds each site's backup repositories; not copied to the other site",
      ),
    ),
    evidenceBucket: reference
      .exactOptional()
      .describe(say("Id bucket bukti bertanda tangan", "Id of the bucket of signed evidence")),
    policies: z
      .strictObject({
        zones: policyOf("Kebijakan bagi zona dan kuncinya", "Policy of the zones and their keys"),
        state: policyOf("Kebijakan bagi state Pulumi", "Policy of Pulumi's state"),
        inventory: policyOf("Kebijakan bagi inventaris ini", "Policy of this inventory"),
        evidence: policyOf("Kebijakan bagi bukti", "Policy of the evidence"),
      })
      .default({})
      .describe(
        say(
          "Id kebijakan cadangan bagi yang tidak dideklarasikan di tempat lain",
          "Ids of the backup policies of what is declared nowhere else",
        ),
      ),
    drillEverySeconds: z
      .int()
      .min(300)
      .default(86_400)
      .describe(say("Selang uji pulih, detik", "Interval of restore drills, seconds")),
    readDataSlices: z
      .int()
      .min(1)
      .max(366)
      .default(28)
      .describe(
        say(
          "Dalam berapa bagian harian seluruh isi repositori dibaca ulang",
          "In how many daily slices all of a repository is read again",
        ),
      ),
    ...provenance,
  })
  .describe(say("Cadangan di tiap lokasi", "Backups at each site"));

export const backupPolicies = z.array(backupPolicy).describe(say("Kebijakan cadangan", "Backup policies"));

export type Backup = z.output<typeof backup>;
export type BackupPolicy = z.output<typeof backupPolicy>;
