/** The assessment as tables for a spreadsheet (RFC 4180: commas, CRLF, quotes doubled; UTF-8). Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { type Cell, printable, show } from "../../web/cells.ts";
import { answerKinds, followUps } from "../assessment.ts";
import { AREAS } from "../schema/areas.ts";
import { SEVERITIES } from "../severity.ts";
import type { In } from "./blocks.ts";
import { kindText } from "./chapters/evidence.ts";
import { code, day, moment, said, word } from "./document.ts";
import { roleCell, type Sources, titleOf } from "./sources.ts";
import {
  ANSWER_STATES,
  ANSWERS,
  CALENDAR_KINDS,
  DOCUMENT_STATES,
  FINDING_KINDS,
  LEVELS,
  STATUSES,
  WAIVER_STATES,
  WORDS,
} from "./words.ts";

/** A field of a table: a cell that is shown as in any report, a number, or texts that are joined. */
type Field = Cell | number | readonly Text[];

interface CsvTable {
  /** Name of the file without ending. */
  readonly name: string;
  readonly columns: readonly Text[];
  readonly rows: readonly (readonly Field[])[];
}

/** By file name, in order. */
export function csvFiles(sources: Sources, place: In): Map<string, string> {
  return new Map(tablesOf(sources).map(({ name, columns, rows }) => [`${name}.csv`, csvOf(columns, rows, place)]));
}

