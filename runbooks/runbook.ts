/** A runbook as data and programs: steps that stand in one list, from which the plan is made and the effects are taken. Pure. */
import { canonicalJson, type Json } from "../evidence/canonical.ts";
import { refused, wrongUse } from "../io/errors.ts";
import type { Text } from "../model/types.ts";
import { joined } from "./engine/conduct.ts";
import type { Decision, Plan, Step } from "./engine/plan.ts";
import type { Programs, StepProgram } from "./engine/program.ts";
import { otherSite, type Situation, siteOf } from "./facts.ts";
import type { Ports } from "./ports.ts";

/** What is being done: `from` is the site that is active, or was; `to` the one that is to be. */
export interface Course extends Situation {
  readonly runbook: string;
  readonly from: string;
  /** The epoch before the one in which `to` is active. */
  readonly epoch: number;
}

/** One step: what an operator reads of it, and what it does. */
export interface Piece {
  readonly id: string;
  readonly step: (course: Course) => Omit<Step, "id">;
  readonly program: (course: Course, ports: Ports) => StepProgram;
}

export interface Runbook {
  readonly name: RunbookName;
  readonly title: (course: Course) => Text;
  /** Why it is not for what was seen; each with what to do instead. */
  readonly refusals: (course: Course) => readonly Text[];
  readonly needs: (course: Course) => Decision;
  readonly pieces: (course: Course) => readonly Piece[];
}

export const RUNBOOKS = ["switchover", "failover", "failback", "recovery-lost"] as const;
export type RunbookName = (typeof RUNBOOKS)[number];

/**
 * The plan for what was seen. Same situation, same plan.
 * @param supersedes run that is stuck and whose place it takes: two people must approve then.
 * @throws LumbungError (2) for a site that is not declared, (4) with every reason why this runbook is not for what was seen.
 */
export function planFor(runbook: Runbook, situation: Situation, supersedes?: string): Plan {
  const course = courseOf(runbook.name, situation);
  const reasons = runbook.refusals(course);
  if (reasons.length > 0) throw refused(joined(reasons));
  return {
    runbook: runbook.name,
    title: runbook.title(course),
    region: situation.declared.region,
    epoch: situation.seen.epoch.epoch ?? 0,
    needs: supersedes === undefined ? runbook.needs(course) : "override",
    inventory: situation.declared.inventory,
    observed: JSON.parse(canonicalJson(situation as unknown as Json)) as Json,
    ...(supersedes === undefined ? {} : { supersedes }),
    steps: runbook.pieces(course).map(({ id, step }) => ({ id, ...step(course) })),
  };
}

/** What a plan was made from. @throws TypeError where it was not made here. */
export function situationOf({ observed }: Pick<Plan, "observed">): Situation {
  const situation = observed as unknown as Partial<Situation> | null;
  if (situation?.declared === undefined || situation.seen === undefined || situation.to === undefined)
    throw new TypeError("observed: expected declared, seen and to, received something else");
  return situation as Situation;
}

/** The effects of a plan's steps. */
export function programsFor(runbook: Runbook, situation: Situation, ports: Ports): Programs {
  const course = courseOf(runbook.name, situation);
  return Object.fromEntries(runbook.pieces(course).map(({ id, program }) => [id, program(course, ports)]));
}

export function courseOf(runbook: string, situation: Situation): Course {
  const { declared, seen, to } = situation;
  const known = declared.sites.map(({ id }) => id);
  if (!known.includes(to) || known.length < 2)
    throw wrongUse({
      id: `--to: diharapkan salah satu dari ${known.join(", ")}, diterima "${to}"`,
      en: `--to: expected one of ${known.join(", ")}, received "${to}"`,
    });
  siteOf(declared, to);
  const now = seen.epoch.epoch ?? 0;
  return {
    ...situation,
    runbook,
    from: otherSite(declared, to).id,
    epoch: isRaised(runbook, situation) ? now - 1 : now,
  };
}

/** A takeover that another run began and did not end: the epoch is that of the site already, and is not raised once more. */
export function isRaised(runbook: string, { seen, to }: Situation): boolean {
  return runbook === "failover" && seen.epoch.site === to;
}
