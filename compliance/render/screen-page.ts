/**
 * A report as one file of HTML for a screen: opens without network, on a phone, by keyboard and screen reader. Its policy allows no resource at all but
 * its own style and script, each by its hash (CSP 3). Pure.
 */
import { sha256 } from "../../evidence/dsse.ts";
import { text } from "../../model/text.ts";
import { type Html, html, trusted } from "../../web/escape.ts";
import { blocksHtml, factsHtml, type In, phraseHtml } from "./blocks.ts";
import { type Chapter, numbered, type ReportDocument } from "./document.ts";
import { registerHtml } from "./screen-register.ts";
import { SCREEN_SCRIPT } from "./screen-script.ts";
import { SCREEN_STYLE } from "./screen-style.ts";
import type { Sources } from "./sources.ts";
import { WORDS } from "./words.ts";

const hashOf = (inline: string): string => `'sha256-${Buffer.from(sha256(inline), "hex").toString("base64")}'`;

const POLICY = `default-src 'none'; style-src ${hashOf(SCREEN_STYLE)}; script-src ${hashOf(SCREEN_SCRIPT)}; base-uri 'none'; form-action 'none'`;

const SKIP = text("Langsung ke isi", "Skip to content");

export function screenPage(document: ReportDocument, sources: Sources, place: In): string {
  const { lang } = place;
  const { letterhead, title, under, verdict, facts, notice } = document;
  const chapters = numbered(forScreen(document.chapters));
  const { government, office } = letterhead;
  return html`${trusted("<!doctype html>")}
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${title[lang]} · ${sources.assessment.region.name}</title>
<style>${trusted(SCREEN_STYLE)}</style>
</head>
<body>
<a class="skip" href="#isi">${SKIP[lang]}</a>
<header class="top"><div class="wide"><p class="issuer">${government}${office === undefined ? "" : ` · ${office}`}</p><h1>${title[lang]}</h1><p class="under">${phraseHtml(under, place)}</p></div></header>
<main id="isi" class="wide" tabindex="-1">
${notice === null ? "" : html`<p class="notice">${notice[lang]}</p>`}
<p class="verdict ${verdict.mood}">${phraseHtml(verdict.phrase, place)}</p>
<nav class="toc" aria-label="${WORDS.contents[lang]}"><ol>${chapters.map((one) => html`<li><a href="#${one.id}">${one.title[lang]}</a></li>`)}</ol></nav>
${chapters.map((chapter) => chapterHtml(chapter, sources, place))}
</main>
<footer><div class="wide">${factsHtml(facts, place)}</div></footer>
<script>${trusted(SCREEN_SCRIPT)}</script>
</body>
</html>
`.toString();
}

/** What can be searched comes second: on paper it is an annex, here it is what readers come for. */
function forScreen(chapters: readonly Chapter[]): Chapter[] {
  const [first, ...others] = chapters;
  const duties = others.filter((one) => one.duties === true).map(({ annex: _, ...rest }) => rest);
  return [...(first ? [first] : []), ...duties, ...others.filter((one) => one.duties !== true)];
}

function chapterHtml(chapter: Chapter, sources: Sources, place: In): Html {
  const { id, title, blocks } = chapter;
  const said = title[place.lang];
  if (chapter.duties === true)
    return html`<section class="chapter" aria-labelledby="${id}"><h2 id="${id}">${said}</h2>${registerHtml(sources, place)}</section>\n`;
  const body = blocksHtml(blocks, place);
  if (chapter.annex === true)
    return html`<details class="annex"><summary><h2 id="${id}">${said}</h2></summary>${body}</details>\n`;
  return html`<section class="chapter" aria-labelledby="${id}"><h2 id="${id}">${said}</h2>${body}</section>\n`;
}
