/**
 * The tags and the text of a page, in order. Pages may be broken or made to mislead: nothing is repaired, and every step is linear in the
 * page. Pure.
 */

export type Token =
  | { readonly kind: "open"; readonly name: string; readonly attributes: Attributes; readonly hidden: boolean }
  | { readonly kind: "close"; readonly name: string }
  /** Of what a reader would read: no scripts, styles and comments. */
  | { readonly kind: "text"; readonly text: string; readonly hidden: boolean };

/** By name in lower case; entities resolved. */
export type Attributes = ReadonlyMap<string, string>;

interface Open {
  readonly name: string;
  readonly hidden: boolean;
}

const VOID: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);
const RAW: ReadonlySet<string> = new Set(["script", "style"]);
/** Nobody nests deeper in earnest; what does is taken as it stands there. */
const DEEPEST = 512;
const TAG_NAME = /[a-zA-Z][^\s/>]*/y;
const ATTRIBUTE = /[\s/]*([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?/y;

export function* tokensOf(html: string): Generator<Token> {
  const open: Open[] = [];
  const hidden = (): boolean => open.at(-1)?.hidden ?? false;
  for (let at = 0; at < html.length; ) {
    const next = html.indexOf("<", at);
    const text = html.slice(at, next < 0 ? undefined : next);
    if (text !== "") yield { kind: "text", text: decode(text), hidden: hidden() };
    if (next < 0) return;
    if (html.startsWith("<!--", next)) {
      at = after(html, "-->", next + 4);
      continue;
    }
    const closing = html[next + 1] === "/";
    TAG_NAME.lastIndex = next + (closing ? 2 : 1);
    const name = TAG_NAME.exec(html)?.[0].toLowerCase();
    const end = name === undefined ? next + 1 : endOfTag(html, TAG_NAME.lastIndex);
    at = end;
    if (name === undefined) continue;
    if (closing) {
      const place = open.findLastIndex((one) => one.name === name);
      if (place >= 0) open.length = place;
      yield { kind: "close", name };
      continue;
    }
    const attributes = attributesIn(html.slice(next + 1 + name.length, end - 1));
    const isHidden = hidden() || hides(attributes);
    yield { kind: "open", name, attributes, hidden: isHidden };
    if (RAW.has(name)) at = endOfRaw(html, name, end);
    else if (!VOID.has(name) && open.length < DEEPEST) open.push({ name, hidden: isHidden });
  }
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

/** After its `>`, which may stand in a value in quotation marks before; anywhere else these are letters like others. */
function endOfTag(html: string, from: number): number {
  let [quote, isValue] = ["", false];
  for (let at = from; at < html.length; at += 1) {
    const character = html[at] as string;
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === ">") return at + 1;
    else if (isValue && (character === '"' || character === "'")) quote = character;
    if (character.trim() !== "") isValue = character === "=" && quote === "";
  }
  return html.length;
}

/** Where what a script or style holds ends, and its closing tag begins. */
function endOfRaw(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}`, "gi");
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? html.length;
}

function attributesIn(text: string): Attributes {
  const found = new Map<string, string>();
  for (ATTRIBUTE.lastIndex = 0; ; ) {
    const match = ATTRIBUTE.exec(text);
    if (match === null) return found;
    const [, name = "", ...values] = match;
    const key = name.toLowerCase();
    // Of two of one name the first counts (HTML, 13.2.5.33).
    if (!found.has(key)) found.set(key, decode(values.find((value) => value !== undefined) ?? ""));
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));?/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** How links are kept from readers and shown to search engines; what a style sheet hides is not seen here. */
const HIDING: readonly RegExp[] = [
  /display:none/,
  /visibility:(?:hidden|collapse)/,
  /opacity:0(?![.\d])|opacity:0?\.0+(?!\d)/,
  /font-size:0(?![.\d])/,
  /text-indent:-\d{3}/,
  /(?:left|top|right|bottom|margin|margin-left|margin-top):-\d{3}/,
  /(?:height|width):[01](?:px)?;(?:.*;)?overflow:hidden|overflow:hidden;(?:.*;)?(?:height|width):[01](?:px)?(?:;|$)/,
];

function hides(attributes: Attributes): boolean {
  if (attributes.has("hidden")) return true;
  const style = attributes.get("style")?.toLowerCase().replace(/\s+/g, "").replaceAll("!important", "") ?? "";
  // Longer ones are no hand's work, and would only make matching slow.
  return HIDING.some((pattern) => pattern.test(style.slice(0, 1000)));
}
