/** What was run, folded from the journal's events: pure, and the same from the same events. */
import type { Text } from "../../../model/types.ts";
import { backupActions, type DrillChoice, type Job, type JournalEvent, type Run } from "./types.ts";

interface SlotRuns {
  readonly slot: number;
  done: boolean;
  failures: number;
  lastEnd: number;
}

export class RunBook {
  readonly #open = new Map<string, Run>();
  /** By job, the runs of its last slots, newest slot last. */
  readonly #slots = new Map<string, SlotRuns[]>();
  readonly #drills = new Map<string, { at: number; choice: DrillChoice }>();
  readonly #slices = new Map<string, number>();
  #last: number | undefined;

  static of(events: Iterable<JournalEvent>): RunBook {
    const book = new RunBook();
    for (const event of events) book.apply(event);
    return book;
  }

  /** Runs that have begun and have not ended, in order of start. */
  get open(): readonly Run[] {
    return [...this.#open.values()];
  }

  /** Time of the last event, in the order of writing: where it lies ahead of now, the clock went back. */
  get lastAt(): number | undefined {
    return this.#last;
  }

  apply(event: JournalEvent): void {
    this.#last = Date.parse(event.at);
    switch (event.event) {
      case "started":
        this.#started(event);
        break;
      case "ended":
        this.#ended(event);
        break;
      case "clock-back":
        this.#forgetAfter(Date.parse(event.at));
        break;
    }
  }

  #started({ event, at, ...run }: Extract<JournalEvent, { event: "started" }>): void {
    this.#open.set(run.id, { ...run, startedAt: at });
    this.#slotOf(run.job, Date.parse(run.slot)).done = true;
    if (run.action === "drill" && run.choice) this.#drills.set(run.target, { at: Date.parse(at), choice: run.choice });
  }

  #ended({ id, at, result }: Extract<JournalEvent, { event: "ended" }>): void {
    const run = this.#open.get(id);
    if (!run) return;
    this.#open.delete(id);
    const slot = this.#slotOf(run.job, Date.parse(run.slot));
    slot.done = result === "succeeded";
    slot.lastEnd = Date.parse(at);
    if (result === "failed") slot.failures += 1;
    if (result === "succeeded" && run.slice !== undefined) this.#slices.set(run.target, run.slice);
  }

  #slotOf(job: string, slot: number): SlotRuns {
    const slots = this.#slots.get(job) ?? [];
    this.#slots.set(job, slots);
    const found = slots.find((one) => one.slot === slot);
    if (found) return found;
    const made: SlotRuns = { slot, done: false, failures: 0, lastEnd: 0 };
    slots.push(made);
    if (slots.length > 3) slots.shift();
    return made;
  }

  /** Earlier than meant rather than later: what was run while the clock was ahead is due again when its time comes. */
  #forgetAfter(moment: number): void {
    for (const [job, slots] of this.#slots)
      this.#slots.set(
        job,
        slots.filter(({ slot }) => slot <= moment),
      );
    for (const [target, { at, choice }] of this.#drills)
      if (at > moment) this.#drills.set(target, { at: moment, choice });
  }

  /** Whether the job's slot, or a later one, was run or is being run. */
  isDone(job: Pick<Job, "id">, slot: number): boolean {
    return this.#slots.get(job.id)?.some((one) => one.slot >= slot && one.done) ?? false;
  }

  /** Failed attempts at a slot, and when the last one ended. */
  failures(job: Pick<Job, "id">, slot: number): { readonly count: number; readonly lastEnd: number } {
    const found = this.#slots.get(job.id)?.find((one) => one.slot === slot);
    return { count: found?.failures ?? 0, lastEnd: found?.lastEnd ?? 0 };
  }

  lastDrill(target: string): { readonly at: number; readonly choice: DrillChoice } | undefined {
    return this.#drills.get(target);
  }

  lastSlice(target: string): number {
    return this.#slices.get(target) ?? 0;
  }

  /**
   * Why nothing may begin on a target now; undefined: it may. One run at a time on each.
   * @param partsOf what a target is restored from besides itself: it is then not free either. Default: nothing.
   */
  refusal(target: string, partsOf: (target: string) => readonly string[] = () => []): Text | undefined {
    const wanted = [target, ...partsOf(target)];
    const busy = this.open.find((run) => [run.target, ...partsOf(run.target)].some((one) => wanted.includes(one)));
    if (!busy) return undefined;
    return {
      id: `${target}: ${busy.job} sedang berjalan sejak ${busy.startedAt}; satu pekerjaan saja pada satu waktu`,
      en: `${target}: ${busy.job} has been running since ${busy.startedAt}; one run at a time`,
    };
  }
}

/** Jobs whose backup holds what this one would have added: larger ones of the same target and repository. */
export function largerJobs(job: Job, jobs: readonly Job[]): Job[] {
  const actions: readonly string[] = backupActions;
  const larger = actions.slice(0, Math.max(0, actions.indexOf(job.action)));
  return jobs.filter((one) => one.target === job.target && one.class === job.class && larger.includes(one.action));
}
