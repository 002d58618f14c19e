/** When a certificate ends, in words: pure. */
import type { Text } from "../../model/types.ts";

const DAY_MS = 86_400_000;
/** Leaves are warned of this long before they end: the next `up` renews them. */
const LEAF_DAYS = 30;
/** What signs is warned of while it can still sign a leaf of full length (397 days): after that, all it signs is shorter. */
const SIGNER_DAYS = 397;

export interface Expiry {
  readonly level: "ok" | "soon" | "expired";
  /** Whole days from now, rounded down; negative: it has ended. */
  readonly days: number;
  readonly text: Text;
}

/** @param signs Whether it is an authority's certificate. */
export function expiryOf(expires: string, now: Date, signs = false): Expiry {
  const leftMs = Date.parse(expires) - now.getTime();
  const days = Math.floor(leftMs / DAY_MS);
  // What cannot be read is no certificate that holds.
  if (!(leftMs > 0)) return { level: "expired", days, text: ENDED(expires, Math.max(0, Math.floor(-leftMs / DAY_MS))) };
  const level = days < (signs ? SIGNER_DAYS : LEAF_DAYS) ? "soon" : "ok";
  return { level, days, text: days === 0 ? TODAY : LEFT(days) };
}

/** The command that repairs it, of a certificate by its name in `secrets rotate`. */
export function repairOf(what: string): Text {
  return {
    id: `\`lumbung secrets rotate ${what}\`, lalu \`lumbung up\``,
    en: `\`lumbung secrets rotate ${what}\`, then \`lumbung up\``,
  };
}

/** How old something is: days, or hours within the first two. */
export function ageText(made: string, now: Date): Text {
  const hours = Math.max(0, Math.floor((now.getTime() - Date.parse(made)) / 3_600_000));
  return hours < 48
    ? { id: `${hours} jam`, en: `${hours} h` }
    : { id: `${Math.floor(hours / 24)} hari`, en: `${Math.floor(hours / 24)} d` };
}

const TODAY: Text = { id: "berakhir hari ini", en: "ends today" };
const LEFT = (days: number): Text => ({
  id: `berakhir ${days} hari lagi`,
  en: `ends in ${days} ${days === 1 ? "day" : "days"}`,
});
const ENDED = (at: string, days: number): Text => ({
  id: `habis masa berlakunya ${at.slice(0, 10)} (${days} hari lalu)`,
  en: `ended on ${at.slice(0, 10)} (${days} ${days === 1 ? "day" : "days"} ago)`,
});
