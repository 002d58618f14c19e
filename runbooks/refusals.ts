/** Why a runbook is not for what was seen: one rule a reason. Pure. */
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import type { Course } from "./runbook.ts";

/** Undefined where it does not hold against it. */
export type Rule = (course: Course) => Text | undefined;

export function refusalsBy(rules: readonly Rule[]): (course: Course) => readonly Text[] {
  return (course) => rules.flatMap((rule) => rule(course) ?? []);
}

export const epochUnknown: Rule = ({ seen }) =>
  seen.epoch.epoch === null
    ? text(
        "epoch tidak diketahui: tidak ada penyimpan epoch, cakram atau basis data yang menyebutkannya",
        "the epoch is unknown: no store, volume or database says it",
      )
    : undefined;

export const noMajority: Rule = ({ seen, declared }) =>
  declared.leaseSeconds !== null && !seen.epoch.majority
    ? text(
        "penyimpan epoch tidak menjawab dengan mayoritas: pulihkan saksi atau situs yang diam dulu",
        "the epoch store does not answer with a majority: bring the witness or the silent site back first",
      )
    : undefined;
