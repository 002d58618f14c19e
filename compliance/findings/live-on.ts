/** Findings from run to run: each keeps its identity, closes when it is shown to be over, reopens when it returns. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import {
  type DutyResult,
  type EvidenceRef,
  type Finding,
  type FollowUp,
  type FollowUpEntry,
  followUps,
  type InputProblem,
} from "../assessment.ts";
import type { Condition } from "./conditions.ts";

/** What somebody says became of a finding. */
export interface FindingUpdate {
  readonly finding: string;
  readonly at: string;
  readonly word: FollowUp;
  /** A role. */
  readonly by: string;
  readonly note: string;
  readonly evidence?: EvidenceRef;
}

/** Days until a finding is to be answered (BPK's rule for recommendations of audits). */
export const DUE_DAYS = 60;

const OURS = "lumbung";

export interface LiveOn {
  readonly findings: readonly Finding[];
  readonly problems: readonly InputProblem[];
}

/**
 * @param before findings of the previous assessment
 * @param duties today's results: a finding whose duty is unknown today is not over
 * @param verified whether evidence could be read today: a finding about evidence is not over while nobody looked
 */
export function liveOn(
  conditions: readonly Condition[],
  before: readonly Finding[],
  updates: readonly FindingUpdate[],
  {
    at,
    today,
    duties,
    verified,
  }: {
    readonly at: string;
    readonly today: string;
    readonly duties: readonly DutyResult[];
    readonly verified: boolean;
  },
): LiveOn {
  const known = new Map(before.map((finding) => [finding.id, finding]));
  const now = new Map(conditions.map((condition) => [condition.id, condition]));
  const duty = new Map(duties.map((one) => [one.id, one]));
  const ids = [...new Set([...known.keys(), ...now.keys()])];
  const byFinding = new Map<string, FindingUpdate[]>();
  for (const one of updates.filter(isSound)) byFinding.set(one.finding, [...(byFinding.get(one.finding) ?? []), one]);
  const findings = ids.flatMap((id): Finding[] => {
    const [old, condition] = [known.get(id), now.get(id)];
    const mine = byFinding.get(id) ?? [];
    if (condition) return [withUpdates(opened(condition, old, old ? at : firstOf(at, mine)), mine, today)];
    if (!old) return [];
    const over = isOver(old, duty, verified);
    return [withUpdates(over === undefined ? old : closed(old, over, at), mine, today)];
  });
  const strangers = updates.flatMap((update, index) => problemOf(update, index, new Set(ids)));
  return { findings: findings.sort(inOrder), problems: strangers };
}

/** A finding that somebody spoke of before was there by then, also where no assessment of that time was kept. */
function firstOf(at: string, updates: readonly FindingUpdate[]): string {
  return updates.reduce((first, one) => (Date.parse(one.at) < Date.parse(first) ? one.at : first), at);
}

function opened(condition: Condition, old: Finding | undefined, at: string): Finding {
  if (old && old.closedAt === null) return { ...old, ...condition };
  const entry: FollowUpEntry = {
    at,
    word: "belum-ditindaklanjuti",
    by: OURS,
    note: old ? text("kembali terlihat", "seen again") : text("terlihat pertama kali", "seen for the first time"),
    evidence: condition.evidence[0] ?? null,
  };
  return {
    ...condition,
    openedAt: at,
    due: daysAfter(at, DUE_DAYS),
    overdue: false,
    closedAt: null,
    reopened: old ? old.reopened + 1 : 0,
    followUp: entry.word,
    history: [...(old?.history ?? []), entry],
  };
}

/** What shows that it is over, null where that is no record; undefined where it is not over. */
function isOver(
  old: Finding,
  duties: ReadonlyMap<string, DutyResult>,
  verified: boolean,
): EvidenceRef | null | undefined {
  if (old.closedAt !== null) return undefined;
  if (old.duty === null) return verified ? null : undefined;
  const duty = duties.get(old.duty);
  if (duty === undefined || !duty.binds) return null;
  const what = old.id.slice(old.duty.length + 1);
  const way = duty.ways.find(
    ({ by, way: kind }) => (kind === "attested" ? `attested:${by}` : by.split("/")[1]) === what,
  );
  if (way) return way.state === "met" || way.state === "not-applicable" ? (way.evidence[0] ?? null) : undefined;
  // A disagreement is over when the answers were all heard and agree.
  const states = Object.values(duty.answers).map(({ state }) => state);
  return states.includes("unknown") ? undefined : null;
}

