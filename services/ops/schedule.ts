/** Spreads probes over their period: never all at once, never two of one target at a time, never more than so many under way. */
import type { OpsConfig, Target } from "./config.ts";

/** Targets that are asked together: the same workload at both sites, so that their positions can be compared. In order of declaration. */
export function slotsOf(targets: readonly Target[]): Target[][] {
  const slots = new Map<string, Target[]>();
  for (const target of targets) slots.set(target.workload, [...(slots.get(target.workload) ?? []), target]);
  return [...slots.values()];
}

export interface Schedule {
  stop(): void;
}

/**
 * Asks every target once a period, slot after slot, from now on. A target whose last probe is still under way, or that would be
 * one too many, is left out this time: staleness will tell.
 */
export function startSchedule(
  config: OpsConfig,
  probe: (target: Target) => Promise<void>,
  timers: Pick<typeof globalThis, "setInterval" | "clearInterval"> = globalThis,
): Schedule {
  const slots = slotsOf(config.targets);
  if (slots.length === 0) return { stop: () => {} };
  const underWay = new Set<Target>();
  let next = 0;
  const tick = (): void => {
    for (const target of slots[next] ?? []) {
      if (underWay.has(target) || underWay.size >= config.probes.concurrency) continue;
      underWay.add(target);
      void probe(target).finally(() => underWay.delete(target));
    }
    next = (next + 1) % slots.length;
  };
  const timer = timers.setInterval(tick, (config.probes.periodSeconds * 1000) / slots.length);
  tick();
  return { stop: () => timers.clearInterval(timer) };
}
