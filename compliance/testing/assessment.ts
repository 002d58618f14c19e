/** For tests only: a made assessment of real duties, with every status, every state of an answer, and a finding of every follow-up word. */

import { text } from "../../model/text.ts";
import type { RegulationId, Text } from "../../model/types.ts";
import {
  type Answer,
  type AnswerKind,
  type AnswerState,
  ASSESSMENT_SCHEMA,
  type Assessment,
  answerKinds,
  type DutyResult,
  type Finding,
  type FollowUp,
  type FollowUpEntry,
  type Population,
  type Status,
  type WayResult,
} from "../assessment.ts";
import { bind, profilesOf, vocabularyOf } from "../binding.ts";
import { describeDuty, describeRegulation } from "../describe-duty.ts";
import type { Way } from "../schema/duty.ts";
import { totalsOf } from "../totals.ts";
import { catalogue } from "./catalogue.ts";

const AT = "2026-07-01T09:00:00+07:00";
const TODAY = "2026-07-01";
const DIGEST = (letter: string): string => letter.repeat(64);
const NOBODY: Population = { spokenOf: 0, lookedAt: 0, failing: 0, which: [], unknown: [] };

/** In turn, so that each status stands in every area that is large enough. */
const TURN: readonly Status[] = [
  "satisfied",
  "satisfied",
  "attested",
  "not-satisfied",
  "unknown",
  "satisfied",
  "expired",
  "waived",
  "not-applicable",
];

export interface MadeOptions {
  /** Which bind the region. Default: Lamandau's alone, so that the region's own words stand in the texts. */
  readonly regulations?: readonly RegulationId[];
}

