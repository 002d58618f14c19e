/** Sizes, durations, shares and times as people read them. Pure. */
import { zoneHours } from "../../model/derive/retention.ts";
import { localTimeAt } from "../../model/local-time.ts";
import type { Model } from "../../model/types.ts";
import { language } from "../output/language.ts";

type Zone = Model["region"]["timezone"];

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** A number with at most so many digits after the comma (Indonesian) or point. */
export function decimal(value: number, digits = 1): string {
  return value.toLocaleString(language() === "id" ? "id-ID" : "en-GB", { maximumFractionDigits: digits });
}

/** `1,2 GB`: powers of 1000. */
export function size(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${decimal(value, value < 10 && unit > 0 ? 1 : 0)} ${UNITS[unit]}`;
}

const SPANS = [
  [86_400, { id: "hr", en: "d" }],
  [3600, { id: "jam", en: "h" }],
  [60, { id: "mnt", en: "min" }],
  [1, { id: "dtk", en: "s" }],
] as const;

/** `3 jam 5 mnt`: its two largest parts; below ten seconds with one decimal. */
export function duration(seconds: number): string {
  const unit = (names: { readonly id: string; readonly en: string }): string => names[language()];
  if (seconds < 0) return `−${duration(-seconds)}`;
  if (seconds < 9.95) return `${decimal(seconds)} ${unit(SPANS[3][1])}`;
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [span, names] of SPANS) {
    const count = Math.floor(left / span);
    left -= count * span;
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count} ${unit(names)}` : "");
    if (parts.length === 2) break;
  }
  return parts.filter((part) => part !== "").join(" ");
}

/** `87,5 %`; `–` where there is none: no share of nothing is full. Never rounded up to all. */
export function percent(share: number | null): string {
  if (share === null) return "–";
  const tenths = Math.floor(share * 1000 + 1e-9) / 10;
  return `${decimal(tenths)} %`;
}

/** `2026-03-01 11:00:05 WIB`: in the region's own time. */
export function localTime(iso: string, zone: Zone): string {
  const moment = Date.parse(iso);
  if (Number.isNaN(moment)) return iso === "" ? "–" : iso;
  return localTimeAt(moment, zone);
}

/** A moment that somebody typed, with offset; without one it is the region's time. Undefined: it is no moment. */
export function momentOf(typed: string, zone: Zone): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?$/.exec(typed.trim());
  if (!parts) return undefined;
  const [, date, minutes, seconds = ":00", offset = `+${String(zoneHours[zone]).padStart(2, "0")}:00`] = parts;
  const moment = `${date}T${minutes}${seconds}${offset}`;
  return Number.isNaN(Date.parse(moment)) ? undefined : moment;
}
