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
  const lines = output.split("\n");
  const first = lines.findIndex((line) => /ERROR: \[\d{3}\]:/.test(line));
  const parts = /ERROR: \[(\d{3})\]: ?(.*)$/.exec(lines[first] ?? "");
  if (!parts) return undefined;
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => NEXT.test(line));
  const told = [parts[2], ...rest.slice(0, end < 0 ? rest.length : end)].map((line) => line?.trim()).filter(Boolean);
  return { code: Number(parts[1]), message: told.join("; ").slice(0, MESSAGE_LENGTH) };
}

const damaged: Text = {
  id: "salinan ini rusak di penyimpanan: pulihkan dari salinan lain, buat salinan penuh baru, dan jalankan pembacaan data (read-data)",
  en: "this copy is damaged in the store: restore another one, make a new full backup, and run read-data",
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
const unknown: Text = {
  id: "lihat catatan tempat latihan, lalu ulangi latihan",
  en: "see the drill room's log, then repeat the drill",
};

const hints: readonly (readonly [readonly number[], Text])[] = [
  // checksum, file-invalid, format, file-missing, crypto, json-format
  [[26, 28, 29, 55, 95, 99], damaged],
  // protocol, host-connect, service, access
  [[39, 49, 101, 105], unreachable],
  // path-create, file-write, file-open, file-sync
  [[41, 47, 52, 64], noRoom],
  // backup-set-invalid
  [[75], gone],
];

/** In words: which copy, what pgBackRest said, what to do. */
export function whyNotRestored(copy: string, output: string, code: number): Text {
  const error = pgbackrestError(output);
  const said = error ? `pgBackRest [${String(error.code).padStart(3, "0")}]: ${error.message}` : `pgBackRest (${code})`;
  const hint = hints.find(([codes]) => codes.includes(error?.code ?? code))?.[1] ?? unknown;
  return {
    id: `salinan ${copy} tidak dapat dipulihkan: ${said}: ${hint.id}`,
    en: `copy ${copy} does not restore: ${said}: ${hint.en}`,
  };
}
