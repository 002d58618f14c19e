/** Evidence as tables and lines. Pure but for the chosen language. */
import { KINDS } from "../../evidence/kinds.ts";
import type { Statement } from "../../evidence/statement.ts";
import type { Text } from "../../model/types.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import type { EvidenceCheck } from "./check.ts";
import type { ChainHead } from "./heads.ts";

export interface ListItem {
  readonly id: string;
  /** SHA-256 of the record's bytes, in hex. */
  readonly digest: string;
  /** Null where the record does not open. */
  readonly statement: Statement | null;
  /** Why it does not; null where it does. */
  readonly fault: Text | null;
}

export function listText(items: readonly ListItem[]): string {
  const columns = [
    { title: say({ id: "catatan", en: "record" }) },
    { title: say({ id: "dicatat", en: "recorded" }) },
    { title: say({ id: "jenis", en: "kind" }) },
    { title: say({ id: "tentang", en: "about" }) },
    { title: "SHA-256" },
  ];
  const rows = items.map(({ id, digest, statement, fault }) => [
    id,
    statement?.recordedAt.replace(/\.\d+/, "") ?? "–",
    statement === null ? colour("red", say(fault ?? { id: "rusak", en: "broken" })) : say(KINDS[statement.kind]),
    statement?.subject.map(({ name }) => name).join(", ") ?? "–",
    digest.slice(0, 12),
  ]);
  return `${table(columns, rows)}\n`;
}

export const HEAD_WORDS = {
  title: { id: "Kepala rantai bukti", en: "Heads of the chains of evidence" },
  writer: { id: "penulis", en: "writer" },
  number: { id: "nomor", en: "number" },
  signed: { id: "ditandatangani", en: "signed" },
  counterSigned: { id: "disaksikan situs lain sampai", en: "counter-signed by the other up to" },
  never: { id: "belum pernah", en: "never yet" },
} as const;

/** How far each chain reaches: to print and keep. */
export function headsText(heads: readonly ChainHead[]): string {
  const columns = [
    { title: say(HEAD_WORDS.writer) },
    { title: say(HEAD_WORDS.number), align: "right" as const },
    { title: say(HEAD_WORDS.signed) },
    { title: say(HEAD_WORDS.counterSigned) },
    { title: "SHA-256" },
  ];
  const rows = heads.map(({ writer, number, at, counterSigned, digest }) => [
    writer,
    String(number),
    at?.replace(/\.\d+/, "") ?? "–",
    seenText(counterSigned),
    digest,
  ]);
  return `${say(HEAD_WORDS.title)}\n${table(columns, rows)}\n`;
}

const seenText = (seen: ChainHead["counterSigned"]): string =>
  seen === null ? say(HEAD_WORDS.never) : `${seen.sequence} (${seen.by}, ${seen.at.replace(/\.\d+/, "")})`;

export function checkText(check: EvidenceCheck): string {
  const columns = [
    { title: say({ id: "dibaca di", en: "read at" }) },
    { title: say({ id: "rantai", en: "chain" }) },
    { title: say({ id: "catatan", en: "records" }), align: "right" as const },
    { title: say({ id: "SHA-256 terakhir", en: "last SHA-256" }) },
    { title: say(HEAD_WORDS.counterSigned) },
  ];
  const rows = check.chains.map(({ in: where, writer, records, digest, counterSigned }) => [
    where ?? "–",
    writer,
    String(records),
    digest.slice(0, 12),
    seenText(counterSigned),
  ]);
  const broken = check.broken.map(
    ({ id, reason, site }) => `${colour("red", "✗")} ${site === null ? "" : `${site}: `}${id}: ${say(reason)}`,
  );
  const silent = check.unreachable.map(({ reason }) => `! ${say(reason)}`);
  return `${[table(columns, rows), "", ...broken, ...silent, publishedText(check), sumText(check)].join("\n")}\n`;
}

function publishedText({ published: { name, state, heads, agreed, reasons } }: EvidenceCheck): string {
  if (state === "agrees")
    return say({
      id: `DNS (${name}): ${heads} kepala terbit cocok`,
      en: `DNS (${name}): ${heads} published heads agree`,
    });
  if (state === "cut")
    return say({
      id: `DNS (${name}): hanya ${agreed} dari ${heads} kepala terbit yang cocok`,
      en: `DNS (${name}): only ${agreed} of ${heads} published heads agree`,
    });
  const why = reasons.map((reason) => say(reason)).join("; ");
  return `? ${say({ id: `kepala di DNS: tidak diketahui: ${why}`, en: `heads in DNS: unknown: ${why}` })}`;
}

function sumText({ records, verified, broken }: EvidenceCheck): string {
  if (records === 0)
    return say({ id: "tidak ada catatan: tidak ada yang terbukti", en: "no records: nothing is proven" });
  return say({
    id: `${verified} dari ${records} catatan terverifikasi, ${broken.length} temuan`,
    en: `${verified} of ${records} records verified, ${broken.length} findings`,
  });
}
