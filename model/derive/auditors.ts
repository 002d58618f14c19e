/** Auditors with the name of their certificates and the moments of their period. Pure. */
import type { Inventory } from "../schema/index.ts";
import type { Model } from "../types.ts";
import { dayEnds, dayStarts } from "./days.ts";
import { auditorName } from "./names.ts";

/** Nothing where none is declared. */
export function auditorsModel({ region, auditors }: Inventory): Pick<Model, "auditors"> {
  if (auditors.length === 0) return {};
  return {
    auditors: auditors.map(({ id, body, from, until }) => ({
      ...{ id, body, name: auditorName(region.id, id) },
      ...{ from: dayStarts(from, region.timezone), until: dayEnds(until, region.timezone) },
    })),
  };
}
