/** The journal's runs as people ask for them: each job's last one, the last ones of all, and one by its id. Folded from the journal's events. */
import type { Text } from "../../../model/types.ts";
import { type Action, backupActions, type JournalEvent, type Result, type Run } from "./types.ts";

/** Of a run that ended. */
export interface PastRun extends Run {
  readonly endedAt: string;
  readonly result: Result;
  readonly why?: Text;
}

/** Of all jobs together; older ones are told of one for each job. */
const KEEP = 200;

export class History {
  readonly #open = new Map<string, Run>();
  readonly #lastOf = new Map<string, PastRun>();
  readonly #lastGood = new Map<string, PastRun>();
  readonly #lastOfTarget = new Map<string, PastRun>();
  #past: PastRun[] = [];

  static of(events: Iterable<JournalEvent>): History {
    const history = new History();
    for (const event of events) history.apply(event);
    return history;
  }

  apply(event: JournalEvent): void {
    switch (event.event) {
      case "started": {
        const { event: _, at, ...run } = event;
        this.#open.set(run.id, { ...run, startedAt: at });
        break;
      }
      case "ended":
        this.#end(event);
        break;
      case "clock-back":
        break;
    }
  }

  #end({ id, at, result, why }: Extract<JournalEvent, { event: "ended" }>): void {
    const run = this.#open.get(id);
    if (!run) return;
    this.#open.delete(id);
    const past: PastRun = { ...run, endedAt: at, result, ...(why ? { why } : {}) };
    this.#lastOf.set(run.job, past);
    if (result === "succeeded") this.#lastGood.set(`${run.target} ${run.action}`, past);
    this.#lastOfTarget.set(`${run.target} ${isBackup(run.action) ? "backup" : run.action}`, past);
    this.#past.push(past);
    if (this.#past.length > 2 * KEEP) this.#past = this.#past.slice(-KEEP);
  }

  /** Newest first, at most so many. */
  last(count: number): readonly PastRun[] {
    return this.#past.slice(-count).reverse();
  }

  /** A job's last run, on whatever target. */
  lastOf(job: string): PastRun | undefined {
    return this.#lastOf.get(job);
  }

  /** The last run that did what it was to do, of each target and action. */
  get lastGood(): readonly PastRun[] {
    return [...this.#lastGood.values()];
  }

  /** Why a target's last backup failed, or else the last check of its archive; undefined where neither did. */
  failedCopy(target: string): Text | undefined {
    const last = ["backup", "archive-check"].map((what) => this.#lastOfTarget.get(`${target} ${what}`));
    return last.find((run) => run?.result === "failed")?.why;
  }

  /** A run that has ended, if it is among the last. */
  past(id: string): PastRun | undefined {
    return this.#past.find((one) => one.id === id);
  }
}

const isBackup = (action: Action): boolean => backupActions.some((backup) => backup === action);
