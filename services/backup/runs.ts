/** The runs of this process: one at a time on a target, each to be asked for until the process ends. Who ordered them keeps the journal. */
import type { Logger } from "../../io/log.ts";
import type { Report, RunOrder, RunState } from "./wire.ts";
import { type Work, WorkFault } from "./work.ts";

export interface RunsOptions {
  /** Does the work. A drill's report that did not pass counts as failed. @throws WorkFault, or whatever went wrong. */
  readonly perform: (work: Work) => Promise<Report>;
  /** Takes away what a run that is unknown here may have left. @throws where something cannot be taken away. */
  readonly clean: () => Promise<void>;
  /** Runs that share a place (scratch) are done one after the other, in the order in which they were begun. Default: none do. */
  readonly sharePlace?: (action: RunOrder["action"]) => boolean;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly log: Pick<Logger, "info" | "warn">;
}

interface Held {
  state: RunState;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Ended runs that can still be asked for. */
const KEEP_ENDED = 50;

export class Runs {
  readonly #options: RunsOptions;
  readonly #held = new Map<string, Held>();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Begins it, once: the same order again gives the state of what was begun. A line of why where the target is busy. */
  begin(order: RunOrder): RunState | string {
    const known = this.#held.get(order.id);
    if (known) return known.state;
    const busy = this.underWay.find(({ target }) => target === order.target);
    if (busy) return `${order.target}: ${busy.action} has been running since ${busy.startedAt} (${busy.id})`;
    const { now, log } = this.#options;
    const { id, target, action } = order;
    const stop = new AbortController();
    const startedAt = now().toISOString();
    const ended = this.#perform(order, stop.signal, startedAt);
    this.#held.set(id, { state: { id, target, action, state: "running", startedAt }, stop, ended });
    log.info({ run: id, target, action }, "begins");
    this.#forgetOld();
    const begun = this.get(id);
    if (!begun) throw new Error(`run ${id}: expected to be held`);
    return begun;
  }

  get(id: string): RunState | undefined {
    return this.#held.get(id)?.state;
  }

  get underWay(): readonly RunState[] {
    return [...this.#held.values()].flatMap(({ state }) => (state.state === "running" ? [state] : []));
  }

  /** Stops it and waits until nothing of it is left. @throws where something cannot be taken away. */
  async stop(id: string, why: string): Promise<void> {
    const held = this.#held.get(id);
    held?.stop.abort(new WorkFault({ id: `dihentikan: ${why}`, en: `stopped: ${why}` }));
    await held?.ended;
    this.#held.delete(id);
    if (this.underWay.length === 0) await this.#options.clean();
  }

  async stopAll(why: string): Promise<void> {
    await Promise.all(this.underWay.map(({ id }) => this.stop(id, why)));
  }

  async #perform(order: RunOrder, signal: AbortSignal, startedAt: string): Promise<void> {
    const { perform, now, monotonicMs, log } = this.#options;
    const { id, target, action } = order;
    // What `begin` puts into the list is there before anything is done.
    await Promise.resolve();
    const note = (state: Partial<RunState>): void => {
      const held = this.#held.get(id);
      if (held) held.state = { ...held.state, ...state };
    };
    const work: Work = {
      order,
      signal,
      awaited: () => this.#restoreWaits(order),
      now,
      seconds: () => monotonicMs() / 1000,
      phase: (phase, doneBytes, totalBytes) =>
        note({
          phase,
          ...(doneBytes === undefined ? {} : { doneBytes }),
          ...(totalBytes === undefined ? {} : { totalBytes }),
        }),
    };
    try {
      if (this.#options.sharePlace?.(action) === true) await this.#turn(work);
      const report = await perform(work);
      const failed = report.report === "drill" && !report.passed;
      const why = report.report === "drill" ? report.why : undefined;
      const state = failed ? "failed" : "succeeded";
      note({ state, endedAt: now().toISOString(), report, ...(why ? { why } : {}) });
      log.info({ run: id, target, action, state, since: startedAt }, "ended");
    } catch (error) {
      const why = error instanceof WorkFault ? error.text : plain(error);
      note({ state: "failed", endedAt: now().toISOString(), why });
      log.warn({ run: id, target, action, since: startedAt, reason: why.en }, "failed");
    }
  }

  #restoreWaits({ id, action }: RunOrder): boolean {
    const { sharePlace = () => false } = this.#options;
    return sharePlace(action) && this.underWay.some((other) => other.id !== id && other.action === "restore");
  }

  /** Until those that were begun before in the same place have ended. @throws the signal's reason. */
  async #turn({ order: { id }, signal, phase }: Work): Promise<void> {
    const { sharePlace = () => false } = this.#options;
    const all = [...this.#held];
    const before = all
      .slice(
        0,
        all.findIndex(([one]) => one === id),
      )
      .flatMap(([, held]) => (held.state.state === "running" && sharePlace(held.state.action) ? [held] : []));
    const [first] = before;
    if (!first) return;
    const { state } = first;
    phase({
      id: `menunggu giliran: ${state.action} ${state.target} sedang berjalan di tempat yang sama`,
      en: `waiting for its turn: ${state.action} of ${state.target} runs in the same place`,
    });
    signal.throwIfAborted();
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await Promise.race([stopped, Promise.all(before.map(({ ended }) => ended))]);
    signal.throwIfAborted();
  }

  #forgetOld(): void {
    const ended = [...this.#held].filter(([, { state }]) => state.state !== "running");
    for (const [id] of ended.slice(0, Math.max(0, ended.length - KEEP_ENDED))) this.#held.delete(id);
  }
}

function plain(error: unknown): { id: string; en: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { id: message, en: message };
}
