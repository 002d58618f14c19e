/** Why a record is broken, in both languages: one line a reason. */
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import type { Fault } from "./chain.ts";
import type { SeenHead } from "./heads.ts";

export type Reason =
  | Fault
  | "not-a-record"
  | "overwritten"
  | "wrong-place"
  | "no-beginning"
  | "missing"
  | "replaced"
  | "fork"
  | "rewritten"
  | "cut-tail"
  /** A head that was published in DNS is not in the chain. */
  | "cut"
  | "not-copied";

/** One thing that is wrong. `id` is the record, or the first of those that are missing. */
export interface Broken {
  readonly id: string;
  readonly code: Reason;
  readonly reason: Text;
}

export const FAULTS: Readonly<Record<Fault, Text>> = {
  unreadable: text(
    "bukan amplop bertanda tangan yang utuh: diubah atau rusak",
    "not a whole signed envelope: altered or damaged",
  ),
  "unknown-key": text(
    "ditandatangani dengan kunci yang tidak dikenal wilayah ini",
    "signed with a key that this region does not know",
  ),
  signature: text("tanda tangan tidak cocok: isinya diubah", "the signature does not fit: it was altered"),
  "not-a-statement": text(
    "tanda tangan cocok, tetapi isinya bukan pernyataan yang dikenal",
    "the signature fits, but it is no statement that we know",
  ),
  "wrong-writer": text(
    "ditandatangani dengan kunci yang bukan milik rantai ini",
    "signed with a key that is not this chain's",
  ),
};

export const NOT_A_RECORD = text("bukan nama catatan", "no record has such a name");
export const NO_BEGINNING = text(
  "catatan pertama tidak menyebut mengapa rantainya dimulai",
  "the first record does not say why its chain begins",
);

export const overwritten = (versions: number): Text =>
  text(
    `ditimpa: ada ${versions} versi; yang pertama yang berlaku`,
    `overwritten: there are ${versions} versions; the first one counts`,
  );

export const wrongPlace = (said: string): Text =>
  text(`tertukar atau dipindah: menurut isinya ini ${said}`, `swapped or moved: it says of itself that it is ${said}`);

export const missing = (from: number, to: number): Text =>
  from === to
    ? text(`hilang: nomor ${from}`, `missing: number ${from}`)
    : text(`hilang: nomor ${from} sampai ${to}`, `missing: numbers ${from} to ${to}`);

export const replaced = (next: number): Text =>
  text(
    `diganti: nomor ${next} dibuat sesudah catatan lain`,
    `replaced: number ${next} was made after another record than this`,
  );

export const fork = (where: string): Text =>
  text(
    `nomor yang sama dipakai dua kali: isinya lain di ${where}`,
    `the same number was used twice: it differs in ${where}`,
  );

export const rewritten = ({ by, at }: SeenHead): Text =>
  text(`ditulis ulang: ${by} melihat isi lain pada ${at}`, `rewritten: ${by} saw another content at ${at}`);

export const cutTail = (from: number, { by, at, sequence }: SeenHead): Text =>
  text(
    `ekor terpotong: nomor ${from} sampai ${sequence} tidak ada, padahal ${by} melihatnya pada ${at}`,
    `the tail is cut off: numbers ${from} to ${sequence} are not there, but ${by} saw them at ${at}`,
  );

export const notCopied = (from: number, site: string, { by, at, sequence }: SeenHead): Text =>
  text(
    `tidak sempat disalin: nomor ${from} sampai ${sequence} ada di ${site} pada ${at} menurut ${by}; hilang bila ${site} hilang`,
    `not copied in time: numbers ${from} to ${sequence} were at ${site} at ${at}, as ${by} saw; lost if ${site} is lost`,
  );

export const publishedBeyond = (last: number, { sequence }: { readonly sequence: number }): Text =>
  text(
    `terpotong: di DNS terbit kepala nomor ${sequence}, padahal rantai ini berakhir di ${last}`,
    `cut: DNS publishes a head of number ${sequence}, and this chain ends at ${last}`,
  );

export const publishedOther = ({ digest }: { readonly digest: string }): Text =>
  text(
    `terpotong dan ditulis ulang: di DNS terbit kepala dengan isi lain, SHA-256 ${digest}`,
    `cut and rewritten: DNS publishes a head of another content, SHA-256 ${digest}`,
  );

export const notJudged = (site: string, { sequence }: { readonly sequence: number }): Text =>
  text(
    `di DNS terbit kepala nomor ${sequence}, dan catatan ${site} sendiri tidak terbaca: tidak diketahui`,
    `DNS publishes a head of number ${sequence}, and what ${site} itself has was not read: unknown`,
  );
