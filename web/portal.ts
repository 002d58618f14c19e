/** The regional portal: its five kinds of content (Empat Lawang 14(3)) on its first page, and the pages behind them. */
import type { ApplicationModel, OpdModel } from "../model/types.ts";
import { type Atlas, KIND_ORDER } from "./atlas.ts";
import { given, link, mergedNote, missing, type NewsItem, newsList, opdLink, siteUrl } from "./components.ts";
import { isOpenData, PORTAL_CONTENTS, type PortalContentId } from "./contents.ts";
import { type Hole, type Html, html } from "./escape.ts";
import { inLang } from "./layout.ts";
import { complaintUrl } from "./opd.ts";
import type { PortalPage } from "./portal-frame.ts";
import { opdAnchor } from "./services.ts";
import { KIND_NAMES, type Lang, word } from "./text.ts";

function allNews(atlas: Atlas, lang: Lang): readonly NewsItem[] {
  return atlas.active.flatMap((opd) =>
    (opd.contents.news ?? []).map((item) => ({ ...item, from: opdLink(opd, atlas, lang) })),
  );
}

function newest(items: readonly NewsItem[], count: number): readonly NewsItem[] {
  return [...items]
    .sort((left, right) => (left.date < right.date ? 1 : left.date > right.date ? -1 : 0))
    .slice(0, count);
}

function countServices(atlas: Atlas): number {
  return atlas.active.reduce((sum, opd) => sum + (opd.contents.services?.length ?? 0), 0);
}

function facts(atlas: Atlas, lang: Lang): Html {
  const figures: readonly (readonly [number, string])[] = [
    [atlas.active.length, word("numberOfAgencies", lang)],
    [countServices(atlas), word("numberOfServices", lang)],
    [atlas.model.hosts.length, word("numberOfSites", lang)],
  ];
  return html`<ul class="figures">${figures.map(([value, label]) => html`<li><strong>${value}</strong> ${label}</li>`)}</ul>`;
}

function more(path: string, label: string, lang: Lang): Html {
  return html`<p class="more">${link(inLang(path, lang), label)}</p>`;
}

function openDataList(atlas: Atlas, lang: Lang): Html {
  const open = atlas.applications.filter((each) => isOpenData(each) && atlas.applicationHosts.has(each.id));
  return open.length === 0
    ? missing(lang)
    : html`<ul class="list">${open.map((each) => html`<li>${applicationLink(each, atlas, lang)}</li>`)}</ul>`;
}

function kindsOf(atlas: Atlas): readonly OpdModel["kind"][] {
  return KIND_ORDER.filter((kind) => atlas.active.some((opd) => opd.kind === kind));
}

/** One renderer per kind of content of the first page. */
const CARDS: Readonly<Record<PortalContentId, (atlas: Atlas, lang: Lang) => Hole>> = {
  profil: (atlas, lang) =>
    html`${facts(atlas, lang)}<dl class="pairs"><dt>${word("domain", lang)}</dt><dd>${atlas.model.region.domain}</dd><dt>${word("narrative", lang)}</dt><dd><span class="blank">${word("missing", lang)}</span></dd></dl>${more("/profil/", word("profile", lang), lang)}`,
  berita: (atlas, lang) => {
    const items = newest(allNews(atlas, lang), 3);
    return items.length === 0
      ? missing(lang)
      : html`${newsList(items, lang)}${more("/berita/", word("more", lang), lang)}`;
  },
  situs: (atlas, lang) =>
    html`<ul class="list"><li>${link(inLang("/layanan/", lang), word("servicesByAgency", lang))}</li><li>${link(inLang("/layanan/abjad/", lang), word("servicesAtoZ", lang))}</li><li>${link(inLang("/opd/", lang), word("toAgencies", lang))}</li></ul><p class="chips">${kindsOf(atlas).map((kind) => link(`${inLang("/opd/", lang)}#jenis-${kind}`, KIND_NAMES[kind][lang]))}</p>`,
  instansi: (_atlas, lang) =>
    html`<dl class="pairs"><dt>${word("officialSites", lang)}</dt><dd>${link(inLang("/tautan/", lang), word("more", lang))}</dd><dt>${word("otherBodies", lang)}</dt><dd><span class="blank">${word("missing", lang)}</span></dd></dl>`,
  data: (atlas, lang) => html`${openDataList(atlas, lang)}${more("/aplikasi/", word("applications", lang), lang)}`,
};

