import { z } from "zod";
import { date, imageName, mebibytes, provenance, reference, say, slug } from "./common.ts";

export const application = z.strictObject({
  id: slug.describe(say("Id aplikasi", "Id of the application")),
  number: z
    .int()
    .min(0)
    .max(60000)
    .describe(
      say(
        "Nomor tetap; alamat mengikutinya, tidak pernah dipakai ulang",
        "Stable number from which its address follows; never reused",
      ),
    ),
  name: z.string().min(1).describe(say("Nama aplikasi", "Name of the application")),
  description: z.string().exactOptional().describe(say("Kegunaan", "What it is for")),
  owner: reference.describe(say("Id OPD pemilik", "Id of the OPD that owns it")),
  status: z
    .enum(["running", "planned", "retired"])
    .describe(say("Berjalan, direncanakan, atau dihentikan", "Running, planned or retired")),
  hostedBy: z
    .enum(["region", "opd", "central"])
    .describe(
      say(
        "Tempat: region (pusat data), opd (server OPD), central (pemerintah pusat)",
        "Hosted by: region (data centre), opd (its own server), central (central government)",
      ),
    ),
  class: z
    .enum(["general", "national-standard", "specific", "opd", "cross-opd", "special"])
    .describe(
      say(
        "Kelas aplikasi: umum, standar nasional, spesifik, OPD, lintas OPD, khusus",
        "Class: general, national standard, specific, OPD, cross-OPD, special",
      ),
    ),
  function: slug
    .exactOptional()
    .describe(
      say(
        "Fungsi; dua aplikasi satu OPD tidak boleh sama fungsinya",
        "Function; no OPD has two applications of one function",
      ),
    ),
  s2c: z
    .string()
    .min(1)
    .exactOptional()
    .describe(say("Layanan Smart City yang dipenuhi", "Smart City service that it fulfils")),
  technology: z.string().exactOptional().describe(say("Teknologi", "Technology")),
  web: z.boolean().default(true).describe(say("Benar bila berbasis web", "True if web based")),
  licence: z.string().min(1).exactOptional().describe(say("Lisensi", "Licence")),
  url: z
    .url()
    .exactOptional()
    .describe(say("Alamat bila dijalankan di luar pusat data", "Address when it runs outside the data centre")),
  coordination: z
    .strictObject({
      reference: z
        .string()
        .min(1)
        .describe(
          say("Nomor surat koordinasi dengan Diskominfo", "Number of the letter of coordination with the Diskominfo"),
        ),
      date: date.describe(say("Tanggal surat", "Date of the letter")),
    })
    .exactOptional()
    .describe(say("Koordinasi sebelum dibangun", "Coordination before it was built")),
  steward: reference.exactOptional().describe(say("Id peran penanggung jawab", "Id of the role that answers for it")),
  database: reference.exactOptional().describe(say("Id basis data yang dipakai", "Id of the database that it uses")),
  backup: reference
    .exactOptional()
    .describe(say("Id kebijakan cadangan berkas aplikasi", "Id of the backup policy of its files")),
  costCentre: reference.exactOptional().describe(say("Id pusat biaya", "Id of the cost centre")),
  run: z
    .strictObject({
      image: imageName.describe(
        say(
          "Folder di bawah images, atau nama image dengan digest",
          "Folder below images, or an image by name and digest",
        ),
      ),
      runtime: z
        .enum(["service", "php"])
        .default("service")
        .describe(
          say(
            "service: layanan Lumbung; php: nginx dengan aturan inti OWASP dan PHP-FPM",
            "service: one of Lumbung's own; php: nginx with the OWASP core rules, and PHP-FPM",
          ),
        ),
      uploads: z
        .strictObject({
          rpoSeconds: z
            .int()
            .min(10)
            .default(300)
            .describe(
              say(
                "Umur salinan di lokasi lain paling lama, detik",
                "How old the copy at the other site may be, seconds",
              ),
            ),
          quotaMiB: mebibytes.default(1024).describe(say("Ukuran paling besar, MiB", "Largest size, MiB")),
        })
        .exactOptional()
        .describe(
          say(
            "Berkas unggahan; kosong berarti tidak menerima unggahan",
            "Uploaded files; absent means that it takes no uploads",
          ),
        ),
      revision: z
        .string()
        .regex(/^[0-9A-Za-z._/-]{1,100}$/, say("commit atau tag", "a commit or tag"))
        .exactOptional()
        .describe(
          say(
            "Commit atau tag bertanda tangan di repositorinya yang sedang dijalankan",
            "Commit or signed tag of its repository that is running",
          ),
        ),
      cpus: z.number().positive().default(0.5).describe(say("Jatah prosesor", "Processors")),
      memoryMiB: mebibytes.default(128).describe(say("Batas memori, MiB", "Memory limit, MiB")),
    })
    .exactOptional()
    .describe(say("Cara dijalankan di pusat data", "How it is run in the data centre")),
  ...provenance,
});

export const applications = z.array(application).describe(say("Katalog aplikasi", "Catalogue of applications"));

export type Application = z.output<typeof application>;
