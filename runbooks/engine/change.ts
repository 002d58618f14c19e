/** Going on with a run that is not at its end: resuming, skipping, aborting; under the region's lock, and only what its journal allows. */
import { refused, wrongUse } from "../../io/errors.ts";
import type { Text } from "../../model/types.ts";
import { type Doing, type Ended, ended, joined, otherRegion } from "./conduct.ts";
import { alone, type Desk, readRuns, runOf, supersededRuns, withKeeper } from "./desk.ts";
import type { Keeper } from "./keeper.ts";
import { type Plan, planDigest } from "./plan.ts";
import type { Programs } from "./program.ts";
import { contextOf, NO_WAY_BACK, programOf, type Wishes, walk, wordsOf } from "./runner.ts";
import { isClosed, type RunState } from "./state.ts";

export interface Resuming extends Doing {
  readonly run: string;
  /** The plan as the programme makes it now from what the journal's plan says was observed: it must be the same. */
  readonly plan: Plan;
}

/**
 * Goes on with a run that was paused, failed or was cut off.
 * @throws LumbungError (2) where there is no such run; (3) where one is being run; (4) where its journal is damaged, it is at its end, another has
 * taken its place, or the plan is another.
 */
export function resume(desk: Desk, { run, plan, programs, wishes }: Resuming): Promise<Ended> {
  return change(desk, run, async (keeper) => {
    const { digest } = keeper.state;
    if (planDigest(plan) !== digest)
      throw refused(
        {
          id: `rencana berbeda: jurnal ${run} memuat ${digest}, diterima ${planDigest(plan)}`,
          en: `the plan is another: the journal of ${run} holds ${digest}, received ${planDigest(plan)}`,
        },
        {
          id: "lanjutkan dengan versi program dan inventaris yang memulainya",
          en: "resume with the version of the programme and the inventory that began it",
        },
      );
    await keeper.write({ event: "resumed", commit: desk.commit });
    return ended(keeper, await walk({ keeper, programs, wishes }));
  });
}

export interface Skipping {
  readonly run: string;
  readonly step: string;
  readonly reason: string;
  /** Role that decides so. */
  readonly by: string;
}

/** Marks a step as left out; `resume` goes on after it. @throws LumbungError as `resume`; (2) without a reason; (4) where it may not be left out. */
export function skip(desk: Desk, { run, step, reason, by }: Skipping): Promise<RunState> {
  return change(desk, run, async (keeper) => {
    needWords({ reason, by });
    const one = keeper.state.steps.find((each) => each.step.id === step);
    if (one === undefined)
      throw wrongUse({ id: `langkah "${step}" tidak ada dalam ${run}`, en: `${run} has no step "${step}"` });
    if (!one.step.maySkip || one.outcome === "done" || keeper.state.aborting)
      throw refused(
        {
          id: `langkah "${step}" tidak boleh dilewati (${one.outcome})`,
          en: `step "${step}" must not be skipped (${one.outcome})`,
        },
        {
          id: "kerjakan dengan tangan lalu lanjutkan: yang sudah terlaksana tidak diulang",
          en: "do it by hand, then resume: what has taken effect is not repeated",
        },
      );
    await keeper.write({ event: "skipped", step, reason, by });
    return keeper.state;
  });
}

export interface Aborting {
  readonly run: string;
  readonly reason: string;
  /** Role that decides so. */
  readonly by: string;
  readonly programs: Programs;
}

/**
 * Takes back what a run has begun, last step first, and closes it.
 * @throws LumbungError as `resume`; (2) without a reason; (4) beyond the point of no return, also where that step was done by hand.
 */
export function abort(desk: Desk, { run, reason, by, programs }: Aborting): Promise<Ended> {
  return change(desk, run, async (keeper) => {
    needWords({ reason, by });
    const why = await whyNoWayBack(keeper.state, programs);
    if (why) throw refused(why);
    if (keeper.state.aborting === undefined) await keeper.write({ event: "aborting", reason, by });
    return ended(keeper, await walk({ keeper, programs, wishes: NO_WISHES }));
  });
}

/** A step that failed before it was begun may have been done by hand since. */
async function whyNoWayBack(state: RunState, programs: Programs): Promise<Text | undefined> {
  if (state.beyondReturn) return NO_WAY_BACK;
  const failed = state.steps.find(({ step, outcome }) => step.pointOfNoReturn && outcome === "failed");
  if (failed === undefined) return undefined;
  try {
    const seen = await programOf(programs, failed.step.id).check(contextOf(state, failed.attempts + 1));
    return seen.holds ? NO_WAY_BACK : undefined;
  } catch (error) {
    const said = wordsOf(error);
    return {
      id: `tidak diketahui apakah titik tanpa kembali sudah lewat: ${said.id}`,
      en: `unknown whether the point of no return has passed: ${said.en}`,
    };
  }
}

const NO_WISHES: Wishes = { next: async () => undefined, refused: async () => {} };

function change<T>(desk: Desk, run: string, work: (keeper: Keeper) => Promise<T>): Promise<T> {
  return alone(desk, async () => {
    const { state } = await runOf(desk, run);
    const reasons: Text[] = [];
    if (isClosed(state))
      reasons.push({ id: `${run} sudah selesai (${state.stage})`, en: `${run} is at its end (${state.stage})` });
    if (supersededRuns(await readRuns(desk)).has(run))
      reasons.push({ id: `${run} sudah digantikan pelaksanaan lain`, en: `another run has taken the place of ${run}` });
    if (state.plan.region !== desk.region) reasons.push(otherRegion(state.plan.region, desk.region));
    if (reasons.length > 0) throw refused(joined(reasons));
    return withKeeper(desk, run, async (keeper, torn) => {
      if (torn > 0) await keeper.write({ event: "torn", bytes: torn });
      return work(keeper);
    });
  });
}

function needWords(words: Readonly<Record<"reason" | "by", string>>): void {
  const missing = Object.entries(words).flatMap(([name, said]) => (said.trim() === "" ? [name] : []));
  if (missing.length > 0)
    throw wrongUse({ id: `${missing.join(", ")}: diharapkan isian`, en: `${missing.join(", ")}: expected words` });
}
