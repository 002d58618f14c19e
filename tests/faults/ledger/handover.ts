/** What a history proves about a change of the site that takes writes: pure. Who acknowledged is in each attempt's `by`. */
import type { Attempt, History } from "./history.ts";

export interface Handover {
  /** When the old site acknowledged last, and the new one first, on the history's clock; null: never. */
  readonly lastByOld: number | null;
  readonly firstByNew: number | null;
  /** Acknowledged by the old site after the new one had acknowledged: two sites took writes. None may be. */
  readonly lies: readonly number[];
  /** How long after the new site's first acknowledgement the last lie came; 0: there is none. */
  readonly liedForMs: number;
}

/** @param history of a time in which `old` was active and `next` took over, or did not. */
export function handover({ attempts }: History, old: string, next: string): Handover {
  const [byOld, byNew] = [acknowledgedBy(attempts, old), acknowledgedBy(attempts, next)];
  const lastByOld = byOld.at(-1)?.endedAt ?? null;
  const firstByNew = byNew[0]?.endedAt ?? null;
  const lies = firstByNew === null ? [] : byOld.filter(({ endedAt }) => endedAt > firstByNew);
  const liedForMs = firstByNew === null ? 0 : Math.max(0, (lastByOld ?? firstByNew) - firstByNew);
  return { lastByOld, firstByNew, lies: lies.map(({ id }) => id), liedForMs };
}

/** What a site acknowledged, in the order in which the answers came. */
export function acknowledgedBy(attempts: readonly Attempt[], site: string): Attempt[] {
  return attempts
    .filter(({ outcome, by }) => outcome === "acknowledged" && by === site)
    .sort((a, b) => a.endedAt - b.endedAt);
}

/** What `async` may lose when a site is given up: what that site acknowledged alone. All on the history's clock. */
export interface Excuse {
  readonly old: string;
  /** What was acknowledged before had time to reach the other site. */
  readonly notBefore: number;
  /** When the old site must have closed. */
  readonly closedBy: number;
}

export interface Unexcused {
  readonly id: number;
  readonly why: string;
}

/** Which of the missing rows no replication mode excuses, and why. @param excuse null: nothing may be lost. */
export function unexcused(
  history: History,
  missing: readonly number[],
  { firstByNew }: Handover,
  excuse: Excuse | null,
): Unexcused[] {
  const attempts = new Map(history.attempts.map((attempt) => [attempt.id, attempt]));
  return missing.flatMap((id) => {
    const why = whyNot(attempts.get(id), firstByNew, excuse);
    return why === undefined ? [] : [{ id, why }];
  });
}

function whyNot(lost: Attempt | undefined, firstByNew: number | null, excuse: Excuse | null): string | undefined {
  if (lost === undefined) return "nobody asked for it here";
  if (excuse === null) return "nothing may be lost";
  if (lost.by !== excuse.old) return `acknowledged by ${lost.by ?? "nobody knows whom"}, not by ${excuse.old}`;
  if (lost.endedAt < excuse.notBefore)
    return `acknowledged ${Math.round(excuse.notBefore - lost.endedAt)} ms too early`;
  if (lost.endedAt > excuse.closedBy)
    return `acknowledged ${Math.round(lost.endedAt - excuse.closedBy)} ms after it closed`;
  if (firstByNew !== null && lost.endedAt > firstByNew) return "acknowledged after the new site's first";
  return undefined;
}
