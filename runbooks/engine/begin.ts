/** Beginning a run: under the region's lock, with approvals that count, and only where no other run is in the way. */
import { refused, wrongUse } from "../../io/errors.ts";
import type { Text } from "../../model/types.ts";
import { judgeApprovals } from "../approvals/judge.ts";
import type { Roster } from "../approvals/roster.ts";
import { verdictText } from "../approvals/words.ts";
import { faultsText } from "../faults.ts";
import { type Doing, type Ended, ended, joined, otherRegion } from "./conduct.ts";
import { alone, type Desk, type KeptRun, openRuns, readRuns, runName, usedNonces, withKeeper } from "./desk.ts";
import { type Plan, planDigest, planFaults } from "./plan.ts";
import { programOf, walk } from "./runner.ts";

export interface Beginning extends Doing {
  readonly plan: Plan;
  /** The region's epoch now. */
  readonly epoch: number;
  readonly roster: Roster;
  /** Files of approvals as they were handed in. */
  readonly approvals: readonly Uint8Array[];
}

/**
 * Runs a plan from its first step.
 * @throws LumbungError (2) for a plan that is none; (3) where another is being run; (4) where one has not come to its end, or approvals are
 * lacking: with every reason. RangeError where a step has no program.
 */
export function begin(desk: Desk, { plan, epoch, roster, approvals, programs, wishes }: Beginning): Promise<Ended> {
  return alone(desk, async () => {
    const faults = planFaults(plan);
    if (faults.length > 0) throw wrongUse(faultsText(faults));
    if (plan.region !== desk.region) throw wrongUse(otherRegion(plan.region, desk.region));
    for (const { id } of plan.steps) programOf(programs, id);
    const runs = await readRuns(desk);
    const now = desk.clock.now();
    const verdict = judgeApprovals(approvals, { plan, epoch, roster, now, used: usedNonces(runs) });
    const reasons = [...blocking(plan, runs), ...(verdict.enough ? [] : [verdictText(verdict)])];
    if (reasons.length > 0) throw refused(joined(reasons));
    const run = runName(plan.runbook, now);
    return withKeeper(desk, run, async (keeper) => {
      const opened = { run, plan, digest: planDigest(plan), commit: desk.commit, approvals: verdict.accepted };
      await keeper.write({ event: "opened", ...opened });
      return ended(keeper, await walk({ keeper, programs, wishes }));
    });
  });
}

/** Why a plan may not begin because of other runs. */
function blocking({ supersedes }: Plan, runs: readonly KeptRun[]): Text[] {
  const open = openRuns(runs);
  const unknown = supersedes !== undefined && !open.some(({ run }) => run === supersedes);
  return [
    ...open
      .filter(({ run }) => run !== supersedes)
      .map(({ run, state }) => ({
        id: `${run} belum selesai (${state?.stage ?? "jurnal rusak"}): lanjutkan, batalkan, atau gantikan dengan dua persetujuan`,
        en: `${run} is not at its end (${state?.stage ?? "journal damaged"}): resume it, abort it, or take its place with two approvals`,
      })),
    ...(unknown
      ? [
          {
            id: `supersedes: ${supersedes} bukan pelaksanaan yang belum selesai`,
            en: `supersedes: ${supersedes} is no run that is not at its end`,
          },
        ]
      : []),
  ];
}
