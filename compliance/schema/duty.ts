/** One duty: what is asked, by which article of which regulation, how it is shown, and what to do when it is not met. */
import { z } from "zod";
import { KINDS, type Kind } from "../../evidence/kinds.ts";
import { say } from "../../model/schema/common.ts";
import { type AreaId, areaIds } from "./areas.ts";
import { citation } from "./articles.ts";
import { breaking, breakingSite } from "./breaking.ts";
import { bilingual, dutyId, termedText } from "./common.ts";
import { type DocumentKind, documentKinds } from "./documents.ts";
import { type Responsible, responsibleIds } from "./offices.ts";
import { type Part, partIds } from "./parts.ts";

/** Regions whose regulation the catalogue knows: ids of the files in `profiles/`. */
export const profileIds = ["empat-lawang", "lamandau", "langsa", "serdang-bedagai"] as const;

export type ProfileId = (typeof profileIds)[number];

const citations = z.array(citation).min(1).exactOptional();

const check = z
  .string()
  .regex(
    /^[a-z]+(?:\.[a-z0-9-]+)?\/[a-z0-9]+(?:-[a-z0-9]+)*$/,
    say("id kewajiban, garis miring, nama pemeriksaan", "id of the duty, a slash, name of the check"),
  )
  .describe(say("Id pemeriksaan", "Id of the check"));

const common = {
  needsPart: z
    .enum(partIds as [Part, ...Part[]])
    .exactOptional()
    .describe(say("Bagian yang belum dibangun", "Part that is not built yet: until then the answer is unknown")),
  beyond: z
    .literal(true)
    .exactOptional()
    .describe(say("Benar bila melampaui naskah", "True where it goes beyond the text: then it is practice")),
};

/** One of the three answers (D11). A duty is met when each of its ways says so. */
const way = z.discriminatedUnion("way", [
  z.strictObject({ way: z.literal("designed"), by: check, ...common }),
  z.strictObject({
    way: z.literal("running"),
    by: check,
    evidence: z
      .enum(Object.keys(KINDS) as [Kind, ...Kind[]])
      .describe(say("Jenis catatan yang dibaca", "Kind of record that it reads")),
    document: z
      .enum(documentKinds as [DocumentKind, ...DocumentKind[]])
      .exactOptional()
      .describe(
        say("Jenis dokumen, bila yang dibaca pernyataan tertulis", "Kind of document, where it reads attestations"),
      ),
    freshSeconds: z
      .int()
      .min(60)
      .describe(say("Umur bukti paling lama, detik", "Oldest evidence that counts, seconds")),
    ...common,
  }),
  z.strictObject({
    way: z.literal("attested"),
    by: z.enum(documentKinds as [DocumentKind, ...DocumentKind[]]),
    ...common,
  }),
]);

export const duty = z.strictObject({
  id: dutyId,
  area: z.enum(areaIds as [AreaId, ...AreaId[]]).describe(say("Bagian katalog", "Part of the catalogue")),
  title: termedText.describe(say("Judul", "Title")),
  explanation: termedText.describe(say("Penjelasan", "Explanation")),
  articles: z
    .strictObject({
      "empat-lawang": citations,
      lamandau: citations,
      langsa: citations,
      "serdang-bedagai": citations,
    })
    .describe(
      say("Pasal menurut daerah; yang tidak disebut tidak terikat", "Articles by region; one not named is not bound"),
    ),
  beyond: z
    .strictObject({
      extent: z
        .enum(["whole", "part"])
        .describe(say("whole: seluruhnya; part: sebagian", "whole: all of it; part: some of it")),
      note: bilingual.describe(say("Apa yang ditambahkan dan mengapa", "What is added, and why")),
    })
    .exactOptional()
    .describe(say("Yang melampaui naskah", "What goes beyond the text")),
  shown: z.array(way).min(1).describe(say("Cara menunjukkannya", "How it is shown")),
  responsible: z
    .enum(responsibleIds as [Responsible, ...Responsible[]])
    .describe(say("Penanggung jawab", "Who answers for it")),
  remedy: termedText.describe(say("Yang dilakukan bila tidak terpenuhi", "What to do when it is not met")),
  breaking: breaking.describe(say("Contoh pelanggaran", "Breaking example")),
  breakingSite: breakingSite
    .exactOptional()
    .describe(say("Contoh pelanggaran di lokasi yang berjalan", "Breaking example at running sites")),
});

export type Duty = z.output<typeof duty>;
export type Way = Duty["shown"][number];
