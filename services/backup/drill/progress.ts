/** Telling how far something is that does not tell by itself. */
import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 1000;
const SELDOMEST_MS = 30_000;
/** Times what a measurement took: it shares processor and disk with the work. */
const REST = 50;

/** How long to rest after a measurement, ms: a second, longer where it took long. */
export const restAfter = (tookMs: number): number => Math.min(SELDOMEST_MS, Math.max(EVERY_MS, REST * tookMs));

/**
 * Does the work; every second until it is done, more seldom where measuring takes long, and once at its end, measures and tells. A measurement
 * that fails stops the telling and is thrown at the end.
 */
export async function whileMeasured<Value>(
  measure: () => Promise<number>,
  tell: (bytes: number) => void,
  work: () => Promise<Value>,
): Promise<Value> {
  const done = new AbortController();
  const telling = (async () => {
    while (!done.signal.aborted) {
      const begun = performance.now();
      tell(await measure());
      await sleep(restAfter(performance.now() - begun), undefined, { signal: done.signal }).catch(() => undefined);
    }
    tell(await measure());
  })();
  // It is awaited below; until then it must not count as unheeded.
  telling.catch(() => undefined);
  let value: Value;
  try {
    value = await work();
  } finally {
    done.abort();
  }
  await telling;
  return value;
}