function closed(old: Finding, evidence: EvidenceRef | null, at: string): Finding {
  const note: Text = evidence
    ? text("terlihat terpenuhi pada bukti", "shown by evidence")
    : text("tidak lagi terlihat", "no longer seen");
  const entry: FollowUpEntry = { at, word: "sesuai", by: OURS, note, evidence };
  return { ...old, closedAt: at, followUp: "sesuai", history: [...old.history, entry] };
}

/** A word of ours is not overruled: whoever says `Sesuai` of what is still seen has it written down as not yet so. */
function withUpdates(finding: Finding, updates: readonly FindingUpdate[], today: string): Finding {
  const told = updates
    .filter(({ at, by }) => !finding.history.some((entry) => entry.at === at && entry.by === by))
    .map(({ at, word, by, note, evidence }): FollowUpEntry => {
      const held = word === "sesuai" && finding.closedAt === null ? "belum-sesuai" : word;
      return { at, word: held, by, note: text(note, note), evidence: evidence ?? null };
    });
  const history = [...finding.history, ...told].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const followUp = finding.closedAt === null ? (history.at(-1)?.word ?? finding.followUp) : "sesuai";
  return { ...finding, history, followUp, overdue: finding.closedAt === null && finding.due < today };
}

/** One that lacks something is told, and says nothing. */
const isSound = ({ word, by }: FindingUpdate): boolean => Object.hasOwn(followUps, word) && by !== "";

function problemOf(update: FindingUpdate, index: number, ids: ReadonlySet<string>): InputProblem[] {
  const place = update.evidence?.id ?? `updates[${index}]`;
  const problem = (field: keyof FindingUpdate, code: string, message: Text, expected: Text): InputProblem => ({
    ...{ code, path: `${place}.${field}`, message, expected },
    received: JSON.stringify(update[field] ?? null),
    hint: null,
  });
  return [
    ...(ids.has(update.finding)
      ? []
      : [
          problem(
            "finding",
            "unknown-finding",
            text("temuan ini tidak ada", "there is no such finding"),
            text("id temuan", "the id of a finding"),
          ),
        ]),
    ...(Object.hasOwn(followUps, update.word)
      ? []
      : [
          problem(
            "word",
            "unknown-word",
            text("bukan kata tindak lanjut", "no word of follow-up"),
            text(Object.keys(followUps).join(", "), Object.keys(followUps).join(", ")),
          ),
        ]),
    ...(update.by === ""
      ? [
          problem(
            "by",
            "updated-by-nobody",
            text("tindak lanjut oleh bukan siapa-siapa", "followed up by nobody"),
            text("id peran", "the id of a role"),
          ),
        ]
      : []),
  ];
}

/** Open ones first, by priority, then by age; closed ones by when they were closed. */
function inOrder(a: Finding, b: Finding): number {
  if ((a.closedAt === null) !== (b.closedAt === null)) return a.closedAt === null ? -1 : 1;
  if (a.closedAt !== null && b.closedAt !== null) return Date.parse(b.closedAt) - Date.parse(a.closedAt) || byId(a, b);
  return (
    a.priority.rank - b.priority.rank ||
    SEVERITY[a.severity] - SEVERITY[b.severity] ||
    Date.parse(a.openedAt) - Date.parse(b.openedAt) ||
    byId(a, b)
  );
}

const SEVERITY = { mandatory: 0, expected: 1, practice: 2 } as const;

const byId = (a: Finding, b: Finding): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Date so many days after a moment, as that moment's own offset writes it. */
function daysAfter(at: string, days: number): string {
  return new Date(Date.parse(`${at.slice(0, 10)}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
