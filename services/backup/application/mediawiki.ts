/** MediaWiki: the page that was changed last, and what its newest revision says. */
import { isShown, lettersOf } from "./page-text.ts";
import { isPublic, type Served } from "./upload.ts";
import { type Query, quoted, type Witness } from "./witness.ts";

/** By images/mediawiki/etc/lumbung/app/nginx.conf. */
export const mediawikiUploads: Served = {
  at: "/images/",
  isServed: (path) => isPublic(path) && !/^(deleted|temp|lockdir)\//.test(path),
};

/** In PostgreSQL the table of texts is called otherwise in wikis that were founded long ago (MediaWiki: PostgresUpdater). */
const TEXTS = "select coalesce(to_regclass('mediawiki.text'), to_regclass('mediawiki.pagecontent'))::text as name";
const newest = (texts: string): string => `
  select p.page_title as title, t.old_text as text, t.old_flags as flags
  from mediawiki.page p
  join mediawiki.slots s on s.slot_revision_id = p.page_latest
  join mediawiki.slot_roles r on r.role_id = s.slot_role_id and r.role_name = 'main'
  join mediawiki.content c on c.content_id = s.slot_content_id
  join ${texts} t on c.content_address = 'tt:' || t.old_id
  where p.page_namespace = 0 and p.page_is_redirect = 0
  order by p.page_latest desc limit 1`;

/** Undefined where the wiki has no page. */
export async function mediawikiWitness(query: Query): Promise<Witness | undefined> {
  const texts = (await query(TEXTS))[0]?.name;
  if (typeof texts !== "string") return undefined;
  const [row] = await query(newest(texts));
  if (!row) return undefined;
  const title = String(row.title).replaceAll("_", " ");
  // A text that is packed, or kept elsewhere, is for MediaWiki alone to read.
  const isPlain = !/gzip|object|external/.test(String(row.flags));
  const said = isPlain ? longestPlainRun(String(row.text)) : "";
  const path = `/wiki/${String(row.title).split("/").map(encodeURIComponent).join("/")}`;
  const what = `the newest revision of the page that was changed last, ${quoted(title)}`;
  return said === ""
    ? { path, what, isIn: (html) => isShown(html, title) }
    : { path, what: `${what}: ${quoted(said)}`, isIn: (html) => isShown(html, said) };
}

const LONGEST = 120;

/** Of a wiki text the longest run of words that is shown as it stands; empty where it has none. Pure. */
export function longestPlainRun(wikitext: string): string {
  const shown = withoutTemplates(wikitext.replace(/<!--.*?-->/gs, "\n"))
    .replace(/<(ref|nowiki|pre|math|syntaxhighlight|gallery|noinclude|includeonly)\b.*?(<\/\1\s*>|\/>)/gis, "\n")
    .replace(/\{\|.*?\|\}/gs, "\n")
    .replace(/\[\[.*?\]\]|\[.*?\]|<[^>]*>|https?:\S+|__[A-Z]+__/gs, "\n");
  const runs = shown.match(/[\p{L}\p{M}\p{N} ,.()-]+/gu) ?? [];
  const longest = runs
    .map((run) => run.trim())
    .reduce((a, b) => (lettersOf(b).length > lettersOf(a).length ? b : a), "");
  if (longest.length <= LONGEST) return longest;
  return longest.slice(0, longest.lastIndexOf(" ", LONGEST) + 1 || LONGEST).trim();
}

/** Templates lie in one another: the innermost go first. */
function withoutTemplates(text: string): string {
  const without = text.replace(/\{\{[^{}]*\}\}/g, "\n");
  return without === text ? text : withoutTemplates(without);
}
