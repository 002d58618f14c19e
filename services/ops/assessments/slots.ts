/** When `ops` assesses the duties by itself: on the first day of months, in the region's time. Pure. */
import { zoneHours } from "../../../model/derive/retention.ts";
import type { AssessmentsModel } from "../../../model/types.ts";
import { latestSlot, nextSlot, type Zone } from "../jobs/slots.ts";

export interface Due {
  readonly kind: "report" | "monthly";
  /** When it was due. UTC milliseconds. */
  readonly atMs: number;
  /** From when on it tells what changed: when the one of its kind before was due. UTC milliseconds. */
  readonly fromMs: number;
}

/** The last one that was due, at or before this moment. */
export function latestDue(plan: AssessmentsModel, moment: number, zone: Zone): Due {
  let atMs = latestSlot(monthly(plan), moment, zone);
  while (kindAt(plan, atMs, zone) === undefined) atMs = before(plan, atMs, zone);
  const kind = kindAt(plan, atMs, zone) ?? "report";
  let fromMs = before(plan, atMs, zone);
  while (kind === "report" ? kindAt(plan, fromMs, zone) !== kind : kindAt(plan, fromMs, zone) === undefined)
    fromMs = before(plan, fromMs, zone);
  return { kind, atMs, fromMs };
}

/** When the next one is due, after this moment. UTC milliseconds. */
export function nextDueMs(plan: AssessmentsModel, moment: number, zone: Zone): number {
  let at = nextSlot(monthly(plan), moment, zone);
  while (kindAt(plan, at, zone) === undefined) at = nextSlot(monthly(plan), at, zone);
  return at;
}

const monthly = ({ atSeconds }: AssessmentsModel) => ({ kind: "monthly", atSeconds }) as const;

const before = (plan: AssessmentsModel, slot: number, zone: Zone): number => latestSlot(monthly(plan), slot - 1, zone);

function kindAt(plan: AssessmentsModel, slot: number, zone: Zone): Due["kind"] | undefined {
  const month = new Date(slot + zoneHours[zone] * 3_600_000).getUTCMonth() + 1;
  if (plan.reportMonths.includes(month)) return "report";
  return plan.monthly ? "monthly" : undefined;
}
