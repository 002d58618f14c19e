/** Labels: a list of pairs in a program, an object at the engine. */
import type { Fields } from "./property.ts";
import { blocks, text, type Value, type ValueMap } from "./values.ts";

export const LABEL_FIELDS: Fields = {
  label: { kind: "text", required: true, absent: "" },
  value: { kind: "text", required: true, absent: "" },
};

export function labelsToEngine(labels: Value | undefined): Record<string, string> {
  return Object.fromEntries(blocks(labels).map((item) => [text(item.label), text(item.value)]));
}

/** Sorted by name; without those in `except`, such as the image's own. */
export function labelsFromEngine(
  labels: Readonly<Record<string, string>> | null | undefined,
  except: Readonly<Record<string, string>> = {},
): ValueMap[] {
  return Object.entries(labels ?? {})
    .filter(([label, value]) => except[label] !== value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}
