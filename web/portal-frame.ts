/** The frame that all pages of the regional portal share. */
import type { Atlas } from "./atlas.ts";
import { emailLink, given, link } from "./components.ts";
import { type Hole, html } from "./escape.ts";
import { inLang, type MenuItem, page } from "./layout.ts";
import { complaintUrl } from "./opd.ts";
import { type Lang, type Word, word } from "./text.ts";
import { contactRole } from "./wellknown.ts";

/** Pages of the portal: path and its word in the menu. */
export const PORTAL_MENU: readonly { readonly path: string; readonly label: Word }[] = [
  { path: "/", label: "home" },
  { path: "/profil/", label: "profile" },
  { path: "/berita/", label: "news" },
  { path: "/layanan/", label: "services" },
  { path: "/opd/", label: "agencies" },
  { path: "/aplikasi/", label: "applicationsShort" },
  { path: "/tautan/", label: "links" },
];

/** What one page of the portal adds to the frame. */
export interface PortalPage {
  readonly path: string;
  readonly title: string;
  /** Sentence below the title. Absent: none. */
  readonly lead?: string;
  /** In place of the plain banner of a title and a sentence. */
  readonly banner?: Hole;
  readonly body: Hole;
}

function menu(atlas: Atlas, lang: Lang, path: string): readonly MenuItem[] {
  const own = PORTAL_MENU.map((item) => ({
    href: inLang(item.path, lang),
    label: word(item.label, lang),
    current: item.path === path,
  }));
  const complaint = complaintUrl(atlas, lang);
  return complaint === undefined ? own : [...own, { href: complaint, label: word("complaints", lang) }];
}

function footer(atlas: Atlas, lang: Lang): Hole {
  const contact = contactRole(atlas.model);
  return html`<p><strong>${given(atlas.model.region.government, lang)}</strong><br>${atlas.model.region.domain}</p>
<p>${link(inLang("/kelengkapan/", lang), word("completeness", lang))}${contact === undefined ? "" : html`<br>${word("contact", lang)}: ${emailLink(contact)}`}</p>`;
}

export function portalPage(content: PortalPage, atlas: Atlas, lang: Lang): string {
  const { government } = atlas.model.region;
  const lead = content.lead === undefined ? "" : html`<p class="lead">${content.lead}</p>`;
  return page({
    lang,
    path: content.path,
    canonicalHost: atlas.portalHost ?? atlas.model.region.domain,
    title: content.path === "/" ? `${government} · ${word("portal", lang)}` : `${content.title} · ${government}`,
    description: content.lead ?? `${content.title} · ${government}`,
    brand: { name: government, under: word("portal", lang) },
    menu: menu(atlas, lang, content.path),
    banner: content.banner ?? html`<div class="banner"><div class="wide"><h1>${content.title}</h1>${lead}</div></div>`,
    body: content.body,
    footer: footer(atlas, lang),
  });
}
