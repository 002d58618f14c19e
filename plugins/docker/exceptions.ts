/**
 * Where we answer otherwise than the official plugin 5.2.0, on purpose. The conformance suite applies each to the official answer
 * before it compares; plugins/docker/README.md tells users about the same list, by the same names.
 */
import { isMap, type MutableMap, texts, type Value, type ValueMap } from "./values.ts";

export interface Exception {
  readonly name: string;
  readonly why: string;
  /** The official answer as we give it. */
  readonly apply: (method: string, official: ValueMap, request: ValueMap) => ValueMap;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    name: "memory-swap-undeclared",
    why: "memory without memorySwap never settles under the official plugin; what Docker chose is no difference here",
    apply: (method, official, request) => {
      if (method === "Diff") return withoutDifference(official, "memorySwap");
      const before = isMap(request.olds) ? (request.olds.memorySwap ?? null) : null;
      return method === "Update" ? withProperty(official, "memorySwap", before) : official;
    },
  },
  {
    name: "nothing-stays-nothing",
    why: "an update's outputs turn a field that was never set from null to zero under the official plugin; here it stays null",
    apply: (method, official) =>
      method === "Update" && isMap(official.properties)
        ? { ...official, properties: zerosAsNull(official.properties) }
        : official,
  },
  {
    name: "cpus-in-place",
    why: "Docker changes cpus on a running container; the official plugin replaces it, so cpus is not stable here",
    apply: (method, official) =>
      method === "Diff" && official.stables
        ? { ...official, stables: texts(official.stables).filter((name) => name !== "cpus") }
        : official,
  },
];

function withProperty(official: ValueMap, property: string, value: Value): ValueMap {
  return isMap(official.properties)
    ? { ...official, properties: { ...official.properties, [property]: value } }
    : official;
}

function zerosAsNull(properties: ValueMap): ValueMap {
  const spelled = JSON.stringify(properties).replaceAll('"gwPriority":0', '"gwPriority":null');
  return JSON.parse(spelled.replaceAll('"readOnly":false,"selinuxRelabel"', '"readOnly":null,"selinuxRelabel"'));
}

/** The difference in this property gone, and with it all that follows from it. */
function withoutDifference(official: ValueMap, property: string): ValueMap {
  const diffs = texts(official.diffs).filter((name) => name !== property);
  const detailed = isMap(official.detailedDiff) ? official.detailedDiff : {};
  const { diffs: _diffs, detailedDiff: _detailed, ...rest } = official;
  const kept = Object.fromEntries(Object.entries(detailed).filter(([path]) => path !== property));
  const answer: MutableMap = { ...rest };
  if (diffs.length === 0) return { ...answer, changes: "DIFF_NONE" };
  return { ...answer, diffs, detailedDiff: kept };
}
