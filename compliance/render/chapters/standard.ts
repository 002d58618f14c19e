/**
 * The minimum specification that a region's regulation asks for (Empat Lawang 30/2019 articles 33c-d, 41(2)): hardware, software, database, network,
 * governance, security, people. Each duty of the catalogue is a line of it: what is asked, how it is measured, and how it stands today. Pure.
 */
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { Cell } from "../../../web/cells.ts";
import type { DutyResult, WayResult } from "../../assessment.ts";
import { DOCUMENTS, type DocumentKind } from "../../schema/documents.ts";
import type { Block, Chapter } from "../document.ts";
import { code, day, prose, word } from "../document.ts";
import { articleCells, type Sources } from "../sources.ts";
import { ANSWERS, WORDS } from "../words.ts";
import { statusCell } from "./register.ts";

interface Subject {
  readonly id: string;
  readonly title: Text;
  /** Beginnings of the ids of its duties. */
  readonly prefixes: readonly string[];
}

/** As the regulation lists them. */
export const SUBJECTS: readonly Subject[] = [
  {
    id: "perangkat-keras",
    title: text("Perangkat keras dan lokasi", "Hardware and sites"),
    prefixes: ["site.", "asset."],
  },
  { id: "perangkat-lunak", title: text("Perangkat lunak", "Software"), prefixes: ["app.", "web.", "mail.", "sso"] },
  { id: "basis-data", title: text("Basis data", "Databases"), prefixes: ["data.", "bak."] },
  { id: "jaringan", title: text("Jaringan dan nama", "Network and names"), prefixes: ["net.", "dns."] },
  { id: "tata-kelola", title: text("Tata kelola", "Governance"), prefixes: ["gov.", "audit.", "ops.", "fund."] },
  { id: "keamanan", title: text("Keamanan", "Security"), prefixes: ["sec."] },
  { id: "sumber-daya-manusia", title: text("Sumber daya manusia", "People"), prefixes: ["hr."] },
];

export function standardChapters(sources: Sources): Chapter[] {
  const bound = sources.assessment.duties.filter(({ binds }) => binds);
  return [
    introduction(sources),
    ...SUBJECTS.map(({ id, title, prefixes }) => ({
      id: `standar-${id}`,
      title,
      blocks: [
        table(
          title,
          bound.filter((duty) => prefixes.some((prefix) => duty.id.startsWith(prefix))),
          sources,
        ),
      ],
    })),
  ];
}

function introduction({ figure }: Sources): Chapter {
  return {
    id: "ketentuan",
    title: text("Ketentuan umum", "General"),
    newPage: true,
    blocks: [
      prose(
        text(
          "Standar ini menyebut {population} ketentuan dalam tujuh pokok. Tiap ketentuan menyebut apa yang diminta, dasarnya, cara mengukurnya, dan keadaannya pada tanggal laporan ini: {satisfied} terpenuhi, {attested} dinyatakan dokumen, {failing} tidak terpenuhi, {unknown} tidak diketahui.",
          "This standard holds {population} provisions in seven subjects. Each says what is asked, on which basis, how it is measured, and how it stands on the day of this report: {satisfied} satisfied, {attested} attested, {failing} not satisfied, {unknown} unknown.",
        ),
        {
          population: figure("status.population"),
          satisfied: figure("status.satisfied"),
          attested: figure("status.attested"),
          failing: figure("status.not-satisfied"),
          unknown: figure("status.unknown"),
        },
      ),
      prose(
        text(
          "Ketentuan dengan cara ukur “berjalan” berlaku hanya selama buktinya tidak lebih lama daripada yang tertulis.",
          "A provision that is measured as “running” holds only while its evidence is no older than is written here.",
        ),
      ),
    ],
  };
}

function table(title: Text, duties: readonly DutyResult[], { assessment }: Sources): Block {
  return {
    kind: "table",
    caption: title,
    quiet: true,
    columns: [
      { title: text("Ketentuan", "Provision"), width: 38 },
      { title: text("Dasar", "Basis"), width: 15 },
      { title: text("Cara mengukur", "How it is measured"), width: 28 },
      { title: WORDS.status, width: 19 },
    ],
    rows: duties.map((duty) => [
      [word(duty.title, "good"), word(duty.explanation), code(duty.id)],
      articleCells(assessment, duty),
      duty.ways.flatMap(wayCells),
      [statusCell(duty), ...(duty.deadline === null ? [] : [word(WORDS.deadline), day(duty.deadline.date)])],
    ]),
    empty: text("Tidak ada ketentuan dalam pokok ini.", "There is no provision in this subject."),
  };
}

/** How it is measured: the kind of answer, what gives it, and how old it may be. */
function wayCells({ way, by, freshSeconds }: WayResult): Cell[] {
  const document = way === "attested" ? DOCUMENTS[by as DocumentKind] : undefined;
  return [
    document === undefined
      ? word(ANSWERS[way])
      : word(text(`${ANSWERS[way].id}: ${document.id}`, `${ANSWERS[way].en}: ${document.en}`)),
    ...(freshSeconds === null ? [] : [word(ageText(freshSeconds))]),
  ];
}

/** `bukti paling lama 26 jam`. */
export function ageText(seconds: number): Text {
  const [count, id, en] =
    seconds >= 2 * 86_400
      ? [Math.floor(seconds / 86_400), "hari", "days"]
      : seconds >= 7_200
        ? [Math.floor(seconds / 3_600), "jam", "hours"]
        : [Math.floor(seconds / 60), "menit", "minutes"];
  return text(`bukti paling lama ${count} ${id}`, `evidence at most ${count} ${en} old`);
}
