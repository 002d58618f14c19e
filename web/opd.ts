/** The site of one OPD: a single page with every kind of content that it must carry (Empat Lawang 15(3), 29(5)). */
import type { OpdModel } from "../model/types.ts";
import type { Atlas } from "./atlas.ts";
import {
  bullets,
  contactBlock,
  given,
  link,
  mergedNote,
  missing,
  newsList,
  opdLink,
  paragraphs,
  section,
  serviceTable,
  siteUrl,
  updatedLine,
} from "./components.ts";
import { OPD_CONTENTS, type OpdContentId } from "./contents.ts";
import { type Hole, type Html, html } from "./escape.ts";
import { inLang, page } from "./layout.ts";
import { type Lang, word } from "./text.ts";

interface Subject {
  readonly opd: OpdModel;
  readonly atlas: Atlas;
  readonly lang: Lang;
}

function part(title: string, items: readonly string[] | undefined, lang: Lang): Html {
  const body = items === undefined || items.length === 0 ? missing(lang) : bullets(items, lang);
  return html`<h3>${title}</h3>${body}`;
}

function profile({ opd, atlas, lang }: Subject): Hole {
  const sources = atlas.absorbed.get(opd.id) ?? [];
  return html`${opd.contents.profile === undefined ? missing(lang) : paragraphs(opd.contents.profile, lang)}
${opd.aliases.length === 0 ? "" : html`<p class="note">${word("alsoCalled", lang)}: ${given(opd.aliases.join(", "), lang)}</p>`}
${sources.length === 0 ? "" : html`<p class="note">${word("mergedFrom", lang)}: ${given(sources.map((source) => source.name).join(", "), lang)}</p>`}
${part(word("duties", lang), opd.contents.duties, lang)}
${part(word("structure", lang), opd.contents.structure, lang)}
${part(word("programmes", lang), opd.contents.programmes, lang)}`;
}

/** Address of the complaints form with the OPD chosen already. */
export function complaintUrl(atlas: Atlas, lang: Lang, opd?: OpdModel): string | undefined {
  if (atlas.complaintsHost === undefined) return undefined;
  const chosen = opd === undefined ? "" : `?opd=${encodeURIComponent(opd.id)}`;
  return `${siteUrl(atlas.complaintsHost, lang)}${chosen}`;
}

function services({ opd, atlas, lang }: Subject): Hole {
  const offered = opd.contents.services ?? [];
  const complaint = complaintUrl(atlas, lang, opd);
  return html`${offered.length === 0 ? missing(lang) : serviceTable(offered, `${word("services", lang)}: ${opd.name}`, lang)}
${complaint === undefined ? "" : html`<p><a class="button" href="${complaint}">${word("makeComplaint", lang)}</a></p>`}`;
}

function policies({ opd, lang }: Subject): Hole {
  const regulations = opd.contents.regulations?.map(({ title, number }) => `${number}: ${title}`);
  return html`${part(word("procedures", lang), opd.contents.policies, lang)}${part(word("regulations", lang), regulations, lang)}`;
}

function portal({ atlas, lang }: Subject): Hole {
  if (atlas.portalHost === undefined) return missing(lang);
  return html`<ul class="list"><li>${link(siteUrl(atlas.portalHost, lang), `${word("toPortal", lang)} (${atlas.portalHost})`)}</li>
<li>${link(siteUrl(atlas.portalHost, lang, "/opd/"), word("toAgencies", lang))}</li>
<li>${link(siteUrl(atlas.portalHost, lang, "/layanan/"), word("servicesByAgency", lang))}</li></ul>`;
}

/** One renderer per kind of content: a new kind does not compile until it is here. */
const RENDERERS: Readonly<Record<OpdContentId, (subject: Subject) => Hole>> = {
  profil: profile,
  layanan: services,
  berita: ({ opd, lang }) => (opd.contents.news?.length ? newsList(opd.contents.news, lang) : missing(lang)),
  agenda: ({ lang }) => missing(lang),
  laporan: ({ lang }) => missing(lang),
  kebijakan: policies,
  portal,
  tautan: ({ lang }) => missing(lang),
};

