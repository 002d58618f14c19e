/** A run's report as one page of HTML to print on A4 and file: no resource from elsewhere, no script. Pure. */
import type { Text } from "../../model/types.ts";
import { type Cell, isFigureColumn, printedClasses, show, type Zone } from "../../web/cells.ts";
import { type Html, html, trusted } from "../../web/escape.ts";
import { PRINTED } from "../../web/print.ts";
import type { Lang } from "../../web/text.ts";
import type { Section, Sheet, Table } from "./sheet.ts";
import { WORDS } from "./words.ts";

export function reportPage(sheet: Sheet, lang: Lang, zone: Zone): string {
  const title = sheet.title[lang];
  return html`${trusted("<!doctype html>")}
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(`${PRINTED}h2 { break-after: avoid; }\n`)}</style>
</head>
<body>
<header><p>${sheet.issuer}</p><h1>${title}</h1></header>
<p class="verdict ${sheet.verdict.mood}">${show(sheet.verdict, lang, zone)}</p>
${factTable(sheet.facts, lang, zone)}
${sheet.sections.map((section) => sectionOf(section, lang, zone))}
<section class="signatures">${[WORDS.carriedOut, WORDS.agreed, WORDS.seen].map((who) => signature(who, lang))}</section>
</body>
</html>
`.toString();
}

function sectionOf(section: Section, lang: Lang, zone: Zone): Html {
  const body =
    section.rows.length === 0
      ? html`<p>${section.empty[lang]}</p>`
      : section.columns
        ? columnTable(section, section.columns, lang, zone)
        : factTable(section, lang, zone);
  return html`<section><h2>${section.title[lang]}</h2>${body}</section>\n`;
}

function factTable({ rows }: Table, lang: Lang, zone: Zone): Html {
  const lines = rows.map(
    ([name, ...values]) =>
      html`<tr><th scope="row">${name ? show(name, lang, zone) : ""}</th>${values.map((one) => cellOf(one, "left", lang, zone))}</tr>\n`,
  );
  return html`<table class="facts"><tbody>
${lines}</tbody></table>`;
}

function columnTable({ rows }: Table, columns: readonly Text[], lang: Lang, zone: Zone): Html {
  const aligned = columns.map((_, index) => (isFigureColumn(rows, index) ? "figure" : "left"));
  const heads = columns.map((column, index) => html`<th scope="col" class="${aligned[index]}">${column[lang]}</th>`);
  const lines = rows.map(
    (row) => html`<tr>${row.map((one, index) => cellOf(one, aligned[index] ?? "left", lang, zone))}</tr>\n`,
  );
  return html`<table><thead><tr>${heads}</tr></thead><tbody>
${lines}</tbody></table>`;
}

function cellOf(cell: Cell, align: "left" | "figure", lang: Lang, zone: Zone): Html {
  const shown = show(cell, lang, zone);
  return html`<td class="${printedClasses(cell, shown, align)}">${shown}</td>`;
}

function signature(who: Text, lang: Lang): Html {
  return html`<div><p>${who[lang]}</p><p class="line"></p><p>${WORDS.signature[lang]}</p></div>`;
}
