/** From what was looked at to the answer of one way, of three, and to the status. Pure. */
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import {
  type Answer,
  type AnswerKind,
  type AnswerState,
  answerKinds,
  type DutyResult,
  MOST_WHICH,
  type Population,
  type Status,
  type WayResult,
} from "./assessment.ts";
import type { Attested } from "./attested.ts";
import type { Looked, Thing } from "./checks/check.ts";
import type { Way } from "./schema/duty.ts";
import { PARTS } from "./schema/parts.ts";
import { type JudgedWaiver, waiverFor } from "./waivers.ts";

/** A way with everything that was found failing, however many. */
export interface Outcome {
  readonly result: WayResult;
  readonly failing: readonly string[];
}

const NOTHING: Population = { spokenOf: 0, lookedAt: 0, failing: 0, which: [], unknown: [] };
const NOT_KNOWN_TO_APPLY = text(
  "tidak ada yang dinyatakan yang dibicarakan kewajiban ini",
  "nothing is declared that this duty speaks of",
);

export function outcomeOf(way: Way, looked: Looked | Attested, wholeIsPractice: boolean): Outcome {
  const { things, none } = looked;
  const fail = things.filter(({ verdict }) => verdict === "failing");
  const open = things.filter(({ verdict }) => verdict === "unknown");
  const state = stateOf(looked, fail.length, open.length);
  const until = things.flatMap(({ until: end }) => end ?? []).sort((a, b) => Date.parse(a) - Date.parse(b));
  const refs = new Map(things.flatMap(({ evidence }) => (evidence ? [[evidence.id, evidence] as const] : [])));
  return {
    failing: fail.map(({ name }) => name),
    result: {
      way: way.way,
      by: way.by,
      practice: way.beyond === true && !wholeIsPractice,
      freshSeconds: way.way === "running" ? way.freshSeconds : null,
      holdsUntil: state === "met" ? (until[0] ?? null) : null,
      state,
      population: {
        spokenOf: things.length,
        lookedAt: things.length - open.length,
        failing: fail.length,
        which: namesOf(fail),
        unknown: namesOf(open),
      },
      reasons: things.length === 0 ? [none?.reason ?? NOT_KNOWN_TO_APPLY] : reasonsOf(fail, open),
      evidence: [...refs.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    },
  };
}

/** Its part is not built: nothing was looked at, and nothing is known. */
export function waiting(way: Way, wholeIsPractice: boolean): Outcome {
  const reason = way.needsPart === undefined ? NOT_KNOWN_TO_APPLY : PARTS[way.needsPart];
  const { result, failing } = outcomeOf(way, { things: [] }, wholeIsPractice);
  return { failing, result: { ...result, state: "unknown", reasons: [reason] } };
}

function stateOf(looked: Looked | Attested, failing: number, open: number): AnswerState {
  if (looked.things.length === 0) return looked.none?.applicable === false ? "not-applicable" : "unknown";
  if (failing > 0) return "not-met";
  if ("state" in looked && looked.state !== undefined) return looked.state;
  return open > 0 ? "unknown" : "met";
}

const namesOf = (things: readonly Thing[]): string[] => things.slice(0, MOST_WHICH).map(({ name }) => name);

/** The first few things that are not well, each with why. */
function reasonsOf(fail: readonly Thing[], open: readonly Thing[]): Text[] {
  const told = [...fail, ...open]
    .slice(0, 5)
    .map(({ name, why }) => text(`${name}: ${why?.id}`, `${name}: ${why?.en}`));
  const more = fail.length + open.length - told.length;
  return more > 0 ? [...told, text(`dan ${more} lagi`, `and ${more} more`)] : told;
}

/** The three answers, of the ways that a regulation asks for. */
export function threeAnswers(ways: readonly WayResult[]): Readonly<Record<AnswerKind, Answer>> {
  return Object.fromEntries(
    answerKinds.map((kind) => [kind, answerOf(ways.filter(({ way, practice }) => way === kind && !practice))]),
  ) as Record<AnswerKind, Answer>;
}

function answerOf(ways: readonly WayResult[]): Answer {
  if (ways.length === 0) return { state: "not-asked", population: NOTHING, reasons: [], evidence: [] };
  const refs = new Map(ways.flatMap(({ evidence }) => evidence.map((one) => [one.id, one] as const)));
  const sum = (key: "spokenOf" | "lookedAt" | "failing"): number =>
    ways.reduce((total, { population }) => total + population[key], 0);
  const list = (key: "which" | "unknown"): string[] =>
    ways.flatMap(({ population }) => population[key]).slice(0, MOST_WHICH);
  return {
    state: worstOf(ways.map(({ state }) => state)),
    population: {
      spokenOf: sum("spokenOf"),
      lookedAt: sum("lookedAt"),
      failing: sum("failing"),
      which: list("which"),
      unknown: list("unknown"),
    },
    reasons: ways.flatMap(({ reasons }) => reasons),
    evidence: [...refs.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

const WORST: readonly AnswerState[] = ["not-met", "expired", "unknown", "met", "not-applicable"];

/** What a number of answers come to together. Something that does not apply takes nothing away. */
export function worstOf(states: readonly AnswerState[]): AnswerState {
  return WORST.find((state) => states.includes(state)) ?? "not-asked";
}

const STATUS: Readonly<Record<AnswerState, Status>> = {
  "not-met": "not-satisfied",
  expired: "expired",
  unknown: "unknown",
  met: "satisfied",
  "not-applicable": "not-applicable",
  "not-asked": "unknown",
};

/** D11. A waiver of named things holds for those alone: a way that fails by others, or is unknown, stays what it is. */
export function statusOf(
  duty: string,
  outcomes: readonly Outcome[],
  waivers: readonly JudgedWaiver[],
): Pick<DutyResult, "status" | "reasons" | "waiver"> {
  const asked = outcomes.filter(({ result }) => !result.practice);
  const status = STATUS[worstOf(asked.map(({ result }) => result.state))];
  if (status === "satisfied") {
    const onlyWords = asked.every(({ result }) => result.way === "attested" || result.state === "not-applicable");
    return { status: onlyWords ? "attested" : "satisfied", reasons: [], waiver: null };
  }
  const reasons = asked.filter(({ result }) => STATUS[result.state] === status).flatMap(({ result }) => result.reasons);
  if (status === "not-applicable") return { status, reasons, waiver: null };
  const used = asked
    .filter(({ failing }) => failing.length > 0)
    .map(({ failing }) => waiverFor(waivers, duty, failing));
  const whole = waivers.find((one) => one.duty === duty && one.state === "in-force" && one.which === null);
  const rest = asked.filter(
    ({ result, failing }) => result.state !== "not-met" || waiverFor(waivers, duty, failing) === undefined,
  );
  const left = STATUS[worstOf(rest.map(({ result }) => result.state))];
  const settled = rest.length === 0 || left === "satisfied" || left === "not-applicable";
  const waiver = whole ?? (settled ? used.find((one) => one !== undefined) : undefined);
  if (waiver) return { status: "waived", reasons: [accepted(waiver), ...reasons], waiver: waiver.id };
  if (left === status || rest.length === asked.length) return { status, reasons, waiver: null };
  const others = rest.filter(({ result }) => STATUS[result.state] === left).flatMap(({ result }) => result.reasons);
  return { status: left, reasons: others, waiver: used.find((one) => one !== undefined)?.id ?? null };
}

const accepted = ({ approver, expires, justification }: JudgedWaiver): Text =>
  text(
    `dikecualikan ${approver} sampai ${expires}: ${justification}`,
    `waived by ${approver} until ${expires}: ${justification}`,
  );

const SAID: Readonly<Record<AnswerKind, Text>> = {
  designed: text("rancangan", "the design"),
  running: text("yang berjalan", "what runs"),
  attested: text("pernyataan tertulis", "the written statement"),
};

/** Two answers that contradict each other; an unknown one contradicts nothing. */
export function disagreementOf(answers: Readonly<Record<AnswerKind, Answer>>): Text | null {
  const met = answerKinds.filter((kind) => answers[kind].state === "met").map((kind) => SAID[kind]);
  const not = answerKinds.filter((kind) => answers[kind].state === "not-met").map((kind) => SAID[kind]);
  if (met.length === 0 || not.length === 0) return null;
  const list = (texts: readonly Text[], language: "id" | "en"): string =>
    texts.map((one) => one[language]).join(language === "id" ? " dan " : " and ");
  return text(
    `${list(met, "id")} memenuhi, tetapi ${list(not, "id")} tidak`,
    `${list(met, "en")} met it, but ${list(not, "en")} did not`,
  );
}
