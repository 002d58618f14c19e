/** Which parts that are not built yet a duty waits for. */
import type { Duty } from "./schema/duty.ts";
import type { Part } from "./schema/parts.ts";

/** Each once, in the order of its ways; empty where everything that could show it is built. */
export function missingParts({ shown }: Pick<Duty, "shown">): Part[] {
  return [...new Set(shown.flatMap(({ needsPart }) => needsPart ?? []))];
}
