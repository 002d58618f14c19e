/** How heavy a duty is for a region, from how its articles say it. */

import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import type { Citation } from "./schema/articles.ts";
import type { Duty } from "./schema/duty.ts";

/** From the heaviest to the lightest. */
export const SEVERITIES = {
  mandatory: text("wajib", "mandatory"),
  expected: text("diharapkan", "expected"),
  practice: text("praktik baik", "practice"),
} as const satisfies Readonly<Record<string, Text>>;

export type Severity = keyof typeof SEVERITIES;

const order = Object.keys(SEVERITIES) as Severity[];

/**
 * `mandatory` where one of the articles prescribes, `expected` where they only permit or name it, `practice` where the duty as a
 * whole goes beyond the text. What goes beyond it in part is marked at the way that shows it, and weighs as practice there.
 */
export function severityOf(citations: readonly Citation[], beyond: Duty["beyond"]): Severity {
  if (beyond?.extent === "whole") return "practice";
  return citations.some(({ kind }) => kind === "must") ? "mandatory" : "expected";
}

/** The heaviest of some, or undefined of none. */
export function heaviest(severities: readonly Severity[]): Severity | undefined {
  return order.find((severity) => severities.includes(severity));
}
