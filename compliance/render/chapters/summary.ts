/** The executive summary: what a reader with five minutes needs. Pure. */
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { Block, Chapter, Phrase } from "../document.ts";
import { day, prose, word } from "../document.ts";
import { type Sources, titleOf } from "../sources.ts";
import { WORDS } from "../words.ts";
import { SEVERITY_ROWS, tallyBars } from "./tables.ts";

/** So many findings stand in the summary; all of them in the chapter on results. */
const FIRST = 5;

export function summaryChapter(sources: Sources): Chapter {
  return {
    id: "ringkasan",
    title: text("Ringkasan eksekutif", "Executive summary"),
    newPage: true,
    blocks: [
      tilesOf(sources),
      ...sentences(sources),
      tallyBars(text("Kewajiban menurut bobot dan status", "Duties by severity and status"), SEVERITY_ROWS, sources),
      ...firstFindings(sources),
    ],
  };
}

export function tilesOf({ figure }: Sources): Block {
  const tile = (name: string, id: string, en: string, tone: "good" | "bad" | "unknown" | "paper" | "late") => ({
    label: text(id, en),
    count: figure(name),
    tone,
  });
  return {
    kind: "tiles",
    tiles: [
      tile("status.population", "kewajiban mengikat", "duties bind", "paper"),
      tile("status.satisfied", "terpenuhi", "satisfied", "good"),
      tile("status.attested", "dinyatakan dokumen", "attested", "paper"),
      tile("status.not-satisfied", "tidak terpenuhi", "not satisfied", "bad"),
      tile("status.unknown", "tidak diketahui", "unknown", "unknown"),
      tile("findings.open", "temuan terbuka", "open findings", "late"),
    ],
  };
}

/** One line that says how it stands, and how a reader should take it. What is unknown is never good. */
export function verdictOf({ figure }: Sources): { readonly phrase: Phrase; readonly mood: "good" | "bad" } {
  const bad = ["not-satisfied", "expired", "unknown"].reduce(
    (sum, status) => sum + (figure(`severity.mandatory.${status}`).count ?? 0),
    0,
  );
  const cells = {
    population: figure("severity.mandatory.population"),
    failing: figure("severity.mandatory.not-satisfied"),
    expired: figure("severity.mandatory.expired"),
    unknown: figure("severity.mandatory.unknown"),
    waived: figure("severity.mandatory.waived"),
  };
  if ((cells.population.count ?? 0) === 0)
    return {
      phrase: { text: text("Tidak ada kewajiban wajib yang dinilai.", "No mandatory duty was assessed."), cells: {} },
      mood: "bad",
    };
  if (bad === 0)
    return {
      phrase: {
        text: text(
          "Dari {population} kewajiban wajib tidak ada yang gagal dan tidak ada yang tidak diketahui; {waived} dikecualikan.",
          "Of {population} mandatory duties none fails and none is unknown; {waived} are waived.",
        ),
        cells,
      },
      mood: "good",
    };
  return {
    phrase: {
      text: text(
        "Dari {population} kewajiban wajib, {failing} tidak terpenuhi, {expired} kedaluwarsa, dan {unknown} tidak diketahui.",
        "Of {population} mandatory duties, {failing} are not satisfied, {expired} have expired and {unknown} are unknown.",
      ),
      cells,
    },
    mood: "bad",
  };
}

/** What was found, in sentences: also the body of letters. */
export function sentences({ assessment, figure }: Sources): Block[] {
  const { reason } = assessment.evidence;
  return [
    ...(reason === null ? [] : [unread(reason)]),
    prose(
      text(
        "Peraturan mengikat daerah ini dengan {population} kewajiban. Sebanyak {satisfied} terpenuhi dan ditunjukkan oleh rancangan atau bukti, {attested} dinyatakan oleh dokumen yang berlaku, {waived} dikecualikan untuk sementara, dan {off} tidak berlaku karena tidak ada yang dapat dikenainya. Selebihnya {failing} tidak terpenuhi, {expired} kedaluwarsa, dan {unknown} tidak diketahui: tanpa bukti, tidak ada yang dihitung sebagai terpenuhi.",
        "The regulations bind this region by {population} duties. {satisfied} are satisfied and shown by the design or by evidence, {attested} are attested by a document in force, {waived} are waived for a time, and {off} are not applicable because there is nothing that they could be asked of. Of the rest {failing} are not satisfied, {expired} have expired and {unknown} are unknown: without evidence nothing counts as satisfied.",
      ),
      {
        population: figure("status.population"),
        satisfied: figure("status.satisfied"),
        attested: figure("status.attested"),
        waived: figure("status.waived"),
        off: figure("status.not-applicable"),
        failing: figure("status.not-satisfied"),
        expired: figure("status.expired"),
        unknown: figure("status.unknown"),
      },
    ),
    prose(
      text(
        "Untuk itu {looked} dari {spoken} hal diperiksa, misalnya situs, aplikasi, basis data, dan cadangan; {failing} di antaranya gagal. {verified} dari {records} catatan bukti cocok tanda tangan dan rantainya. Terdapat {open} temuan terbuka, {overdue} di antaranya lewat batas waktu.",
        "For this {looked} of {spoken} things were looked at, such as sites, applications, databases and backups; {failing} of them fail. {verified} of {records} records of evidence verified, signature and chain. There are {open} open findings, {overdue} of them overdue.",
      ),
      {
        looked: figure("things.looked-at"),
        spoken: figure("things.spoken-of"),
        failing: figure("things.failing"),
        verified: figure("evidence.verified"),
        records: figure("evidence.records"),
        open: figure("findings.open"),
        overdue: figure("findings.overdue"),
      },
    ),
  ];
}

/** What could not be read comes first: it is why so much is unknown. */
const unread = (reason: Text): Block => ({
  kind: "prose",
  phrase: {
    text: text("Tidak semua bukti terbaca: {reason}.", "Not all evidence could be read: {reason}."),
    cells: { reason: word(reason) },
  },
  mood: "note",
});

/** The findings that come first, each with what to do, who does it and until when. */
export function firstFindings(sources: Sources, most: number = FIRST): Block[] {
  const { open } = sources;
  if (open.length === 0) return [prose(text("Tidak ada temuan terbuka.", "There is no open finding."))];
  return [
    { kind: "heading", id: "temuan-utama", title: text("Temuan yang didahulukan", "Findings that come first") },
    {
      kind: "table",
      caption: text("Temuan menurut prioritas", "Findings by priority"),
      quiet: true,
      columns: [
        { title: WORDS.priority, width: 9 },
        { title: WORDS.duty, width: 27 },
        { title: WORDS.recommendation, width: 34 },
        { title: WORDS.owner, width: 17 },
        { title: WORDS.due, width: 13 },
      ],
      rows: open
        .slice(0, most)
        .map((one) => [
          word(text(`${one.priority.rank}`, `${one.priority.rank}`)),
          word(one.duty === null ? one.condition : titleOf(sources, one.duty)),
          word(one.recommendation),
          word(one.owner.title),
          one.overdue ? [day(one.due), word(WORDS.overdue, "bad")] : day(one.due),
        ]),
      empty: WORDS.none,
    },
  ];
}