function csvOf(columns: readonly Text[], rows: CsvTable["rows"], place: In): string {
  const lines = [
    columns.map((title) => title[place.lang]),
    ...rows.map((row) => row.map((one) => fieldText(one, place))),
  ];
  return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

function fieldText(field: Field, { lang, zone }: In): string {
  if (typeof field === "number") return String(field);
  if (Array.isArray(field)) return (field as readonly Text[]).map((one) => printable(one[lang])).join("; ");
  return show(field as Cell, lang, zone);
}

/** A spreadsheet takes what begins with one of these as a formula (OWASP, CSV injection): an apostrophe makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

export function quoted(value: string): string {
  const safe = FORMULA.test(value) && !/^-?\d+([.,]\d+)?$/.test(value) && value !== "-" ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function tablesOf(sources: Sources): CsvTable[] {
  return [
    figures(sources),
    duties(sources),
    populations(sources),
    findings(sources),
    waivers(sources),
    calendar(sources),
    documents(sources),
    evidence(sources),
  ];
}

function figures({ figures: all }: Sources): CsvTable {
  return {
    name: "figures",
    columns: [WORDS.name, WORDS.figure, WORDS.value],
    rows: all.map(({ name, label, value }) => [code(name), word(label), value]),
  };
}

const SPOKEN = text("dibicarakan", "spoken of");
const LOOKED = text("diperiksa", "looked at");
const FAILING = text("gagal", "failing");

function duties({ assessment }: Sources): CsvTable {
  return {
    name: "duties",
    columns: [
      ...[WORDS.id, WORDS.area, WORDS.title, WORDS.severity, WORDS.articles, WORDS.status, WORDS.reason],
      ...answerKinds.flatMap((kind) => [
        ANSWERS[kind],
        ...[SPOKEN, LOOKED, FAILING].map((one) =>
          text(`${ANSWERS[kind].id}: ${one.id}`, `${ANSWERS[kind].en}: ${one.en}`),
        ),
      ]),
      ...[WORDS.responsible, WORDS.deadline],
    ],
    rows: assessment.duties.map((duty) => [
      ...[code(duty.id), word(AREAS[duty.area].title), word(duty.title)],
      duty.severity === null ? word(text("tidak mengikat", "does not bind")) : word(SEVERITIES[duty.severity]),
      ...[duty.articles.map((one) => one.text), word(STATUSES[duty.status]), duty.reasons],
      ...answerKinds.flatMap((kind): Field[] => {
        const { state, population } = duty.answers[kind];
        return [word(ANSWER_STATES[state]), population.spokenOf, population.lookedAt, population.failing];
      }),
      ...[word(duty.responsible.title), duty.deadline === null ? said("") : day(duty.deadline.date)],
    ]),
  };
}

/** One row for each thing that fails or is unknown, as far as the assessment lists them. */
function populations({ assessment }: Sources): CsvTable {
  return {
    name: "things",
    columns: [WORDS.duty, WORDS.kind, WORDS.name, WORDS.state],
    rows: assessment.duties.flatMap(({ id, answers }) =>
      answerKinds.flatMap((kind) => {
        const { which, unknown } = answers[kind].population;
        const row = (name: string, state: Text) => [code(id), word(ANSWERS[kind]), said(name), word(state)];
        return [...which.map((name) => row(name, FAILING)), ...unknown.map((name) => row(name, WORDS.unknown))];
      }),
    ),
  };
}

function findings({ assessment }: Sources): CsvTable {
  return {
    name: "findings",
    columns: [
      ...[WORDS.id, WORDS.kind, WORDS.duty, WORDS.severity, WORDS.priority, WORDS.cost, WORDS.benefit, WORDS.risk],
      ...[WORDS.condition, WORDS.criteria, WORDS.cause, WORDS.effect, WORDS.recommendation, WORDS.owner],
      ...[WORDS.opened, WORDS.due, WORDS.closed, WORDS.followUp],
    ],
    rows: assessment.findings.map((one) => [
      ...[code(one.id), word(FINDING_KINDS[one.kind]), code(one.duty ?? ""), word(SEVERITIES[one.severity])],
      ...[one.priority.rank, ...(["cost", "benefit", "risk"] as const).map((key) => word(LEVELS[one.priority[key]]))],
      ...[one.condition, one.criteria, one.cause, one.effect, one.recommendation, one.owner.title].map((said) =>
        word(said),
      ),
      ...[moment(one.openedAt), day(one.due), one.closedAt === null ? said("") : moment(one.closedAt)],
      word(followUps[one.followUp]),
    ]),
  };
}

function waivers(sources: Sources): CsvTable {
  return {
    name: "waivers",
    columns: [WORDS.id, WORDS.duty, WORDS.title, WORDS.justification, WORDS.approver, WORDS.expires, WORDS.state],
    rows: sources.assessment.waivers.map(({ id, duty, justification, approver, expires, state }) => [
      ...[code(id), code(duty), word(titleOf(sources, duty)), said(justification), roleCell(approver), code(expires)],
      word(WAIVER_STATES[state]),
    ]),
  };
}

function calendar(sources: Sources): CsvTable {
  return {
    name: "calendar",
    columns: [WORDS.date, WORDS.kind, WORDS.duty, WORDS.title, WORDS.severity, WORDS.what, WORDS.becomes],
    rows: sources.assessment.calendar.map(({ date, kind, duty, severity, what, becomes }) => [
      ...[code(date), word(CALENDAR_KINDS[kind]), code(duty), word(titleOf(sources, duty)), word(SEVERITIES[severity])],
      ...[word(what), word(STATUSES[becomes])],
    ]),
  };
}

function documents({ assessment }: Sources): CsvTable {
  return {
    name: "documents",
    columns: [
      WORDS.id,
      WORDS.title,
      text("Nomor", "Number"),
      WORDS.date,
      WORDS.expires,
      WORDS.owner,
      WORDS.state,
      WORDS.digest,
    ],
    rows: assessment.documents.map((one) => [
      ...[code(one.id), said(one.title), code(one.number), code(one.date), code(one.expires), roleCell(one.owner)],
      ...[word(DOCUMENT_STATES[one.state]), code(one.digest ?? "")],
    ]),
  };
}

function evidence({ assessment }: Sources): CsvTable {
  return {
    name: "evidence",
    columns: [WORDS.record, WORDS.kind, WORDS.about, WORDS.at, WORDS.site, WORDS.digest, WORDS.duties],
    rows: assessment.evidence.cited.map((one) => [
      ...[code(one.id), word(kindText(one)), said(one.about), code(one.at), code(one.site ?? ""), code(one.digest)],
      code(one.duties.join(" ")),
    ]),
  };
}
