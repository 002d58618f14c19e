/** Telling how far something is that does not tell by itself. */
import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 1000;

/** Does the work; every second until it is done, and once at its end, measures and tells. A measurement that fails stops the telling and is thrown at the end. */
export async function whileMeasured<Value>(
  measure: () => Promise<number>,
  tell: (bytes: number) => void,
  work: () => Promise<Value>,
): Promise<Value> {
  const done = new AbortController();
  const telling = (async () => {
    while (!done.signal.aborted) {
      tell(await measure());
      await sleep(EVERY_MS, undefined, { signal: done.signal }).catch(() => undefined);
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
