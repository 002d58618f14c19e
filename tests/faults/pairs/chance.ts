import { type Edge, type Link, someWay } from "../region/edges.ts";

/** What is left to chance, in the lease's own measure. */
export class Chance {
  readonly next: () => number;
  readonly ttlMs: number;
  readonly #marginMs: number;

  constructor(next: () => number, ttlMs: number, marginMs: number) {
    this.next = next;
    this.ttlMs = ttlMs;
    this.#marginMs = marginMs;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  between(from: number, to: number): number {
    return Math.round(from + this.next() * (to - from));
  }

  someWay(...links: readonly Link[]): Edge[] {
    return someWay(links, this.next);
  }

  shorterThanLease(): number {
    return this.between(1000, this.ttlMs - 2 * this.#marginMs);
  }

  longerThanLease(): number {
    return this.between(this.ttlMs + this.#marginMs, 2 * this.ttlMs);
  }

  aroundLease(): number {
    return this.between(this.ttlMs - 3 * this.#marginMs, this.ttlMs + 2 * this.#marginMs);
  }
}
