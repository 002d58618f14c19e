/**
 * HTML that cannot be broken out of: a template whose every hole is escaped, unless it is HTML from the same template.
 * The one place where text becomes markup (OWASP: output encoding for HTML body and quoted attributes).
 */

/** Markup that is known to be safe, because {@link html} or {@link trusted} made it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
  toString(): string {
    return this.markup;
  }
}

/** What may stand in a hole: text and numbers are escaped; `undefined`, `null` and `false` are nothing; lists are joined. */
export type Hole = Html | string | number | false | null | undefined | readonly Hole[];

/** Anything but the printable ASCII that stands for itself: most texts have none of it, and are done with one look. */
const UNUSUAL = /[^ !#-%(-;=?-_a-~]/;
const EACH_SPECIAL = /[&<>"'`]/g;
/**
 * Never of use in content: characters that HTML and XML forbid (controls, lone surrogates, U+FFFE and U+FFFF), and the
 * bidirectional overrides and isolates with which a text can be shown in another order than it is stored (CVE-2021-42574).
 */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu;
const REPLACEMENT: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text as it may stand in an HTML or XML body or in a quoted attribute. */
export function escapeText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text.replace(FORBIDDEN, "").replace(EACH_SPECIAL, (character) => REPLACEMENT[character] ?? "");
}

/** Markup that is written in the source itself (an SVG, a doctype); never for anything that was read. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function render(hole: Hole): string {
  if (typeof hole === "string") return escapeText(hole);
  if (hole instanceof Html) return hole.markup;
  if (typeof hole === "number") return String(hole);
  if (hole === undefined || hole === null || hole === false) return "";
  let joined = "";
  for (const part of hole) joined += render(part);
  return joined;
}

/** Tagged template: `` html`<p>${text}</p>` ``. Holes in attributes must be quoted. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  let markup = parts[0] ?? "";
  for (let index = 0; index < holes.length; index++) markup += render(holes[index]) + (parts[index + 1] ?? "");
  return new Html(markup);
}
