/** When the next round begins. Pure. */
import type { RoundsConfig } from "../config.ts";

/** The first moment after `now` that is so much later than a full period. Milliseconds since 1970, UTC. */
export function nextRoundMs(now: number, { everySeconds, offsetSeconds }: RoundsConfig): number {
  const [every, offset] = [everySeconds * 1000, offsetSeconds * 1000];
  return Math.floor((now - offset) / every + 1) * every + offset;
}
