/** How many complaints one address may send: a token bucket each, in bounded memory. The clock is passed in. */

export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

const MAX_ADDRESSES = 10_000;

/** Addresses of one household or office count as one: an IPv6 client has a whole /64. */
export function addressGroup(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address;
  const [head = "", tail = ""] = address.split("%")[0]?.split("::") ?? [];
  const first = head === "" ? [] : head.split(":");
  const last = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0") : [];
  const groups = [...first, ...zeros, ...last].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(":")}::/64`;
}

export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one from the address's bucket: 0 if it may go on, else the seconds to wait. */
  take(address: string, rate: Rate, nowMs: number): number {
    const key = addressGroup(address);
    const known = this.#buckets.get(key) ?? { tokens: rate.burst, atMs: nowMs };
    const refilled = ((nowMs - known.atMs) / 60_000) * rate.perMinute;
    const tokens = Math.min(rate.burst, known.tokens + Math.max(0, refilled));
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    if (this.#buckets.size > MAX_ADDRESSES) this.#forgetOldest();
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / rate.perMinute) * 60);
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** A map keeps the order of insertion, and each use inserts anew: the first is the one unused for longest. */
  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next().value;
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
