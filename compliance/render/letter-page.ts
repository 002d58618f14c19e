/** A letter as HTML for WeasyPrint, in the form of Indonesian official letters: head of the paper, number, nature, attachments, subject, copies. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { type Html, html, trusted } from "../../web/escape.ts";
import { PRINTED } from "../../web/print.ts";
import { longDate } from "../../web/text.ts";
import { blocksHtml, type In } from "./blocks.ts";
import { kopHtml } from "./kop.ts";
import type { Letter } from "./letters.ts";
import { LETTER_PARTS } from "./print-style.ts";
import type { Sources } from "./sources.ts";
import { WORDS } from "./words.ts";

const OWN = `
@page { size: A4; margin: 14mm 20mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "Liberation Sans", Arial, sans-serif; color: #333; } @bottom-left { content: string(digest); font: 6.5pt "Liberation Mono", monospace; color: #777; } }
body { margin: 0; padding: 0; max-width: none; font: 10.5pt/1.42 "Liberation Serif", "Times New Roman", serif; }
.running-digest { string-set: digest content(); position: absolute; font-size: 0; color: transparent; }
.kop p, .tile strong, .tile span, table, .caption, figcaption { font-family: "Liberation Sans", Arial, sans-serif; }
.kop .government { font-size: 12.5pt; } .kop .office { font-size: 13.5pt; }
.rule { margin-bottom: 4mm; }
.dated { text-align: right; margin: 0 0 3mm; }
.about { display: flex; margin: 0 0 4mm; }
.about dl { flex: 1; margin: 0; }
.about dl div { display: flex; }
.about dt { width: 20mm; }
.about dd { margin: 0; flex: 1; }
.about dd::before { content: ": "; }
.about .to { width: 70mm; margin: 0; }
h3 { font-size: 10.5pt; margin: 3mm 0 1mm; }
p.prose, p.note { text-align: left; }
p.good, p.bad { margin: 0 0 2.5mm; }
.table { margin-bottom: 3mm; }
.tiles { margin-bottom: 3.5mm; } .tile { padding: 1.2mm 2mm; } .tile strong { font-size: 14pt; } .tile span { font-size: 7.5pt; }
figure { margin-bottom: 3mm; } figure svg { width: 86%; }
.end { display: flex; margin-top: 7mm; break-inside: avoid; }
.end .copies { flex: 1; align-self: flex-end; font-size: 9.5pt; }
.end .copies p { margin: 0; } .end .copies ol { margin: 0; padding-left: 5mm; }
.end .signed { width: 72mm; }
.end .signed p { margin: 0; } .end .room { height: 20mm; } .end .line { border-top: 0.2mm solid #111; padding-top: 0.8mm; color: #555; font-size: 9pt; }
.draft { color: #8a5c10; font-size: 8.5pt; margin: 2mm 0 0; }
@media screen { body { max-width: 178mm; margin: 8mm auto; padding: 0 4mm; } }
@media screen and (max-width: 150mm) {
  .about { flex-direction: column; } .about .to { order: -1; width: auto; margin: 0 0 4mm; }
  .tiles { flex-wrap: wrap; } .tile { flex: 1 0 26%; margin: 0 1.2mm 1.2mm; }
  .table { overflow-x: auto; } table { table-layout: auto; min-width: 120mm; } th, td, thead th { overflow-wrap: break-word; hyphens: none; }
  .end { flex-direction: column-reverse; } .end .copies { align-self: auto; margin-top: 6mm; }
}
`;

const SAID = {
  number: text("Nomor", "Number"),
  nature: text("Sifat", "Nature"),
  attachments: text("Lampiran", "Attachments"),
  subject: text("Hal", "Subject"),
  to: text("Yth.", "To:"),
  at: text("di tempat", "at his office"),
  copies: text("Tembusan:", "Copies:"),
  signed: text("nama, pangkat, NIP", "name, rank, number"),
  draft: text(
    "Konsep: nomor diberikan oleh tata usaha, dan surat ini berlaku setelah ditandatangani.",
    "Draft: the registry gives the number, and the letter is valid once it is signed.",
  ),
} as const satisfies Readonly<Record<string, Text>>;

/** The registry writes the number. */
const TO_BE_NUMBERED = "……/……/……/……";

export function letterPage(letter: Letter, { assessment, digest }: Sources, place: In): string {
  const { lang } = place;
  const { letterhead, nature, attachments, subject, to, body, signatory, copies } = letter;
  const notice = assessment.region.lab || assessment.region.example;
  return html`${trusted("<!doctype html>")}
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${subject[lang]}</title>
<meta name="author" content="${letterhead.government}">
<meta name="dcterms.created" content="${assessment.at}">
<style>${trusted(`${PRINTED}${LETTER_PARTS}${OWN}`)}</style>
</head>
<body>
<p class="running-digest">SHA-256 ${digest}</p>
${kopHtml(letterhead)}
<p class="dated">${datedAt(letter, place)}</p>
<div class="about"><dl>${[
    [SAID.number, TO_BE_NUMBERED],
    [SAID.nature, nature[lang]],
    [SAID.attachments, attachments[lang]],
    [SAID.subject, subject[lang]],
  ].map(
    ([name, value]) => html`<div><dt>${(name as Text)[lang]}</dt><dd>${value as string}</dd></div>`,
  )}</dl><p class="to">${SAID.to[lang]} ${to[lang]}<br>${SAID.at[lang]}</p></div>
${blocksHtml(body, place)}
<div class="end"><div class="copies"><p>${SAID.copies[lang]}</p><ol>${copies.map((one) => html`<li>${one[lang]}</li>`)}</ol><p class="draft">${SAID.draft[lang]}</p>${
    notice ? html`<p class="draft">${WORDS.example[lang]}</p>` : ""
  }</div><div class="signed"><p>${signatory[lang]},</p><div class="room"></div><p class="line">${SAID.signed[lang]}</p></div></div>
</body>
</html>
`.toString();
}

function datedAt({ seat, date, hijri }: Letter, { lang }: In): Html {
  return html`${seat === undefined ? "" : `${seat}, `}${longDate(date, lang)}${hijri === undefined ? "" : html`<br>${hijri}`}`;
}
