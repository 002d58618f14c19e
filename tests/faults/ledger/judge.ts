/** What a history proves about what is there afterwards: pure. */
import type { History } from "./history.ts";

export interface Row {
  readonly id: number;
  readonly value: string;
}

export interface Verdict {
  readonly asked: number;
  readonly acknowledged: number;
  /** Acknowledged, and not there. */
  readonly missing: readonly number[];
  /** There, and never asked for. */
  readonly neverAsked: readonly number[];
  /** Refused, and there all the same. */
  readonly refusedButThere: readonly number[];
  /** There with another value than the one asked for. */
  readonly changed: readonly number[];
  /** There more than once. */
  readonly doubled: readonly number[];
  /** Nobody answered for them, and they are there: allowed. */
  readonly unansweredButThere: number;
  /** Longest time in which no write was acknowledged. */
  readonly longestStop: Stop;
}

export interface Stop {
  readonly milliseconds: number;
  /** When it began, on the history's clock. */
  readonly from: number;
}

/** Judges what was found at one place, after everything that was asked has ended. */
export function judge(history: History, found: readonly Row[]): Verdict {
  const asked = new Map(history.attempts.map((attempt) => [attempt.id, attempt]));
  const seen = new Map<number, Row[]>();
  for (const row of found) seen.set(row.id, [...(seen.get(row.id) ?? []), row]);
  const ids = [...seen.keys()].sort(byNumber);
  const of = (outcome: string) => history.attempts.filter((attempt) => attempt.outcome === outcome);
  const there = ({ id }: { readonly id: number }) => seen.has(id);
  return {
    asked: history.attempts.length,
    acknowledged: of("acknowledged").length,
    missing: numbers(of("acknowledged").filter((attempt) => !there(attempt))),
    neverAsked: ids.filter((id) => !asked.has(id)),
    refusedButThere: numbers(of("refused").filter(there)),
    changed: ids.filter((id) => {
      const attempt = asked.get(id);
      return attempt !== undefined && seen.get(id)?.some(({ value }) => value !== attempt.value);
    }),
    doubled: ids.filter((id) => (seen.get(id)?.length ?? 0) > 1),
    unansweredButThere: of("unknown").filter(there).length,
    longestStop: longestStop(history),
  };
}

/** Longest time between two acknowledgements; the load's beginning and end count as ones. */
export function longestStop({ from, to, attempts }: History): Stop {
  const ends = attempts.filter(({ outcome }) => outcome === "acknowledged").map(({ endedAt }) => endedAt);
  let longest: Stop = { milliseconds: 0, from };
  let last = from;
  for (const end of [...ends.sort(byNumber), to]) {
    if (end - last > longest.milliseconds) longest = { milliseconds: end - last, from: last };
    last = end;
  }
  return longest;
}

const byNumber = (a: number, b: number): number => a - b;
const numbers = (attempts: readonly { readonly id: number }[]): number[] => attempts.map(({ id }) => id).sort(byNumber);
