/** Files that machines look for: robots.txt, sitemap.xml (sitemaps.org), security.txt (RFC 9116). */
import type { HostModel, Model } from "../model/types.ts";
import { escapeText } from "./escape.ts";
import { inLang } from "./layout.ts";
import { LANGS } from "./text.ts";

/**
 * Mail address of the role that answers for the region's names: the hostmaster of its zone (SOA RNAME, RFC 1035 section 8:
 * the first unescaped dot stands for the `@`). `undefined` if the region's zone is not in the model.
 */
export function contactRole(model: Model): string | undefined {
  const hostmaster = model.zones.find((zone) => zone.name === model.region.domain)?.soa.hostmaster;
  if (hostmaster === undefined || hostmaster.includes("@")) return hostmaster;
  const name = hostmaster.replace(/\.$/, "");
  const match = /^((?:[^.\\]|\\.)+)\.(.+)$/.exec(name);
  return match ? `${match[1]?.replace(/\\(.)/g, "$1")}@${match[2]}` : undefined;
}

export function robots(host: string): string {
  return `User-agent: *\nAllow: /\nSitemap: https://${host}/sitemap.xml\n`;
}

/** @param paths Indonesian paths of the pages; each has an English counterpart. */
export function sitemap(host: string, paths: readonly string[], updated?: string): string {
  const changed = updated === undefined ? "" : `<lastmod>${escapeText(updated)}</lastmod>`;
  const entries = paths.flatMap((path) =>
    LANGS.map((lang) => `<url><loc>${escapeText(`https://${host}${inLang(path, lang)}`)}</loc>${changed}</url>\n`),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join("")}</urlset>\n`;
}

/**
 * RFC 9116. Its `Expires` is the day on which the host's own declaration ends: pages are made without a clock, and from that
 * day on nobody has said that the host is still the region's.
 */
export function securityText(host: HostModel, model: Model): string | undefined {
  const contact = contactRole(model);
  if (contact === undefined) return undefined;
  return `Contact: mailto:${contact}\nExpires: ${host.expires.slice(0, 10)}T00:00:00Z\nPreferred-Languages: id, en\nCanonical: https://${host.host}/.well-known/security.txt\n`;
}