/** Two findings more than duties need: one that was closed and came back, one that is closed. */
export function madeAssessment({ regulations = ["lamandau-37-2018"] }: MadeOptions = {}): Assessment {
  const all = catalogue();
  const { profiles } = profilesOf(all, regulations);
  let turn = 0;
  const duties = bind(all, profiles).map((binding): DutyResult => {
    const described = describeDuty(binding, TODAY);
    const reason = binding.binds ? undefined : binding.reason;
    const status = reason ? "not-applicable" : (TURN[turn++ % TURN.length] as Status);
    return { ...described, ...madeResult(status, binding.duty.shown, described.id, reason) };
  });
  const findings = madeFindings(duties);
  return {
    schema: ASSESSMENT_SCHEMA,
    region: {
      id: "contoh",
      name: "Kabupaten Contoh & Rekaan",
      government: "Pemerintah Kabupaten Contoh <uji>",
      domain: "contohkab.go.id",
      timezone: "Asia/Jakarta",
      lab: false,
      example: true,
      sites: [
        { id: "dc", name: "Pusat Data Kabupaten Contoh", designation: "primary" },
        { id: "drc", name: "Pusat Pemulihan Kabupaten Contoh", designation: "recovery" },
      ],
    },
    regulations: profiles.map(describeRegulation),
    vocabulary: vocabularyOf(profiles),
    at: AT,
    period: { from: "2026-01-01T00:00:00+07:00", to: AT },
    commit: "5f5b72f0c0ffee5f5b72f0c0ffee5f5b72f0c0ff",
    inventory: DIGEST("a"),
    duties,
    totals: totalsOf(duties, findings),
    findings,
    waivers: madeWaivers(duties),
    documents: madeDocuments(duties),
    calendar: madeCalendar(duties),
    evidence: {
      records: 412,
      verified: 410,
      reachable: true,
      reason: null,
      cited: [
        {
          id: "dc-0011223344556677-20260301T000000Z/0000000021",
          digest: DIGEST("c"),
          kind: "drill",
          about: "dc/postgresql:utama",
          at: "2026-06-30T02:10:00Z",
          site: "dc",
          duties: [duties[0]?.id ?? ""],
        },
        {
          id: "documents/sop-induk",
          digest: DIGEST("d"),
          kind: "document",
          about: "operating-procedures",
          at: "2025-07-14T00:00:00+07:00",
          site: null,
          duties: ["gov.sop"],
        },
      ],
      broken: [
        {
          id: "dc-0011223344556677-20260301T000000Z/0000000099",
          code: "signature",
          reason: text("tanda tangan tidak cocok: isinya diubah", "the signature does not fit: it was altered"),
        },
        {
          id: "dc-0011223344556677-20260301T000000Z/0000000100",
          code: "other-region",
          reason: text("bukti daerah lain", "evidence of another region"),
        },
      ],
      heads: [
        {
          writer: "dc-0011223344556677-20260301T000000Z",
          site: "dc",
          last: 230,
          digest: DIGEST("e"),
          counterSigned: { by: "drc", sequence: 228, at: "2026-07-01T01:00:00Z" },
        },
        {
          writer: "drc-8899aabbccddeeff-20260301T000000Z",
          site: "drc",
          last: 182,
          digest: DIGEST("f"),
          counterSigned: null,
        },
      ],
    },
    problems: [
      {
        code: "unknown-duty",
        path: "waivers[3].duty",
        message: text('kewajiban "site.nope" tidak ada', 'there is no duty "site.nope"'),
        expected: text("id kewajiban di katalog", "the id of a duty in the catalogue"),
        received: '"site.nope"',
        hint: text("maksudnya site.drc?", "do you mean site.drc?"),
      },
      {
        code: "digest-differs",
        path: "documents[2].digest",
        message: text("isi berkas berubah", "the file's content changed"),
        expected: text(`SHA-256 ${DIGEST("1")}`, `SHA-256 ${DIGEST("1")}`),
        received: DIGEST("2"),
        hint: null,
      },
    ],
    method: {
      ways: duties.flatMap(({ ways }) => ways).length,
      examined: duties.flatMap(({ ways }) => ways).filter(({ state }) => state !== "unknown").length,
      notExamined: [
        {
          duty: "mail.official",
          by: "mail.official/mail-accepted-and-secured",
          reason: text("surel resmi belum dibangun", "official mail is not built yet"),
        },
      ],
      sampling: text(
        "seluruh populasi diperiksa; tidak ada yang disampel",
        "every population is looked at whole; nothing is sampled",
      ),
      notes: [text("data rekaan untuk uji", "invented data for tests")],
    },
    changes: {
      since: "2026-01-02T09:00:00+07:00",
      inventory: DIGEST("b"),
      commit: null,
      duties: duties
        .filter(({ status }) => status === "not-satisfied")
        .slice(0, 2)
        .map(({ id }) => ({ id, before: "satisfied" as const, after: "not-satisfied" as const })),
      opened: findings
        .filter(({ closedAt }) => closedAt === null)
        .slice(0, 2)
        .map(({ id }) => id),
      reopened: findings.filter(({ reopened }) => reopened > 0).map(({ id }) => id),
      closed: findings.filter(({ closedAt }) => closedAt !== null).map(({ id }) => id),
    },
  };
}

type MadeResult = Pick<DutyResult, "status" | "reasons" | "answers" | "ways" | "practice" | "disagreement" | "waiver">;

const STATE_OF: Readonly<Record<Status, AnswerState>> = {
  satisfied: "met",
  attested: "met",
  waived: "not-met",
  "not-applicable": "not-applicable",
  unknown: "unknown",
  expired: "expired",
  "not-satisfied": "not-met",
};

