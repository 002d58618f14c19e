/** Small pieces of pages: the only place that knows the class names of the style sheet besides the layout. */
import type { OpdModel } from "../model/types.ts";
import type { Atlas } from "./atlas.ts";
import type { Fill } from "./contents.ts";
import { type Hole, type Html, html } from "./escape.ts";
import { type Lang, longDate, PREFIX, word } from "./text.ts";

/** Text from the inventory, which is in Indonesian: marked so for screen readers on an English page. */
export function given(text: string, lang: Lang): Hole {
  return lang === "id" ? text : html`<span lang="id">${text}</span>`;
}

/** Given text of one or more paragraphs, parted by line breaks. */
export function paragraphs(text: string, lang: Lang): readonly Html[] {
  return text
    .split(/\n+/)
    .filter((part) => part.trim() !== "")
    .map((part) => html`<p>${given(part.trim(), lang)}</p>`);
}

function inEach<Value>(make: (lang: Lang) => Value): Readonly<Record<Lang, Value>> {
  return { id: make("id"), en: make("en") };
}

const MISSING = inEach(
  (lang) => html`<p class="missing"><strong>${word("missing", lang)}.</strong> ${word("missingNote", lang)}</p>`,
);

/** Said wherever content is missing: never invented, never silently left out. */
export function missing(lang: Lang): Html {
  return MISSING[lang];
}

const BADGES = inEach((lang) => {
  const badge = (fill: Fill) => html`<span class="badge ${fill}">${word(fill, lang)}</span>`;
  return { filled: badge("filled"), partial: badge("partial"), missing: badge("missing") };
});

export function fillBadge(fill: Fill, lang: Lang): Html {
  return BADGES[lang][fill];
}

export function section(id: string, title: string, body: Hole): Html {
  return html`<section id="${id}" aria-labelledby="${id}-judul"><h2 id="${id}-judul">${title}</h2>${body}</section>`;
}

export function bullets(items: readonly string[], lang: Lang): Html {
  return html`<ul class="list">${items.map((item) => html`<li>${given(item, lang)}</li>`)}</ul>`;
}

export function link(href: string, label: Hole): Html {
  return html`<a href="${href}">${label}</a>`;
}

/** Address of a page of another host in the same language. */
export function siteUrl(host: string, lang: Lang, path = "/"): string {
  return `https://${host}${PREFIX[lang]}${path}`;
}

/** Name of an OPD, linked to its site if it has one that is served. */
export function opdLink(opd: OpdModel, atlas: Atlas, lang: Lang): Hole {
  const host = atlas.opdHosts.get(opd.id);
  const name = given(opd.name, lang);
  return host === undefined ? name : link(siteUrl(host, lang), name);
}

/** Where an OPD went, or `undefined` if it still exists. */
export function mergedNote(opd: OpdModel, atlas: Atlas, lang: Lang): Html | undefined {
  if (opd.mergedInto === undefined) return undefined;
  const target = atlas.opds.get(opd.mergedInto.opd);
  const name = target === undefined ? opd.mergedInto.opd : opdLink(target, atlas, lang);
  return html`<p class="merged">${word("mergedInto", lang)} ${name} ${word("since", lang)} <time datetime="${opd.mergedInto.on}">${longDate(opd.mergedInto.on, lang)}</time>.</p>`;
}

type Services = NonNullable<OpdModel["contents"]["services"]>;

/** Table of services; each cell that was not given says so. */
export function serviceTable(services: Services, caption: string, lang: Lang): Html {
  const blank = html`<span class="blank">${word("missing", lang)}</span>`;
  const cell = (name: "requirements" | "fee" | "duration", value: string | undefined) =>
    html`<td data-label="${word(name, lang)}">${value === undefined ? blank : given(value, lang)}</td>`;
  return html`<div class="table"><table><caption class="unseen">${caption}</caption>
<thead><tr><th scope="col">${word("service", lang)}</th><th scope="col">${word("requirements", lang)}</th><th scope="col">${word("fee", lang)}</th><th scope="col">${word("duration", lang)}</th></tr></thead>
<tbody>${services.map(
    (service) =>
      html`<tr><th scope="row">${given(service.name, lang)}</th>${cell("requirements", service.requirements)}${cell("fee", service.fee)}${cell("duration", service.duration)}</tr>\n`,
  )}</tbody></table></div>`;
}

export interface NewsItem {
  readonly date: string;
  readonly title: string;
  readonly body: string;
  readonly from?: Hole;
}

/** News, newest first; of equal dates in the order given. */
export function newsList(items: readonly NewsItem[], lang: Lang): Html {
  const newest = [...items].sort((left, right) => (left.date < right.date ? 1 : left.date > right.date ? -1 : 0));
  return html`<div class="news">${newest.map(
    (item) =>
      html`<article><p class="when"><time datetime="${item.date}">${longDate(item.date, lang)}</time>${item.from === undefined ? "" : html` · ${item.from}`}</p><h3>${given(item.title, lang)}</h3>${paragraphs(item.body, lang)}</article>\n`,
  )}</div>`;
}

const EMAIL = /^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** A mail link, or plain text where the value is no plain address. */
export function emailLink(email: string): Hole {
  return EMAIL.test(email) ? link(`mailto:${email}`, email) : email;
}

function phoneLink(phone: string): Hole {
  const digits = phone.replace(/[^\d+]/g, "");
  return digits.length >= 3 ? link(`tel:${digits}`, phone) : phone;
}

export function contactBlock(contact: OpdModel["contents"]["contact"], lang: Lang): Html {
  if (contact === undefined) return missing(lang);
  const phone = contact.phone === undefined ? word("missing", lang) : phoneLink(contact.phone);
  return html`<address><dl>
<dt>${word("address", lang)}</dt><dd>${given(contact.address, lang)}</dd>
<dt>${word("email", lang)}</dt><dd>${emailLink(contact.email)}</dd>
<dt>${word("phone", lang)}</dt><dd>${phone}</dd></dl></address>`;
}

/** When the contents were last renewed (Empat Lawang 14(4), 15(4)). */
export function updatedLine(updated: string | undefined, lang: Lang): Html {
  const value =
    updated === undefined
      ? html`<span class="blank">${word("missing", lang).toLowerCase()}</span>`
      : html`<time datetime="${updated}">${longDate(updated, lang)}</time>`;
  return html`<p class="updated">${word("updated", lang)}: ${value}</p>`;
}
