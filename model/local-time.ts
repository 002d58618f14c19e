/** Moments in a region's own time. Indonesia keeps no summer time, so arithmetic does, and no time-zone data need be loaded. Pure. */
import { zoneHours } from "./derive/retention.ts";
import type { Model } from "./types.ts";

type Zone = Model["region"]["timezone"];

const ZONE_NAMES: Readonly<Record<Zone, string>> = {
  "Asia/Jakarta": "WIB",
  "Asia/Makassar": "WITA",
  "Asia/Jayapura": "WIT",
};

/** `2026-03-01 10:00:05 WIB`, or to the minute. @param moment ms since 1970. @throws RangeError where it is no time. */
export function localTimeAt(moment: number, zone: Zone, to: "second" | "minute" = "second"): string {
  const local = new Date(moment + zoneHours[zone] * 3_600_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, to === "minute" ? 16 : 19)} ${ZONE_NAMES[zone]}`;
}
