import { z } from "zod";
import { date, decree, hostName, label, provenance, reference, say, slug, timeOfDay } from "./common.ts";

/** Regulations that the catalogue of duties knows. */
export const regulationIds = [
  "empat-lawang-30-2019",
  "lamandau-37-2018",
  "langsa-34-2020",
  "serdang-bedagai-8-2017",
] as const;

/** An image that is there already: by name and digest, or by its id on the engine. */
const imageReference = z
  .string()
  .regex(
    /^(?:[a-z0-9][a-z0-9._/:-]*@)?sha256:[0-9a-f]{64}$/,
    say(
      "nama@sha256:<64 heksa>, atau id citra sha256:<64 heksa>; nama tanpa digest bisa berubah isinya",
      "name@sha256:<64 hex>, or an image's id sha256:<64 hex>; what a name without digest means can change",
    ),
  );

export const region = z
  .strictObject({
    id: slug.describe(
      say("Id daerah, sama dengan nama folder inventaris", "Id of the region, the same as the inventory's folder"),
    ),
    name: z.string().min(1).describe(say("Nama daerah", "Name of the region")),
    government: z.string().min(1).describe(say("Nama pemerintah daerah", "Name of the regional government")),
    code: z
      .string()
      .regex(/^\d{2}\.\d{2}$/, say("kode wilayah, misalnya 62.09", "a region code such as 62.09"))
      .describe(say("Kode wilayah Kemendagri", "Region code of the ministry")),
    province: z.string().min(1).describe(say("Provinsi", "Province")),
    seat: z.string().min(1).describe(say("Ibu kota", "Seat of the government")),
    domain: hostName.describe(
      say("Domain go.id daerah, tanpa titik akhir", "The region's go.id domain, without final dot"),
    ),
    gatewayLabel: label
      .default("gerbang")
      .describe(
        say(
          "Label nama gerbang; setiap subdomain menunjuk ke nama ini",
          "Label of the gateway's name, to which every subdomain points",
        ),
      ),
    timezone: z.enum(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]).describe(say("Zona waktu", "Time zone")),
    regulations: z
      .array(z.enum(regulationIds))
      .describe(say("Peraturan yang mengikat daerah", "Regulations that bind the region")),
    agencyTerm: z
      .enum(["OPD", "SOPD", "PD"])
      .exactOptional()
      .describe(
        say(
          "Sebutan perangkat daerah dalam peraturan daerah; kosong berarti OPD",
          "What the region's regulation calls an agency; absent means OPD",
        ),
      ),
    operator: reference.describe(
      say("Id OPD pengelola pusat data (Diskominfo)", "Id of the OPD that runs the data centre (Diskominfo)"),
    ),
    lab: z
      .boolean()
      .default(false)
      .describe(
        say(
          "Benar hanya untuk daerah percobaan, yang boleh dihapus",
          "True only for a trial region, which may be destroyed",
        ),
      ),
    recoveryPolicy: z
      .strictObject({
        minimumDistanceKm: z
          .number()
          .min(0)
          .describe(say("Jarak paling dekat antar lokasi, kilometer", "Least distance between sites, kilometres")),
        legalBasis: z.string().min(1).describe(say("Dasar kebijakan", "Legal basis of the policy")),
        decided: date
          .exactOptional()
          .describe(say("Tanggal kebijakan ditetapkan", "Date on which the policy was decided")),
      })
      .exactOptional()
      .describe(say("Kebijakan daerah tentang pusat pemulihan", "The region's policy on its recovery centre")),
    escrow: z
      .strictObject({
        operators: z.array(reference).min(1).describe(say("Id peran pelaksana", "Ids of the roles that act")),
        approvers: z.array(reference).min(1).describe(say("Id peran penyetuju", "Ids of the roles that approve")),
      })
      .exactOptional()
      .describe(
        say(
          "Siapa yang bersama-sama membuka titipan situs yang hilang: satu pelaksana dan satu penyetuju",
          "Who together open the escrow of a lost site: one who acts and one who approves",
        ),
      ),
    images: z
      .record(slug, imageReference)
      .exactOptional()
      .describe(
        say(
          "Citra pengganti per folder di images/, dengan nama dan digest: diambil, tidak dibangun",
          "Images in place of those of the folders in images/, by name and digest: fetched, not built",
        ),
      ),
    assessments: z
      .strictObject({
        reportMonths: z
          .array(z.int().min(1).max(12))
          .min(1)
          .default([1, 7])
          .describe(
            say(
              "Bulan yang pada hari pertamanya dibuat penilaian untuk laporan berkala; bawaan: Januari dan Juli, tiap enam bulan",
              "Months on whose first day the assessment for the periodic report is made; default: January and July, every half-year",
            ),
          ),
        monthly: z
          .boolean()
          .default(true)
          .describe(
            say(
              "Benar bila pada hari pertama bulan lain juga dibuat penilaian",
              "True if an assessment is made on the first day of every other month as well",
            ),
          ),
        startsAt: timeOfDay
          .default("05:00")
          .describe(say("Jam mulai menurut waktu setempat", "Local time at which it starts")),
      })
      .prefault({})
      .describe(
        say(
          "Kapan ops menilai kewajiban dengan sendirinya, dan menyimpannya sebagai bukti",
          "When ops assesses the duties by itself, and keeps that as evidence",
        ),
      ),
    dataCentreDecree: decree
      .exactOptional()
      .describe(
        say("Keputusan penetapan pusat data dan pusat pemulihan", "Decree that sets up the data and recovery centres"),
      ),
    ...provenance,
  })
  .describe(say("Daerah yang dilayani dan peraturan yang mengikatnya", "The region and the regulations that bind it"));

export type Region = z.output<typeof region>;
