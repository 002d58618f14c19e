/** The blocks of a report as HTML, the same on screen and on paper. Every figure with a name is a `<data>` that says it. Pure. */
import type { Text } from "../../model/types.ts";
import { type Cell, isFigureColumn, show, type Zone } from "../../web/cells.ts";
import { type Hole, type Html, html } from "../../web/escape.ts";
import type { Lang } from "../../web/text.ts";
import { barsSvg } from "./chart.ts";
import type { Block, Entry, Phrase, Tile } from "./document.ts";

export interface In {
  readonly lang: Lang;
  readonly zone: Zone;
  /** Made for paper. Default: for a screen. */
  readonly paper?: true;
}

export function blocksHtml(blocks: readonly Block[], place: In): readonly Html[] {
  return blocks.map((block) => html`${blockHtml(block, place)}\n`);
}

function blockHtml(block: Block, place: In): Html {
  const { lang } = place;
  switch (block.kind) {
    case "prose":
      return html`<p class="${block.mood ?? "prose"}">${phraseHtml(block.phrase, place)}</p>`;
    case "list": {
      const items = block.items.map((item) => html`<li>${phraseHtml(item, place)}</li>`);
      return block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case "heading":
      return html`<h3 id="${block.id}">${block.title[lang]}</h3>`;
    case "facts":
      return factsHtml(block.rows, place);
    case "table":
      return tableHtml(block, place);
    case "tiles":
      return html`<div class="tiles">${block.tiles.map((tile) => tileHtml(tile, place))}</div>`;
    case "bars":
      return html`<figure>${barsSvg(block.title[lang], block.bars, lang, place.zone)}<figcaption>${block.title[lang]}</figcaption></figure>`;
    case "card":
      return html`<article class="card edge tone-${block.tone}" id="${block.id}"><p class="over">${block.over.map((cell, index) => html`${index === 0 ? "" : " · "}${cellHtml(cell, place)}`)}</p><h3>${block.title[lang]}</h3>${factsHtml(block.rows, place)}</article>`;
  }
}

/** `{name}` of the text is the cell of that name; one that nobody gave stands there as it is, and a test finds it. */
export function phraseHtml({ text, cells }: Phrase, place: In): readonly Hole[] {
  return text[place.lang].split(/(\{[a-zA-Z0-9]+\})/).map((part) => {
    const cell = part.startsWith("{") ? cells[part.slice(1, -1)] : undefined;
    return cell === undefined ? part : cellHtml(cell, place);
  });
}

export function cellHtml(cell: Cell, { lang, zone }: In): Hole {
  const shown = show(cell, lang, zone);
  switch (cell.kind) {
    case "count":
      return cell.name === undefined
        ? shown
        : html`<data value="${cell.count ?? ""}" data-name="${cell.name}">${shown}</data>`;
    case "code":
      return html`<code>${shown}</code>`;
    case "said":
      return lang === "id" ? shown : html`<span lang="id">${shown}</span>`;
    case "text":
      return cell.mood === undefined ? shown : html`<span class="${cell.mood}">${shown}</span>`;
    default:
      return shown;
  }
}

export function entryHtml(entry: Entry, place: In): Hole {
  if (!Array.isArray(entry)) return cellHtml(entry as Cell, place);
  return (entry as readonly Cell[]).map((cell) => html`<div>${cellHtml(cell, place)}</div>`);
}

export function factsHtml(rows: readonly (readonly [Text, Entry])[], place: In): Html {
  return html`<dl class="facts">${rows.map(
    ([name, entry]) => html`<div><dt>${name[place.lang]}</dt><dd>${entryHtml(entry, place)}</dd></div>\n`,
  )}</dl>`;
}

function tableHtml({ caption, columns, rows, empty, quiet }: Block & { readonly kind: "table" }, place: In): Html {
  const { lang } = place;
  if (rows.length === 0) return html`<p class="prose">${empty[lang]}</p>`;
  const first = rows.map((row) => row.map((entry): Cell => (Array.isArray(entry) ? EMPTY : (entry as Cell))));
  const aligned = columns.map((_, index) => (isFigureColumn(first, index) ? "figure" : "left"));
  const heads = columns.map(
    ({ title, width }, index) =>
      html`<th scope="col" class="${aligned[index]}${width === undefined ? "" : ` w${width}`}">${title[lang]}</th>`,
  );
  const lines = rows.map(
    (row) =>
      html`<tr>${row.map(
        (entry, index) =>
          html`<td class="${aligned[index]}" data-label="${columns[index]?.title[lang]}">${entryHtml(entry, place)}</td>`,
      )}</tr>\n`,
  );
  const [above, within] =
    place.paper === true ? [captionAbove(caption[lang], quiet), ""] : ["", captionWithin(caption[lang], quiet)];
  return html`<div class="table">${above}<table${columns.length > DENSE_FROM ? DENSE : ""}>${within}<thead><tr>${heads}</tr></thead><tbody>
${lines}</tbody></table></div>`;
}

const EMPTY: Cell = { kind: "said", said: "" };

/** Tables of more columns are set smaller. */
const DENSE_FROM = 5;
const DENSE = html` class="dense"`;

const captionWithin = (caption: string, quiet: true | undefined): Html =>
  quiet ? html`<caption class="unseen">${caption}</caption>` : html`<caption>${caption}</caption>`;

/** WeasyPrint parts a caption from its table at the end of a page, but no paragraph that asks not to be. */
const captionAbove = (caption: string, quiet: true | undefined): Hole =>
  quiet ? "" : html`<p class="caption">${caption}</p>`;

/** Rules for the widths of columns, in per cent, for any style sheet: a strict policy allows no width at the place itself. */
export const WIDTH_RULES = Array.from({ length: 75 }, (_, index) => `.w${index}{width:${index}%}`)
  .slice(5)
  .join("");

function tileHtml({ label, count, tone }: Tile, place: In): Html {
  return html`<div class="tile edge tone-${tone}"><strong>${cellHtml(count, place)}</strong><span>${label[place.lang]}</span></div>`;
}
