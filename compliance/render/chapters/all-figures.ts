/** Every figure with its name: what renderings of one assessment are compared by. Pure. */
import { text } from "../../../model/text.ts";
import type { Chapter } from "../document.ts";
import { code, prose, word } from "../document.ts";
import type { Sources } from "../sources.ts";
import { WORDS } from "../words.ts";

export function figuresChapter({ figures, figure }: Sources): Chapter {
  return {
    id: "angka",
    title: text("Semua angka", "All figures"),
    newPage: true,
    annex: true,
    blocks: [
      prose(
        text(
          "Nama di kolom kiri sama dalam HTML, PDF, CSV, dan OSCAL, dan dalam kedua bahasa.",
          "The name in the left column is the same in HTML, PDF, CSV and OSCAL, and in both languages.",
        ),
      ),
      {
        kind: "table",
        caption: text("Semua angka", "All figures"),
        columns: [{ title: WORDS.name, width: 46 }, { title: WORDS.figure }, { title: WORDS.value, width: 14 }],
        rows: figures.map(({ name, label }) => [code(name), word(label), figure(name)]),
        empty: WORDS.none,
      },
    ],
  };
}
