/** Figures of an assessment, counted in one place so that no rendering counts anew. Pure. */
import {
  answerKinds,
  type DutyResult,
  type Finding,
  type Status,
  statuses,
  type Tally,
  type Totals,
} from "./assessment.ts";
import { areaIds } from "./schema/areas.ts";
import { SEVERITIES, type Severity } from "./severity.ts";

export function totalsOf(duties: readonly DutyResult[], findings: readonly Pick<Finding, "closedAt">[]): Totals {
  const bound = duties.filter(({ binds }) => binds);
  const populations = bound.flatMap(({ answers }) => answerKinds.map((kind) => answers[kind].population));
  const sum = (key: "spokenOf" | "lookedAt" | "failing"): number =>
    populations.reduce((total, population) => total + population[key], 0);
  return {
    all: tallyOf(bound),
    notBinding: duties.length - bound.length,
    bySeverity: byKey(Object.keys(SEVERITIES) as Severity[], bound, ({ severity }) => severity),
    byArea: byKey(areaIds, bound, ({ area }) => area),
    things: { spokenOf: sum("spokenOf"), lookedAt: sum("lookedAt"), failing: sum("failing") },
    openFindings: findings.filter(({ closedAt }) => closedAt === null).length,
  };
}

/** Each status with its count, zeros too. */
export function tallyOf(duties: readonly Pick<DutyResult, "status">[]): Tally {
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
  for (const { status } of duties) counts[status] += 1;
  return { population: duties.length, ...counts };
}

function byKey<K extends string>(
  keys: readonly K[],
  duties: readonly DutyResult[],
  keyOf: (duty: DutyResult) => K | null,
): Readonly<Record<K, Tally>> {
  return Object.fromEntries(keys.map((key) => [key, tallyOf(duties.filter((duty) => keyOf(duty) === key))])) as Record<
    K,
    Tally
  >;
}
