/** Why an approval does not count, in both languages: one line a reason. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";

export const REASONS = {
  unreadable: text("bukan amplop bertanda tangan yang utuh", "not a whole signed envelope"),
  "unknown-key": text(
    "kunci penanda tangan tidak ada dalam daftar penyetuju wilayah ini",
    "the signing key is not on this region's roster",
  ),
  forged: text("tanda tangan tidak cocok: palsu atau diubah", "the signature does not fit: forged or altered"),
  "not-an-approval": text(
    "tanda tangan cocok, tetapi isinya bukan persetujuan",
    "the signature fits, but it is no approval",
  ),
  "may-not": text(
    "peran ini tidak berwenang menyetujui pelaksanaan semacam ini",
    "this role may not approve a run of this kind",
  ),
  "other-plan": text("untuk rencana lain", "for another plan"),
  "other-runbook": text("untuk prosedur lain", "for another runbook"),
  "other-region": text("untuk wilayah lain", "for another region"),
  "other-epoch": text("untuk epoch lain", "for another epoch"),
  "other-decision": text("untuk jenis persetujuan lain", "for another kind of approval"),
  expired: text("sudah kedaluwarsa", "it has expired"),
  "not-yet": text(
    "bertanggal di masa depan: periksa jam kedua mesin",
    "dated in the future: check the clocks of both machines",
  ),
  "too-long": text("berlaku lebih lama daripada yang diizinkan", "good for longer than is allowed"),
  replayed: text("nomornya sudah pernah dipakai", "its number was used before"),
  "key-twice": text("kunci ini sudah memberi persetujuan", "this key has approved already"),
  "role-twice": text("peran ini sudah memberi persetujuan", "this role has approved already"),
} as const satisfies Readonly<Record<string, Text>>;

export type ReasonCode = keyof typeof REASONS;
