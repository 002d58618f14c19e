/** What the workloads of a site ask for, against what the site has. */
import type { Slot } from "./placement.ts";

export interface Demand {
  readonly memoryMiB: number;
  readonly cpus: number;
}

/** Sum of the limits of a site's workloads. */
export function demandOf(slots: readonly Slot[]): Demand {
  let memoryMiB = 0;
  let cpus = 0;
  for (const slot of slots) {
    memoryMiB += slot.memoryMiB;
    cpus += slot.cpus ?? 0;
  }
  return { memoryMiB, cpus };
}
