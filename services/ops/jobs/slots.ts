/** When a schedule is due, in the region's time zone. Indonesia's three zones are whole hours from UTC and have no summer time. */
import { startOf, zoneHours } from "../../../model/derive/retention.ts";
import type { Model } from "../../../model/types.ts";
import type { Schedule } from "./types.ts";

export type Zone = Model["region"]["timezone"];

const HOUR_MS = 3_600_000;
/** A Sunday, local midnight: what comes once a week comes at the weekend. */
const SUNDAY_MS = 3 * 24 * HOUR_MS;

/** The last moment, at or before this one, at which it was due. UTC milliseconds. */
export function latestSlot(schedule: Schedule, moment: number, zone: Zone): number {
  const atMs = schedule.atSeconds * 1000;
  if (schedule.kind !== "every") {
    const slot = startOf(schedule.kind, moment, zone) + atMs;
    return slot <= moment ? slot : startOf(schedule.kind, startOf(schedule.kind, moment, zone) - 1, zone) + atMs;
  }
  const origin = SUNDAY_MS - zoneHours[zone] * HOUR_MS + atMs;
  const every = schedule.seconds * 1000;
  return origin + Math.floor((moment - origin) / every) * every;
}

/** The first moment after this one at which it is due. */
export function nextSlot(schedule: Schedule, moment: number, zone: Zone): number {
  if (schedule.kind === "every") return latestSlot(schedule, moment, zone) + schedule.seconds * 1000;
  const days = schedule.kind === "monthly" ? 32 : 367;
  const latest = latestSlot(schedule, moment, zone);
  return (
    startOf(schedule.kind, latest - schedule.atSeconds * 1000 + days * 24 * HOUR_MS, zone) + schedule.atSeconds * 1000
  );
}

/** The same number for the same text for ever (FNV-1a, 32 bits): start times that are spread, and stay where they are. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
