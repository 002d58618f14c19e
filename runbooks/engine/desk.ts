/** Where a region's runs are kept: a journal each, `<folder>/<run>.jsonl`, and a lock under which one of them is conducted at a time. */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../io/clock.ts";
import { LumbungError, outOfReach, refused, wrongUse } from "../../io/errors.ts";
import { isAbsence } from "../../io/files.ts";
import { openLines } from "../../io/lines.ts";
import { withLock } from "../../io/locks.ts";
import { faultsText } from "../faults.ts";
import { type Journal, parseJournal, withoutTorn } from "./journal.ts";
import { Keeper } from "./keeper.ts";
import { isClosed, type RunState, stateOf } from "./state.ts";

export interface Desk {
  readonly region: string;
  /** On a disk at the recovery site that outlives the container. */
  readonly folder: string;
  /** The lock's file: on what ends with the container, so that the lock of one that was replaced is gone with it. Its folder exists. */
  readonly lock: string;
  readonly clock: Pick<Clock, "now">;
  /** The programme's commit; null where nobody knows. */
  readonly commit: string | null;
}

/** One run as its journal tells. A journal of which not even the first line is whole is of no run: nothing was done yet. */
export interface KeptRun {
  readonly run: string;
  readonly journal: Journal;
  /** Undefined where the journal is damaged: nobody knows. */
  readonly state: RunState | undefined;
}

const SUFFIX = ".jsonl";
const RUN = /^[a-z0-9][a-z0-9-]{0,63}-\d{8}t\d{9}z$/;

/** `switchover-20260301t030000000z`: sorts by time within a runbook. */
export function runName(runbook: string, now: Date): string {
  return `${runbook}-${now.toISOString().replace(/[-:.]/g, "").toLowerCase()}`;
}

/** All runs that ever began here, in order of name. */
export async function readRuns({ folder }: Pick<Desk, "folder">): Promise<KeptRun[]> {
  const names = (await filesOf(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  const kept: KeptRun[] = [];
  for (const name of names) {
    const journal = parseJournal(await readFile(join(folder, name), "utf8"));
    if (journal.events.length === 0 && journal.faults.length === 0) continue;
    const sound = journal.faults.length === 0;
    kept.push({ run: name.slice(0, -SUFFIX.length), journal, state: sound ? stateOf(journal.events) : undefined });
  }
  return kept;
}

/** Those that did not come to an end, and whose place no other run has taken. A damaged journal counts: nobody knows that it ended. */
export function openRuns(runs: readonly KeptRun[]): KeptRun[] {
  const superseded = supersededRuns(runs);
  return runs.filter(({ run, state }) => !superseded.has(run) && (state === undefined || !isClosed(state)));
}

/** Names of runs whose place another one has taken. */
export function supersededRuns(runs: readonly KeptRun[]): ReadonlySet<string> {
  return new Set(runs.flatMap(({ state }) => state?.plan.supersedes ?? []));
}

/** Numbers of all approvals by which a run began, also of journals that are damaged further down. */
export function usedNonces(runs: readonly KeptRun[]): ReadonlySet<string> {
  const opened = runs.flatMap(({ journal }) => journal.events.filter((one) => one.event === "opened"));
  return new Set(opened.flatMap(({ approvals }) => approvals.map(({ nonce }) => nonce)));
}

/** @throws LumbungError (2) where there is no such run, (4) where its journal is damaged. */
export async function runOf(desk: Pick<Desk, "folder">, run: string): Promise<KeptRun & { readonly state: RunState }> {
  const found = (await readRuns(desk)).find((one) => one.run === run);
  if (found === undefined)
    throw wrongUse(
      { id: `pelaksanaan "${run}" tidak ada`, en: `there is no run "${run}"` },
      { id: "lihat namanya: lumbung runs", en: "see the names: lumbung runs" },
    );
  const { state, journal } = found;
  if (state === undefined) throw refused(faultsText(journal.faults));
  return { ...found, state };
}

/**
 * Runs `work` while nobody else conducts a run of this region here.
 * @throws LumbungError (3) where somebody does.
 */
export async function alone<T>({ region, folder, lock }: Desk, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const entered = { yet: false };
  try {
    return await withLock(lock, () => {
      entered.yet = true;
      return work();
    });
  } catch (error) {
    if (entered.yet || !(error instanceof LumbungError)) throw error;
    throw outOfReach(
      {
        id: `wilayah ${region}: sedang ada prosedur yang dijalankan (${error.text.id})`,
        en: `region ${region}: a runbook is being run (${error.text.en})`,
      },
      error.hint,
      { cause: error },
    );
  }
}

/** Opens a run's journal for writing, without what was cut off; the caller holds the lock. */
export async function withKeeper<T>(
  { folder, clock }: Desk,
  run: string,
  work: (keeper: Keeper, torn: number) => Promise<T>,
): Promise<T> {
  if (!RUN.test(run)) throw wrongUse({ id: `"${run}" bukan nama pelaksanaan`, en: `"${run}" is no run's name` });
  let torn = 0;
  const tidy = (text: string): string => {
    torn += parseJournal(text).torn?.bytes ?? 0;
    return withoutTorn(text);
  };
  const { lines, text } = await openLines(join(folder, `${run}${SUFFIX}`), { tidy });
  try {
    const { events, sum, faults } = parseJournal(text);
    if (faults.length > 0) throw refused(faultsText(faults));
    return await work(new Keeper(lines, clock, events, sum), torn);
  } finally {
    await lines.close();
  }
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
