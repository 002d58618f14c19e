/** What a printed or shown report consists of, in both languages at once: every figure is a cell with a name, so that no rendering has another. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Cell } from "../../web/cells.ts";
import type { Tone } from "./tones.ts";

export type Count = Cell & { readonly kind: "count" };

/** A text whose `{name}` are filled with cells. */
export interface Phrase {
  readonly text: Text;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Tile {
  readonly label: Text;
  readonly count: Count;
  readonly tone: Tone;
}

/** A bar that consists of parts, each as long as its count. */
export interface Bar {
  readonly label: Text;
  readonly parts: readonly { readonly tone: Tone; readonly label: Text; readonly count: Count }[];
}

/** A cell of a table, or several under one another. */
export type Entry = Cell | readonly Cell[];

export interface Column {
  readonly title: Text;
  /** Share of the width, in per cent. Absent: as its content needs. */
  readonly width?: number;
}

export type Block =
  | { readonly kind: "prose"; readonly phrase: Phrase; readonly mood?: "good" | "bad" | "note" }
  | { readonly kind: "list"; readonly items: readonly Phrase[]; readonly ordered?: true }
  | { readonly kind: "heading"; readonly title: Text; readonly id: string }
  | { readonly kind: "facts"; readonly rows: readonly (readonly [Text, Entry])[] }
  /** `empty`: said where there is no row. */
  | {
      readonly kind: "table";
      readonly caption: Text;
      /** Only for who cannot see the heading right above it. */
      readonly quiet?: true;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Entry[])[];
      readonly empty: Text;
    }
  | { readonly kind: "tiles"; readonly tiles: readonly Tile[] }
  | { readonly kind: "bars"; readonly title: Text; readonly bars: readonly Bar[] }
  /** One thing with a head and its facts, kept on one page where it fits. */
  | {
      readonly kind: "card";
      readonly id: string;
      readonly over: readonly Cell[];
      readonly title: Text;
      readonly tone: Tone;
      readonly rows: readonly (readonly [Text, Entry])[];
    };

export interface Chapter {
  /** Anchor, the same in both languages. */
  readonly id: string;
  readonly title: Text;
  readonly blocks: readonly Block[];
  /** Begins on a page of its own. Default: goes on. */
  readonly newPage?: true;
  /** Bears a letter instead of a number, and is closed on a screen until somebody opens it. */
  readonly annex?: true;
  /** Lists every duty: on a screen it is something to search and filter instead of tables. */
  readonly duties?: true;
}

/** Who issues a document, as the head of its paper says. */
export interface Letterhead {
  /** For example `Pemerintah Kabupaten Lumbung`. */
  readonly government: string;
  /** For example `Dinas Komunikasi dan Informatika`. Absent: the head of the region himself. */
  readonly office?: string;
  /** Address, telephone, mail, site: as far as they are declared. */
  readonly lines: readonly string[];
}

export interface ReportDocument {
  readonly letterhead: Letterhead;
  readonly title: Text;
  /** Of which region and day. */
  readonly under: Phrase;
  readonly verdict: { readonly phrase: Phrase; readonly mood: "good" | "bad" };
  /** What is printed on the cover. */
  readonly facts: readonly (readonly [Text, Entry])[];
  readonly chapters: readonly Chapter[];
  /** Said on the cover, for example that the data are invented; null where there is nothing to say. */
  readonly notice: Text | null;
  /** Who signs on paper: their posts. */
  readonly signatures: readonly Text[];
}

/** A phrase without cells. */
export const plain = (text: Text): Phrase => ({ text, cells: {} });

export const prose = (text: Text, cells: Phrase["cells"] = {}): Block => ({ kind: "prose", phrase: { text, cells } });
export const note = (text: Text, cells: Phrase["cells"] = {}): Block => ({
  kind: "prose",
  phrase: { text, cells },
  mood: "note",
});

export const said = (value: string): Cell => ({ kind: "said", said: value });
export const code = (value: string): Cell => ({ kind: "code", code: value });
export const word = (value: Text, mood?: "good" | "bad"): Cell => ({
  kind: "text",
  text: value,
  ...(mood ? { mood } : {}),
});
export const day = (date: string | null): Cell => ({ kind: "date", date });
export const moment = (iso: string | null): Cell => ({ kind: "time", iso });

/** Chapters bear numbers, annexes letters. */
export function numbered(chapters: readonly Chapter[]): Chapter[] {
  let [number, letter] = [0, 0];
  return chapters.map((chapter) => {
    const { id, en } = chapter.title;
    if (chapter.annex !== true) {
      number += 1;
      return { ...chapter, title: text(`${number}. ${id}`, `${number}. ${en}`) };
    }
    const mark = String.fromCharCode("A".charCodeAt(0) + letter);
    letter += 1;
    return { ...chapter, title: text(`Lampiran ${mark}: ${id}`, `Annex ${mark}: ${en}`) };
  });
}
