/** Information on public services (Langsa 23): the catalogue of every OPD, by OPD and by alphabet. */
import type { OpdModel } from "../model/types.ts";
import { type Atlas, KIND_ORDER } from "./atlas.ts";
import { fillBadge, given, link, missing, opdLink, serviceTable } from "./components.ts";
import { SERVICE_CONTENTS } from "./contents.ts";
import { type Html, html } from "./escape.ts";
import { inLang } from "./layout.ts";
import { complaintUrl } from "./opd.ts";
import type { PortalPage } from "./portal-frame.ts";
import { KIND_NAMES, type Lang, word } from "./text.ts";

/** Anchor of an OPD in the catalogue and the directory. */
export function opdAnchor(opd: OpdModel): string {
  return `opd-${opd.id}`;
}

function chooser(atlas: Atlas, lang: Lang): Html {
  const groups = KIND_ORDER.map((kind) => ({ kind, opds: atlas.active.filter((opd) => opd.kind === kind) }));
  return html`<nav class="chooser" aria-labelledby="pilih-judul"><h2 id="pilih-judul">${word("chooseAgency", lang)}</h2>
<p>${word("chooseAgencyHint", lang)}</p>
<dl>${groups
    .filter((group) => group.opds.length > 0)
    .map(
      (group) =>
        html`<div><dt>${KIND_NAMES[group.kind][lang]}</dt><dd class="chips">${group.opds.map((opd) => link(`#${opdAnchor(opd)}`, opd.shortName))}</dd></div>`,
    )}</dl>
<p>${link("#pilih-judul", word("showAll", lang))} · ${link(inLang("/layanan/abjad/", lang), word("servicesAtoZ", lang))}</p></nav>`;
}

function opdSection(opd: OpdModel, atlas: Atlas, lang: Lang): Html {
  const services = opd.contents.services ?? [];
  const complaint = complaintUrl(atlas, lang, opd);
  const states = SERVICE_CONTENTS.map(
    (kind) => html`<li>${kind.short[lang]} ${fillBadge(kind.fill(opd, atlas), lang)}</li>`,
  );
  return html`<section class="entry" id="${opdAnchor(opd)}"><h2>${opdLink(opd, atlas, lang)}</h2>
${services.length === 0 ? missing(lang) : serviceTable(services, `${word("services", lang)}: ${opd.name}`, lang)}
<ul class="states" aria-label="${word("completeness", lang)}">${states}</ul>
${complaint === undefined ? "" : html`<p>${link(complaint, word("makeComplaint", lang))}</p>`}</section>\n`;
}

/** All services in tables by OPD. Choosing an anchor hides the others by style alone, so no script is needed. */
export function servicesPage(atlas: Atlas, lang: Lang): PortalPage {
  return {
    path: "/layanan/",
    title: word("servicesByAgency", lang),
    lead:
      lang === "id"
        ? "Persyaratan, biaya dan waktu setiap layanan publik, dari semua perangkat daerah dalam satu halaman."
        : "Requirements, fee and time of every public service, of all agencies on one page.",
    body: html`<div class="wide">${chooser(atlas, lang)}<div class="entries">${atlas.active.map((opd) => opdSection(opd, atlas, lang))}</div></div>`,
  };
}

interface Offer {
  readonly name: string;
  readonly opd: OpdModel;
}

function letterOf(name: string): string {
  const letter = name.trim().slice(0, 1).toUpperCase();
  return /[A-Z]/.test(letter) ? letter : "0";
}

/** All services by their names. */
export function servicesByLetterPage(atlas: Atlas, lang: Lang): PortalPage {
  const offers: Offer[] = atlas.active.flatMap((opd) =>
    (opd.contents.services ?? []).map((service) => ({ name: service.name, opd })),
  );
  const letters = new Map<string, Offer[]>();
  for (const offer of offers) {
    const list = letters.get(letterOf(offer.name));
    if (list === undefined) letters.set(letterOf(offer.name), [offer]);
    else list.push(offer);
  }
  const sorted = [...letters].sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [, list] of sorted)
    list.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  const jump = sorted.map(([letter]) => link(`#huruf-${letter}`, letter === "0" ? "0–9" : letter));
  const lists = sorted.map(
    ([letter, list]) =>
      html`<section id="huruf-${letter}"><h2>${letter === "0" ? "0–9" : letter}</h2><ul class="index">${list.map(
        (offer) =>
          html`<li>${link(`${inLang("/layanan/", lang)}#${opdAnchor(offer.opd)}`, given(offer.name, lang))} <span class="note">${given(offer.opd.shortName, lang)}</span></li>\n`,
      )}</ul></section>`,
  );
  return {
    path: "/layanan/abjad/",
    title: word("servicesAtoZ", lang),
    body: html`<div class="wide"><nav class="chips letters" aria-label="${word("servicesAtoZ", lang)}">${jump}</nav>${lists.length === 0 ? missing(lang) : lists}<p>${link(inLang("/layanan/", lang), word("servicesByAgency", lang))}</p></div>`,
  };
}
