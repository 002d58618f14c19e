/** A report as HTML for WeasyPrint: cover, table of contents, chapters. No resource from elsewhere, no script. Pure. */
import { type Html, html, trusted } from "../../web/escape.ts";
import { blocksHtml, factsHtml, type In, phraseHtml } from "./blocks.ts";
import { type Chapter, numbered, type ReportDocument } from "./document.ts";
import { kopHtml } from "./kop.ts";
import { REPORT_PRINTED } from "./print-style.ts";
import type { Sources } from "./sources.ts";
import { WORDS } from "./words.ts";

export function printPage(document: ReportDocument, { assessment, digest }: Sources, place: In): string {
  const { lang } = place;
  const { letterhead, title, under, verdict, facts, notice, signatures } = document;
  const chapters = numbered(document.chapters);
  return html`${trusted("<!doctype html>")}
<html lang="${lang}">
<head>
<meta charset="utf-8">
<title>${title[lang]}</title>
<meta name="author" content="${letterhead.government}">
<meta name="dcterms.created" content="${assessment.at}">
<style>${trusted(REPORT_PRINTED)}</style>
</head>
<body>
<p class="running-title">${title[lang]} · ${assessment.region.name}</p><p class="running-digest">SHA-256 ${digest}</p>
<section class="cover">
${kopHtml(letterhead)}
<h1>${title[lang]}</h1>
<p class="under">${phraseHtml(under, place)}</p>
<p class="verdict ${verdict.mood}">${phraseHtml(verdict.phrase, place)}</p>
${factsHtml(facts, place)}
${notice === null ? "" : html`<p class="notice">${notice[lang]}</p>`}
</section>
<nav class="toc"><h2>${WORDS.contents[lang]}</h2><ol>${chapters.map((one) => html`<li><a href="#${one.id}">${one.title[lang]}</a></li>`)}</ol></nav>
${chapters.map((chapter) => chapterHtml(chapter, place))}
<section class="signatures">${signatures.map((who) => html`<div><p>${who[lang]}</p><p class="line"></p><p>${WORDS.signature[lang]}</p></div>`)}</section>
</body>
</html>
`.toString();
}

function chapterHtml({ id, title, blocks, newPage }: Chapter, place: In): Html {
  return html`<section class="${newPage ? "new-page" : "chapter"}"><h2 id="${id}">${title[place.lang]}</h2>
${blocksHtml(blocks, place)}</section>
`;
}
