/** The head of an official paper. Pure. */
import { FAVICON } from "../../web/art.ts";
import { type Html, html, trusted } from "../../web/escape.ts";
import type { Letterhead } from "./document.ts";

/** The mark of all of the region's sites stands where a region puts its own arms. */
export function kopHtml({ government, office, lines }: Letterhead): Html {
  return html`<header class="kop">${trusted(FAVICON.trim())}<div><p class="government">${government}</p>${
    office === undefined ? "" : html`<p class="office">${office}</p>`
  }${lines.map((line) => html`<p class="line">${line}</p>`)}</div></header><div class="rule"></div>`;
}
