/** The frame of every page: head, header with menu and language, main, footer. Strict CSP: no inline script or style. */
import { type Hole, html } from "./escape.ts";
import { type Lang, otherLang, PREFIX, word } from "./text.ts";

export interface MenuItem {
  /** Path of the site in the page's language, an anchor, or another site's address. */
  readonly href: string;
  readonly label: string;
  readonly current?: boolean;
}

export interface Frame {
  readonly lang: Lang;
  /** Path of the page in Indonesian, for example `/layanan/`. */
  readonly path: string;
  /** Host whose address search engines should keep. Absent: no canonical address (an error page). */
  readonly canonicalHost?: string;
  readonly title: string;
  readonly description: string;
  readonly brand: { readonly name: string; readonly under: string };
  readonly menu: readonly MenuItem[];
  /** First thing of the page, over its full width. */
  readonly banner: Hole;
  readonly body: Hole;
  readonly footer: Hole;
  /** Without it the page has no counterpart in the other language. */
  readonly bilingual?: boolean;
}

/** Path of a page in a language. */
export function inLang(path: string, lang: Lang): string {
  return `${PREFIX[lang]}${path}`;
}

function head(frame: Frame): Hole {
  const { lang, path, canonicalHost } = frame;
  const alternates =
    canonicalHost === undefined
      ? html`<meta name="robots" content="noindex">`
      : html`<link rel="canonical" href="https://${canonicalHost}${inLang(path, lang)}">
<link rel="alternate" hreflang="id" href="https://${canonicalHost}${inLang(path, "id")}">
<link rel="alternate" hreflang="en" href="https://${canonicalHost}${inLang(path, "en")}">`;
  return html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${frame.title}</title>
<meta name="description" content="${frame.description}">
<meta name="color-scheme" content="light">
${alternates}
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">`;
}

function header(frame: Frame): Hole {
  const { lang } = frame;
  const other = otherLang(lang);
  return html`<header class="site"><div class="wide bar">
<a class="brand" href="${inLang("/", lang)}"><img src="/favicon.svg" alt="" width="44" height="44"><span><strong>${frame.brand.name}</strong><small>${frame.brand.under}</small></span></a>
${frame.bilingual === false ? "" : html`<a class="lang" href="${inLang(frame.path, other)}" lang="${other}" hreflang="${other}">${word("switchTo", lang)}</a>`}
</div>
${
  frame.menu.length === 0
    ? ""
    : html`<nav class="menu" aria-label="${word("mainMenu", lang)}"><ul class="wide">${frame.menu.map(
        (item) =>
          html`<li><a href="${item.href}"${item.current ? html` aria-current="page"` : ""}>${item.label}</a></li>`,
      )}</ul></nav>`
}</header>`;
}

/** The whole document. */
export function page(frame: Frame): string {
  return html`<!doctype html>
<html lang="${frame.lang}">
<head>
${head(frame)}
</head>
<body>
<a class="skip" href="#isi">${word("skip", frame.lang)}</a>
${header(frame)}
<main id="isi" tabindex="-1">
${frame.banner}
${frame.body}
</main>
<footer class="site"><div class="frieze"></div><div class="wide">
${frame.footer}
</div></footer>
</body>
</html>
`.markup;
}
