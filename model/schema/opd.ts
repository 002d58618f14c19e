import { z } from "zod";
import { date, mail, provenance, reference, say, slug } from "./common.ts";

const texts = (id: string, en: string) => z.array(z.string().min(1)).exactOptional().describe(say(id, en));

const service = z.strictObject({
  name: z.string().min(1).describe(say("Nama layanan", "Name of the service")),
  requirements: z.string().min(1).exactOptional().describe(say("Persyaratan", "Requirements")),
  fee: z.string().min(1).exactOptional().describe(say("Biaya", "Fee")),
  duration: z.string().min(1).exactOptional().describe(say("Lama penyelesaian", "How long it takes")),
});

const news = z.strictObject({
  date: date.describe(say("Tanggal berita", "Date of the news")),
  title: z.string().min(1).describe(say("Judul", "Title")),
  body: z.string().min(1).describe(say("Isi", "Body")),
});

/** What an OPD's site carries (Empat Lawang 15(3)(4), 29(5)). What is absent is shown as missing. */
export const contents = z
  .strictObject({
    profile: z.string().min(1).exactOptional().describe(say("Profil", "Profile")),
    duties: texts("Tugas dan fungsi", "Duties and functions"),
    structure: texts(
      "Susunan organisasi menurut jabatan, tanpa nama orang",
      "Structure by post, without persons' names",
    ),
    programmes: texts("Program dan kegiatan", "Programmes and activities"),
    services: z.array(service).exactOptional().describe(say("Layanan publik", "Public services")),
    news: z.array(news).exactOptional().describe(say("Berita", "News")),
    regulations: z
      .array(
        z.strictObject({
          title: z.string().min(1).describe(say("Judul peraturan", "Title of the regulation")),
          number: z.string().min(1).describe(say("Nomor peraturan", "Number of the regulation")),
        }),
      )
      .exactOptional()
      .describe(say("Peraturan yang menjadi dasar", "Regulations it works under")),
    policies: texts("Kebijakan dan prosedur", "Policies and procedures"),
    contact: z
      .strictObject({
        address: z.string().min(1).describe(say("Alamat kantor", "Address of the office")),
        email: mail.describe(say("Surel dinas", "Official mail address")),
        phone: z.string().min(1).exactOptional().describe(say("Telepon kantor", "Telephone of the office")),
      })
      .exactOptional()
      .describe(say("Kontak kantor", "Contact of the office")),
    updated: date.exactOptional().describe(say("Tanggal pembaruan terakhir", "Date of the last update")),
  })
  .describe(say("Isi situs OPD", "Contents of the OPD's site"));

/** A regional agency. Its id and number stay for ever; names may change. */
export const agency = z.strictObject({
  id: slug.describe(say("Id tetap OPD", "Stable id of the OPD")),
  number: z
    .int()
    .min(0)
    .max(65535)
    .describe(
      say(
        "Nomor tetap; alamat jaringan mengikutinya, tidak pernah dipakai ulang",
        "Stable number from which its network follows; never reused",
      ),
    ),
  name: z.string().min(1).describe(say("Nama lengkap", "Full name")),
  shortName: z.string().min(1).describe(say("Nama singkat", "Short name")),
  kind: z
    .enum(["sekretariat", "dinas", "badan", "inspektorat", "kecamatan", "rsud", "puskesmas", "lainnya"])
    .describe(say("Jenis OPD", "Kind of OPD")),
  aliases: z.array(z.string().min(1)).default([]).describe(say("Nama lain atau nama lama", "Other or former names")),
  mergedInto: z
    .strictObject({
      opd: reference.describe(say("Id OPD penerima", "Id of the OPD that took it over")),
      on: date.describe(say("Tanggal penggabungan", "Date of the merger")),
    })
    .exactOptional()
    .describe(say("Penggabungan ke OPD lain", "Merger into another OPD")),
  bandwidth: z
    .strictObject({
      guaranteedMbps: z.number().min(0).describe(say("Laju terjamin, Mbps", "Guaranteed rate, Mbps")),
      maximumMbps: z.number().min(0).describe(say("Laju tertinggi, Mbps", "Maximum rate, Mbps")),
    })
    .describe(say("Jatah bandwidth", "Bandwidth")),
  contents: contents.exactOptional(),
  ...provenance,
});

export const opd = z.array(agency).describe(say("Organisasi Perangkat Daerah", "Regional agencies"));

export type Opd = z.output<typeof agency>;
