/** For tests only: a runbook on a simulated region, by processes of which each may be killed, one after the other. */

import { parseJournal, withoutTorn } from "../engine/journal.ts";
import { Keeper } from "../engine/keeper.ts";
import { type Plan, planDigest } from "../engine/plan.ts";
import { type Ending, type Wishes, walk } from "../engine/runner.ts";
import { type RunState, stateOf } from "../engine/state.ts";
import { Disk } from "../engine/testing/disk.ts";
import { Killed, Killer } from "../engine/testing/world.ts";
import { planFor, programsFor, type Runbook, situationOf } from "../runbook.ts";
import { portsOf, type Region, type SiteName } from "./region.ts";

export interface Life {
  readonly region: Region;
  readonly runbook: Runbook;
  readonly plan: Plan;
  /** Where it runs. */
  readonly at: SiteName;
  readonly disk: Disk;
}

export function lifeOf(region: Region, runbook: Runbook, to: SiteName, at: SiteName): Life {
  const plan = planFor(runbook, { declared: region.declared(), seen: region.seen(at), to });
  return { region, runbook, plan, at, disk: new Disk() };
}

/** One process, from its start to its end (undefined: its death). */
export async function live(life: Life, killer = new Killer(), abortAfter?: string): Promise<Ending | undefined> {
  const { disk, plan, region, runbook, at } = life;
  disk.text = withoutTorn(disk.text);
  const { events, sum } = parseJournal(disk.text);
  const keeper = new Keeper(disk.lines(killer), { now: () => region.now() }, events, sum);
  try {
    if (events.length > 0) await keeper.write({ event: "resumed", commit: null });
    else
      await keeper.write({
        ...{ event: "opened", run: "r", plan, digest: planDigest(plan), commit: null, approvals: [] },
      });
    const programs = programsFor(runbook, situationOf(plan), portsOf(region, at, killer));
    return await walk({ keeper, programs, wishes: wishesOf(disk, abortAfter) });
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return undefined;
  }
}

export function stateIn({ disk }: Life): RunState {
  return stateOf(parseJournal(disk.text).events);
}

/** Asks for an abort once that step is done. */
const wishesOf = (disk: Disk, after: string | undefined): Wishes => ({
  next: async () => {
    if (after === undefined) return undefined;
    const steps = disk.text === "" ? [] : stateOf(parseJournal(disk.text).events).steps;
    const done = steps.some(({ step, outcome }) => step.id === after && outcome === "done");
    return done ? { wish: "abort", reason: "tidak jadi", by: "kepala-infrastruktur" } : undefined;
  },
  refused: async () => {},
});
