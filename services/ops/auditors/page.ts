/** Pages for an auditor's browser: no resource from elsewhere, no script. Pure. */
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { ReportRegion } from "../../../runbooks/report/report.ts";
import { type Cell, isFigureColumn, printable, printedClasses, show } from "../../../web/cells.ts";
import { type Html, html, trusted } from "../../../web/escape.ts";
import { PRINTED } from "../../../web/print.ts";
import { WORDS as FRAME, type Lang, otherLang } from "../../../web/text.ts";

/** A cell, or one that leads somewhere. */
export type Entry = Cell | { readonly cell: Cell; readonly to: string };

export interface Table {
  readonly columns: readonly Text[];
  readonly rows: readonly (readonly Entry[])[];
}

export interface Content {
  readonly title: Text;
  /** Said above everything else. */
  readonly lead?: readonly Text[];
  readonly tables: readonly (Table & { readonly heading?: Text })[];
  /** Where to go on from here. */
  readonly links?: readonly { readonly name: Text; readonly to: string }[];
}

export interface Frame {
  readonly lang: Lang;
  readonly region: ReportRegion;
  /** Path that is shown, with its query but for the language. */
  readonly here: string;
}

const HOME = text("Daftar halaman", "List of pages");
const NONE = text("belum ada", "none yet");
const OWN = `
nav { display: flex; flex-wrap: wrap; gap: 2mm 5mm; margin: 0 0 5mm; }
a { color: #0f5a45; }
section { overflow-x: auto; }
`;

export function pageHtml({ title, lead = [], tables, links = [] }: Content, frame: Frame): string {
  const { lang, region, here } = frame;
  return html`${trusted("<!doctype html>")}
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title[lang]} · ${region.name}</title>
<style>${trusted(`${PRINTED}${OWN}`)}</style>
</head>
<body>
<header><p>${region.government} · ${region.name}</p><h1>${title[lang]}</h1></header>
<nav><a href="${inLang("/", lang)}">${HOME[lang]}</a><a href="${inLang(here, otherLang(lang))}" lang="${otherLang(lang)}">${FRAME.switchTo[lang]}</a></nav>
<main>
${lead.map((one) => html`<p>${one[lang]}</p>\n`)}${tables.map((one) => tableHtml(one, frame))}
${links.map(({ name, to }) => html`<p><a href="${inLang(to, lang)}">${name[lang]}</a></p>\n`)}</main>
</body>
</html>
`.toString();
}

function tableHtml({ heading, columns, rows }: Content["tables"][number], frame: Frame): Html {
  const { lang } = frame;
  const cells = rows.map((row) => row.map((one) => ("cell" in one ? one.cell : one)));
  const kinds = columns.map((_, index) => (isFigureColumn(cells, index) ? "figure" : "left"));
  const head = columns.map((column, index) => html`<th scope="col" class="${kinds[index]}">${column[lang]}</th>`);
  const body = rows.map(
    (row) => html`<tr>${row.map((one, index) => entryHtml(one, kinds[index] ?? "left", frame))}</tr>\n`,
  );
  const shown =
    rows.length === 0
      ? html`<p>${NONE[lang]}</p>`
      : html`<table><thead><tr>${head}</tr></thead><tbody>\n${body}</tbody></table>`;
  return html`<section>${heading ? html`<h2>${heading[lang]}</h2>` : ""}${shown}</section>\n`;
}

function entryHtml(entry: Entry, align: "left" | "figure", { lang, region }: Frame): Html {
  const cell = "cell" in entry ? entry.cell : entry;
  const said = show(cell, lang, region.timezone);
  const inner = "to" in entry ? html`<a href="${inLang(entry.to, lang)}">${said}</a>` : linesOf(cell, said);
  return html`<td class="${printedClasses(cell, said, align)}">${inner}</td>`;
}

/** A key in PEM is copied from the page as it is: openssl does not read one of a single line. */
function linesOf(cell: Cell, said: string): Html {
  if (cell.kind !== "code") return html`${said}`;
  const lines = cell.code.trimEnd().split("\n");
  return html`${lines.map((line, index) => html`${index === 0 ? "" : html`<br>`}${printable(line)}`)}`;
}

/** Indonesian needs no word in the address. */
function inLang(path: string, lang: Lang): string {
  if (lang === "id") return path;
  return `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
}
