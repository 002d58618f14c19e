/** The copies that the repository host has, as it last said: asked every few minutes and after each run. */
import type { Copy, CopyList } from "../../backup/wire.ts";

/** As good as no list: three times it was not answered. */
export const STALE_SECONDS = 900;

export interface CopiesOptions {
  readonly ask: () => Promise<CopyList>;
  readonly monotonicMs: () => number;
  readonly warn: (message: string) => void;
}

export class Copies {
  readonly #options: CopiesOptions;
  #list: CopyList | undefined;
  #byTarget: ReadonlyMap<string, readonly Copy[]> = new Map();
  #askedMs = 0;
  #fault: string | undefined;
  #asking: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(options: CopiesOptions) {
    this.#options = options;
  }

  /** Undefined where there is none that still counts. */
  get list(): CopyList | undefined {
    const age = (this.#options.monotonicMs() - this.#askedMs) / 1000;
    return age <= STALE_SECONDS ? this.#list : undefined;
  }

  /** Oldest first. */
  of(target: string): readonly Copy[] {
    return this.list === undefined ? [] : (this.#byTarget.get(target) ?? []);
  }

  /** Resolves when a question that was asked from now on has ended. Never throws: an old list runs out by itself. */
  refresh(): Promise<void> {
    if (this.#asking === undefined) {
      this.#asking = this.#ask().finally(() => {
        this.#asking = undefined;
      });
      return this.#asking;
    }
    this.#next ??= this.#asking.then(() => {
      this.#next = undefined;
      return this.refresh();
    });
    return this.#next;
  }

  async #ask(): Promise<void> {
    const { ask, monotonicMs, warn } = this.#options;
    try {
      const list = await ask();
      if (!Array.isArray(list.copies) || typeof list.unknown !== "object")
        throw new Error("copies: expected { copies, unknown }, received something else");
      this.#list = list;
      this.#byTarget = byTarget(list.copies);
      this.#askedMs = monotonicMs();
      this.#fault = undefined;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.#fault) warn(`copies cannot be listed: ${fault}`);
      this.#fault = fault;
    }
  }
}

function byTarget(copies: readonly Copy[]): Map<string, Copy[]> {
  const sorted = new Map<string, Copy[]>();
  for (const copy of [...copies].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const there = sorted.get(copy.target);
    if (there) there.push(copy);
    else sorted.set(copy.target, [copy]);
  }
  return sorted;
}