function madeResult(status: Status, shown: readonly Way[], id: string, reason: Text | undefined): MadeResult {
  const state = STATE_OF[status];
  const reasons = status === "satisfied" || status === "attested" ? [] : [reason ?? WHY[state] ?? text("", "")];
  const ways = shown.map((way): WayResult => {
    const answer = madeAnswer(state, id);
    return {
      ...answer,
      way: way.way,
      by: way.by,
      practice: way.beyond === true,
      freshSeconds: way.way === "running" ? way.freshSeconds : null,
      holdsUntil: way.way === "designed" ? null : "2026-07-02T09:00:00+07:00",
    };
  });
  const answers = Object.fromEntries(
    answerKinds.map((kind) => [kind, madeAnswer(ways.some(({ way }) => way === kind) ? state : "not-asked", id)]),
  ) as Record<AnswerKind, Answer>;
  const practice = ways.some((way) => way.practice) ? state : null;
  const disagreement =
    status === "not-satisfied"
      ? text("dirancang memenuhi, tetapi yang berjalan tidak", "designed to meet it, but what runs does not")
      : null;
  return { status, reasons, answers, ways, practice, disagreement, waiver: status === "waived" ? `w-${id}` : null };
}

const WHY: Partial<Record<AnswerState, Text>> = {
  "not-met": text("2 dari 7 tidak memenuhi", "2 of 7 do not meet it"),
  unknown: text("tidak ada bukti yang cukup baru", "there is no evidence that is fresh enough"),
  expired: text("dokumennya berakhir 2026-06-30", "its document ended on 2026-06-30"),
  "not-applicable": text("tidak ada yang dibicarakan kewajiban ini", "there is nothing that this duty speaks of"),
};

function madeAnswer(state: AnswerState, id: string): Answer {
  const failing = state === "not-met" ? [`${id}: dinkes`, `${id}: bpbd`] : [];
  const unknown = state === "unknown" ? [`${id}: rsud`] : [];
  const none = state === "not-asked" || state === "not-applicable";
  return {
    state,
    population: none
      ? NOBODY
      : { spokenOf: 7, lookedAt: 7 - unknown.length, failing: failing.length, which: failing, unknown },
    reasons: WHY[state] === undefined ? [] : [WHY[state]],
    evidence: state === "met" ? [{ id: "dc-0011223344556677-20260301T000000Z/0000000021", digest: DIGEST("c") }] : [],
  };
}

const NOTES: Readonly<Record<FollowUp, Text>> = {
  sesuai: text("terlihat pada bukti", "seen in evidence"),
  "belum-sesuai": text("sudah dikerjakan sebagian", "done in part"),
  "belum-ditindaklanjuti": text("temuan baru", "new finding"),
  "tidak-dapat-ditindaklanjuti": text("OPD itu sudah digabung", "that agency has been merged"),
};

function madeFindings(duties: readonly DutyResult[]): Finding[] {
  const red = duties.filter(({ status }) => status === "not-satisfied" || status === "expired");
  const words: readonly (readonly FollowUp[])[] = [
    ["belum-ditindaklanjuti"],
    ["belum-ditindaklanjuti", "belum-sesuai"],
    ["belum-ditindaklanjuti", "tidak-dapat-ditindaklanjuti"],
    ["belum-ditindaklanjuti", "belum-sesuai", "sesuai"],
    ["belum-ditindaklanjuti", "sesuai", "belum-ditindaklanjuti"],
  ];
  return words.flatMap((history, index) => {
    const duty = red[index % red.length];
    return duty ? [madeFinding(duty, history, index)] : [];
  });
}

