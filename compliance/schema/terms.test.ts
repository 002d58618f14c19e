import { expect, test } from "vitest";
import { text } from "../../model/text.ts";
import { COMMON_WORDS, inWordsOf, knowsItsTerms } from "./terms.ts";

const langsa = { ...COMMON_WORDS, opd: text("PD", "PD"), drc: text("pusat lain", "other centre") };

test("a region's words stand in place of the terms, with a capital where a sentence begins", () => {
  expect(inWordsOf(langsa, text("{Drc} bagi {opd} dan {opd}", "{Drc} for each {opd}, the {drc}"))).toEqual(
    text("Pusat lain bagi PD dan PD", "Other centre for each PD, the other centre"),
  );
});

test.each([
  ["Setiap {opd} di {daerah}", true],
  ["{Kepala} menetapkan", true],
  ["tanpa istilah", true],
  ["{dinas}", false],
  ["{}", false],
  ["{opd", false],
  ["opd}", false],
  ["{toString}", false],
])("%s: %s", (words, known) => {
  expect(knowsItsTerms(words)).toBe(known);
});
