/**
 * From the catalogue, the model, exported stacks, verified evidence, documents, waivers, the assessment before and a clock to one
 * assessment. Pure: the same input, the same document. Bad input is listed and never stops the rest.
 */
import type { Inventory } from "../model/index.ts";
import { text } from "../model/text.ts";
import type { Model, Text } from "../model/types.ts";
import { annexOf } from "./annex.ts";
import { disagreementOf, type Outcome, outcomeOf, statusOf, threeAnswers, waiting, worstOf } from "./answers.ts";
import {
  ASSESSMENT_SCHEMA,
  type Assessment,
  type DocumentResult,
  type DutyResult,
  type InputProblem,
  type WaiverResult,
} from "./assessment.ts";
import { attested } from "./attested.ts";
import { type Binding, bind, profilesOf, vocabularyOf } from "./binding.ts";
import { calendarOf } from "./calendar.ts";
import type { Catalogue } from "./catalogue.ts";
import { changesSince, type Previous } from "./changes.ts";
import { CHECKS, checkProblems, rollUps } from "./checks/index.ts";
import { describeDuty, describeRegulation } from "./describe-duty.ts";
import { type FileDigests, type JudgedDocument, judgeDocuments } from "./documents.ts";
import { type Facts, factsOf, localDate } from "./facts.ts";
import { conditionsOf } from "./findings/conditions.ts";
import { type FindingUpdate, liveOn } from "./findings/live-on.ts";
import { updatesIn } from "./findings/updates.ts";
import { letterheadOf } from "./letterhead.ts";
import { methodOf } from "./method.ts";
import type { ReadEvidence } from "./read-evidence.ts";
import type { Duty, Way } from "./schema/duty.ts";
import { RESPONSIBLE, rolesOf } from "./schema/offices.ts";
import { modelDigest } from "./seen.ts";
import { totalsOf } from "./totals.ts";
import { type JudgedWaiver, judgeWaivers } from "./waivers.ts";

export interface AssessInput {
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly model: Model;
  /** Exported state by name of the stack. Default: none was exported. */
  readonly stacks?: ReadonlyMap<string, unknown>;
  readonly evidence: ReadEvidence;
  /** Why no store of evidence, or not each, could be read. Default: all could. */
  readonly unreachable?: Text;
  /** What lies at the documents' files. Default: nobody looked. */
  readonly files?: FileDigests;
  /** Besides those that evidence holds. */
  readonly updates?: readonly FindingUpdate[];
  readonly previous?: Previous;
  readonly now: Date;
  /** Default: since the previous assessment, or half a year. */
  readonly from?: string;
  readonly commit: string | null;
}

const HALF_A_YEAR_MS = 184 * 86_400_000;

export function assess(input: AssessInput): Assessment {
  const { catalogue, inventory, model, evidence, now, previous, unreachable } = input;
  const at = now.toISOString();
  const today = localDate(now, model.region.timezone);
  const { profiles, missing } = profilesOf(catalogue, model.region.regulations);
  const bindings = bind(catalogue, profiles);
  const judged = judgeDocuments({
    inventory,
    seen: evidence.seen,
    files: input.files ?? new Map(),
    duties: catalogue.duties,
    today,
  });
  const waived = judgeWaivers(inventory.waivers, {
    dutyIds: new Set(catalogue.duties.map(({ id }) => id)),
    roles: rolesOf(inventory),
    today,
  });
  const facts = factsOf({
    ...{ model, inventory, now, digest: modelDigest(model), stacks: input.stacks ?? new Map() },
    ...{
      seen: evidence.seen,
      documents: judged.documents,
      unreachable: unreachable !== undefined && evidence.seen.length === 0,
    },
  });
  const duties = resultsOf(facts, bindings, waived.waivers);
  const conditions = conditionsOf(duties, evidence.broken, EVIDENCE_OWNER);
  const verified = unreachable === undefined;
  const updates = [...(input.updates ?? []), ...updatesIn(evidence.seen)];
  const lived = liveOn(conditions, previous?.findings ?? [], updates, { at, today, duties, verified });
  const assessment: Omit<Assessment, "changes"> = {
    schema: ASSESSMENT_SCHEMA,
    region: regionOf(model, inventory),
    regulations: profiles.map(describeRegulation),
    vocabulary: vocabularyOf(profiles),
    at,
    period: { from: input.from ?? previous?.at ?? new Date(now.getTime() - HALF_A_YEAR_MS).toISOString(), to: at },
    commit: input.commit,
    inventory: facts.digest,
    duties,
    totals: totalsOf(duties, lived.findings),
    findings: lived.findings,
    waivers: waived.waivers.map((waiver) => waiverResult(waiver, duties)),
    documents: judged.documents.map(documentResult),
    calendar: calendarOf(facts, duties, waived.waivers, lived.findings),
    evidence: annexOf(evidence, unreachable, duties, judged.documents),
    problems: [
      ...missing.map(noProfile),
      ...checkProblems(catalogue),
      ...judged.problems,
      ...waived.problems,
      ...lived.problems,
      ...evidence.broken.map(({ id, code, reason }) => ({
        code: `evidence-${code}`,
        path: id,
        message: reason,
        expected: WHOLE,
        received: id,
        hint: null,
      })),
    ],
    method: methodOf(duties),
  };
  return { ...assessment, changes: previous ? changesSince(previous, assessment) : null };
}

