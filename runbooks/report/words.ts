/** Words of a run's report, in both languages. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { UNKNOWN } from "../../web/cells.ts";
import type { Phase, RunEvent } from "../engine/events.ts";
import type { StepOutcome } from "../engine/state.ts";
import type { ObjectiveVerdict, RunReport } from "./report.ts";

export const RESULTS: Readonly<Record<RunReport["result"], Text>> = {
  succeeded: text("SELESAI: semua langkah terlaksana dan diperiksa", "DONE: every step took effect and was checked"),
  failed: text("GAGAL: berhenti sebelum selesai", "FAILED: it stopped before its end"),
  aborted: text("DIBATALKAN: yang sudah dikerjakan dikembalikan", "ABORTED: what was done was taken back"),
  interrupted: text("TERHENTI: belum selesai", "INTERRUPTED: not at its end"),
};

export const OUTCOMES: Readonly<Record<StepOutcome, Text>> = {
  waiting: text("belum dikerjakan", "not begun"),
  begun: text("terputus", "cut off"),
  failed: text("gagal", "failed"),
  done: text("terlaksana", "done"),
  skipped: text("dilewati", "skipped"),
  undone: text("dikembalikan", "taken back"),
};

export const PHASES: Readonly<Record<Phase, Text>> = {
  precondition: text("sebelum dikerjakan", "before it was begun"),
  action: text("saat dikerjakan", "while it was done"),
  check: text("saat diperiksa", "when it was checked"),
  undo: text("saat dikembalikan", "while it was taken back"),
};

export const VERDICTS: Readonly<Record<ObjectiveVerdict, Text>> = {
  met: text("terpenuhi", "met"),
  missed: text("TIDAK TERPENUHI", "MISSED"),
  unknown: text("TIDAK DIKETAHUI", "UNKNOWN"),
  "not-declared": text("tidak dinyatakan", "not declared"),
};

export const WORDS = {
  report: text("Berita acara", "Record of a run"),
  unknown: UNKNOWN,
  none: text("tidak ada", "none"),
  notYet: text("belum selesai", "not at its end"),
  run: text("pelaksanaan", "run"),
  region: text("wilayah", "region"),
  runbook: text("prosedur", "runbook"),
  epoch: text("epoch sebelum, sesudah", "epoch before, after"),
  commit: text("versi program (commit)", "version of the programme (commit)"),
  inventory: text("SHA-256 inventaris", "SHA-256 of the inventory"),
  plan: text("SHA-256 rencana", "SHA-256 of the plan"),
  began: text("mulai", "began"),
  ended: text("selesai", "ended"),
  took: text("lamanya", "took"),
  writesStopped: text("penulisan terhenti selama", "writes stopped for"),
  leaseWait: text(
    "di antaranya menunggu izin tulis (lease) lama habis",
    "of that, waiting until the old lease had ended",
  ),
  reason: text("sebab", "reason"),
  afterwards: text("sesudah ini", "afterwards"),
  alone: text(
    "TANPA SIAGA sampai situs lain mengikuti lagi: yang hilang hanya kembali dari cadangan",
    "WITHOUT A STANDBY until the other site follows again: what is lost comes back from backups alone",
  ),
  relaxed: text(
    "SYNC DILONGGARKAN: yang disimpan hanya pasti ada di satu situs",
    "SYNC RELAXED: what is saved is sure to be at one site alone",
  ),
  by: text("oleh", "by"),
  steps: text("Langkah", "Steps"),
  step: text("langkah", "step"),
  planned: text("rencana", "planned"),
  actual: text("nyata", "actual"),
  result: text("hasil", "result"),
  objectives: text("RPO dan RTO", "RPO and RTO"),
  target: text("sasaran", "target"),
  measure: text("ukuran", "measure"),
  declared: text("dinyatakan", "declared"),
  measured: text("terukur", "measured"),
  lost: text("Yang hilang", "What was lost"),
  rows: text("baris", "rows"),
  time: text("waktu", "time"),
  names: text("Nama publik", "Public names"),
  movedAt: text("alamat terlihat berpindah", "addresses seen to have moved"),
  ttl: text("TTL alamat (tidak ditunggu, di luar RTO)", "TTL of the addresses (not waited for, outside of the RTO)"),
  cachesUntil: text(
    "penyimpan nama (cache) dapat memberi alamat lama sampai",
    "a name cache may say the old address until",
  ),
  serial: text("nomor zona (serial) di", "serial at"),
  silent: text("tidak menjawab", "no answer"),
  oldAddresses: text(
    "Bila masih terjangkau warga, ia memberi alamat lama sampai mendengar yang baru",
    "Where people still reach it, it says the old address until it hears the new one",
  ),
  proofs: text("Bukti tulisan nyata", "Proof by a real write"),
  written: text("baris yang ditulis dan dibaca lagi", "row written and read back"),
  through: text("ditulis lewat", "written through"),
  ownRow: text(
    "baris milik basis data sendiri, oleh penjaganya; tidak lewat aplikasi",
    "the database's own row, by its guard; through no application",
  ),
  approvals: text("Persetujuan", "Approvals"),
  role: text("peran", "role"),
  post: text("jabatan", "post"),
  approved: text("disetujui", "approved"),
  until: text("berlaku sampai", "good until"),
  key: text("sidik kunci (SHA-256)", "fingerprint of the key (SHA-256)"),
  timeline: text("Urutan kejadian", "Timeline"),
  at: text("waktu", "time"),
  what: text("kejadian", "event"),
  evidence: text("Bukti", "Evidence"),
  record: text("catatan bukti", "record of evidence"),
  recordDigest: text("SHA-256 catatan", "SHA-256 of the record"),
  unsigned: text("belum ditandatangani", "not signed yet"),
  head: text("kepala rantai", "head of the chain"),
  counterSigned: text("ditandatangani balik oleh", "counter-signed by"),
  carriedOut: text("Pelaksana", "Carried out by"),
  agreed: text("Menyetujui", "Approved by"),
  seen: text("Mengetahui", "Seen by"),
  signature: text("nama, jabatan, tanggal", "name, office, date"),
} as const satisfies Readonly<Record<string, Text>>;

/** What a line of the journal says, given the titles of steps by id. */
export function eventText(event: RunEvent, titles: Readonly<Record<string, Text>>): Text {
  switch (event.event) {
    case "opened":
      return text("pelaksanaan dimulai", "the run began");
    case "torn":
      return text(
        `${event.bytes} bita baris terakhir jurnal terpotong dan tidak dihitung`,
        `${event.bytes} bytes of the journal's last line were cut off and do not count`,
      );
    case "resumed":
      return text("dilanjutkan", "resumed");
    case "begun":
      return event.attempt === 1
        ? about(event.step, titles, text("mulai dikerjakan", "begun"))
        : about(event.step, titles, text(`diulang, percobaan ${event.attempt}`, `repeated, attempt ${event.attempt}`));
    case "done":
      return about(
        event.step,
        titles,
        event.seen === "after-action"
          ? OUTCOMES.done
          : text("sudah terlaksana, tidak diulang", "had taken effect, was not repeated"),
      );
    case "failed": {
      const { phase, why } = event;
      const said = text(
        `${OUTCOMES.failed.id} ${PHASES[phase].id}: ${why.id}`,
        `${OUTCOMES.failed.en} ${PHASES[phase].en}: ${why.en}`,
      );
      return about(event.step, titles, said);
    }
    case "skipped":
      return about(event.step, titles, decided(OUTCOMES.skipped, event));
    case "paused":
      return text("dijeda", "paused");
    case "aborting":
      return decided(text("dibatalkan", "aborted"), event);
    case "undone":
      return about(event.step, titles, OUTCOMES.undone);
    case "closed":
      return RESULTS[event.result];
  }
}

export function decided(what: Text, { reason, by }: { readonly reason: string; readonly by: string }): Text {
  return text(`${what.id} oleh ${by}: ${reason}`, `${what.en} by ${by}: ${reason}`);
}

function about(step: string, titles: Readonly<Record<string, Text>>, what: Text): Text {
  const title = titles[step] ?? text(step, step);
  return text(`${title.id}: ${what.id}`, `${title.en}: ${what.en}`);
}
