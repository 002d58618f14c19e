/** What is filled in and what is not, of every OPD: so that a gap is seen by whoever can close it. */
import type { OpdModel } from "../model/types.ts";
import type { Atlas } from "./atlas.ts";
import { fillBadge, opdLink } from "./components.ts";
import { type ContentKind, OPD_CONTENTS, PORTAL_CONTENTS, SERVICE_CONTENTS } from "./contents.ts";
import { type Html, html } from "./escape.ts";
import type { PortalPage } from "./portal-frame.ts";
import { type Lang, REGULATION_NAMES, word } from "./text.ts";

type OpdKind = ContentKind<string, OpdModel>;

function matrix(id: string, title: string, kinds: readonly OpdKind[], atlas: Atlas, lang: Lang): Html {
  const head = kinds.map((kind) => html`<th scope="col">${kind.short[lang]}</th>`);
  const rows = atlas.active.map(
    (opd) =>
      html`<tr><th scope="row">${opdLink(opd, atlas, lang)}</th>${kinds.map((kind) => html`<td data-label="${kind.short[lang]}">${fillBadge(kind.fill(opd, atlas), lang)}</td>`)}</tr>\n`,
  );
  return html`<section id="${id}"><h2>${title}</h2><div class="table"><table class="matrix"><caption class="unseen">${title}</caption><thead><tr><th scope="col">${word("agency", lang)}</th>${head}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

interface Source {
  readonly label: string;
  readonly kind: Pick<ContentKind<string, never>, "source">;
}

/** The article behind each column, for regulations that bind this region. */
function sources(atlas: Atlas, lang: Lang): Html {
  const bound = new Set<string>(atlas.model.region.regulations);
  const rows: Source[] = [...PORTAL_CONTENTS, ...OPD_CONTENTS, ...SERVICE_CONTENTS].map((kind) => ({
    label: kind.label[lang],
    kind,
  }));
  const shown = rows.filter(({ kind }) => bound.has(kind.source.regulation));
  if (shown.length === 0) return html``;
  return html`<section id="dasar"><h2>${word("source", lang)}</h2><table class="plain"><caption class="unseen">${word("source", lang)}</caption><thead><tr><th scope="col">${word("content", lang)}</th><th scope="col">${word("source", lang)}</th></tr></thead><tbody>${shown.map(
    ({ label, kind }) =>
      html`<tr><th scope="row">${label}</th><td>${REGULATION_NAMES[kind.source.regulation][lang]} ${kind.source.article}</td></tr>`,
  )}</tbody></table></section>`;
}

export function completenessPage(atlas: Atlas, lang: Lang): PortalPage {
  const portal = PORTAL_CONTENTS.map(
    (kind) =>
      html`<tr><th scope="row">${kind.label[lang]}</th><td>${fillBadge(kind.fill(undefined, atlas), lang)}</td></tr>`,
  );
  return {
    path: "/kelengkapan/",
    title: word("completeness", lang),
    lead:
      lang === "id"
        ? "Isi yang wajib dimuat, dan mana yang sudah atau belum diisi. Yang belum ada tidak dikarang."
        : "What must be published, and what has been filled in. Nothing that is missing was made up.",
    body: html`<div class="wide"><section id="portal"><h2>${word("portal", lang)}</h2><table class="plain"><caption class="unseen">${word("portal", lang)}</caption><tbody>${portal}</tbody></table></section>
${matrix("situs-opd", lang === "id" ? "Situs perangkat daerah" : "Sites of the agencies", OPD_CONTENTS, atlas, lang)}
${matrix("layanan-publik", lang === "id" ? "Informasi pelayanan publik" : "Information on public services", SERVICE_CONTENTS, atlas, lang)}
${sources(atlas, lang)}</div>`,
  };
}
