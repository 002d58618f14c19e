/** What an auditor's pages say. */
import { text } from "../../../model/text.ts";

export const WORDS = {
  index: text("Bahan pemeriksaan", "What an auditor may read"),
  only: text(
    "Semua halaman ini hanya dapat dibaca. Setiap kunjungan dicatat dengan nama auditor.",
    "All of these pages can be read only. Every visit is recorded with the auditor's name.",
  ),
  json: text(
    "Program (curl dengan Accept: application/json) menerima isi yang sama sebagai JSON.",
    "Programs (curl with Accept: application/json) get the same as JSON.",
  ),
  body: text("lembaga", "body"),
  until: text("boleh membaca sampai", "may read until"),
  page: text("halaman", "page"),
  what: text("isi", "what it is"),
  report: text("Laporan penilaian terbaru", "Report of the newest assessment"),
  reportWhat: text(
    "laporan audit dari penilaian bertanda tangan yang terbaru",
    "the audit report of the newest signed assessment",
  ),
  findings: text("Temuan", "Findings"),
  findingsWhat: text(
    "temuan dalam penilaian itu, dengan tindak lanjutnya",
    "what that assessment found, and its follow-up",
  ),
  evidence: text("Bukti bertanda tangan", "Signed evidence"),
  evidenceWhat: text(
    "semua catatan di situs ini dan salinan dari situs lain, byte demi byte",
    "all records of this site and copies of the other's, byte for byte",
  ),
  keys: text("Kunci publik bukti", "Public keys of evidence"),
  keysWhat: text("untuk memeriksa tanda tangan tanpa program kami", "to check signatures without a programme of ours"),
  drills: text("Latihan pemulihan", "Restore drills"),
  drillsWhat: text("cadangan yang sungguh dipulihkan dan dibandingkan isinya", "backups really restored, and compared"),
  coverage: text("Cakupan cadangan", "Coverage of backups"),
  coverageWhat: text(
    "apa yang dicadangkan, seberapa baru, terbukti pulih atau tidak",
    "what is backed up, how fresh, proven or not",
  ),
  runbooks: text("Pelaksanaan prosedur", "Runbooks carried out"),
  runbooksWhat: text(
    "peralihan dan pengambilalihan, dengan laporannya",
    "switchovers and failovers, with their reports",
  ),
  status: text("Keadaan sekarang", "State now"),
  statusWhat: text("situs dan layanan seperti terlihat dari situs ini", "sites and workloads as this site sees them"),
  assessedAt: text("dinilai", "assessed"),
  record: text("catatan", "record"),
  kind: text("jenis", "kind"),
  recorded: text("dicatat", "recorded"),
  about: text("tentang", "about"),
  chain: text("rantai", "chain"),
  records: text("catatan", "records"),
  older: text("Catatan sebelumnya", "Earlier records"),
  site: text("situs", "site"),
  workload: text("layanan", "workload"),
  health: text("keadaan", "health"),
  detail: text("rincian", "detail"),
  target: text("sasaran", "target"),
  began: text("mulai", "began"),
  result: text("hasil", "result"),
  restored: text("dipulihkan dalam", "restored in"),
  compared: text("dibandingkan", "compared"),
  differing: text("berbeda", "differing"),
  age: text("umur salinan terbaru", "age of the newest copy"),
  rpo: text("RPO yang dinyatakan", "declared RPO"),
  reason: text("alasan", "reason"),
  run: text("pelaksanaan", "run"),
  runbook: text("prosedur", "runbook"),
  ended: text("selesai", "ended"),
  finding: text("temuan", "finding"),
  severity: text("bobot", "severity"),
  followUp: text("tindak lanjut", "follow-up"),
  due: text("tenggat", "due"),
  condition: text("kondisi", "condition"),
  passed: text("lulus", "passed"),
  failed: text("GAGAL", "FAILED"),
  key: text("kunci (PEM)", "key (PEM)"),
} as const;

export const HEALTH = {
  ok: text("baik", "well"),
  failing: text("GAGAL", "FAILING"),
  unknown: text("tidak diketahui", "unknown"),
} as const;

export const STATES = {
  active: text("aktif", "active"),
  standby: text("siaga", "standby"),
  closed: text("tertutup", "closed"),
  rebuilding: text("dibangun ulang", "being rebuilt"),
  unknown: text("tidak diketahui", "unknown"),
} as const;

export const COVERED = {
  ok: text("baik", "well"),
  late: text("TERLAMBAT", "LATE"),
  missing: text("TIDAK ADA", "MISSING"),
  unknown: text("tidak diketahui", "unknown"),
} as const;

export const RUN_RESULTS = {
  succeeded: text("selesai", "done"),
  failed: text("GAGAL", "FAILED"),
  aborted: text("dibatalkan", "aborted"),
  interrupted: text("TERHENTI", "INTERRUPTED"),
  running: text("berjalan", "running"),
  damaged: text("JURNAL RUSAK", "JOURNAL DAMAGED"),
} as const;
