/** Every duty that binds as something to open, search and filter on a screen. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { show } from "../../web/cells.ts";
import { type Hole, type Html, html } from "../../web/escape.ts";
import { answerKinds, type DutyResult, statuses } from "../assessment.ts";
import { AREAS, areaIds } from "../schema/areas.ts";
import { SEVERITIES, type Severity } from "../severity.ts";
import { entryHtml, factsHtml, type In } from "./blocks.ts";
import { capital } from "./chapters/tables.ts";
import type { Entry } from "./document.ts";
import { code, day, word } from "./document.ts";
import { articleCells, namesCell, populationCell, type Sources } from "./sources.ts";
import { ANSWER_STATES, ANSWERS, STATUSES, WORDS } from "./words.ts";

const SAID = {
  search: text("Cari kata", "Search for words"),
  all: text("semua", "all"),
  shown: text("%1 dari %2 kewajiban ditampilkan", "%1 of %2 duties shown"),
  noMatch: text("Tidak ada yang cocok.", "Nothing matches."),
  lookedAt: text("diperiksa", "looked at"),
} as const;

export function registerHtml(sources: Sources, place: In): Html {
  const { lang } = place;
  const bound = sources.assessment.duties.filter(({ binds }) => binds);
  return html`<form class="filter" role="search" hidden>
<label class="search">${SAID.search[lang]}<input type="search" name="q" autocomplete="off"></label>
${chooser(
  "status",
  WORDS.status,
  statuses.map((status) => [status, STATUSES[status]]),
  place,
)}
${chooser(
  "severity",
  WORDS.severity,
  (Object.keys(SEVERITIES) as Severity[]).map((one) => [one, capital(SEVERITIES[one])]),
  place,
)}
${chooser(
  "area",
  WORDS.area,
  areaIds.map((area) => [area, AREAS[area].title]),
  place,
)}
</form>
<p class="count" aria-live="polite" data-text="${SAID.shown[lang]}"></p>
<p class="no-match" hidden>${SAID.noMatch[lang]}</p>
${bound.map((duty) => dutyHtml(duty, sources, place))}`;
}

function chooser(name: string, label: Text, options: readonly (readonly [string, Text])[], { lang }: In): Html {
  return html`<label>${label[lang]}<select name="${name}"><option value="">${SAID.all[lang]}</option>${options.map(
    ([value, said]) => html`<option value="${value}">${said[lang]}</option>`,
  )}</select></label>`;
}

function dutyHtml(duty: DutyResult, sources: Sources, place: In): Html {
  const { lang, zone } = place;
  const { status, severity, area } = duty;
  const { tone } = STATUSES[status];
  const articles = articleCells(sources.assessment, duty)
    .map((cell) => show(cell, lang, zone))
    .join(" · ");
  return html`<details class="duty edge tone-${tone}" id="${duty.id}" data-item="duty" data-status="${status}" data-severity="${severity}" data-area="${area}">
<summary><span class="mark tone-${tone}">${STATUSES[status][lang]}</span><span class="title"><strong>${duty.title[lang]}</strong> <span class="sub">${duty.id} · ${articles}</span></span> <span class="meta">${severity === null ? "" : SEVERITIES[severity][lang]}</span></summary>
<div><p>${duty.explanation[lang]}</p>
<div class="answers">${answerKinds.map((kind) => answerHtml(kind, duty, place))}</div>
${factsHtml(factsOf(duty), place)}</div>
</details>
`;
}

function answerHtml(kind: (typeof answerKinds)[number], { answers }: DutyResult, place: In): Html {
  const { lang, zone } = place;
  const { state, population, reasons } = answers[kind];
  const { tone } = ANSWER_STATES[state];
  const looked: Hole =
    population.spokenOf === 0 ? "" : html` ${show(populationCell(population), lang, zone)} ${SAID.lookedAt[lang]}`;
  const names = (label: Text, which: readonly string[], all: number): Hole =>
    which.length === 0 && all === 0
      ? ""
      : html`<p>${label[lang]}: ${entryHtml(namesCell(which, all, which.length), place)}</p>`;
  return html`<div><h4>${ANSWERS[kind][lang]}</h4><span class="mark tone-${tone}">${ANSWER_STATES[state][lang]}</span>${looked}${reasons.map((one) => html`<p>${one[lang]}</p>`)}${names(WORDS.which, population.which, population.failing)}${names(WORDS.unknownOnes, population.unknown, population.unknown.length)}</div>`;
}

function factsOf(duty: DutyResult): (readonly [Text, Entry])[] {
  const { reasons, disagreement, remedy, responsible, deadline, exceptions, waiver, answers } = duty;
  const evidence = [...new Set(answerKinds.flatMap((kind) => answers[kind].evidence.map(({ id }) => id)))];
  return [
    ...(reasons.length === 0 ? [] : [[WORDS.reason, reasons.map((one) => word(one))] as const]),
    ...(disagreement === null ? [] : [[WORDS.disagreement, word(disagreement, "bad")] as const]),
    ...(waiver === null ? [] : [[WORDS.waiver, code(waiver)] as const]),
    [WORDS.remedy, word(remedy)],
    [WORDS.responsible, word(responsible.title)],
    ...(deadline === null ? [] : [[WORDS.deadline, day(deadline.date)] as const]),
    ...exceptions.map(
      ({ rule, condition }) => [text("Kekecualian", "Exception"), [word(rule), word(condition)]] as const,
    ),
    ...(evidence.length === 0 ? [] : [[WORDS.evidence, evidence.slice(0, MOST_RECORDS).map(code)] as const]),
  ];
}

/** So many records stand beside a duty; the annex has all. */
const MOST_RECORDS = 20;
