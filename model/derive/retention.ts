/** Which backups a retention keeps and until when: arithmetic on local days, weeks (from Monday), months and years. Pure. */
import type { Model, Retention } from "../types.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Zone = Model["region"]["timezone"];

/** WIB, WITA and WIT: whole hours ahead of UTC, and never summer time. */
export const zoneHours: Readonly<Record<Zone, number>> = { "Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9 };

export type RetentionClass = keyof Retention;
export const retentionClasses: readonly RetentionClass[] = ["daily", "weekly", "monthly", "yearly"];

/** A backup that there is. */
export interface Snapshot {
  readonly id: string;
  /** State of the data that it holds, ISO 8601. */
  readonly at: string;
  /** Backups without which this one cannot be restored: an incremental's full one and those between. Default none. */
  readonly needs?: readonly string[];
}

/** A backup that is still needed: by which class, or for the sake of another. */
export interface Needed {
  readonly id: string;
  readonly classes: readonly RetentionClass[];
  /** ISO 8601, UTC: first moment at which nothing needs it any more. */
  readonly until: string;
}

/**
 * What a retention keeps of the backups that there are: of each class the newest backup in each of its last n periods that have one
 * (as restic's `forget`), and whatever those need. `until` is the end of the n-th period after its own; after an outage, in which no
 * newer ones came, as many periods from now as newer backups are still to come before it is let go. It is always later than now.
 */
export function neededBackups(snapshots: readonly Snapshot[], retention: Retention, zone: Zone, now: Date): Needed[] {
  const newestFirst = [...snapshots].sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : -1));
  const kept = new Map<string, { classes: RetentionClass[]; until: number }>();
  for (const name of retentionClasses) {
    const count = retention[name];
    for (const [rank, { id, at }] of lastOfPeriods(newestFirst, name, count, zone).entries()) {
      const before = kept.get(id);
      const until = Math.max(
        endOf(name, Date.parse(at), count, zone),
        endOf(name, now.getTime(), count - rank - 1, zone),
      );
      kept.set(id, { classes: [...(before?.classes ?? []), name], until: Math.max(before?.until ?? 0, until) });
    }
  }
  for (const { id, needs = [] } of newestFirst) {
    const until = kept.get(id)?.until;
    if (until === undefined) continue;
    for (const needed of needs) {
      const before = kept.get(needed);
      kept.set(needed, { classes: before?.classes ?? [], until: Math.max(before?.until ?? 0, until) });
    }
  }
  return newestFirst.flatMap(({ id }) => {
    const found = kept.get(id);
    return found ? [{ id, classes: found.classes, until: new Date(found.until).toISOString() }] : [];
  });
}

function lastOfPeriods(newestFirst: readonly Snapshot[], name: RetentionClass, count: number, zone: Zone): Snapshot[] {
  const seen = new Map<number, Snapshot>();
  for (const snapshot of newestFirst) {
    const period = startOf(name, Date.parse(snapshot.at), zone);
    if (seen.has(period)) continue;
    if (seen.size >= count) break;
    seen.set(period, snapshot);
  }
  return [...seen.values()];
}

/** First moment of the local period that holds a moment, as UTC milliseconds. */
export function startOf(name: RetentionClass, moment: number, zone: Zone): number {
  return shifted(name, moment, 0, zone);
}

/** When a backup of this moment leaves its class at the latest: the end of the n-th period after its own. */
export function endOf(name: RetentionClass, moment: number, count: number, zone: Zone): number {
  return shifted(name, moment, count + 1, zone);
}

function shifted(name: RetentionClass, moment: number, periods: number, zone: Zone): number {
  const ahead = zoneHours[zone] * HOUR_MS;
  const local = new Date(moment + ahead);
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  switch (name) {
    case "daily":
      return Date.UTC(year, month, day + periods) - ahead;
    case "weekly":
      return Date.UTC(year, month, day - ((local.getUTCDay() + 6) % 7) + 7 * periods) - ahead;
    case "monthly":
      return Date.UTC(year, month + periods, 1) - ahead;
    case "yearly":
      return Date.UTC(year + periods, 0, 1) - ahead;
  }
}

/** One version of an object in the store, and which backups need it. */
export interface LockedObject {
  readonly key: string;
  readonly versionId: string;
  /** ISO 8601: end of its lock; absent: it has none. */
  readonly retainUntil?: string;
  readonly neededBy: readonly string[];
}

export interface Extension {
  readonly key: string;
  readonly versionId: string;
  readonly until: string;
}

/**
 * Locks to be made longer: those that would end before what needs the object does, plus a margin in which the next round comes.
 * Nothing is ever made shorter. What no kept backup needs keeps the lock that it has, and is pruned when that has ended.
 */
export function lockExtensions(
  objects: readonly LockedObject[],
  needed: readonly Needed[],
  marginDays: number,
): Extension[] {
  const untilOf = new Map(needed.map(({ id, until }) => [id, Date.parse(until) + marginDays * DAY_MS]));
  return objects.flatMap(({ key, versionId, retainUntil, neededBy }) => {
    const until = Math.max(0, ...neededBy.map((id) => untilOf.get(id) ?? 0));
    const held = retainUntil === undefined ? 0 : Date.parse(retainUntil);
    return until > held ? [{ key, versionId, until: new Date(until).toISOString() }] : [];
  });
}

/** Versions that may be pruned: no kept backup needs them and no lock holds them. */
export function prunable(objects: readonly LockedObject[], needed: readonly Needed[], now: Date): LockedObject[] {
  const kept = new Set(needed.map(({ id }) => id));
  return objects.filter(
    ({ retainUntil, neededBy }) =>
      !neededBy.some((id) => kept.has(id)) && (retainUntil === undefined || Date.parse(retainUntil) <= now.getTime()),
  );
}
