/** What one region's regulation says of itself: name, dates, words, exceptions and deadlines. */
import { z } from "zod";
import { date, say, slug } from "../../model/schema/common.ts";
import { regulationIds } from "../../model/schema/region.ts";
import { citation } from "./articles.ts";
import { bilingual, dutyId, termedText } from "./common.ts";
import { profileIds } from "./duty.ts";

const place = citation.omit({ kind: true });

const regulation = z.strictObject({
  id: z.enum(regulationIds).describe(say("Id seperti di inventaris", "Id as in inventories")),
  form: bilingual.describe(say("Bentuk dan penetap", "Form, and who enacted it")),
  number: z.int().min(1),
  year: z.int().min(1945),
  about: bilingual.describe(say("Tentang apa, dengan kata sendiri", "What it is about, in words of ours")),
  enacted: date,
  promulgated: date,
  inForce: date,
  inForceBy: place.describe(say("Pasal tentang mulai berlaku", "Article on its coming into force")),
  gazette: z.int().min(1).describe(say("Nomor Berita Daerah", "Number in the regional gazette")),
});

const vocabulary = z.strictObject({
  opd: bilingual,
  program: bilingual,
  kepala: bilingual,
  daerah: bilingual,
  drc: bilingual,
  walidata: bilingual,
  rencana: bilingual,
});

/** What the region may do otherwise, and under which condition. */
const exception = z.strictObject({
  id: slug,
  kind: z
    .enum(["who-runs-servers", "moved-date", "bodies", "condition"])
    .describe(
      say(
        "who-runs-servers: siapa boleh mengelola server; moved-date: tenggat yang digeser; bodies: badan khusus; condition: syarat berlakunya",
        "who-runs-servers: who may run servers; moved-date: a deadline that moves; bodies: special bodies; condition: when it applies",
      ),
    ),
  duties: z.array(dutyId).min(1).describe(say("Kewajiban yang dipengaruhi", "Duties that it affects")),
  articles: z.array(place).min(1),
  rule: termedText.describe(say("Apa yang dikecualikan", "What is excepted")),
  condition: termedText.describe(say("Syaratnya", "Under which condition")),
  bodies: z.array(z.string().min(1)).min(1).exactOptional().describe(say("Badan yang dimaksud", "The bodies")),
  source: z.enum(["unconfirmed"]).exactOptional().describe(say("Belum dipastikan", "Not confirmed by a source")),
});

/** `date` is `from` and `years` later; written out so that a reader can check it. */
const deadline = z.strictObject({
  id: slug,
  duty: dutyId.describe(say("Kewajiban yang memuat tenggat ini", "The duty that holds this deadline")),
  covers: z.array(dutyId).min(1).describe(say("Kewajiban yang harus sudah terpenuhi", "Duties to be met by then")),
  article: citation,
  subject: termedText,
  counted: z
    .enum(["enacted", "promulgated"])
    .describe(say("Dihitung sejak ditetapkan atau diundangkan", "Counted from enactment or promulgation")),
  years: z.int().min(1),
  date,
  movable: z.boolean().describe(say("Benar bila kebijakan daerah dapat menggesernya", "True if a policy may move it")),
});

export const profile = z.strictObject({
  id: z.enum(profileIds),
  regulation,
  vocabulary: vocabulary.describe(say("Kata-kata daerah", "The region's words")),
  exceptions: z.array(exception),
  deadlines: z.array(deadline),
  flaws: z
    .array(z.strictObject({ id: slug, note: bilingual }))
    .describe(say("Cacat naskah dan cara membacanya", "Flaws of the text, and how it is read")),
  calendar: z
    .strictObject({
      also: z.enum(["islamic-umalqura"]).describe(say("Kalender kedua", "Second calendar (Unicode CLDR name)")),
      promulgated: z.strictObject({
        day: z.int().min(1).max(30),
        month: z.int().min(1).max(12),
        year: z.int().min(1),
        text: z.string().min(1),
      }),
      note: bilingual,
    })
    .exactOptional()
    .describe(say("Kalender kedua di surat", "Second calendar of its letters")),
});

export type Profile = z.output<typeof profile>;
export type ProfileException = Profile["exceptions"][number];
export type Deadline = Profile["deadlines"][number];
