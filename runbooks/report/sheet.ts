/** A run's report as tables of cells: what every rendering prints, in this order. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Cell } from "../../web/cells.ts";
import type { StepState } from "../engine/state.ts";
import {
  type Objective,
  objectiveVerdict,
  type ReportRegion,
  type RunReport,
  type Signed,
  secondsBetween,
} from "./report.ts";
import { decided, eventText, OUTCOMES, PHASES, RESULTS, VERDICTS, WORDS } from "./words.ts";

export interface Table {
  /** Absent: facts, of which each row is a name and its value. */
  readonly columns?: readonly Text[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Section extends Table {
  readonly title: Text;
  /** Said where there is no row. */
  readonly empty: Text;
}

export interface Sheet {
  readonly issuer: string;
  readonly title: Text;
  readonly verdict: Cell & { readonly kind: "text" };
  readonly facts: Table;
  readonly sections: readonly Section[];
}

export function sheetOf(report: RunReport, region: ReportRegion, signed: Signed): Sheet {
  const good = report.result === "succeeded";
  return {
    issuer: `${region.government} · ${region.name}`,
    title: text(`${WORDS.report.id}: ${report.title.id}`, `${WORDS.report.en}: ${report.title.en}`),
    verdict: { kind: "text", text: RESULTS[report.result], mood: good ? "good" : "bad" },
    facts: { rows: factRows(report) },
    sections: [
      { title: WORDS.objectives, empty: WORDS.unknown, ...objectives(report) },
      { title: WORDS.lost, empty: report.lost === null ? WORDS.unknown : WORDS.none, ...losses(report) },
      { title: WORDS.names, empty: hasStep(report, "move-names") ? WORDS.unknown : WORDS.none, ...names(report) },
      { title: WORDS.proofs, empty: report.proofs === null ? WORDS.unknown : WORDS.none, ...proofs(report) },
      { title: WORDS.steps, empty: WORDS.none, ...steps(report) },
      { title: WORDS.approvals, empty: WORDS.none, ...approvals(report) },
      { title: WORDS.timeline, empty: WORDS.none, ...timeline(report) },
      { title: WORDS.evidence, empty: WORDS.none, ...evidence(signed) },
    ],
  };
}

const said = (value: string): Cell => ({ kind: "said", said: value });
const code = (value: string): Cell => ({ kind: "code", code: value });
const word = (value: Text, mood?: "good" | "bad"): Cell => ({ kind: "text", text: value, ...(mood ? { mood } : {}) });
const seconds = (value: number | null): Cell => ({ kind: "seconds", seconds: value });
const count = (value: number | null): Cell => ({ kind: "count", count: value });
const time = (iso: string | null): Cell => ({ kind: "time", iso });

function factRows(report: RunReport): Cell[][] {
  const { failure, abort, epochBefore, epochAfter } = report;
  const epochs = text(
    `${epochBefore}, ${epochAfter ?? WORDS.unknown.id}`,
    `${epochBefore}, ${epochAfter ?? WORDS.unknown.en}`,
  );
  const commits = (lang: keyof Text) => report.commits.map((one) => one ?? WORDS.unknown[lang]).join(", ");
  const rows: (readonly [Text, Cell])[] = [
    [WORDS.run, code(report.run)],
    [WORDS.region, said(report.region)],
    [WORDS.runbook, said(report.runbook)],
    [WORDS.epoch, word(epochs)],
    [WORDS.began, time(report.startedAt)],
    [WORDS.ended, report.endedAt === null ? word(WORDS.notYet, "bad") : time(report.endedAt)],
    [WORDS.took, seconds(secondsBetween(report.startedAt, report.endedAt ?? undefined))],
    [WORDS.writesStopped, seconds(report.writesStoppedSeconds)],
    ...(hasStep(report, "wait-lease") ? [[WORDS.leaseWait, seconds(report.leaseWaitSeconds)] as const] : []),
    ...(failure ? [[WORDS.reason, word(failureText(report, failure), "bad")] as const] : []),
    ...(abort ? [[WORDS.reason, word(decided(text("dibatalkan", "aborted"), abort), "bad")] as const] : []),
    ...exposures(report).map((one) => [WORDS.afterwards, word(one, "bad")] as const),
    [WORDS.commit, word(text(commits("id"), commits("en")))],
    [WORDS.inventory, code(report.inventory)],
    [WORDS.plan, code(report.plan)],
  ];
  return rows.map(([name, value]) => [word(name), value]);
}

/** What the region lacks after this run, as far as its own steps brought it: what was done since is not this report's. */
function exposures({ runbook, steps: all }: RunReport): Text[] {
  const isDone = (step: string): boolean => all.some(({ id, outcome }) => id === step && outcome === "done");
  const alone = (isDone("open-writes") || runbook === "recovery-lost") && !isDone("rejoin");
  const relaxed = isDone("relax-sync") && !isDone("tighten-sync");
  return [...(alone ? [WORDS.alone] : []), ...(relaxed ? [WORDS.relaxed] : [])];
}

function failureText({ steps }: RunReport, { step, phase, why }: NonNullable<RunReport["failure"]>): Text {
  const title = steps.find(({ id }) => id === step)?.title ?? text(step, step);
  return text(`${title.id}, ${PHASES[phase].id}: ${why.id}`, `${title.en}, ${PHASES[phase].en}: ${why.en}`);
}

function objectives({ targets }: RunReport): Table {
  const row = (target: string, name: string, one: Objective): Cell[] => {
    const verdict = objectiveVerdict(one);
    const declared = one.declaredSeconds === null ? word(VERDICTS["not-declared"]) : seconds(one.declaredSeconds);
    const mood = verdict === "met" ? "good" : verdict === "not-declared" ? undefined : "bad";
    return [said(target), said(name), declared, seconds(one.measuredSeconds), word(VERDICTS[verdict], mood)];
  };
  return {
    columns: [WORDS.target, WORDS.measure, WORDS.declared, WORDS.measured, WORDS.result],
    rows: targets.flatMap(({ target, rpo, rto }) => [row(target, "RPO", rpo), row(target, "RTO", rto)]),
  };
}

function losses({ lost }: RunReport): Table {
  return {
    columns: [WORDS.target, WORDS.rows, WORDS.time],
    rows: (lost ?? []).map(({ target, rows, seconds: gone }) => [said(target), count(rows), seconds(gone)]),
  };
}

const hasStep = ({ steps: all }: RunReport, step: string): boolean => all.some(({ id }) => id === step);

/** Counted apart from the RTO: users whose resolver asks anew are served from the move on, others once theirs forgets. */
function names({ names: moved }: RunReport): Table {
  if (moved === null) return { rows: [] };
  const serial = (value: number | null, lang: keyof Text) => (value === null ? WORDS.silent[lang] : String(value));
  const rose = ({ before, after }: (typeof moved.serials)[number]) =>
    text(
      `${serial(before, "id")} → ${serial(after, "id")}${after === null ? `. ${WORDS.oldAddresses.id}` : ""}`,
      `${serial(before, "en")} → ${serial(after, "en")}${after === null ? `. ${WORDS.oldAddresses.en}` : ""}`,
    );
  return {
    rows: [
      [word(WORDS.movedAt), time(moved.movedAt)],
      [word(WORDS.ttl), seconds(moved.ttlSeconds)],
      [word(WORDS.cachesUntil), time(moved.cachesUntil)],
      ...moved.serials.map((one) => [
        word(text(`${WORDS.serial.id} ${one.site}`, `${WORDS.serial.en} ${one.site}`)),
        word(rose(one), one.after === null ? "bad" : undefined),
      ]),
    ],
  };
}

function proofs({ proofs: all }: RunReport): Table {
  return {
    columns: [WORDS.target, WORDS.written, WORDS.through, WORDS.at],
    rows: (all ?? []).map(({ target, at, row, through }) => [
      ...[said(target), code(row), through === null ? word(WORDS.ownRow) : said(through), time(at)],
    ]),
  };
}

const MOODS: Readonly<Partial<Record<StepState["outcome"], "good" | "bad">>> = {
  done: "good",
  failed: "bad",
  begun: "bad",
};

function steps(report: RunReport): Table {
  return {
    columns: [WORDS.step, WORDS.planned, WORDS.actual, WORDS.result],
    rows: report.steps.map(({ title, plannedSeconds, actualSeconds, outcome, skipped }, index) => [
      word(text(`${index + 1}. ${title.id}`, `${index + 1}. ${title.en}`)),
      seconds(plannedSeconds),
      outcome === "done" ? seconds(actualSeconds) : said("–"),
      word(skipped ? decided(OUTCOMES.skipped, skipped) : OUTCOMES[outcome], MOODS[outcome]),
    ]),
  };
}

function approvals(report: RunReport): Table {
  return {
    columns: [WORDS.role, WORDS.post, WORDS.approved, WORDS.until, WORDS.key],
    rows: report.approvals.map(({ role, post, approvedAt, expiresAt, keyid }) => [
      ...[said(role), said(post), time(approvedAt), time(expiresAt), code(keyid)],
    ]),
  };
}

function timeline({ events, steps: all }: RunReport): Table {
  const titles = Object.fromEntries(all.map(({ id, title }) => [id, title]));
  return {
    columns: [WORDS.at, WORDS.what],
    rows: events.map((event) => [time(event.at), word(eventText(event, titles))]),
  };
}

function evidence({ evidence: record, heads }: Signed): Table {
  const seenBy = (lang: keyof Text, head: Signed["heads"][number]) =>
    head.counterSigned === null ? WORDS.none[lang] : `${head.counterSigned.by} (${head.counterSigned.sequence})`;
  return {
    rows: [
      [word(WORDS.record), record ? code(record.id) : word(WORDS.unsigned, "bad")],
      ...(record ? [[word(WORDS.recordDigest), code(record.digest)]] : []),
      ...heads.flatMap((head) => [
        [word(WORDS.head), code(`${head.writer} ${head.last} ${head.digest}`)],
        [word(WORDS.counterSigned), word(text(seenBy("id", head), seenBy("en", head)))],
      ]),
    ],
  };
}
