/** Where a regulation says it. */
import { z } from "zod";
import { say } from "../../model/schema/common.ts";
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";

const number = z.string().regex(/^[1-9]\d*$/, say("nomor dalam tanda kutip", "a number in quotes"));

/** How binding an article is: see `severityOf`. */
export const citationKinds = {
  /** It prescribes: wajib, harus, dilarang, or the plain form that lays a task on somebody. */
  must: text("mewajibkan", "prescribes"),
  /** It permits or empowers: dapat, bisa, berwenang. */
  may: text("membolehkan", "permits"),
  /** It names or presumes the thing without asking for it by itself. */
  lists: text("menyebut", "names"),
} as const satisfies Readonly<Record<string, Text>>;

export type CitationKind = keyof typeof citationKinds;

/** An article (pasal), with paragraph (ayat), letter (huruf) or item of a numbered list (angka) as far as it has them. */
export const citation = z.strictObject({
  article: number.describe(say("Pasal", "Article")),
  paragraph: number.exactOptional().describe(say("Ayat", "Paragraph")),
  letter: z
    .string()
    .regex(/^[a-z]$/, say("satu huruf kecil", "one lower-case letter"))
    .exactOptional()
    .describe(say("Huruf", "Letter")),
  item: number.exactOptional().describe(say("Angka dalam daftar pengertian", "Item in the list of definitions")),
  chapter: z
    .string()
    .regex(/^[IVX]+$/, say("angka Romawi", "a Roman numeral"))
    .exactOptional()
    .describe(say("Bab, bila nomor pasal dipakai dua kali", "Chapter, where two articles have one number")),
  kind: z
    .enum(Object.keys(citationKinds) as [CitationKind, ...CitationKind[]])
    .describe(say("must mewajibkan, may membolehkan, lists menyebut", "must prescribes, may permits, lists names")),
});

export type Citation = z.output<typeof citation>;

/** `pasal 6 ayat (3) huruf a`, `article 6 paragraph (3) letter a`. */
export function citationText({ article, paragraph, letter, item, chapter }: Omit<Citation, "kind">): Text {
  const say = (words: { article: string; chapter: string; paragraph: string; letter: string; item: string }): string =>
    [
      `${words.article} ${article}`,
      ...(chapter === undefined ? [] : [`(${words.chapter} ${chapter})`]),
      ...(paragraph === undefined ? [] : [`${words.paragraph} (${paragraph})`]),
      ...(letter === undefined ? [] : [`${words.letter} ${letter}`]),
      ...(item === undefined ? [] : [`${words.item} ${item}`]),
    ].join(" ");
  return text(
    say({ article: "pasal", chapter: "bab", paragraph: "ayat", letter: "huruf", item: "angka" }),
    say({ article: "article", chapter: "chapter", paragraph: "paragraph", letter: "letter", item: "item" }),
  );
}

/** `6(3)a`, `1/35` for an item, `XI:20` where the chapter tells two articles apart: the same in both languages. */
export function shortCitation({ article, paragraph, letter, item, chapter }: Omit<Citation, "kind">): string {
  return [
    chapter === undefined ? "" : `${chapter}:`,
    article,
    paragraph === undefined ? "" : `(${paragraph})`,
    letter ?? "",
    item === undefined ? "" : `/${item}`,
  ].join("");
}
