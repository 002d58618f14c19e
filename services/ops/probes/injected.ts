/** What others put into a page: judged from the page alone, as a search engine is shown it. Pure. */
import { SELLING, SPOKEN_OF } from "./gambling-words.ts";
import { type Attributes, tokensOf } from "./markup.ts";

export interface Page {
  /** Whose page it is. */
  readonly host: string;
  readonly html: string;
}

/** A kind of find, and where it leads or what it says. */
export type Find = `${Leading | "gambling"} ${string}`;
type Leading = "hidden-link" | "hidden-frame" | "foreign-script" | "foreign-canonical" | "leads-away";

/** So many are told of one page; that there are any is what counts. */
const MOST = 10;

interface Link {
  /** Host outside the region; undefined: it leads to one of ours, or nowhere. */
  readonly away: string | undefined;
  readonly hidden: boolean;
  text: string;
}

/** Finds in order of the page, each once; none where it is clean. @param isOurs whether a host is the region's own */
export function injectedInto({ host, html }: Page, isOurs: (host: string) => boolean): Find[] {
  const found = new Set<Find>();
  const awayOf = (url: string | undefined): string | undefined => {
    const to = hostIn(url, host);
    return to === undefined || to === host || isOurs(to) ? undefined : to;
  };
  const add = (kind: Leading, url: string | undefined): void => {
    const away = awayOf(url);
    if (away !== undefined) found.add(`${kind} ${away}`);
  };
  const links: Link[] = [];
  const read: string[] = [];
  const unseen: string[] = [];
  let link: Link | undefined;
  for (const token of tokensOf(html)) {
    if (token.kind === "text") {
      (token.hidden ? unseen : read).push(token.text);
      if (link !== undefined) link.text += token.text;
    } else if (token.kind === "close") {
      if (token.name === "a") link = undefined;
    } else {
      const { name, attributes, hidden } = token;
      if (name === "a") {
        link = { away: awayOf(attributes.get("href")), hidden, text: "" };
        links.push(link);
        if (hidden) add("hidden-link", attributes.get("href"));
      }
      if (name === "iframe" && hidden) add("hidden-frame", attributes.get("src"));
      if (name === "script") add("foreign-script", attributes.get("src"));
      if (name === "link" && relIs(attributes, "canonical")) add("foreign-canonical", attributes.get("href"));
      if (name === "meta") {
        add("leads-away", refreshOf(attributes));
        read.push(attributes.get("content") ?? "");
      }
    }
  }
  const away = links.filter((one) => one.away !== undefined).map(({ text }) => text);
  for (const phrase of phrasesIn([...read, ...unseen].join(" "), SELLING)) found.add(`gambling ${phrase}`);
  for (const phrase of phrasesIn([...away, ...unseen].join(" "), SPOKEN_OF)) found.add(`gambling ${phrase}`);
  return [...found].slice(0, MOST);
}

const relIs = (attributes: Attributes, rel: string): boolean =>
  attributes.get("rel")?.toLowerCase().split(/\s+/).includes(rel) ?? false;

/** Of `<meta http-equiv="refresh" content="0; url=…">`. */
function refreshOf(attributes: Attributes): string | undefined {
  if (attributes.get("http-equiv")?.toLowerCase() !== "refresh") return undefined;
  const [, url] = /url\s*=\s*['"]?([^'"\s]+)/i.exec(attributes.get("content") ?? "") ?? [];
  return url;
}

function hostIn(url: string | undefined, base: string): string | undefined {
  if (url === undefined || !URL.canParse(url, `https://${base}/`)) return undefined;
  const { protocol, hostname } = new URL(url, `https://${base}/`);
  return protocol === "https:" || protocol === "http:" ? hostname : undefined;
}

const FIGURES: Readonly<Record<string, string>> = { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t" };

/** Found whether written apart or together, with accents, with characters that nobody sees, or with figures for letters. */
function phrasesIn(text: string, phrases: readonly string[]): string[] {
  const plain = plainOf(text);
  const read = plain.replace(/[013457]/g, (figure) => FIGURES[figure] ?? figure);
  const says = (phrase: string): boolean => plain.includes(` ${phrase} `) || read.includes(` ${phrase} `);
  return phrases.filter((phrase) => says(phrase) || (phrase.includes(" ") && says(phrase.replaceAll(" ", ""))));
}

function plainOf(text: string): string {
  const letters = text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase();
  return ` ${letters.replace(/[^\p{L}\p{N}]+/gu, " ")} `;
}
