/** What is wrong with what a runbook was handed: every fault at once, each with its path. */
import { formatValue } from "../model/problems.ts";
import type { Text } from "../model/types.ts";

export interface Fault {
  /** Path of the datum, for example `steps[3].id`. */
  readonly path: string;
  readonly expected: Text;
  /** What came, as JSON, cut when long. */
  readonly received: string;
  readonly hint?: Text;
}

export function fault(path: string, expected: Text, received: unknown, hint?: Text): Fault {
  return { path, expected, received: formatValue(received), ...(hint ? { hint } : {}) };
}

/** One a line, in both languages. */
export function faultsText(faults: readonly Fault[]): Text {
  const line = ({ path, expected, received, hint }: Fault, lang: keyof Text): string => {
    const words = lang === "id" ? ["diharapkan", "diterima"] : ["expected", "received"];
    return `${path}: ${words[0]} ${expected[lang]}, ${words[1]} ${received}${hint ? ` (${hint[lang]})` : ""}`;
  };
  return {
    id: faults.map((one) => line(one, "id")).join("\n"),
    en: faults.map((one) => line(one, "en")).join("\n"),
  };
}
