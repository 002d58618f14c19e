/** A run's report as plain text, for terminals and mail. Pure. */

import { isFigureColumn, printable, show, type Zone } from "../../web/cells.ts";
import type { Lang } from "../../web/text.ts";
import type { Sheet, Table } from "./sheet.ts";

export function reportText(sheet: Sheet, lang: Lang, zone: Zone): string {
  const parts = [
    printable(sheet.issuer),
    `${printable(sheet.title[lang])}\n${show(sheet.verdict, lang, zone)}`,
    tableText(sheet.facts, lang, zone),
    ...sheet.sections.map((section) => {
      const body = section.rows.length === 0 ? section.empty[lang] : tableText(section, lang, zone);
      return `${section.title[lang].toUpperCase()}\n${body}`;
    }),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Columns as wide as their widest cell; figures to the right. */
function tableText({ columns, rows }: Table, lang: Lang, zone: Zone): string {
  const head = columns ? [columns.map((column) => column[lang])] : [];
  const lines = [...head, ...rows.map((row) => row.map((cell) => show(cell, lang, zone)))];
  const widths = (lines[0] ?? []).map((_, index) => Math.max(...lines.map((line) => [...(line[index] ?? "")].length)));
  const isRight = (index: number): boolean => columns !== undefined && isFigureColumn(rows, index);
  const padded = (said: string, index: number): string => {
    const space = " ".repeat((widths[index] ?? 0) - [...said].length);
    return isRight(index) ? space + said : said + space;
  };
  return lines.map((line) => line.map(padded).join("  ").trimEnd()).join("\n");
}