function banner({ opd, atlas, lang }: Subject): Html {
  const first = OPD_CONTENTS.map((kind) => link(`#${kind.id}`, kind.short[lang]));
  return html`<div class="banner agency"><div class="wide">
<p class="over">${word("officialSite", lang)} · ${given(atlas.model.region.government, lang)}</p>
<h1>${given(opd.name, lang)}</h1>
${mergedNote(opd, atlas, lang) ?? ""}
${updatedLine(opd.contents.updated, lang)}
<nav class="chips" aria-label="${word("contents", lang)}">${first}${link("#kontak", word("contact", lang))}</nav>
</div></div>`;
}

function footer({ opd, atlas, lang }: Subject): Html {
  const portalLink =
    atlas.portalHost === undefined ? "" : link(siteUrl(atlas.portalHost, lang), word("toPortal", lang));
  return html`<p><strong>${given(opd.name, lang)}</strong><br>${given(atlas.model.region.government, lang)}</p><p>${portalLink}</p>`;
}

/** The page of an OPD, or of one that was merged: that says where it went and shows nothing else. */
export function opdPage(opd: OpdModel, host: string, atlas: Atlas, lang: Lang): string {
  const subject: Subject = { opd, atlas, lang };
  const contents = OPD_CONTENTS.map((kind) => section(kind.id, kind.label[lang], RENDERERS[kind.id](subject)));
  const aside = html`<aside id="kontak" class="card" aria-labelledby="kontak-judul"><h2 id="kontak-judul">${word("contact", lang)}</h2>${contactBlock(opd.contents.contact, lang)}</aside>`;
  return page({
    lang,
    path: "/",
    canonicalHost: host,
    title: `${opd.name} · ${atlas.model.region.government}`,
    description: opd.contents.profile?.slice(0, 200) ?? `${opd.name}, ${atlas.model.region.government}`,
    brand: { name: opd.shortName, under: atlas.model.region.government },
    menu: [],
    banner: banner(subject),
    body: html`<div class="wide columns"><div class="sections">${contents}</div>${aside}</div>`,
    footer: footer(subject),
  });
}

/** The site of an OPD that was merged: one page that says where it went, so that old links still help. */
export function mergedOpdPage(opd: OpdModel, host: string, atlas: Atlas, lang: Lang): string {
  const subject: Subject = { opd, atlas, lang };
  const target = opd.mergedInto === undefined ? undefined : atlas.opds.get(opd.mergedInto.opd);
  return page({
    lang,
    path: "/",
    canonicalHost: host,
    title: `${opd.name} · ${atlas.model.region.government}`,
    description: `${opd.name}, ${atlas.model.region.government}`,
    brand: { name: opd.shortName, under: atlas.model.region.government },
    menu: [],
    banner: html`<div class="banner agency"><div class="wide"><p class="over">${given(atlas.model.region.government, lang)}</p><h1>${given(opd.name, lang)}</h1>${mergedNote(opd, atlas, lang)}</div></div>`,
    body: html`<div class="wide"><section><h2>${word("links", lang)}</h2><ul class="list">
${target === undefined ? "" : html`<li>${opdLink(target, atlas, lang)}</li>`}
${atlas.portalHost === undefined ? "" : html`<li>${link(siteUrl(atlas.portalHost, lang, "/opd/"), word("toAgencies", lang))}</li>`}</ul></section></div>`,
    footer: footer(subject),
  });
}

/** Shown for an address that a site does not have. It is served at any depth, so it links from the root. */
export function notFoundPage(brand: { readonly name: string; readonly under: string }, lang: Lang): string {
  return page({
    lang,
    path: "/404.html",
    title: `${word("notFound", lang)} · ${brand.name}`,
    description: word("notFound", lang),
    brand,
    menu: [],
    bilingual: false,
    banner: html`<div class="banner agency"><div class="wide"><p class="over">404</p><h1>${word("notFound", lang)}</h1></div></div>`,
    body: html`<div class="wide"><section><p>${word("notFoundNote", lang)}</p><p lang="en">${word("notFoundNote", "en")}</p><p><a class="button" href="${inLang("/", lang)}">${word("home", lang)}</a></p></section></div>`,
    footer: html`<p><strong>${brand.name}</strong><br>${brand.under}</p>`,
  });
}
