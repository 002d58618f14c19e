/** What begins now. Pure: jobs, what was run, the copies that there are and the time are handed in. */
import { type Applications, partsOf } from "./applications.ts";
import { rotate } from "./rotation.ts";
import { largerJobs, type RunBook } from "./run-book.ts";
import { latestSlot, type Zone } from "./slots.ts";
import type { Action, Job, Run, RunDetail } from "./types.ts";

/** A run that is to begin. */
export interface Start extends RunDetail {
  readonly job: Job;
  readonly target: string;
  /** UTC milliseconds. */
  readonly slot: number;
}

export interface Situation {
  readonly jobs: readonly Job[];
  readonly book: RunBook;
  readonly now: Date;
  readonly zone: Zone;
  /** Runs under way at once at this site, at most; a check that an archive grows may be one more, as it is short and cannot wait for a long run. */
  readonly atOnce: number;
  readonly readDataSlices: number;
  /** Ids of the backups that there are of a target, oldest first. */
  readonly copiesOf: (target: string) => readonly string[];
  /** What is drilled as a whole besides. Default: nothing. */
  readonly applications?: Applications;
}

/** After its first failure a run is tried again soon, as what it needed may just be starting; then more seldom, and at last its next slot comes. Seconds. */
export const RETRY_SECONDS: readonly number[] = [60, 300, 900, 900];

const ORDER: Readonly<Record<Action, number>> = {
  full: 0,
  differential: 1,
  incremental: 2,
  "archive-check": 3,
  "extend-locks": 4,
  expire: 5,
  prune: 6,
  drill: 7,
  "read-data": 8,
};

/**
 * Runs that begin now: of every job the last slot that has come, if it was not run. So what an outage made miss is caught up once,
 * not once for each slot. A larger backup stands for the smaller ones that are due by then. One run at a time on a target.
 */
export function decide(situation: Situation): Start[] {
  const { book, atOnce, applications = [] } = situation;
  const due = situation.jobs.flatMap((job) => dueSlot(job, situation) ?? []).sort(byUrgency);
  const busy = new Set(book.open.map(({ target }) => target));
  const held = new Set(book.open.flatMap(({ target }) => partsOf(applications, target)));
  const starts: Start[] = [];
  for (const { job, slot } of due) {
    if (book.open.length + starts.length >= (job.action === "archive-check" ? atOnce + 1 : atOnce)) continue;
    const start = startOfRun(job, slot, situation, busy, held);
    if (!start) continue;
    busy.add(start.target);
    for (const part of partsOf(applications, start.target)) held.add(part);
    starts.push(start);
  }
  return starts;
}

function dueSlot(job: Job, { jobs, book, now, zone }: Situation): { job: Job; slot: number } | undefined {
  const slot = latestSlot(job.schedule, now.getTime(), zone);
  if (book.isDone(job, slot)) return undefined;
  if (largerJobs(job, jobs).some((larger) => book.isDone(larger, slot))) return undefined;
  const { count, lastEnd } = book.failures(job, slot);
  if (count === 0) return { job, slot };
  const wait = RETRY_SECONDS[count - 1];
  return wait === undefined || now.getTime() < lastEnd + wait * 1000 ? undefined : { job, slot };
}

/** Larger backups first, then what has waited longest; then by name, so that the order is the same everywhere. */
function byUrgency(a: { job: Job; slot: number }, b: { job: Job; slot: number }): number {
  return ORDER[a.job.action] - ORDER[b.job.action] || a.slot - b.slot || (a.job.id < b.job.id ? -1 : 1);
}

/** @param busy targets that a run is on. @param held what whole applications are being restored from: an archive's check only adds to it. */
function startOfRun(
  job: Job,
  slot: number,
  situation: Situation,
  busy: ReadonlySet<string>,
  held: ReadonlySet<string>,
): Start | undefined {
  if (job.action === "drill") return rotate(job, slot, situation, new Set([...busy, ...held]));
  if (busy.has(job.target)) return undefined;
  if (held.has(job.target) && job.action !== "archive-check") return undefined;
  if (job.action !== "read-data") return { job, target: job.target, slot };
  const slice = (situation.book.lastSlice(job.target) % situation.readDataSlices) + 1;
  return { job, target: job.target, slot, slice };
}

/** Of runs that were cut off: which are simply begun again, as their engine resumes or repeats them, and which leave something to be cleaned. */
export function recoveryOf({ action }: Pick<Run, "action">): "again" | "clean" {
  switch (action) {
    case "drill":
      return "clean";
    case "full":
    case "differential":
    case "incremental":
    case "archive-check":
    case "extend-locks":
    case "expire":
    case "prune":
    case "read-data":
      return "again";
  }
}
