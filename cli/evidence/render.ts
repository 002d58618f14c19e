/** Evidence as tables and lines. Pure but for the chosen language. */
import { KINDS } from "../../evidence/kinds.ts";
import type { Statement } from "../../evidence/statement.ts";
import type { Text } from "../../model/types.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import type { EvidenceCheck } from "./check.ts";

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

export function checkText(check: EvidenceCheck): string {
  const columns = [
    { title: say({ id: "dibaca di", en: "read at" }) },
    { title: say({ id: "rantai", en: "chain" }) },
    { title: say({ id: "catatan", en: "records" }), align: "right" as const },
    { title: say({ id: "SHA-256 terakhir", en: "last SHA-256" }) },
    { title: say({ id: "disaksikan situs lain sampai", en: "counter-signed by the other up to" }) },
  ];
  const rows = check.chains.map(({ in: where, writer, records, digest, counterSigned }) => [
    where ?? "–",
    writer,
    String(records),
    digest.slice(0, 12),
    counterSigned === null
      ? say({ id: "belum pernah", en: "never yet" })
      : `${counterSigned.sequence} (${counterSigned.by}, ${counterSigned.at.replace(/\.\d+/, "")})`,
  ]);
  const broken = check.broken.map(
    ({ id, reason, site }) => `${colour("red", "✗")} ${site === null ? "" : `${site}: `}${id}: ${say(reason)}`,
  );
  const silent = check.unreachable.map(({ reason }) => `! ${say(reason)}`);
  return `${[table(columns, rows), "", ...broken, ...silent, sumText(check)].join("\n")}\n`;
}

function sumText({ records, verified, broken }: EvidenceCheck): string {
  if (records === 0)
    return say({ id: "tidak ada catatan: tidak ada yang terbukti", en: "no records: nothing is proven" });
  return say({
    id: `${verified} dari ${records} catatan terverifikasi, ${broken.length} temuan`,
    en: `${verified} of ${records} records verified, ${broken.length} findings`,
  });
}
