/** Days as a region counts them, as moments in ISO 8601. Pure. */
import type { Model } from "../types.ts";
import { zoneHours } from "./retention.ts";

type Zone = Model["region"]["timezone"];

const DAY_MS = 86_400_000;

const moment = (day: string, zone: Zone, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS - zoneHours[zone] * 3_600_000).toISOString();

/** @param day `2026-03-01` */
export const dayStarts = (day: string, zone: Zone): string => moment(day, zone, 0);

/** The first moment that is no longer of this day. */
export const dayEnds = (day: string, zone: Zone): string => moment(day, zone, 1);
