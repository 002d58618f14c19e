/** The style of reports on paper: A4, head of the paper, page numbers, table of contents (CSS Paged Media, as WeasyPrint 57 and later read it). */
import { PRINTED } from "../../web/print.ts";
import { WIDTH_RULES } from "./blocks.ts";
import { TONE_RULES } from "./tones.ts";

const KOP = `
.kop { display: flex; align-items: center; border-bottom: 0.8mm solid #111; padding-bottom: 2.5mm; margin-bottom: 0.7mm; }
.kop::after { content: ""; width: 19mm; flex: none; }
.kop svg { width: 19mm; height: 19mm; flex: none; }
.kop div { flex: 1; text-align: center; padding: 0 4mm; }
.kop p { margin: 0; color: #111; line-height: 1.25; }
.kop .government { font-size: 12pt; letter-spacing: 0.3pt; text-transform: uppercase; }
.kop .office { font-size: 13pt; font-weight: bold; text-transform: uppercase; }
.kop .line { font-size: 8.5pt; color: #333; }
.rule { border-top: 0.3mm solid #111; margin: 0 0 6mm; }
`;

const PAGES = `
@page { size: A4; margin: 22mm 17mm 20mm; }
@page { @top-left { content: string(document); font: 8pt "Liberation Sans", Arial, sans-serif; color: #555; } }
@page { @top-right { content: string(chapter); font: 8pt "Liberation Sans", Arial, sans-serif; color: #555; } }
@page { @bottom-left { content: string(digest); font: 6.5pt "Liberation Mono", monospace; color: #777; } }
@page { @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "Liberation Sans", Arial, sans-serif; color: #333; } }
@page :first { margin-top: 16mm; @top-left { content: none; } @top-right { content: none; } @bottom-right { content: none; } }
body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; }
.running-title { string-set: document content(); position: absolute; font-size: 0; color: transparent; }
.running-digest { string-set: digest content(); position: absolute; font-size: 0; color: transparent; }
h2 { string-set: chapter content(); }
.new-page { break-before: page; }
`;

const COVER = `
.cover h1 { font: bold 25pt/1.18 "Liberation Serif", "Times New Roman", serif; color: #17463a; margin: 30mm 0 4mm; max-width: 150mm; }
.cover .under { font-size: 13pt; color: #333; margin: 0 0 10mm; }
.cover dl.facts dt { width: 52mm; }
.cover .verdict { margin: 0 0 10mm; font-size: 12.5pt; line-height: 1.35; border-width: 0 0 0 2mm; padding: 2mm 5mm; background: #f6f2e7; }
.cover .notice { border: 0.3mm solid #8a5c10; color: #6b470a; background: #fdf6e3; padding: 2mm 4mm; margin: 8mm 0 0; }
.toc { break-before: page; }
.toc ol { list-style: none; margin: 0; padding: 0; }
.toc li { margin: 0; padding: 1.5mm 0; border-bottom: 0.2mm solid #ddd6c6; }
.toc a { color: #111; text-decoration: none; }
.toc a::after { content: target-counter(attr(href), page); float: right; font-variant-numeric: tabular-nums; }
`;

const PARTS = `
h2 { font: bold 16pt/1.2 "Liberation Serif", "Times New Roman", serif; color: #17463a; margin: 9mm 0 3.5mm; padding-bottom: 1.2mm; border-bottom: 0.5mm solid #e3b04b; break-after: avoid; }
.new-page > h2 { margin-top: 0; }
h3 { font-size: 11pt; margin: 5mm 0 1.5mm; break-after: avoid; }
p.prose, p.note, p.bad { margin: 0 0 2.5mm; }
.signatures div { margin-right: 12mm; }
p.note { color: #444; }
ul, ol { margin: 0 0 3mm; padding-left: 6mm; }
li { margin-bottom: 0.8mm; }
code { font: 7.4pt/1.35 "Liberation Mono", monospace; color: #444; overflow-wrap: anywhere; }
.table { margin: 0 0 5mm; }
table { font-size: 8.4pt; line-height: 1.32; table-layout: fixed; }
.caption { font-weight: bold; font-size: 9pt; margin: 0 0 1.2mm; color: #333; break-after: avoid; }
thead th { background: #efe9d9; font-size: 7.8pt; vertical-align: bottom; border-bottom: 0.3mm solid #b9a97c; overflow-wrap: anywhere; hyphens: auto; }
.dense { font-size: 7.6pt; }
.dense thead th { font-size: 6.2pt; padding: 1mm 0.6mm; }
.dense td { padding: 1mm 0.6mm; }
td div + div { margin-top: 0.6mm; }
td > div:first-child { color: #111; }
dl.facts { margin: 0 0 4mm; }
dl.facts > div { display: flex; border-bottom: 0.2mm solid #ddd6c6; padding: 1mm 0; break-inside: avoid; }
dl.facts dt { width: 36mm; flex: none; color: #555; padding-right: 3mm; }
dl.facts dd { margin: 0; flex: 1; overflow-wrap: anywhere; }
.tiles { display: flex; margin: 0 -1.2mm 6mm; }
.tile { flex: 1; margin: 0 1.2mm; border: 0.2mm solid #ddd6c6; border-left-width: 1.4mm; padding: 2mm 2.5mm; background: #fffdf7; }
.tile strong { display: block; font: bold 19pt/1.1 "Liberation Serif", "Times New Roman", serif; }
.tile span { font-size: 8pt; color: #444; }
figure { margin: 0 0 6mm; break-inside: avoid; }
figure svg { width: 100%; }
figcaption { font-size: 8pt; color: #555; margin-top: 1mm; }
.card { border: 0.2mm solid #cfc6ae; border-left-width: 1.6mm; padding: 2.5mm 4mm 1mm; margin: 0 0 4.5mm; break-inside: avoid-page; }
.card .over { margin: 0; font-size: 8pt; color: #555; }
.card h3 { margin: 0.6mm 0 1.5mm; }
.card dl.facts { margin: 0; font-size: 8.8pt; }
.card dl.facts > div:last-child { border-bottom: 0; }
.card dl.facts dt { width: 30mm; }
`;

export const REPORT_PRINTED = `${PRINTED}${KOP}${PAGES}${COVER}${PARTS}${TONE_RULES}${WIDTH_RULES}`;
/** What letters have of it. */
export const LETTER_PARTS = `${KOP}${PARTS}${TONE_RULES}${WIDTH_RULES}`;
