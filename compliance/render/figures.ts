/**
 * Every figure that a report shows, taken in one place and named, so that two renderings can be compared figure by figure.
 * Sums that the assessment states are counted again from its rows: one that contradicts itself is not printed. Pure.
 */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { type Assessment, followUps, type Tally } from "../assessment.ts";
import { AREAS, areaIds } from "../schema/areas.ts";
import { SEVERITIES, type Severity } from "../severity.ts";
import { totalsOf } from "../totals.ts";
import type { Count } from "./document.ts";
import { CALENDAR_KINDS, DOCUMENT_STATES, FINDING_KINDS, STATUSES, WAIVER_STATES } from "./words.ts";

export interface Figure {
  /** For example `area.backup.satisfied`: letters, digits, dots and hyphens. */
  readonly name: string;
  readonly label: Text;
  readonly value: number;
}

const severities = Object.keys(SEVERITIES) as Severity[];

/** In a fixed order; each name once. */
export function figuresOf(assessment: Assessment): Figure[] {
  const { duties, findings, waivers, documents, evidence, problems, method, calendar, changes, totals } = assessment;
  const open = findings.filter(({ closedAt }) => closedAt === null);
  const figure = (name: string, label: Text, value: number): Figure => ({ name, label, value });
  const each = <K extends string>(
    prefix: string,
    label: Text,
    words: Readonly<Record<K, Text>>,
    of: (key: K) => number,
  ): Figure[] =>
    (Object.keys(words) as K[]).map((key) => figure(`${prefix}.${key}`, joined(label, words[key]), of(key)));
  const tally = (prefix: string, label: Text, counts: Tally): Figure[] => [
    figure(`${prefix}.population`, joined(label, text("jumlah kewajiban", "number of duties")), counts.population),
    ...each(prefix, label, STATUSES, (status) => counts[status]),
  ];
  return [
    figure("duties.catalogue", text("kewajiban dalam katalog", "duties in the catalogue"), duties.length),
    figure(
      "duties.not-binding",
      text("kewajiban yang tidak mengikat daerah ini", "duties that do not bind this region"),
      totals.notBinding,
    ),
    ...tally("status", text("semua yang mengikat", "all that bind"), totals.all),
    ...severities.flatMap((one) => tally(`severity.${one}`, SEVERITIES[one], totals.bySeverity[one])),
    ...areaIds.flatMap((one) => tally(`area.${one}`, AREAS[one].title, totals.byArea[one])),
    figure(
      "things.spoken-of",
      text("hal yang dibicarakan kewajiban", "things that duties speak of"),
      totals.things.spokenOf,
    ),
    figure("things.looked-at", text("hal yang diperiksa", "things that were looked at"), totals.things.lookedAt),
    figure("things.failing", text("hal yang gagal", "things that fail"), totals.things.failing),
    figure("findings.open", text("temuan terbuka", "open findings"), totals.openFindings),
    figure("findings.closed", text("temuan tertutup", "closed findings"), findings.length - open.length),
    figure(
      "findings.overdue",
      text("temuan terbuka yang lewat waktu", "open findings that are overdue"),
      open.filter(({ overdue }) => overdue).length,
    ),
    ...[1, 2, 3].map((rank) =>
      figure(
        `findings.priority-${rank}`,
        text(`temuan terbuka prioritas ${rank}`, `open findings of priority ${rank}`),
        open.filter(({ priority }) => priority.rank === rank).length,
      ),
    ),
    ...each(
      "findings.kind",
      text("temuan terbuka", "open findings"),
      FINDING_KINDS,
      (kind) => open.filter((one) => one.kind === kind).length,
    ),
    ...each(
      "findings.follow-up",
      text("temuan", "findings"),
      followUps,
      (one) => findings.filter(({ followUp }) => followUp === one).length,
    ),
    ...each(
      "waivers",
      text("pengecualian", "waivers"),
      WAIVER_STATES,
      (state) => waivers.filter((one) => one.state === state).length,
    ),
    ...each(
      "documents",
      text("dokumen", "documents"),
      DOCUMENT_STATES,
      (state) => documents.filter((one) => one.state === state).length,
    ),
    ...each(
      "calendar",
      text("kalender", "calendar"),
      CALENDAR_KINDS,
      (kind) => calendar.filter((one) => one.kind === kind).length,
    ),
    figure("evidence.records", text("catatan bukti yang dibaca", "records of evidence read"), evidence.records),
    figure(
      "evidence.verified",
      text("catatan bukti yang cocok", "records of evidence that verified"),
      evidence.verified,
    ),
    figure("evidence.cited", text("bukti yang dikutip", "evidence that is cited"), evidence.cited.length),
    figure(
      "evidence.broken",
      text("catatan bukti yang tidak dihitung", "records of evidence that do not count"),
      evidence.broken.length,
    ),
    figure("method.ways", text("cara menunjukkan kewajiban", "ways of showing duties"), method.ways),
    figure("method.examined", text("cara yang diperiksa", "ways that were examined"), method.examined),
    figure(
      "method.not-examined",
      text("cara yang tidak diperiksa", "ways that were not examined"),
      method.notExamined.length,
    ),
    figure("problems", text("masukan yang keliru", "faults of the input"), problems.length),
    figure(
      "changes.duties",
      text("kewajiban yang berubah status", "duties whose status changed"),
      changes?.duties.length ?? 0,
    ),
    figure("changes.opened", text("temuan baru", "findings opened"), changes?.opened.length ?? 0),
    figure("changes.reopened", text("temuan yang muncul kembali", "findings reopened"), changes?.reopened.length ?? 0),
    figure("changes.closed", text("temuan yang selesai", "findings closed"), changes?.closed.length ?? 0),
  ];
}

/** A figure by name, as a cell that carries its name. @throws RangeError for a name that no figure has. */
export type Named = (name: string) => Count;

export function namedFigures(figures: readonly Figure[]): Named {
  const byName = new Map(figures.map((one) => [one.name, one.value]));
  return (name) => {
    const count = byName.get(name);
    if (count === undefined) throw new RangeError(`figure: expected the name of one, received "${name}"`);
    return { kind: "count", count, name };
  };
}

/** Where the sums of an assessment do not fit its rows, each with both values; empty where they do. */
export function contradictions(assessment: Assessment): string[] {
  const { totals, evidence, duties, findings } = assessment;
  return [
    ...differences("totals", totalsOf(duties, findings), totals),
    ...(evidence.verified <= evidence.records
      ? []
      : [`evidence.verified: expected at most ${evidence.records}, received ${evidence.verified}`]),
  ];
}

function differences(path: string, counted: object, stated: unknown): string[] {
  const said = (typeof stated === "object" ? stated : null) as Readonly<Record<string, unknown>> | null;
  return Object.entries(counted).flatMap(([key, value]) => {
    if (typeof value === "object") return differences(`${path}.${key}`, value, said?.[key]);
    return value === said?.[key] ? [] : [`${path}.${key}: expected ${value}, as its rows say; received ${said?.[key]}`];
  });
}

const joined = (a: Text, b: Text): Text => text(`${a.id}: ${b.id}`, `${a.en}: ${b.en}`);