function madeFinding(duty: DutyResult, words: readonly FollowUp[], index: number): Finding {
  const history = words.map(
    (word, month): FollowUpEntry => ({
      at: `2026-0${month + 2}-01T09:00:00+07:00`,
      word,
      by: month === 0 ? "lumbung" : "kepala-infrastruktur",
      note: NOTES[word],
      evidence:
        word === "sesuai" ? { id: "dc-0011223344556677-20260301T000000Z/0000000021", digest: DIGEST("c") } : null,
    }),
  );
  const last = history.at(-1) as FollowUpEntry;
  const openedAt = words.length > 2 && last.word !== "sesuai" ? last.at : (history[0] as FollowUpEntry).at;
  const due = index === 0 ? "2026-04-02" : "2026-08-30";
  return {
    id: `${duty.id}/contoh-${index + 1}`,
    kind: duty.status === "expired" ? "expired" : "not-met",
    duty: duty.id,
    severity: duty.severity ?? "practice",
    condition: text(`2 dari 7 tidak memenuhi: ${duty.title.id}`, `2 of 7 do not meet it: ${duty.title.en}`),
    criteria: duty.articles[0]?.text ?? text("praktik baik", "good practice"),
    cause: text("pemasangan tertunda", "the installation is late"),
    effect: text("layanan dapat terhenti", "the service may stop"),
    recommendation: duty.remedy,
    priority: {
      rank: ((index % 3) + 1) as 1 | 2 | 3,
      cost: "low",
      benefit: "high",
      risk: index % 2 ? "medium" : "high",
    },
    owner: { role: duty.responsible.role, title: duty.responsible.title },
    openedAt,
    due,
    overdue: due < TODAY,
    closedAt: last.word === "sesuai" ? last.at : null,
    reopened: words.length > 2 && last.word !== "sesuai" ? 1 : 0,
    followUp: last.word,
    history,
    population: { spokenOf: 7, lookedAt: 7, failing: 2, which: ["dinkes", "bpbd"], unknown: [] },
    evidence: [],
  };
}

function madeWaivers(duties: readonly DutyResult[]): Assessment["waivers"] {
  const waived = duties.filter(({ waiver }) => waiver !== null);
  return [
    ...waived.map(({ id }) => ({
      id: `w-${id}`,
      duty: id,
      justification: "Pengadaan dijadwalkan pada tahun anggaran berikutnya",
      approver: "kepala-diskominfo",
      expires: "2026-12-31",
      state: "in-force" as const,
      reasons: [],
    })),
    {
      id: "w-lama",
      duty: duties[0]?.id ?? "",
      justification: "Menunggu perangkat",
      approver: "kepala-diskominfo",
      expires: "31 Juni",
      state: "expired",
      reasons: [text("tanggal berakhirnya tidak terbaca", "its expiry cannot be read")],
    },
  ];
}

function madeDocuments(duties: readonly DutyResult[]): Assessment["documents"] {
  const attested = duties.filter(({ status }) => status === "attested").slice(0, 3);
  return [
    ...attested.map(({ id }, index) => ({
      id: `dokumen-${index + 1}`,
      kind: "master-plan" as const,
      title: `Dokumen contoh ${index + 1}`,
      number: `188.45/${index + 1}/2026`,
      date: "2026-01-13",
      expires: "2027-01-13",
      owner: "kepala-diskominfo",
      duties: [id],
      state: "in-force" as const,
      file: `dokumen-${index + 1}.pdf`,
      digest: DIGEST("d"),
      reasons: [],
    })),
    {
      id: "dokumen-diubah",
      kind: "operating-procedures",
      title: "Himpunan SOP",
      number: "065/01/2025",
      date: "2025-07-14",
      expires: "2028-07-14",
      owner: "kepala-aplikasi",
      duties: ["gov.sop"],
      state: "altered",
      file: "sop.pdf",
      digest: DIGEST("1"),
      reasons: [text("isi berkas tidak lagi sama", "the file is no longer the same")],
    },
  ];
}

function madeCalendar(duties: readonly DutyResult[]): Assessment["calendar"] {
  return duties
    .filter(({ status }) => status === "satisfied" || status === "attested")
    .slice(0, 6)
    .map(({ id, severity }, index) => ({
      date: `2026-0${7 + Math.floor(index / 3)}-1${index % 3}`,
      kind: (["document", "evidence", "decree"] as const)[index % 3] ?? "document",
      duty: id,
      severity: severity ?? "practice",
      what: text(`dokumen 188.45/${index + 1}/2026 berakhir`, `document 188.45/${index + 1}/2026 ends`),
      becomes: index % 3 === 1 ? ("unknown" as const) : ("expired" as const),
    }));
}
