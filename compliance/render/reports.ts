/** The reports, as documents: which chapters each consists of. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { longDate } from "../../web/text.ts";
import { calendarChapter, documentsChapter, waiversChapter } from "./chapters/agreed.ts";
import { figuresChapter } from "./chapters/all-figures.ts";
import { evidenceChapter, verifyChapter } from "./chapters/evidence.ts";
import { methodChapter, notExaminedChapter } from "./chapters/method.ts";
import { overviewChapter } from "./chapters/overview.ts";
import { changesChapter, followUpChapter, recommendationsChapter } from "./chapters/recommendations.ts";
import { notBindingChapter, registerChapter } from "./chapters/register.ts";
import { conclusionsChapter, findingsChapter } from "./chapters/results.ts";
import { standardChapters } from "./chapters/standard.ts";
import { summaryChapter, verdictOf } from "./chapters/summary.ts";
import type { Chapter, Entry, ReportDocument } from "./document.ts";
import { code, day, moment, said, word } from "./document.ts";
import { letterheadOf, localDay, type Sources } from "./sources.ts";
import { WORDS } from "./words.ts";

export const reportKinds = ["audit", "half-yearly", "standard"] as const;
export type ReportKind = (typeof reportKinds)[number];

interface Composition {
  readonly title: Text;
  readonly chapters: readonly ((sources: Sources) => Chapter | readonly Chapter[])[];
}

const COMPOSITIONS: Readonly<Record<ReportKind, Composition>> = {
  /** Empat Lawang 30/2019 article 40: executive summary, overview, results as conclusions and findings, recommendations. */
  audit: {
    title: text("Laporan Audit Kepatuhan Pusat Data", "Audit Report on the Compliance of the Data Centre"),
    chapters: [
      summaryChapter,
      overviewChapter,
      methodChapter,
      conclusionsChapter,
      findingsChapter,
      recommendationsChapter,
      followUpChapter,
      changesChapter,
      waiversChapter,
      calendarChapter,
      documentsChapter,
      registerChapter,
      notBindingChapter,
      notExaminedChapter,
      evidenceChapter,
      figuresChapter,
      verifyChapter,
    ],
  },
  /** Langsa 34/2020 article 25(3)(4): supervision and evaluation every six months. */
  "half-yearly": {
    title: text("Laporan Pengawasan dan Evaluasi Semesteran", "Half-yearly Report on Supervision and Evaluation"),
    chapters: [
      summaryChapter,
      changesChapter,
      conclusionsChapter,
      recommendationsChapter,
      followUpChapter,
      calendarChapter,
      waiversChapter,
      notExaminedChapter,
      figuresChapter,
      verifyChapter,
    ],
  },
  /** Empat Lawang 30/2019 articles 33c-d, 41(2): a minimum specification in seven subjects. */
  standard: {
    title: text("Standar Minimal Spesifikasi Teknologi Informasi", "Minimum Specification of Information Technology"),
    chapters: [standardChapters, figuresChapter, verifyChapter],
  },
};

export function reportOf(kind: ReportKind, sources: Sources): ReportDocument {
  const { assessment, today } = sources;
  const { title, chapters } = COMPOSITIONS[kind];
  return {
    letterhead: letterheadOf(assessment),
    title,
    under: {
      text: text("{region}, keadaan per {today}", "{region}, as of {today}"),
      cells: { region: said(assessment.region.name), today: day(today) },
    },
    verdict: verdictOf(sources),
    facts: coverFacts(sources),
    notice: assessment.region.lab || assessment.region.example ? WORDS.example : null,
    chapters: chapters.flatMap((chapter) => chapter(sources)),
    signatures: [
      text("Disusun oleh", "Prepared by"),
      text("Diperiksa oleh auditor", "Examined by the auditor"),
      text("Mengetahui", "Seen by"),
    ],
  };
}

function coverFacts({ assessment, digest, figure, zone }: Sources): (readonly [Text, Entry])[] {
  const { regulations, period, at, commit, inventory } = assessment;
  return [
    [WORDS.regulations, regulations.length === 0 ? word(WORDS.none) : regulations.map(({ title }) => word(title))],
    [WORDS.period, word(daysText(localDay(period.from, zone), localDay(period.to, zone)))],
    [WORDS.assessedAt, moment(at)],
    [WORDS.records, figure("evidence.records")],
    [WORDS.commit, commit === null ? word(WORDS.unknown) : code(commit)],
    [WORDS.inventory, code(inventory)],
    [WORDS.assessment, code(digest)],
  ];
}

const daysText = (from: string, to: string): Text =>
  text(`${longDate(from, "id")} sampai ${longDate(to, "id")}`, `${longDate(from, "en")} to ${longDate(to, "en")}`);
