/**
 * Letters that follow from an assessment: drafts for the registry to number and for their signatory to sign. None is invented: each rests on a duty
 * that is not met. Pure.
 */
import { text } from "../../model/text.ts";
import type { RegulationId, Text } from "../../model/types.ts";
import type { Assessment, DutyResult } from "../assessment.ts";
import { COMMON_WORDS } from "../schema/terms.ts";
import { calendarBlock } from "./chapters/agreed.ts";
import { firstFindings, sentences, tilesOf, verdictOf } from "./chapters/summary.ts";
import { capital, SEVERITY_ROWS, tallyBars } from "./chapters/tables.ts";
import type { Block, Entry, Letterhead } from "./document.ts";
import { day, prose, said, word } from "./document.ts";
import { hijriDate } from "./hijri.ts";
import { articleCells, failingOf, headOf, letterheadOf, localDay, type Sources } from "./sources.ts";
import { WORDS } from "./words.ts";

export interface Letter {
  /** Part of its file's name: lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly letterhead: Letterhead;
  /** Where it is dated; absent where nobody said. */
  readonly seat?: string;
  readonly date: string;
  /** Absent where the region does not write it. */
  readonly hijri?: string;
  /** Sifat, Lampiran, Hal, as official letters name them. */
  readonly nature: Text;
  readonly attachments: Text;
  readonly subject: Text;
  readonly to: Text;
  readonly body: readonly Block[];
  readonly signatory: Text;
  readonly copies: readonly Text[];
}

const NATURES = {
  ordinary: text("Biasa", "Ordinary"),
  important: text("Penting", "Important"),
  urgent: text("Segera", "Urgent"),
} as const;

const NO_ATTACHMENT = text("-", "-");
const INSPECTORATE = text("Inspektur", "The Inspector");
const SECRETARY = text("Sekretaris Daerah", "The Regional Secretary");

/** Who signs for the agency that runs the data centre. */
function officeHead({ region }: Pick<Assessment, "region">): Text {
  const office = region.letterhead?.office ?? "Diskominfo";
  return text(`Kepala ${office}`, `The head of ${office}`);
}

/** Regulations whose regions date their letters by the Hijri calendar, too (Langsa 34/2020 is itself dated so). */
const HIJRI: ReadonlySet<RegulationId> = new Set(["langsa-34-2020"]);

/** Lamandau 37/2018 article 20 (chapter X): the breaches that the head of the region warns of, a closed list. */
const WARNED: ReadonlySet<string> = new Set(["11(1)", "11(3)", "13(6)", "13(8)", "16(10)"]);

type Common = Pick<Letter, "letterhead" | "seat" | "date" | "hijri">;

function commonOf({ assessment, today }: Sources): Common {
  const { region, regulations } = assessment;
  return {
    letterhead: letterheadOf(assessment),
    date: today,
    ...(region.letterhead === undefined ? {} : { seat: region.letterhead.seat }),
    ...(regulations.some(({ id }) => HIJRI.has(id)) ? { hijri: hijriDate(today) } : {}),
  };
}

/** Two pages to the head of the region: how it stands, what comes first, what ends soon. */
export function headLetter(sources: Sources): Letter {
  const { assessment, zone } = sources;
  const all = sentences(sources);
  return {
    ...commonOf(sources),
    id: "bupati",
    nature: NATURES.important,
    attachments: text("1 (satu) berkas laporan", "1 (one) report"),
    subject: text("Laporan keadaan pusat data dan kewajibannya", "Report on the data centre and its duties"),
    to: headOf(assessment),
    body: [
      prose(
        text(
          "Dengan hormat kami laporkan keadaan pusat data dan pusat pemulihan daerah untuk masa {from} sampai {to}.",
          "We respectfully report on the region's data centre and recovery centre from {from} to {to}.",
        ),
        { from: day(localDay(assessment.period.from, zone)), to: day(localDay(assessment.period.to, zone)) },
      ),
      { kind: "prose", phrase: verdictOf(sources).phrase, mood: verdictOf(sources).mood },
      tilesOf(sources),
      ...all.slice(0, -1),
      tallyBars(text("Kewajiban menurut bobot dan status", "Duties by severity and status"), SEVERITY_ROWS, sources),
      ...all.slice(-1),
      prose(
        text(
          "Keputusan Bapak/Ibu kami mohonkan terutama untuk hal-hal berikut.",
          "Above all we ask for your decision on the following.",
        ),
      ),
      ...firstFindings(sources, MOST_FINDINGS),
      calendarBlock(sources, MOST_DAYS),
      prose(
        text(
          "Laporan lengkap beserta buktinya terlampir; sidik penilaian yang mendasarinya tercetak di kaki halaman ini. Demikian kami sampaikan, atas perhatian Bapak/Ibu kami ucapkan terima kasih.",
          "The whole report with its evidence is attached; the digest of the assessment that it rests on is printed at the foot of this page. We thank you for your attention.",
        ),
      ),
    ],
    signatory: officeHead(sources.assessment),
    copies: [SECRETARY, INSPECTORATE],
  };
}

/** What fits on two pages. */
const MOST_FINDINGS = 3;
const MOST_DAYS = 4;

/** Every letter that the assessment asks for: reminders, warnings, notices to data stewards. */
export function lettersOf(sources: Sources): Letter[] {
  return [...reminders(sources), ...warnings(sources), ...notices(sources)];
}

const isRed = ({ binds, status }: DutyResult): boolean => binds && (status === "not-satisfied" || status === "expired");

