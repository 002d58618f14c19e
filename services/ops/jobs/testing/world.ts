/** For tests: a scheduler in a world whose clock is passed in, where runs take as long as they are told. */
import type { Applications } from "../applications.ts";
import { jobsOf } from "../from-policies.ts";
import { type Effects, Scheduler, type Settings } from "../scheduler.ts";
import type { Zone } from "../slots.ts";
import type { Job, JournalEvent, Outcome, Run } from "../types.ts";
import { backup } from "./backup.ts";

const MINUTE_MS = 60_000;

export interface Options {
  readonly from: string;
  readonly jobs?: readonly Job[];
  readonly zone?: Zone;
  readonly atOnce?: number;
  /** Default: half a minute, so that it has ended at the next tick. */
  readonly secondsOf?: (run: Run) => number;
  readonly succeeds?: (run: Run) => boolean;
  readonly copiesOf?: (target: string) => readonly string[];
  readonly applications?: Applications;
}

export class World {
  readonly events: JournalEvent[] = [];
  readonly warnings: string[] = [];
  readonly cleaned: string[] = [];
  /** By run, what goes on elsewhere when the process is killed, and how it ends there. */
  readonly elsewhere = new Map<string, Promise<Outcome>>();
  cleaning: () => void = () => {};
  #now: number;
  #ids = 0;
  #working: { ends: number; done: (outcome: Outcome) => void; run: Run }[] = [];
  #scheduler: Scheduler;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#now = Date.parse(options.from);
    this.#scheduler = this.#made();
  }

  get scheduler(): Scheduler {
    return this.#scheduler;
  }

  get starts(): Extract<JournalEvent, { event: "started" }>[] {
    return this.events.flatMap((one) => (one.event === "started" ? [one] : []));
  }

  get settings(): Settings {
    const { jobs = jobsOf(backup, "dc"), zone = "Asia/Jakarta", atOnce = 50, applications = [] } = this.#options;
    const { copiesOf = () => ["old", "middle", "new"] } = this.#options;
    return { jobs, zone, atOnce, readDataSlices: backup.readDataSlices, copiesOf, applications };
  }

  /** The process ends without a word; what it ran ends with it, and another one starts from the journal. */
  kill(): void {
    this.#working = [];
    this.#scheduler = this.#made();
  }

  setClock(at: string): void {
    this.#now = Date.parse(at);
  }

  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      await this.#endWhatIsDone();
      await this.#scheduler.tick();
      this.#now += MINUTE_MS;
    }
    await this.#endWhatIsDone();
  }

  async #endWhatIsDone(): Promise<void> {
    const done = this.#working.filter(({ ends }) => ends <= this.#now);
    if (done.length === 0) return;
    this.#working = this.#working.filter(({ ends }) => ends > this.#now);
    const { succeeds = () => true } = this.#options;
    for (const one of done) one.done({ result: succeeds(one.run) ? "succeeded" : "failed" });
    await new Promise((resolve) => setImmediate(resolve));
  }

  #made(): Scheduler {
    const effects: Effects = {
      now: () => new Date(this.#now),
      append: async (event) => void this.events.push(event),
      perform: (run) =>
        new Promise((resolve) => {
          const seconds = this.#options.secondsOf?.(run) ?? 30;
          this.#working.push({ ends: this.#now + seconds * 1000, done: resolve, run });
        }),
      goesOn: async ({ id }) => this.elsewhere.has(id),
      follow: async ({ id }) => (await this.elsewhere.get(id)) ?? { result: "failed" },
      clean: async ({ id }) => {
        this.cleaning();
        this.cleaned.push(id);
      },
      newId: () => `run-${++this.#ids}`,
      warn: (message) => void this.warnings.push(message),
    };
    return new Scheduler(this.settings, [...this.events], effects);
  }
}
