import { setTimeout as pause } from "node:timers/promises";

/** Asks again until `probe` neither throws nor gives undefined. @throws the last error after `seconds`. */
export async function eventually<T>(what: string, seconds: number, probe: () => Promise<T | undefined>): Promise<T> {
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
    await pause(200);
  }
}
