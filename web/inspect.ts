/** Checks over rendered pages, for tests: tags balance, links lead somewhere, nothing is inline or from outside. */
import type { Model } from "../model/types.ts";
import type { Pages } from "./sites.ts";

const VOID = new Set([
  "area",
  "base",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "track",
  "wbr",
]);
const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-zA-Z_:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g;
const NESTING: Readonly<Record<string, readonly string[]>> = {
  li: ["ul", "ol"],
  tr: ["thead", "tbody", "table"],
  td: ["tr"],
  th: ["tr"],
  dt: ["dl", "div"],
  dd: ["dl", "div"],
  option: ["select", "optgroup"],
};
const NOT_IN_P = new Set([
  "p",
  "ul",
  "ol",
  "dl",
  "table",
  "section",
  "article",
  "div",
  "h1",
  "h2",
  "h3",
  "nav",
  "address",
]);

/** What is wrong with a document: unbalanced or stray markup, ids used twice, headings that skip, no lang, no one h1. */
export function htmlProblems(document: string): readonly string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  let heading = 0;
  const body = document.replace(/^<!doctype html>\n/, "");
  if (body === document) problems.push("no doctype");
  if (!/^<html lang="(id|en)">/.test(body)) problems.push("no lang");
  for (const [, closing, name = "", attributes = ""] of body.matchAll(TAG)) {
    if (closing === "/") {
      const last = open.pop();
      if (last !== name) problems.push(`</${name}> closes <${last}>`);
      continue;
    }
    const parents = NESTING[name];
    if (parents && !parents.includes(open.at(-1) ?? "")) problems.push(`<${name}> in <${open.at(-1)}>`);
    if (NOT_IN_P.has(name) && open.includes("p")) problems.push(`<${name}> in <p>`);
    if (name === "a" && open.includes("a")) problems.push("<a> in <a>");
    const id = /\sid="([^"]*)"/.exec(attributes)?.[1];
    if (id !== undefined && ids.has(id)) problems.push(`id "${id}" twice`);
    if (id !== undefined) ids.add(id);
    for (const bad of attributes.replace(/"[^"]*"/g, "").matchAll(/\s(style|on[a-z]+)=/g))
      problems.push(`inline ${bad[1]} on <${name}>`);
    if (name === "script" || name === "style" || name === "iframe") problems.push(`<${name}>`);
    if (name === "img" && !/\salt="/.test(attributes)) problems.push("<img> without alt");
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level !== undefined) {
      if (Number(level) > heading + 1) problems.push(`h${level} after h${heading}`);
      heading = Number(level);
    }
    if (!VOID.has(name)) open.push(name);
  }
  if (open.length > 0) problems.push(`never closed: ${open.join(" ")}`);
  if (body.replace(TAG, "").match(/[<>]/))
    problems.push(`stray < or >: ${/.{0,30}[<>].{0,30}/.exec(body.replace(TAG, ""))}`);
  const labels = [...body.matchAll(/aria-labelledby="([^"]*)"/g)].map((match) => match[1] ?? "");
  for (const label of labels) if (!ids.has(label)) problems.push(`aria-labelledby "${label}" leads nowhere`);
  const count = body.match(/<h1[ >]/g)?.length ?? 0;
  if (count !== 1) problems.push(`${count} h1`);
  for (const landmark of ["header", "main", "footer"])
    if (!body.includes(`<${landmark}`)) problems.push(`no <${landmark}>`);
  return problems;
}

/** Hosts whose pages are not made here: applications answer for their own, and the code repository for its. */
const SERVED_ELSEWHERE: ReadonlySet<string> = new Set(["application", "code"]);

/** Links, images and style sheets that lead nowhere: within a site, between sites, or to a host that is not declared. */
export function brokenLinks(pages: Pages, model: Model): readonly string[] {
  const served = new Map(model.hosts.map((host) => [host.host, host.serves.kind]));
  const idsOf = new Map<string, ReadonlySet<string>>();
  const ids = (key: string): ReadonlySet<string> => {
    const known = idsOf.get(key);
    if (known) return known;
    const found = new Set([...String(pages.get(key)).matchAll(/\sid="([^"]*)"/g)].map((match) => match[1] ?? ""));
    idsOf.set(key, found);
    return found;
  };
  const broken: string[] = [];
  for (const [key, content] of pages) {
    if (!key.endsWith(".html")) continue;
    const slash = key.indexOf("/");
    const base = `https://${key.slice(0, slash)}${key.slice(slash).replace(/index\.html$/, "")}`;
    for (const [, raw = ""] of String(content).matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const target = new URL(raw.replaceAll("&amp;", "&"), base);
      if (["mailto:", "tel:"].includes(target.protocol)) continue;
      const path = target.pathname.endsWith("/") ? `${target.pathname}index.html` : target.pathname;
      const file = `${target.host}${path}`;
      const fragment = decodeURIComponent(target.hash.slice(1));
      if (target.protocol !== "https:") broken.push(`${key}: ${raw}: not https`);
      else if (SERVED_ELSEWHERE.has(served.get(target.host) ?? "")) continue;
      else if (!served.has(target.host)) broken.push(`${key}: ${raw}: host not declared`);
      else if (!pages.has(file)) broken.push(`${key}: ${raw}: no such page`);
      else if (fragment !== "" && !ids(file).has(fragment)) broken.push(`${key}: ${raw}: no such anchor`);
    }
  }
  return broken;
}