/** One to each agency that does not report (Serdang Bedagai 8/2017 article 27(3)). */
function reminders(sources: Sources): Letter[] {
  const duty = sources.dutyOf("gov.reports");
  if (duty === undefined || !isRed(duty)) return [];
  return failingOf(duty).map((name) => ({
    ...commonOf(sources),
    id: `pengingat-${stem(name)}`,
    nature: NATURES.important,
    attachments: NO_ATTACHMENT,
    subject: text("Pengingat penyampaian laporan berkala", "Reminder of the periodic report"),
    to: text(`Kepala ${name}`, `The head of ${name}`),
    body: [
      prose(
        text(
          "Pada penilaian tanggal {today} laporan berkala {name} belum kami terima. Dasar kewajiban melapor:",
          "By the assessment of {today} we had not received the periodic report of {name}. The duty to report rests on:",
        ),
        { today: day(sources.today), name: said(name) },
      ),
      basisOf([duty], sources),
      prose(
        text(
          "Kami mohon laporan itu disampaikan paling lambat 14 hari sejak tanggal surat ini, beserta kendala yang dihadapi bila ada. Diskominfo siap membantu penyusunannya.",
          "Please hand it in within 14 days of the date of this letter, with whatever stands in the way. The Diskominfo will help to draw it up.",
        ),
      ),
      THANKS,
    ],
    signatory: officeHead(sources.assessment),
    copies: [SECRETARY, INSPECTORATE],
  }));
}

/** One for each breach that the head of the region warns of. */
function warnings(sources: Sources): Letter[] {
  const { assessment } = sources;
  const breached = assessment.duties.filter(
    (duty) =>
      isRed(duty) &&
      duty.articles.some(({ regulation, short }) => regulation === "lamandau-37-2018" && WARNED.has(short)),
  );
  return breached.map((duty) => ({
    ...commonOf(sources),
    id: `teguran-${stem(duty.id)}`,
    letterhead: { government: headOf(assessment).id, lines: [assessment.region.domain] },
    nature: NATURES.urgent,
    attachments: NO_ATTACHMENT,
    subject: text("Teguran", "Warning"),
    to: text(
      `Kepala ${assessment.vocabulary.opd.id} yang bersangkutan`,
      `The heads of the ${assessment.vocabulary.opd.en} concerned`,
    ),
    body: [
      prose(
        text(
          "Penilaian tanggal {today} menunjukkan kewajiban berikut tidak terpenuhi:",
          "The assessment of {today} shows that the following duty is not met:",
        ),
        { today: day(sources.today) },
      ),
      basisOf([duty], sources),
      ...concerned([duty]),
      prose(
        text(
          "Dengan ini Saudara ditegur dan diminta memperbaikinya paling lambat 30 hari sejak tanggal surat ini: {remedy}",
          "You are hereby warned, and asked to put it right within 30 days of the date of this letter: {remedy}",
        ),
        { remedy: word(duty.remedy) },
      ),
      THANKS,
    ],
    signatory: headOf(assessment),
    copies: [SECRETARY, INSPECTORATE, officeHead(assessment)],
  }));
}

/** One to the data steward, of all duties of his that are not met. */
function notices(sources: Sources): Letter[] {
  const { assessment } = sources;
  const own = assessment.duties.filter((duty) => isRed(duty) && duty.responsible.role === "walidata");
  const [first] = own;
  if (first === undefined) return [];
  const { walidata } = assessment.vocabulary;
  const isCommon = walidata.id === COMMON_WORDS.walidata.id;
  return [
    {
      ...commonOf(sources),
      id: "pemberitahuan-walidata",
      nature: NATURES.important,
      attachments: NO_ATTACHMENT,
      subject: text("Pemberitahuan tentang data yang dikelola", "Notice on the data in your care"),
      to: capital(isCommon ? first.responsible.title : walidata),
      body: [
        prose(
          text(
            "Penilaian tanggal {today} menunjukkan hal-hal berikut pada data yang menjadi tanggung jawab Saudara:",
            "The assessment of {today} shows the following of the data in your care:",
          ),
          { today: day(sources.today) },
        ),
        basisOf(own, sources),
        ...concerned(own),
        prose(
          text(
            "Mohon keadaan itu diperbaiki atau dijelaskan paling lambat 30 hari sejak tanggal surat ini. Tanpa izin Saudara tidak ada pihak yang membuka data tersebut, termasuk Diskominfo.",
            "Please put it right, or explain it, within 30 days of the date of this letter. Without your leave nobody opens these data, the Diskominfo included.",
          ),
        ),
        THANKS,
      ],
      signatory: officeHead(sources.assessment),
      copies: [SECRETARY, INSPECTORATE],
    },
  ];
}

const THANKS = prose(
  text(
    "Atas perhatian dan kerja sama Saudara kami ucapkan terima kasih.",
    "We thank you for your attention and cooperation.",
  ),
);

function basisOf(duties: readonly DutyResult[], { assessment }: Sources): Block {
  return {
    kind: "table",
    caption: text("Kewajiban dan dasarnya", "Duties and their basis"),
    columns: [{ title: WORDS.duty }, { title: WORDS.articles, width: 28 }, { title: WORDS.reason, width: 32 }],
    rows: duties.map((duty) => [
      word(duty.title),
      articleCells(assessment, duty),
      duty.reasons.map((one) => word(one)),
    ]),
    empty: WORDS.none,
  };
}

/** What exactly, as far as the assessment names it. */
function concerned(duties: readonly DutyResult[]): Block[] {
  const rows = duties.flatMap((duty): (readonly [Text, Entry])[] => {
    const names = failingOf(duty);
    return names.length === 0 ? [] : [[duty.title, names.map(said)]];
  });
  return rows.length === 0 ? [] : [{ kind: "facts", rows }];
}

const stem = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);
