/** Begins what is due, journals it before and after, and sees at its own start to what was cut off. Clock, disk and engines are handed in. */
import type { Text } from "../../../model/types.ts";
import { partsOf } from "./applications.ts";
import { decide, recoveryOf, type Situation, type Start } from "./decide.ts";
import { RunBook } from "./run-book.ts";
import type { Job, JournalEvent, Outcome, Result, Run, RunDetail } from "./types.ts";

/** Smaller steps back of the clock than this are its ordinary keeping of time. */
export const CLOCK_TOLERANCE_SECONDS = 60;

export interface Effects {
  readonly now: () => Date;
  /** On disk when it resolves. */
  readonly append: (event: JournalEvent) => Promise<void>;
  /** Does the work. A rejection says nothing of its end: the run stays open, and is looked for at the next tick. */
  readonly perform: (run: Run, job: Job) => Promise<Outcome>;
  /** Whether a run that another process of ours began goes on somewhere, or ended there and can tell how. */
  readonly goesOn: (run: Run) => Promise<boolean>;
  /** Sees such a run to its end, as `perform` would have. */
  readonly follow: (run: Run) => Promise<Outcome>;
  /** Takes away what a run that was cut off left behind. */
  readonly clean: (run: Run) => Promise<void>;
  readonly newId: () => string;
  /** Told of what went wrong; never a secret. */
  readonly warn: (message: string) => void;
}

export type Settings = Omit<Situation, "book" | "now">;

export class Scheduler {
  readonly #effects: Effects;
  readonly #book: RunBook;
  readonly #own = new Map<string, Promise<void>>();
  #settings: Settings;
  #ticking: Promise<void> | undefined;
  /** Ticks and requests, one after the other: what one of them begins, the next one sees. */
  #turn: Promise<unknown> = Promise.resolve();
  #written: Promise<unknown> = Promise.resolve();

  constructor(settings: Settings, events: Iterable<JournalEvent>, effects: Effects) {
    this.#settings = settings;
    this.#effects = effects;
    this.#book = RunBook.of(events);
  }

  /** A changed inventory: other jobs from the next tick on. What runs goes on. */
  reload(settings: Settings): void {
    this.#settings = settings;
  }

  get underWay(): readonly Run[] {
    return this.#book.open;
  }

  /** One look at what is due. A tick that comes while one is still at it joins that one. */
  tick(): Promise<void> {
    this.#ticking ??= this.#inTurn(() => this.#tick()).finally(() => {
      this.#ticking = undefined;
    });
    return this.#ticking;
  }

  /** Resolves when everything that this process began has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#own.values());
  }

  /** Begins a job now, out of turn. @returns the run's id, or why not. */
  async request(job: Job, target: string, detail: RunDetail = {}): Promise<{ readonly id: string } | Text> {
    return this.#inTurn(async () => {
      const { applications = [] } = this.#settings;
      const refusal = this.#book.refusal(target, (one) => partsOf(applications, one));
      if (refusal) return refusal;
      return { id: await this.#begin({ job, target, slot: this.#effects.now().getTime(), ...detail }) };
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #tick(): Promise<void> {
    await this.#noticeClock();
    await this.#recover();
    const starts = decide({ ...this.#settings, book: this.#book, now: this.#effects.now() });
    for (const start of starts) await this.#begin(start);
  }

  async #noticeClock(): Promise<void> {
    const [now, last] = [this.#effects.now(), this.#book.lastAt];
    if (last === undefined || last - now.getTime() <= CLOCK_TOLERANCE_SECONDS * 1000) return;
    const from = new Date(last).toISOString();
    this.#effects.warn(`the clock went back from ${from} to ${now.toISOString()}`);
    await this.#write({ event: "clock-back", at: now.toISOString(), from });
  }

  /** Runs that another process of ours began and did not end: to be seen to their end, to be cleaned, or to be begun again. */
  async #recover(): Promise<void> {
    for (const run of this.#book.open) {
      if (this.#own.has(run.id)) continue;
      try {
        if (await this.#effects.goesOn(run)) {
          this.#attend(run, this.#effects.follow(run));
          continue;
        }
        if (recoveryOf(run) === "clean") await this.#effects.clean(run);
      } catch (error) {
        // It stays open, and its target closed, until it is certain that nothing of it is left.
        this.#effects.warn(`${run.job} of ${run.startedAt} was cut off and is not cleaned yet: ${messageOf(error)}`);
        continue;
      }
      await this.#end(run.id, "interrupted", CUT_OFF);
    }
  }

  async #begin({ job, target, slot, ...detail }: Start): Promise<string> {
    const id = this.#effects.newId();
    const at = this.#effects.now().toISOString();
    const of = { id, job: job.id, target, action: job.action, slot: new Date(slot).toISOString(), ...detail };
    await this.#write({ event: "started", at, ...of });
    const run = { ...of, startedAt: at };
    this.#attend(run, this.#effects.perform(run, job));
    return id;
  }

  /** An end that is not known, or that the journal does not take, leaves the run open: the next tick looks for it. */
  #attend({ id, job }: Run, outcome: Promise<Outcome>): void {
    const work = outcome
      .then(({ result, why }) => this.#end(id, result, why))
      .catch((error: unknown) => this.#effects.warn(`${job}: its end is not in the journal: ${messageOf(error)}`))
      .finally(() => this.#own.delete(id));
    this.#own.set(id, work);
  }

  async #end(id: string, result: Result, why?: Text): Promise<void> {
    const at = this.#effects.now().toISOString();
    await this.#write({ event: "ended", at, id, result, ...(why === undefined ? {} : { why }) });
  }

  /** In the order in which it is asked for: the book is what the journal says. */
  #write(event: JournalEvent): Promise<void> {
    const written = this.#written.then(async () => {
      await this.#effects.append(event);
      this.#book.apply(event);
    });
    this.#written = written.catch(() => {});
    return written;
  }
}

const CUT_OFF: Text = {
  id: "proses yang menjalankannya berakhir",
  en: "the process that ran it ended",
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
