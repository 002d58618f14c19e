/** A deadline for what gives way: time in which it stood still does not count, as it could do nothing then. */
import { givingWay } from "./giving-way.ts";

export interface RunningTimer {
  /** Begins anew. */
  readonly refresh: () => void;
  readonly clear: () => void;
}

/** As `setTimeout`. What is done for no drill never stands still. */
export function afterRunning(ms: number, act: () => void): RunningTimer {
  const giving = givingWay();
  const stoodMs = (): number => giving?.stoodMs ?? 0;
  let timer: NodeJS.Timeout | undefined;
  const arm = (forMs: number): void => {
    const before = stoodMs();
    timer = setTimeout(() => {
      const missedMs = stoodMs() - before;
      if (missedMs > 0) arm(missedMs);
      else act();
    }, forMs);
  };
  arm(ms);
  return {
    refresh: () => {
      clearTimeout(timer);
      arm(ms);
    },
    clear: () => clearTimeout(timer),
  };
}
