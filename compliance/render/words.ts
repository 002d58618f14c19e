/** Words of the reports, in both languages. What comes from the assessment is in the region's own words already. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type {
  AnswerKind,
  AnswerState,
  CalendarKind,
  DocumentState,
  FindingKind,
  Priority,
  Status,
  WaiverState,
} from "../assessment.ts";
import type { Tone } from "./tones.ts";

export const STATUSES: Readonly<Record<Status, Text & { readonly tone: Tone; readonly meaning: Text }>> = {
  satisfied: {
    ...text("Terpenuhi", "Satisfied"),
    tone: "good",
    meaning: text(
      "Ditunjukkan oleh rancangan yang diperiksa dan, bila diminta, oleh bukti yang masih baru.",
      "Shown by the design that was checked and, where asked for, by evidence that is still fresh.",
    ),
  },
  attested: {
    ...text("Dinyatakan dokumen", "Attested"),
    tone: "paper",
    meaning: text(
      "Dinyatakan oleh dokumen yang mempunyai pemilik dan masa berlaku; tidak dapat diukur oleh mesin.",
      "Stated by a document that has an owner and an expiry; no machine can measure it.",
    ),
  },
  waived: {
    ...text("Dikecualikan", "Waived"),
    tone: "waived",
    meaning: text(
      "Tidak terpenuhi, dan diterima untuk sementara dengan alasan, pemberi persetujuan, dan batas waktu.",
      "Not satisfied, and accepted for a time with a justification, an approver and an expiry.",
    ),
  },
  "not-applicable": {
    ...text("Tidak berlaku", "Not applicable"),
    tone: "off",
    meaning: text(
      "Tidak ada yang dapat dikenai kewajiban ini; alasannya disebut.",
      "There is nothing that this duty could be asked of; the reason is given.",
    ),
  },
  unknown: {
    ...text("Tidak diketahui", "Unknown"),
    tone: "unknown",
    meaning: text(
      "Tidak ada bukti, atau buktinya terlalu lama. Tidak pernah dihitung sebagai terpenuhi.",
      "There is no evidence, or it is too old. It never counts as satisfied.",
    ),
  },
  expired: {
    ...text("Kedaluwarsa", "Expired"),
    tone: "late",
    meaning: text(
      "Dokumen atau kebijakan yang menunjukkannya sudah berakhir.",
      "The document or policy that showed it has ended.",
    ),
  },
  "not-satisfied": {
    ...text("Tidak terpenuhi", "Not satisfied"),
    tone: "bad",
    meaning: text("Diperiksa, dan jawabannya tidak.", "It was checked, and the answer is no."),
  },
};

export const ANSWERS: Readonly<Record<AnswerKind, Text>> = {
  designed: text("Dirancang", "Designed"),
  running: text("Berjalan", "Running"),
  attested: text("Dinyatakan", "Attested"),
};

export const ANSWER_STATES: Readonly<Record<AnswerState, Text & { readonly tone: Tone }>> = {
  met: { ...text("ya", "yes"), tone: "good" },
  "not-met": { ...text("tidak", "no"), tone: "bad" },
  expired: { ...text("kedaluwarsa", "expired"), tone: "late" },
  unknown: { ...text("tidak diketahui", "unknown"), tone: "unknown" },
  "not-applicable": { ...text("tidak berlaku", "not applicable"), tone: "off" },
  "not-asked": { ...text("tidak ditanyakan", "not asked"), tone: "off" },
};

export const FINDING_KINDS: Readonly<Record<FindingKind, Text>> = {
  "not-met": text("tidak terpenuhi", "not met"),
  expired: text("kedaluwarsa", "expired"),
  practice: text("praktik baik", "good practice"),
  disagreement: text("jawaban berselisih", "answers disagree"),
  evidence: text("bukti tidak dihitung", "evidence does not count"),
};

export const WAIVER_STATES: Readonly<Record<WaiverState, Text>> = {
  "in-force": text("berlaku", "in force"),
  unneeded: text("tidak diperlukan lagi", "no longer needed"),
  expired: text("berakhir", "expired"),
  refused: text("tidak diterima", "refused"),
};

export const DOCUMENT_STATES: Readonly<Record<DocumentState, Text>> = {
  "in-force": text("berlaku", "in force"),
  "not-yet": text("belum berlaku", "not yet in force"),
  expired: text("berakhir", "expired"),
  altered: text("isinya berubah", "altered"),
  nobodys: text("tanpa pemilik", "nobody's"),
  refused: text("tidak diterima", "refused"),
};

export const CALENDAR_KINDS: Readonly<Record<CalendarKind, Text>> = {
  document: text("dokumen berakhir", "document ends"),
  waiver: text("pengecualian berakhir", "waiver ends"),
  evidence: text("bukti menjadi terlalu lama", "evidence becomes too old"),
  deadline: text("tenggat peraturan", "deadline of the regulation"),
  "finding-due": text("batas tindak lanjut temuan", "a finding falls due"),
  decree: text("keputusan berakhir", "decree ends"),
};

export const LEVELS: Readonly<Record<Priority["cost"], Text>> = {
  low: text("rendah", "low"),
  medium: text("sedang", "medium"),
  high: text("tinggi", "high"),
};

export const WORDS = {
  yes: text("ya", "yes"),
  no: text("tidak", "no"),
  none: text("Tidak ada.", "None."),
  unknown: text("tidak diketahui", "unknown"),
  region: text("Daerah", "Region"),
  domain: text("Domain", "Domain"),
  regulations: text("Peraturan yang mengikat", "Regulations that bind"),
  regulation: text("Peraturan", "Regulation"),
  inForce: text("Berlaku sejak", "In force since"),
  about: text("Tentang", "About"),
  period: text("Masa yang dinilai", "Period assessed"),
  assessedAt: text("Dinilai pada", "Assessed at"),
  until: text("sampai", "until"),
  commit: text("Versi program (commit)", "Version of the programme (commit)"),
  inventory: text("SHA-256 inventaris", "SHA-256 of the inventory"),
  assessment: text("SHA-256 penilaian", "SHA-256 of the assessment"),
  records: text("Catatan bukti yang dibaca", "Records of evidence read"),
  verified: text("yang tanda tangannya cocok", "of which the signature fits"),
  number: text("No.", "No."),
  area: text("Bagian", "Area"),
  severity: text("Bobot", "Severity"),
  status: text("Status", "Status"),
  meaning: text("Arti", "Meaning"),
  duty: text("Kewajiban", "Duty"),
  duties: text("Kewajiban", "Duties"),
  articles: text("Pasal", "Articles"),
  population: text("Diperiksa", "Looked at"),
  failing: text("Gagal", "Failing"),
  together: text("Jumlah", "Together"),
  share: text("Terpenuhi atau dinyatakan", "Satisfied or attested"),
  responsible: text("Penanggung jawab", "Responsible"),
  reason: text("Alasan", "Reason"),
  condition: text("Kondisi", "Condition"),
  criteria: text("Kriteria", "Criteria"),
  cause: text("Sebab", "Cause"),
  effect: text("Akibat", "Effect"),
  recommendation: text("Rekomendasi", "Recommendation"),
  priority: text("Prioritas", "Priority"),
  cost: text("Biaya", "Cost"),
  benefit: text("Manfaat", "Benefit"),
  risk: text("Risiko", "Risk"),
  owner: text("Pemilik", "Owner"),
  due: text("Batas waktu", "Due"),
  opened: text("Dibuka", "Opened"),
  closed: text("Ditutup", "Closed"),
  overdue: text("lewat waktu", "overdue"),
  followUp: text("Tindak lanjut", "Follow-up"),
  history: text("Riwayat", "History"),
  which: text("Yang gagal", "Which fail"),
  unknownOnes: text("Yang tidak diketahui", "Of which nothing is known"),
  finding: text("Temuan", "Finding"),
  kind: text("Jenis", "Kind"),
  id: text("Id", "Id"),
  title: text("Judul", "Title"),
  date: text("Tanggal", "Date"),
  expires: text("Berlaku sampai", "Valid until"),
  state: text("Keadaan", "State"),
  approver: text("Disetujui oleh", "Approved by"),
  justification: text("Alasan", "Justification"),
  file: text("Berkas", "File"),
  digest: text("SHA-256", "SHA-256"),
  record: text("Catatan", "Record"),
  at: text("Waktu", "Time"),
  site: text("Lokasi", "Site"),
  place: text("Tempat", "Place"),
  role: text("Peran lokasi", "Designation"),
  writer: text("Rantai", "Chain"),
  last: text("Catatan terakhir", "Last record"),
  counterSigned: text("Ditandatangani balik", "Counter-signed"),
  never: text("belum pernah", "never yet"),
  what: text("Apa", "What"),
  becomes: text("Menjadi", "Becomes"),
  before: text("Sebelumnya", "Before"),
  now: text("Sekarang", "Now"),
  figure: text("Angka", "Figure"),
  value: text("Nilai", "Value"),
  name: text("Nama", "Name"),
  path: text("Letak", "Place"),
  message: text("Keterangan", "What is wrong"),
  expected: text("Seharusnya", "Expected"),
  received: text("Diterima", "Received"),
  remedy: text("Yang perlu dilakukan", "What to do"),
  explanation: text("Penjelasan", "Explanation"),
  deadline: text("Tenggat", "Deadline"),
  evidence: text("Bukti", "Evidence"),
  waiver: text("Pengecualian", "Waiver"),
  disagreement: text("Perselisihan", "Disagreement"),
  primary: text("pusat data", "data centre"),
  recovery: text("pusat pemulihan", "recovery centre"),
  signature: text("nama, tanggal, tanda tangan", "name, date, signature"),
  contents: text("Daftar isi", "Contents"),
  page: text("halaman", "page"),
  of: text("dari", "of"),
  example: text(
    "Daerah percobaan dengan data contoh: bukan penilaian atas daerah yang sungguh ada.",
    "A trial region with invented data: no assessment of a real region.",
  ),
} as const satisfies Readonly<Record<string, Text>>;
