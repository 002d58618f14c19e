import { setTimeout as pause } from "node:timers/promises";

/** Asks again until `probe` neither throws nor gives undefined. @throws the last error after `seconds`. */
export async function eventually<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined>,
  everyMs = 200,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} seconds`, { cause: last });
    await pause(everyMs);
  }
}

/** Looks again until it is as it should be; else gives what was seen last. @throws the last error, where the last look was one. */
export async function lastSeen<T>(
  what: string,
  seconds: number,
  look: () => Promise<T>,
  isDone: (seen: T) => boolean,
): Promise<T> {
  let last: { readonly seen: T } | undefined;
  const settled = await eventually(what, seconds, async () => {
    last = undefined;
    last = { seen: await look() };
    return isDone(last.seen) ? last : undefined;
  }).catch((error: unknown) => {
    if (last === undefined) throw error;
    return last;
  });
  return settled.seen;
}

/** Asks again and again for so many seconds: what must not happen, must not happen late either. @throws the first error of `holds`. */
export async function throughout(seconds: number, holds: () => unknown): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    await holds();
    await pause(500);
  }
}
