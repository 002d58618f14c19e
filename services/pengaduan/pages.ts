/** The application's pages, in the frame of the region's sites. Pure: what is shown comes in, HTML goes out. */
import { localTimeAt } from "../../model/local-time.ts";
import { type Hole, html } from "../../web/escape.ts";
import { inLang, page } from "../../web/layout.ts";
import type { Lang } from "../../web/text.ts";
import {
  type Complaint,
  type ComplaintSummary,
  type Draft,
  type Faults,
  type Field,
  LENGTHS,
  type Status,
} from "./complaint.ts";
import type { AppConfig } from "./config.ts";
import { FAULT_WORDS, STATUS_WORDS, WORDS, type Word } from "./words.ts";

/** `2026-03-09 14:05 WIB` */
export function localTime(at: Date, timezone: AppConfig["timezone"]): string {
  return localTimeAt(at.getTime(), timezone, "minute");
}

export interface View {
  readonly config: AppConfig;
  readonly lang: Lang;
}

export interface Notice {
  readonly title: Word;
  readonly note?: Word;
}

function word(name: Word, { lang }: View): string {
  return WORDS[name][lang];
}

interface Content {
  readonly path: string;
  readonly title: string;
  readonly lead?: string;
  readonly body: Hole;
}

function frame(content: Content, view: View): string {
  const { config, lang } = view;
  const menu = [
    { href: inLang("/", lang), label: word("newComplaint", view), current: content.path === "/" },
    { href: inLang("/laporan/", lang), label: word("latest", view), current: content.path === "/laporan/" },
  ];
  const portal =
    config.portal === undefined
      ? ""
      : html`<p><a href="https://${config.portal}${inLang("/", lang)}">${word("portal", view)}</a></p>`;
  return page({
    lang,
    path: content.path,
    title: `${content.title} · ${config.title}`,
    description: word("lead", view),
    brand: { name: config.title, under: config.region },
    menu,
    banner: html`<div class="banner"><div class="wide"><h1>${content.title}</h1>${content.lead === undefined ? "" : html`<p class="lead">${content.lead}</p>`}</div></div>`,
    body: html`<div class="wide">${content.body}</div>`,
    footer: html`<p><strong>${config.region}</strong><br>${config.title}</p>${portal}`,
  });
}

function alert(notice: Notice, view: View, good = false): Hole {
  const note = notice.note === undefined ? "" : html`<p>${word(notice.note, view)}</p>`;
  return html`<div class="alert${good ? " good" : ""}" role="${good ? "status" : "alert"}"><p><strong>${word(notice.title, view)}</strong></p>${note}</div>`;
}

export interface FormState {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly csrf: string;
  /** Names this form, so that sending it twice writes once. */
  readonly token: string;
  /** Absent: nothing to say. */
  readonly notice?: Notice;
}

function field(
  name: Field,
  label: Word,
  state: FormState,
  view: View,
  optional: boolean,
  control: (attributes: Hole) => Hole,
): Hole {
  const fault = state.faults[name];
  const described = fault === undefined ? "" : html` aria-invalid="true" aria-describedby="${name}-salah"`;
  const attributes = html` id="${name}" name="${name}"${optional ? "" : html` required`}${described}`;
  return html`<div class="field"><label for="${name}">${word(label, view)}${optional ? html` <small>(${word("optional", view)})</small>` : ""}</label>${control(attributes)}${fault === undefined ? "" : html`<p class="error" id="${name}-salah">${FAULT_WORDS[fault][view.lang]}</p>`}</div>`;
}

/** The form, with what was typed before shown back. */
export function formPage(state: FormState, view: View): string {
  const { config, lang } = view;
  const { draft, faults } = state;
  const options = config.opds.map(
    (opd) => html`<option value="${opd.id}"${opd.id === draft.opd ? html` selected` : ""}>${opd.name}</option>`,
  );
  const notice = state.notice ?? (Object.keys(faults).length > 0 ? { title: "checkForm" as const } : undefined);
  return frame(
    {
      path: "/",
      title: word("newComplaint", view),
      lead: word("lead", view),
      body: html`${notice === undefined ? "" : alert(notice, view)}
<form method="post" action="${inLang("/", lang)}" accept-charset="utf-8" autocomplete="off">
<input type="hidden" name="csrf" value="${state.csrf}"><input type="hidden" name="token" value="${state.token}">
${field("opd", "opd", state, view, false, (attributes) => html`<select${attributes}><option value="">${word("choose", view)}</option>${options}</select>`)}
${field("text", "text", state, view, false, (attributes) => html`<textarea${attributes} rows="8" minlength="${LENGTHS.textLeast}" maxlength="${LENGTHS.text}">\n${draft.text}</textarea>`)}
${field("name", "name", state, view, true, (attributes) => html`<input type="text"${attributes} maxlength="${LENGTHS.name}" value="${draft.name}">`)}
${field("contact", "contact", state, view, true, (attributes) => html`<input type="text"${attributes} maxlength="${LENGTHS.contact}" value="${draft.contact}">`)}
<p class="note">${word("publicNote", view)}</p>
<p><button class="button" type="submit">${word("send", view)}</button></p>
</form>`,
    },
    view,
  );
}

