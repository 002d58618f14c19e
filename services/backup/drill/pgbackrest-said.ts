/** What pgBackRest says when it does not restore, and what to do. Codes are those of its `error.yaml`. */
import type { Text } from "../../../model/types.ts";

/** `ERROR: [055]: …` with the lines that belong to it. */
export interface PgbackrestError {
  readonly code: number;
  readonly message: string;
}

const MESSAGE_LENGTH = 600;
/** The next message: `P00   INFO: …`, with or without a time before it. */
const NEXT = /^(\d{4}-\d\d-\d\d \S+ )?P\d\d +[A-Z]+:/;

/** The first error of an output; undefined where there is none. */
export function pgbackrestError(output: string): PgbackrestError | undefined {
  const found = messageAt(output, /ERROR: \[(\d{3})\]: ?(.*)$/);
  return found && { code: Number(found.parts[1]), message: found.message };
}

/** The first warning that a repository could not be read. */
function pgbackrestWarning(output: string): string | undefined {
  return messageAt(output, /WARN: (repo\d+): (\[.*)$/)?.message;
}

/** A message with the lines that belong to it, without those that are no text, as a wrong key makes of one. */
function messageAt(
  output: string,
  begin: RegExp,
): { readonly parts: RegExpExecArray; readonly message: string } | undefined {
  const lines = output.split("\n");
  const first = lines.findIndex((line) => begin.test(line));
  const parts = begin.exec(lines[first] ?? "");
  if (!parts) return undefined;
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => NEXT.test(line));
  const told = [parts[2], ...rest.slice(0, end < 0 ? rest.length : end)]
    .map((line = "") => line.trim().replace(/(outside of section at line \d+):[\s\S]*$/, "$1"))
    .filter((line) => /^[\x20-\x7e]+$/.test(line));
  return { parts, message: [...new Set(told)].join("; ").slice(0, MESSAGE_LENGTH) };
}

const damaged: Text = {
  id: "salinan ini rusak di penyimpanan: pulihkan dari salinan lain dan buat salinan penuh baru; jalankan pembacaan data (read-data), lalu berlakukan kembali versi terkunci objek yang disebutnya (handbook, Cadangan)",
  en: "this copy is damaged in the store: restore another one and make a new full backup; run read-data, then bring back the locked version of the object that it names (handbook, Backups)",
};
const objectGone: Text = {
  id: "satu objek salinan ini hilang dari penyimpanan: berlakukan kembali versi terkuncinya (handbook, Cadangan), atau pulihkan dari salinan lain; buat salinan penuh baru",
  en: "an object of this copy is gone from the store: bring back its locked version (handbook, Backups), or restore another copy; make a new full backup",
};
const unreachable: Text = {
  id: "penyimpanan tidak terjangkau atau menolak: periksa object store situs ini, lalu ulangi latihan",
  en: "the store is out of reach or refuses: check this site's object store, then repeat the drill",
};
const noRoom: Text = {
  id: "tempat latihan tidak dapat ditulisi: periksa ruang dan haknya, lalu ulangi latihan",
  en: "the drill room cannot be written to: check its space and permissions, then repeat the drill",
};
const gone: Text = {
  id: "salinan ini tidak ada lagi di penyimpanan: periksa masa simpan dan daftar salinan",
  en: "this copy is not in the store any more: check retention and the list of copies",
};
const otherFormat: Text = {
  id: "repositori ini ditulis oleh versi pgBackRest yang lain: pulihkan dengan image yang menulisnya, dan buat salinan penuh baru",
  en: "another version of pgBackRest wrote this repository: restore with the image that wrote it, and make a new full backup",
};
const wrongKey: Text = {
  id: "daftar salinan tidak terbuka dengan kunci yang diberikan: pulihkan bundel rahasia situs ini dari titipannya; jika kuncinya benar, berlakukan kembali versi terkunci backup.info (handbook, Cadangan)",
  en: "the list of copies does not open with the key that was delivered: bring back this site's bundle of secrets from its escrow; if the key is right, bring back the locked version of backup.info (handbook, Backups)",
};
const unknown: Text = {
  id: "lihat catatan tempat latihan, lalu ulangi latihan",
  en: "see the drill room's log, then repeat the drill",
};

/** Of a repository whose list of copies could not be read: pgBackRest warns of it, and then knows no copy (75). */
const unlisted: readonly (readonly [RegExp, Text])[] = [
  [/expected format \d+ but found \d+/, otherFormat],
  [/ServiceError|HostConnectError|ProtocolError|FileReadError|unable to (get address|connect)|timeout/, unreachable],
  [/FileMissingError/, objectGone],
  [/unable to load info file/, wrongKey],
];

/** An object that ends too early is asked for a part that it has not (RFC 9110, 15.5.17). */
const SHORT = /\b416\b/;

const hints: readonly (readonly [readonly number[], Text])[] = [
  // file-missing
  [[55], objectGone],
  // checksum, file-invalid, format, crypto, json-format
  [[26, 28, 29, 95, 99], damaged],
  // protocol, host-connect, service, access
  [[39, 49, 101, 105], unreachable],
  // path-create, file-write, file-open, file-sync
  [[41, 47, 52, 64], noRoom],
  // backup-set-invalid
  [[75], gone],
];

const BACKUP_SET_INVALID = 75;

/** In words: which copy, what pgBackRest said, what to do. */
export function whyNotRestored(copy: string, output: string, code: number): Text {
  const error = pgbackrestError(output);
  const warned = (error?.code ?? code) === BACKUP_SET_INVALID ? pgbackrestWarning(output) : undefined;
  const message = [error?.message, warned].filter((part) => part !== undefined).join("; ");
  const said = error ? `pgBackRest [${String(error.code).padStart(3, "0")}]: ${message}` : `pgBackRest (${code})`;
  const listed = unlisted.find(([found]) => warned !== undefined && found.test(warned))?.[1];
  const short = SHORT.test(message) ? damaged : undefined;
  const hint = listed ?? short ?? hints.find(([codes]) => codes.includes(error?.code ?? code))?.[1] ?? unknown;
  return {
    id: `salinan ${copy} tidak dapat dipulihkan: ${said}: ${hint.id}`,
    en: `copy ${copy} does not restore: ${said}: ${hint.en}`,
  };
}
