/** How fast something goes and how long it will take, from what it said of itself. Pure but for what it remembers. */

import type { RunView } from "../../services/ops/jobs/views.ts";
import { say } from "../output/language.ts";
import { decimal, duration, size } from "./figures.ts";

type Seen = Pick<RunView, "phase" | "doneBytes" | "totalBytes">;

/** Younger rates jump too much to be told. */
const LEAST_SECONDS = 3;

export class Rate {
  #from: { readonly phase: string; readonly bytes: number; readonly seconds: number } | undefined;

  /** What a person wants to know now. @param seconds on a clock that never goes back. */
  told(seen: Seen, seconds: number): string {
    const phase = seen.phase === null ? "" : say(seen.phase);
    const { doneBytes, totalBytes } = seen;
    if (doneBytes === null) {
      this.#from = undefined;
      return phase;
    }
    if (this.#from?.phase !== phase || doneBytes < this.#from.bytes) this.#from = { phase, bytes: doneBytes, seconds };
    const span = seconds - this.#from.seconds;
    const rate = span >= LEAST_SECONDS ? (doneBytes - this.#from.bytes) / span : 0;
    return [phase, ...amounts(doneBytes, totalBytes), ...speed(rate, doneBytes, totalBytes)]
      .filter((part) => part !== "")
      .join(" · ");
  }
}

function amounts(done: number, total: number | null): string[] {
  if (total === null || total <= 0) return [size(done)];
  // What is left to do is never nothing while it runs.
  const share = Math.min(99, Math.floor((100 * done) / total));
  return [`${decimal(share, 0)} % (${size(done)} / ${size(total)})`];
}

function speed(rate: number, done: number, total: number | null): string[] {
  if (rate <= 0) return [];
  const left = total === null || total <= done ? undefined : duration((total - done) / rate);
  return [`${size(rate)}/s`, ...(left === undefined ? [] : [say({ id: `sisa ${left}`, en: `${left} left` })])];
}
