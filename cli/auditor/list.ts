/** Declared auditors and the certificates that evidence says were given, as a table. Pure but for the chosen language. */
import { fieldsOf } from "../../compliance/seen.ts";
import type { ChainRecord } from "../../evidence/chain.ts";
import { type PeriodState, periodState } from "../../model/auditors.ts";
import { localTimeAt } from "../../model/local-time.ts";
import { text } from "../../model/text.ts";
import type { Model, Text } from "../../model/types.ts";
import { say } from "../output/language.ts";
import { table } from "../output/table.ts";

/** One certificate, or an auditor who was given none. Times in ISO 8601. */
export interface AuditorItem {
  readonly auditor: string;
  readonly body: string;
  /** Of the period; null: no longer declared, so whatever certificate is refused. */
  readonly period: { readonly from: string; readonly until: string; readonly state: PeriodState } | null;
  readonly certificate: GivenCertificate | null;
}

export interface GivenCertificate {
  /** SHA-256 of the certificate in DER, in hex. */
  readonly sha256: string;
  readonly grantedAt: string;
  readonly by: string;
  readonly until: string;
  /** Whether its end is still to come. */
  readonly holds: boolean;
  /** Name of the signed record. */
  readonly evidence: string;
}

/** @param records of kind `access`, verified; one that two sites hold is there once. */
export function auditorItems(
  { auditors = [] }: Pick<Model, "auditors">,
  records: readonly ChainRecord[],
  now: Date,
): AuditorItem[] {
  const given = records.map((record) => ({ of: fieldsOf(record.statement.observed), record }));
  const ids = [...new Set([...auditors.map(({ id }) => id), ...given.map(({ of }) => String(of.auditor))])];
  return ids.flatMap((id): AuditorItem[] => {
    const declared = auditors.find((one) => one.id === id);
    const own = given.filter(({ of }) => of.auditor === id);
    const body = declared?.body ?? String(own.at(-1)?.of.body ?? "");
    const common = {
      auditor: id,
      body,
      period: declared ? { from: declared.from, until: declared.until, state: periodState(declared, now) } : null,
    };
    if (own.length === 0) return [{ ...common, certificate: null }];
    return own.map(({ of, record }) => ({
      ...common,
      certificate: {
        ...{ sha256: String(of.certificate), by: String(of.by), until: String(of.until) },
        grantedAt: record.statement.observedAt,
        holds: now.getTime() < Date.parse(String(of.until)),
        evidence: record.id,
      },
    }));
  });
}

const STATES: Readonly<Record<PeriodState, Text>> = {
  "to-come": text("belum mulai", "to come"),
  running: text("berjalan", "running"),
  over: text("berakhir", "over"),
};
const GONE = text("tidak lagi dinyatakan: ditolak", "no longer declared: refused");

export function auditorsText(items: readonly AuditorItem[], { timezone }: Pick<Model["region"], "timezone">): string {
  if (items.length === 0) return `${say({ id: "tidak ada auditor", en: "there are no auditors" })}\n`;
  const time = (iso: string): string => localTimeAt(Date.parse(iso), timezone, "minute");
  const columns = [
    { title: say({ id: "auditor", en: "auditor" }) },
    { title: say({ id: "lembaga", en: "body" }) },
    { title: say({ id: "masa", en: "period" }) },
    { title: say({ id: "sertifikat sampai", en: "certificate until" }) },
    { title: say({ id: "oleh", en: "by" }) },
    { title: say({ id: "bukti", en: "evidence" }) },
  ];
  const rows = items.map(({ auditor, body, period, certificate }) => [
    auditor,
    body,
    period === null ? say(GONE) : `${say(STATES[period.state])} (${time(period.until)})`,
    certificate === null ? "–" : time(certificate.until),
    certificate?.by ?? "–",
    certificate?.evidence ?? "–",
  ]);
  return `${table(columns, rows)}\n`;
}
