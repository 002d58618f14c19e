/** Whether commits of a server wait for the other site, as it said itself, and when: of one that is gone, what it said last counts (D8). Pure but for the map. */
import type { ServerSeen } from "../../../runbooks/facts.ts";
import type { DatabaseObservation, ProbeResult } from "../observation.ts";

export interface Waits {
  readonly waits: boolean;
  readonly at: Date;
}

/** By `targetId`. Kept in memory by `ops`, which asks every server every few seconds. */
export type LastWaits = Map<string, Waits>;

/** Undefined: it does not say. */
export function waitsOf(seen: DatabaseObservation): boolean | undefined {
  return seen.probe === "mariadb" ? seen.waits : seen.sync?.waits;
}

export function noteWaits(last: LastWaits, id: string, seen: DatabaseObservation, at: Date): void {
  const waits = waitsOf(seen);
  if (waits !== undefined) last.set(id, { waits, at });
}

/** Of a round of probes: what is no database, or did not answer, changes nothing. */
export function noteProbe(last: LastWaits, id: string, { outcome, at }: ProbeResult): void {
  if (!outcome.ok) return;
  const { observation } = outcome;
  if (observation.probe === "mariadb" || observation.probe === "patroni") noteWaits(last, id, observation, at);
}

type Seen = Pick<ServerSeen, "waits" | "waitsAt">;

export function waitsSeen(last: Waits | undefined): Seen {
  return last === undefined ? { waits: null, waitsAt: null } : { waits: last.waits, waitsAt: last.at.toISOString() };
}

export function waitsNow(seen: DatabaseObservation, at: Date): Seen {
  const waits = waitsOf(seen);
  return waitsSeen(waits === undefined ? undefined : { waits, at });
}