function opdName(id: string, config: AppConfig): string {
  return config.opds.find((opd) => opd.id === id)?.name ?? id;
}

function badge(status: Status, { lang }: View): Hole {
  return html`<span class="badge ${status === "selesai" ? "filled" : "partial"}">${STATUS_WORDS[status][lang]}</span>`;
}

function time(at: Date, { config }: View): Hole {
  return html`<time datetime="${at.toISOString()}">${localTime(at, config.timezone)}</time>`;
}

/** The latest complaints: number, OPD, time and status. */
export function listPage(complaints: readonly ComplaintSummary[], view: View): string {
  const rows = complaints.map(
    (complaint) =>
      html`<tr><th scope="row"><a class="reference" href="${inLang(`/laporan/${complaint.reference}`, view.lang)}">${complaint.reference}</a></th><td data-label="${word("opd", view)}">${opdName(complaint.opd, view.config)}</td><td data-label="${word("received", view)}">${time(complaint.createdAt, view)}</td><td data-label="${word("status", view)}">${badge(complaint.status, view)}</td></tr>\n`,
  );
  const table = html`<div class="table"><table><caption class="unseen">${word("latest", view)}</caption><thead><tr><th scope="col">${word("reference", view)}</th><th scope="col">${word("opd", view)}</th><th scope="col">${word("received", view)}</th><th scope="col">${word("status", view)}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  return frame(
    {
      path: "/laporan/",
      title: word("latest", view),
      body: html`<form class="find" method="get" action="${inLang("/laporan/", view.lang)}"><div class="field"><label for="nomor">${word("find", view)}</label><input type="text" id="nomor" name="nomor" placeholder="ADU-0000-0000" autocomplete="off" maxlength="40"></div><p><button class="button" type="submit">${word("findButton", view)}</button></p></form>
${rows.length === 0 ? html`<p>${word("none", view)}</p>` : table}`,
    },
    view,
  );
}

/** One complaint. @param fresh It was written just now: thanks are said. */
export function complaintPage(complaint: Complaint, fresh: boolean, view: View): string {
  const steps = complaint.history.map(
    (step) => html`<li>${STATUS_WORDS[step.status][view.lang]}: ${time(step.at, view)}</li>`,
  );
  return frame(
    {
      path: `/laporan/${complaint.reference}`,
      title: `${word("reference", view)} ${complaint.reference}`,
      body: html`${fresh ? alert({ title: "thanks", note: "keepNumber" }, view, true) : ""}
<table class="plain"><caption class="unseen">${complaint.reference}</caption><tbody>
<tr><th scope="row">${word("reference", view)}</th><td><span class="reference">${complaint.reference}</span></td></tr>
<tr><th scope="row">${word("opd", view)}</th><td>${opdName(complaint.opd, view.config)}</td></tr>
<tr><th scope="row">${word("received", view)}</th><td>${time(complaint.createdAt, view)}</td></tr>
<tr><th scope="row">${word("status", view)}</th><td>${badge(complaint.status, view)}</td></tr>
</tbody></table>
<section><h2>${word("text", view)}</h2><div class="body" lang="id">${complaint.text}</div></section>
<section><h2>${word("history", view)}</h2><ul class="list">${steps}</ul></section>`,
    },
    view,
  );
}

/** A page that only says what is wrong. */
export function messagePage(notice: Notice, path: string, view: View): string {
  const note = notice.note === undefined ? "" : html`<p>${word(notice.note, view)}</p>`;
  return frame(
    {
      path,
      title: word(notice.title, view),
      body: html`${note}<p><a class="button" href="${inLang("/", view.lang)}">${word("newComplaint", view)}</a></p>`,
    },
    view,
  );
}
