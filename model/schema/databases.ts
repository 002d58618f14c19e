import { z } from "zod";
import { date, decree, mebibytes, provenance, reference, say, seconds, slug } from "./common.ts";

/** Groups of databases (Serdang Bedagai 8/2017, 11(3) a to r; "among others", hence `lainnya`). */
export const databaseGroups = [
  "pelayanan",
  "administrasi-manajemen",
  "legislasi",
  "pembangunan-daerah",
  "keuangan",
  "kepegawaian",
  "pemerintahan",
  "kewilayahan",
  "kemasyarakatan",
  "kependudukan",
  "kesehatan",
  "ketenagakerjaan",
  "pertanian",
  "perdagangan",
  "perikanan-peternakan",
  "transportasi",
  "pariwisata-perhotelan",
  "prasarana",
  "lainnya",
] as const;

/** Highest number of a database server: its address slot is 32 + number and must stay below the applications' 64. */
export const databaseServerNumberMax = 31;

export const databaseServer = z.strictObject({
  id: slug.describe(say("Id server basis data", "Id of the database server")),
  number: z
    .int()
    .min(0)
    .max(databaseServerNumberMax)
    .describe(
      say(
        "Nomor tetap; alamat mengikutinya, tidak pernah dipakai ulang",
        "Stable number from which its address follows; never reused",
      ),
    ),
  engine: z
    .enum(["postgresql", "mariadb", "external"])
    .describe(say("Mesin; external berarti dikelola di luar Lumbung", "Engine; external means run outside Lumbung")),
  version: z.string().min(1).describe(say("Versi utama mesin", "Major version of the engine")),
  status: z.enum(["running", "planned"]).describe(say("Berjalan atau direncanakan", "Running or planned")),
  replication: z
    .strictObject({
      mode: z
        .enum(["sync", "async"])
        .describe(
          say("sync: tanpa kehilangan; async: paling banyak rpoSeconds", "sync: no loss; async: at most rpoSeconds"),
        ),
      rpoSeconds: seconds.describe(
        say("Kehilangan yang diterima bila lokasi hilang, detik", "Loss that is accepted when a site is lost, seconds"),
      ),
    })
    .describe(say("Replikasi ke lokasi lain", "Replication to the other site")),
  rtoSeconds: z
    .int()
    .min(1)
    .describe(say("Waktu pulih yang diterima, detik", "Time to recover that is accepted, seconds")),
  memoryMiB: mebibytes.default(256).describe(say("Batas memori, MiB", "Memory limit, MiB")),
  operatedBy: reference
    .exactOptional()
    .describe(say("Id OPD pengelola bila bukan Diskominfo", "Id of the OPD that runs it, if not the Diskominfo")),
  backup: reference.exactOptional().describe(say("Id kebijakan cadangan", "Id of the backup policy")),
  costCentre: reference.exactOptional().describe(say("Id pusat biaya", "Id of the cost centre")),
  description: z.string().exactOptional().describe(say("Keterangan", "Remarks")),
  ...provenance,
});

/** Leave for others than the database's own application (Lamandau 37/2018, 12). What it lacks is told by the assessment. */
const leave = z.strictObject({
  role: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, say("nama peran masuk di server", "the name of a login role on the server"))
    .describe(
      say(
        "Peran masuk yang memegangnya; dibuat admin basis data",
        "Login role that holds it; the database administrator makes it",
      ),
    ),
  may: z
    .enum(["read", "write"])
    .describe(say("read: membaca; write: juga mengubah isi", "read: read; write: change contents as well")),
  opd: reference.describe(say("Id OPD yang memohon", "Id of the OPD that asks")),
  responsible: z.string().min(1).exactOptional().describe(say("Jabatan penanggung jawab", "Post that answers for it")),
  unit: z.string().min(1).exactOptional().describe(say("Unit kerja", "Unit")),
  purpose: z.string().min(1).exactOptional().describe(say("Tujuan", "Purpose")),
  data: z.string().min(1).exactOptional().describe(say("Jenis data", "Kind of data")),
  confidentiality: decree
    .exactOptional()
    .describe(say("Pernyataan menjaga kerahasiaan", "Statement of confidentiality")),
  advice: decree.exactOptional().describe(say("Rekomendasi walidata", "Advice of the data steward")),
  approval: decree
    .exactOptional()
    .describe(
      say(
        "Izin sekretaris daerah, atau perintah kepala daerah",
        "Leave of the regional secretary, or order of the head of the region",
      ),
    ),
  until: date
    .exactOptional()
    .describe(say("Hari terakhir; tanpa ini: sampai dicabut", "Last day; without it: until it is taken back")),
});

export const database = z.strictObject({
  id: slug.describe(
    say(
      "Id basis data; nama dan peran masuk mengikutinya",
      "Id of the database; its name and login role follow from it",
    ),
  ),
  server: reference.describe(say("Id server basis data", "Id of the database server")),
  owner: reference.describe(say("Id OPD pemilik (walidata)", "Id of the OPD that owns it (data steward)")),
  group: z.enum(databaseGroups).describe(say("Kelompok basis data", "Group of databases")),
  classification: z.enum(["public", "limited", "secret"]).describe(say("Klasifikasi kerahasiaan", "Confidentiality")),
  administrator: reference
    .exactOptional()
    .describe(say("Id peran admin basis data", "Id of the role that administers it")),
  renewedEverySeconds: z
    .int()
    .min(1)
    .exactOptional()
    .describe(say("Masa pemutakhiran data, detik", "Period in which the data are renewed, seconds")),
  access: z
    .array(leave)
    .exactOptional()
    .describe(
      say(
        "Izin bagi pihak lain; [] berarti tidak ada, tanpa ini belum dicatat",
        "Leave for others; [] means none, without it nothing is on record",
      ),
    ),
  description: z.string().exactOptional().describe(say("Isi basis data", "What it holds")),
  ...provenance,
});

export const databaseServers = z.array(databaseServer).describe(say("Server basis data", "Database servers"));
export const databases = z.array(database).describe(say("Basis data", "Databases"));

export type DatabaseServer = z.output<typeof databaseServer>;
export type Database = z.output<typeof database>;