export function homePage(atlas: Atlas, lang: Lang): PortalPage {
  const { government } = atlas.model.region;
  const complaint = complaintUrl(atlas, lang);
  const lead =
    lang === "id"
      ? "Layanan, berita dan informasi semua perangkat daerah, dalam satu lumbung yang terbuka bagi warga."
      : "Services, news and information of all agencies, in one granary that is open to every citizen.";
  return {
    path: "/",
    title: government,
    lead,
    banner: html`<div class="banner home"><div class="wide hero"><div><p class="over">${word("portal", lang)}</p><h1>${given(government, lang)}</h1><p class="lead">${lead}</p>
<p><a class="button" href="${inLang("/layanan/", lang)}">${word("services", lang)}</a>${complaint === undefined ? "" : html` <a class="button quiet" href="${complaint}">${word("makeComplaint", lang)}</a>`}</p></div>
<img src="/lumbung.svg" alt="" width="520" height="380"></div></div>`,
    body: html`<div class="wide cards">${PORTAL_CONTENTS.map(
      (kind) =>
        html`<section class="card ${kind.id}" id="${kind.id}" aria-labelledby="${kind.id}-judul"><h2 id="${kind.id}-judul">${kind.label[lang]}</h2>${CARDS[kind.id](atlas, lang)}</section>`,
    )}</div>`,
  };
}

export function profilePage(atlas: Atlas, lang: Lang): PortalPage {
  const { region } = atlas.model;
  const kinds = KIND_ORDER.map((kind) => [kind, atlas.active.filter((opd) => opd.kind === kind).length] as const);
  return {
    path: "/profil/",
    title: word("profile", lang),
    body: html`<div class="wide"><section><h2>${given(region.government, lang)}</h2>${facts(atlas, lang)}
<table class="plain"><caption class="unseen">${word("profile", lang)}</caption><tbody>
<tr><th scope="row">${word("domain", lang)}</th><td>${region.domain}</td></tr>
${kinds.filter(([, count]) => count > 0).map(([kind, count]) => html`<tr><th scope="row">${KIND_NAMES[kind][lang]}</th><td>${count}</td></tr>`)}
</tbody></table></section><section><h2>${word("narrative", lang)}</h2>${missing(lang)}</section></div>`,
  };
}

export function newsPage(atlas: Atlas, lang: Lang): PortalPage {
  const items = allNews(atlas, lang);
  return {
    path: "/berita/",
    title: word("news", lang),
    body: html`<div class="wide"><section><h2 class="unseen">${word("news", lang)}</h2>${items.length === 0 ? missing(lang) : newsList(items, lang)}</section></div>`,
  };
}

function opdRow(opd: OpdModel, atlas: Atlas, lang: Lang): Html {
  const host = atlas.opdHosts.get(opd.id);
  const aliases =
    opd.aliases.length === 0 ? "" : html` <span class="note">${given(opd.aliases.join(", "), lang)}</span>`;
  return html`<tr id="${opdAnchor(opd)}"><th scope="row">${given(opd.name, lang)}${aliases}</th>
<td data-label="${word("website", lang)}">${host === undefined ? html`<span class="blank">${word("noSite", lang)}</span>` : link(siteUrl(host, lang), host)}</td>
<td data-label="${word("services", lang)}">${link(`${inLang("/layanan/", lang)}#${opdAnchor(opd)}`, `${opd.contents.services?.length ?? 0}`)}</td></tr>\n`;
}

