/** What became worse between two assessments of one region: by status, by a way's answer, and by what newly fails in it. Pure. */
import { type AnswerState, type DutyResult, type Status, statuses } from "./assessment.ts";

const STATES: readonly AnswerState[] = ["not-asked", "not-applicable", "met", "unknown", "expired", "not-met"];

/** Ids of duties that turned red or redder, in the order of the catalogue. Unknown is worse than met, and better than not met. */
export function turnedRed(before: readonly DutyResult[], after: readonly DutyResult[]): string[] {
  const was = new Map(before.map((duty) => [duty.id, duty]));
  return after.filter((duty) => duty.binds && isWorse(was.get(duty.id), duty)).map(({ id }) => id);
}

function isWorse(before: DutyResult | undefined, after: DutyResult): boolean {
  if (before === undefined || !before.binds) return false;
  if (rankOf(after.status) > rankOf(before.status)) return true;
  return after.ways.some((way, index) => {
    const then = before.ways[index];
    if (then === undefined) return false;
    if (STATES.indexOf(way.state) > STATES.indexOf(then.state)) return true;
    const known = new Set(then.population.which);
    return way.population.failing > then.population.failing || way.population.which.some((name) => !known.has(name));
  });
}

/** Whether it says that something is amiss, and nobody accepted it. */
export const isRed = (status: Status): boolean => status === "not-satisfied" || status === "expired";

const rankOf = (status: Status): number => statuses.indexOf(status);
