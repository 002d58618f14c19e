import { expect, test } from "vitest";
import { citationText, shortCitation } from "./articles.ts";

test.each([
  [{ article: "10" }, "10", "pasal 10", "article 10"],
  [
    { article: "6", paragraph: "3", letter: "a" },
    "6(3)a",
    "pasal 6 ayat (3) huruf a",
    "article 6 paragraph (3) letter a",
  ],
  [{ article: "33", letter: "c" }, "33c", "pasal 33 huruf c", "article 33 letter c"],
  [{ article: "1", item: "35" }, "1/35", "pasal 1 angka 35", "article 1 item 35"],
  [{ article: "20", chapter: "XI" }, "XI:20", "pasal 20 (bab XI)", "article 20 (chapter XI)"],
])("%j is %s", (cited, short, id, en) => {
  expect(shortCitation(cited)).toBe(short);
  expect(citationText(cited)).toEqual({ id, en });
});
