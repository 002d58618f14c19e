/** One thing in a report, and how it reads in each language. Figures are written in one place, so that no rendering has another. Pure. */
import { localTimeAt } from "../model/local-time.ts";
import { text } from "../model/text.ts";
import type { Model, Text } from "../model/types.ts";
import { type Lang, longDate } from "./text.ts";

export type Zone = Model["region"]["timezone"];

export const UNKNOWN = text("tidak diketahui", "unknown");

/** `mood`: how a person should take it. A figure that is null is said to be unknown. `name`: by which renderings of it are compared. */
export type Cell =
  | { readonly kind: "text"; readonly text: Text; readonly mood?: "good" | "bad" }
  /** As it was written, in whatever language. */
  | { readonly kind: "said"; readonly said: string }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "seconds"; readonly seconds: number | null }
  | { readonly kind: "count"; readonly count: number | null; readonly name?: string }
  /** Of so many. A share of nothing is no number, and only the whole is 100%. */
  | { readonly kind: "share"; readonly part: number; readonly whole: number }
  | { readonly kind: "time"; readonly iso: string | null }
  /** A day, ISO 8601. */
  | { readonly kind: "date"; readonly date: string | null };

/** What moves a terminal's cursor or turns its writing, whoever said it, becomes a space. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

export function show(cell: Cell, lang: Lang, zone: Zone): string {
  switch (cell.kind) {
    case "text":
      return printable(cell.text[lang]);
    case "said":
      return printable(cell.said);
    case "code":
      return printable(cell.code);
    case "seconds":
      return cell.seconds === null ? UNKNOWN[lang] : secondsText(cell.seconds, lang);
    case "count":
      return cell.count === null ? UNKNOWN[lang] : decimal(cell.count, lang, 0);
    case "share":
      return cell.whole === 0 ? "–" : `${decimal(Math.floor((cell.part / cell.whole) * 1000) / 10, lang, 1)}%`;
    case "time":
      return cell.iso === null ? UNKNOWN[lang] : localTime(cell.iso, zone);
    case "date":
      return cell.date === null ? UNKNOWN[lang] : longDate(cell.date, lang);
  }
}

export function isFigure({ kind }: Cell): boolean {
  return kind === "seconds" || kind === "count" || kind === "share";
}

/** Whether a column holds figures, which stand to the right; some of them may be lacking. */
export function isFigureColumn(rows: readonly (readonly Cell[])[], index: number): boolean {
  return rows.some((row) => row[index] !== undefined && isFigure(row[index]));
}

/** A column gives way to others down to its words, but not into a word as short as this (characters). */
const SHORT_WORD = 18;

/** The classes of a cell of a table that is printed (print.ts): what it is, its mood, and whether its words stay whole. */
export function printedClasses(cell: Cell, shown: string, align: "left" | "figure"): string {
  const mood = cell.kind === "text" && cell.mood ? ` ${cell.mood}` : "";
  const whole = shown.split(" ").every((word) => word.length <= SHORT_WORD) ? " whole" : "";
  return `${cell.kind === "code" ? "digest" : align}${mood}${whole}`;
}

/** `725,5 dtk (12:05)`: seconds, because declared ones are; from two minutes on also as a clock shows them. */
export function secondsText(seconds: number, lang: Lang): string {
  const plain = `${decimal(seconds, lang, 1)} ${lang === "id" ? "dtk" : "s"}`;
  if (seconds < 120) return plain;
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const clock = (parts[0] === 0 ? parts.slice(1) : parts).map((part, index) =>
    index === 0 ? `${part}` : `${part}`.padStart(2, "0"),
  );
  return `${plain} (${clock.join(":")})`;
}

/** `2026-03-01 10:00:05 WIB`: in the region's own time. */
export function localTime(iso: string, zone: Zone): string {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) return printable(iso);
  return localTimeAt(moment, zone);
}

export function printable(said: string): string {
  return said.replace(UNPRINTABLE, " ");
}

function decimal(value: number, lang: Lang, digits: number): string {
  return value.toLocaleString(lang === "id" ? "id-ID" : "en-GB", { maximumFractionDigits: digits });
}
