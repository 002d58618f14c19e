/** Bars of parts as SVG: drawn with attributes alone, so that they stand under a strict policy, in print and without colour. Pure. */
import { show, type Zone } from "../../web/cells.ts";
import { type Html, html } from "../../web/escape.ts";
import type { Lang } from "../../web/text.ts";
import type { Bar } from "./document.ts";
import { TONES } from "./tones.ts";

const WIDTH = 640;
const LABEL = 226;
const TOTAL = 34;
const BAR = 20;
const STEP = 30;
const LEGEND = 26;
/** Of a character of the legend: of the widest of the fonts that a machine may have in place of the first. */
const LEGEND_CHARACTER = 7.3;
/** Narrower parts carry no number: it would not fit. */
const FITS = 14;

/** One bar under another, all on one scale, with a legend. */
export function barsSvg(title: string, bars: readonly Bar[], lang: Lang, zone: Zone): Html {
  const room = WIDTH - LABEL - TOTAL;
  const longest = Math.max(1, ...bars.map((bar) => totalOf(bar)));
  const legend = legendOf(bars, lang);
  const top = LEGEND * legend.rows + 6;
  const height = top + bars.length * STEP;
  const rows = bars.map((bar, index) => {
    const y = top + index * STEP;
    let x = LABEL;
    const parts = bar.parts
      .filter(({ count }) => (count.count ?? 0) > 0)
      .map(({ tone, count }) => {
        const width = ((count.count ?? 0) / longest) * room;
        const at = x;
        x += width;
        const number =
          width < FITS
            ? ""
            : html`<text x="${round(at + width / 2)}" y="${y + 14.5}" text-anchor="middle" fill="${TONES[tone].ink}" font-size="11" font-weight="700">${show(count, lang, zone)}</text>`;
        return html`<rect x="${round(at)}" y="${y}" width="${round(width)}" height="${BAR}" fill="${TONES[tone].fill}" stroke="#fff" stroke-width="1"/>${number}`;
      });
    const total = show({ kind: "count", count: totalOf(bar) }, lang, zone);
    return html`<text x="${LABEL - 8}" y="${y + 14.5}" text-anchor="end" font-size="12" fill="#1d2823">${short(bar.label[lang])}</text>${parts}<text x="${round(x + 6)}" y="${y + 14.5}" font-size="12" font-weight="700" fill="#1d2823">${total}</text>\n`;
  });
  return html`<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}" font-family="Liberation Sans, Arial, sans-serif">
${legend.marks}
${rows}</svg>`;
}

const totalOf = ({ parts }: Bar): number => parts.reduce((sum, { count }) => sum + (count.count ?? 0), 0);

/** Tones that occur, in the order of the parts, as many in a row as fit. */
function legendOf(bars: readonly Bar[], lang: Lang): { readonly rows: number; readonly marks: readonly Html[] } {
  const seen = new Map(
    bars.flatMap(({ parts }) =>
      parts.filter(({ count }) => (count.count ?? 0) > 0).map((part) => [part.label[lang], part.tone] as const),
    ),
  );
  let [x, row] = [0, 0];
  const marks = [...seen].map(([label, tone]) => {
    const width = 30 + label.length * LEGEND_CHARACTER;
    if (x + width > WIDTH) [x, row] = [0, row + 1];
    const at = x;
    x += width;
    const y = row * LEGEND;
    return html`<rect x="${round(at)}" y="${y + 2}" width="12" height="12" fill="${TONES[tone].fill}"/><text x="${round(at + 17)}" y="${y + 12.5}" font-size="12" fill="#1d2823">${label}</text>`;
  });
  return { rows: seen.size === 0 ? 0 : row + 1, marks };
}

/** What does not fit beside the bars ends in an ellipsis; the table below the chart has it whole. */
const short = (label: string): string => (label.length <= 38 ? label : `${label.slice(0, 37)}…`);

const round = (value: number): string => value.toFixed(1);
