/** The time of day and a steady count, handed to whatever needs them so that a test can hold them still. */
export interface Clock {
  now(): Date;
  /** Milliseconds from an arbitrary start that never goes back (CLOCK_MONOTONIC), for durations and deadlines. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};

/** A clock that stands until it is moved. */
export function stoppedClock(start: Date): Clock & { advance(seconds: number): void } {
  let elapsedMs = 0;
  return {
    now: () => new Date(start.getTime() + elapsedMs),
    monotonicMs: () => elapsedMs,
    advance: (seconds) => {
      elapsedMs += seconds * 1000;
    },
  };
}
