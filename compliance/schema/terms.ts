/**
 * Words that regions say differently. Texts of the catalogue hold `{opd}`; `{Opd}` begins a sentence.
 * The common words serve where several regulations are spoken of at once.
 */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";

export const COMMON_WORDS = {
  /** A regional agency. */
  opd: text("OPD", "OPD"),
  /** What the regulation calls electronic government. */
  program: text("penyelenggaraan pemerintahan berbasis elektronik", "electronic government"),
  /** Head of the region. */
  kepala: text("kepala daerah", "head of the region"),
  /** Kind of region. */
  daerah: text("daerah", "region"),
  /** The recovery centre. */
  drc: text("pusat pemulihan", "recovery centre"),
  /** Who answers for a dataset. */
  walidata: text("walidata", "data steward"),
  /** The plan of some years that services follow. */
  rencana: text("rencana induk", "master plan"),
} as const satisfies Readonly<Record<string, Text>>;

export type Term = keyof typeof COMMON_WORDS;

export type Vocabulary = Readonly<Record<Term, Text>>;

export const terms = Object.keys(COMMON_WORDS) as Term[];

const placeholder = /\{([^{}]*)\}/g;

const uncapitalised = (word: string): string => word.slice(0, 1).toLowerCase() + word.slice(1);
const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Whether every placeholder is a known term, and no brace stands alone. */
export function knowsItsTerms(words: string): boolean {
  const known = [...words.matchAll(placeholder)].every(([, name = ""]) =>
    (terms as readonly string[]).includes(uncapitalised(name)),
  );
  return known && !/[{}]/.test(words.replace(placeholder, ""));
}

/** The text in a region's words. A placeholder that is not known stays: the schema lets none in. */
export function inWordsOf(vocabulary: Vocabulary, said: Text): Text {
  const render = (language: keyof Text): string =>
    said[language].replace(placeholder, (whole, name: string) => {
      const word = vocabulary[uncapitalised(name) as Term]?.[language];
      if (word === undefined) return whole;
      return name === uncapitalised(name) ? word : capitalised(word);
    });
  return { id: render("id"), en: render("en") };
}