export function directoryPage(atlas: Atlas, lang: Lang): PortalPage {
  const groups = KIND_ORDER.map((kind) => ({ kind, opds: atlas.active.filter((opd) => opd.kind === kind) }));
  const merged = atlas.merged.map(
    (opd) =>
      html`<li id="${opdAnchor(opd)}"><strong>${opdLink(opd, atlas, lang)}</strong>${mergedNote(opd, atlas, lang)}</li>`,
  );
  return {
    path: "/opd/",
    title: word("agencies", lang),
    body: html`<div class="wide">${groups
      .filter((group) => group.opds.length > 0)
      .map(
        (group) =>
          html`<section id="jenis-${group.kind}"><h2>${KIND_NAMES[group.kind][lang]}</h2><div class="table"><table class="directory"><caption class="unseen">${KIND_NAMES[group.kind][lang]}</caption><thead><tr><th scope="col">${word("agency", lang)}</th><th scope="col">${word("website", lang)}</th><th scope="col">${word("services", lang)}</th></tr></thead><tbody>${group.opds.map((opd) => opdRow(opd, atlas, lang))}</tbody></table></div></section>`,
      )}${merged.length === 0 ? "" : html`<section id="digabung"><h2>${word("mergedTitle", lang)}</h2><ul class="list">${merged}</ul></section>`}</div>`,
  };
}

function applicationLink(application: ApplicationModel, atlas: Atlas, lang: Lang): Hole {
  const host = atlas.applicationHosts.get(application.id);
  const name = given(application.name, lang);
  return host === undefined ? name : link(siteUrl(host, "id"), name);
}

function applicationState(application: ApplicationModel, lang: Lang): string {
  if (application.status === "planned") return word("planned", lang);
  switch (application.hostedBy) {
    case "central":
      return word("central", lang);
    case "opd":
      return word("byOpd", lang);
    case "region":
      return word("running", lang);
  }
}

export function applicationsPage(atlas: Atlas, lang: Lang): PortalPage {
  const shown = atlas.applications.filter((each) => each.status !== "retired");
  const rows = shown.map((each) => {
    const owner = atlas.opds.get(each.owner);
    return html`<tr><th scope="row">${applicationLink(each, atlas, lang)}</th><td data-label="${word("owner", lang)}">${owner === undefined ? each.owner : opdLink(owner, atlas, lang)}</td><td data-label="${word("state", lang)}">${applicationState(each, lang)}</td></tr>\n`;
  });
  return {
    path: "/aplikasi/",
    title: word("applications", lang),
    body: html`<div class="wide"><section id="data"><h2>${word("openData", lang)}</h2>${openDataList(atlas, lang)}</section>
<section><h2>${word("otherApplications", lang)}</h2>${rows.length === 0 ? missing(lang) : html`<div class="table"><table><caption class="unseen">${word("otherApplications", lang)}</caption><thead><tr><th scope="col">${word("application", lang)}</th><th scope="col">${word("owner", lang)}</th><th scope="col">${word("state", lang)}</th></tr></thead><tbody>${rows}</tbody></table></div>`}</section></div>`,
  };
}

function hostLabel(atlas: Atlas, lang: Lang, host: Atlas["model"]["hosts"][number]): Hole {
  const { serves } = host;
  switch (serves.kind) {
    case "portal":
      return word("portal", lang);
    case "opd":
      return given(atlas.opds.get(serves.opd)?.name ?? serves.opd, lang);
    case "application":
      return given(atlas.applications.find((each) => each.id === serves.application)?.name ?? serves.application, lang);
  }
}

export function linksPage(atlas: Atlas, lang: Lang): PortalPage {
  return {
    path: "/tautan/",
    title: word("links", lang),
    body: html`<div class="wide"><section id="situs"><h2>${word("officialSites", lang)}</h2><ul class="index">${atlas.model.hosts.map(
      (host) =>
        html`<li>${link(`https://${host.host}/`, host.host)} <span class="note">${hostLabel(atlas, lang, host)}</span></li>\n`,
    )}</ul></section><section id="instansi"><h2>${word("otherBodies", lang)}</h2>${missing(lang)}</section></div>`,
  };
}