/** Duties of a region as its inventory alone shows them: no evidence is asked for. */
export function resultsOf(facts: Facts, bindings: readonly Binding[], waivers: readonly JudgedWaiver[]): DutyResult[] {
  const outcomes = new Map<string, Outcome[]>();
  for (const { duty, binds } of bindings) {
    outcomes.set(duty.id, binds ? duty.shown.map((way) => lookAt(facts, duty, way)) : []);
  }
  rollUp(facts, bindings, outcomes);
  return bindings.map((binding) => resultOf(facts, binding, outcomes.get(binding.duty.id) ?? [], waivers));
}

const isPractice = ({ beyond }: Duty): boolean => beyond?.extent === "whole";

/** A way that waits for a part, and one that sums up others, is unknown until then. */
function lookAt(facts: Facts, duty: Duty, way: Way): Outcome {
  const whole = isPractice(duty);
  if (way.needsPart !== undefined) return waiting(way, whole);
  if (way.way === "attested") return outcomeOf(way, attested(facts, duty.id, way.by), whole);
  const check = CHECKS[way.by];
  const freshSeconds = way.way === "running" ? way.freshSeconds : Number.POSITIVE_INFINITY;
  return check ? outcomeOf(way, check(facts, { freshSeconds }), whole) : waiting(way, whole);
}

/** Second pass: none of those that sum up is part of another's sum. */
function rollUp(facts: Facts, bindings: readonly Binding[], outcomes: Map<string, Outcome[]>): void {
  const others = new Map([...outcomes].map(([id, list]) => [id, list.map(({ result }) => result)]));
  for (const { duty, binds } of bindings) {
    if (!binds) continue;
    const list = duty.shown.map((way, index) => {
      const sum = way.way === "attested" ? undefined : rollUps[way.by];
      const found = outcomes.get(duty.id)?.[index];
      return sum || !found
        ? outcomeOf(way, sum?.look(facts, others, bindings) ?? { things: [] }, isPractice(duty))
        : found;
    });
    outcomes.set(duty.id, list);
  }
}

function resultOf(
  facts: Facts,
  binding: Binding,
  outcomes: readonly Outcome[],
  waivers: readonly JudgedWaiver[],
): DutyResult {
  const ways = outcomes.map(({ result }) => result);
  const answers = threeAnswers(ways);
  const practice = ways.filter((way) => way.practice).map(({ state }) => state);
  const verdict = binding.binds
    ? statusOf(binding.duty.id, outcomes, waivers)
    : { status: "not-applicable" as const, reasons: [binding.reason], waiver: null };
  return {
    ...describeDuty(binding, facts.today),
    ...verdict,
    answers,
    ways,
    practice: practice.length > 0 ? worstOf(practice) : null,
    disagreement: disagreementOf(answers),
  };
}

const EVIDENCE_OWNER = { role: "kepala-infrastruktur", title: RESPONSIBLE["kepala-infrastruktur"] } as const;

const WHOLE = text("catatan yang utuh, bertanda tangan daerah ini", "a whole record, signed by this region");

function noProfile(regulation: string): InputProblem {
  return {
    code: "no-profile",
    path: "region.regulations",
    message: text("katalog tidak memuat peraturan ini", "the catalogue does not hold this regulation"),
    expected: text("peraturan yang ada profilnya", "a regulation that has a profile"),
    received: JSON.stringify(regulation),
    hint: null,
  };
}

function regionOf({ region, sites }: Model, inventory: Inventory): Assessment["region"] {
  const { id, name, government, domain, timezone, lab } = region;
  const letterhead = letterheadOf(inventory);
  return {
    ...{ id, name, government, domain, timezone, lab },
    ...(letterhead === undefined ? {} : { letterhead }),
    example: inventory.region.example === true,
    sites: sites.map((site) => ({ id: site.id, name: site.name, designation: site.designation })),
  };
}

function waiverResult({ which: _, ...waiver }: JudgedWaiver, duties: readonly DutyResult[]): WaiverResult {
  const used = duties.some((duty) => duty.waiver === waiver.id);
  if (waiver.state !== "in-force" || used) return waiver;
  const reason = text("kewajibannya tidak memerlukannya", "its duty does not need it");
  return { ...waiver, state: "unneeded", reasons: [reason] };
}

function documentResult({
  counts: _,
  opd: __,
  evidence: ___,
  observed: ____,
  ...document
}: JudgedDocument): DocumentResult {
  return document;
}
