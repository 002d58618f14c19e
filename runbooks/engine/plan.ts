/** What a runbook is going to do, as data: made by a pure function from the model and what was seen of the region, and signed by its digest. */
import { canonicalJson, type Json } from "../../evidence/canonical.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import { type Fault, fault } from "../faults.ts";

/** `planned`: work that was announced. `override`: a takeover that the region's rules would not allow by themselves. */
export const DECISIONS = ["planned", "override"] as const;
export type Decision = (typeof DECISIONS)[number];

export interface Plan {
  /** Name of the runbook, for example `switchover`. */
  readonly runbook: string;
  readonly title: Text;
  readonly region: string;
  /** The region's epoch when it was planned. */
  readonly epoch: number;
  /** Which approvals it needs. */
  readonly needs: Decision;
  /** SHA-256 of the inventory, in hex. */
  readonly inventory: string;
  /** What was seen of the region, from which the plan can be made again. */
  readonly observed: Json;
  /** Run that did not come to its end and whose place this one takes; only with `override`. */
  readonly supersedes?: string;
  /** In the order in which they are run. */
  readonly steps: readonly Step[];
}

export interface Step {
  /** Unique in the plan, stable: names it in the journal. */
  readonly id: string;
  /** What an operator reads. */
  readonly title: Text;
  readonly expectedSeconds: number;
  /** What to do by hand if it fails. */
  readonly byHand: Text;
  /** Once it has begun the run can only go forward. At most one step of a plan. */
  readonly pointOfNoReturn: boolean;
  /** Whether the run may go on without it. Never for what keeps two sites from accepting writes. */
  readonly maySkip: boolean;
}

/** All of them fit on the one screen of a run that failed: 24 rows of 80 columns (report/screen.ts). */
export const TITLE_LENGTH = 60;
export const BY_HAND_LENGTH = 240;
const NAME_LENGTH = 32;
const RUNBOOK_LENGTH = 24;

const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** SHA-256, in hex, of the plan in canonical JSON (RFC 8785): what approvals are signatures of. @throws TypeError for what JSON cannot say. */
export function planDigest(plan: Plan): string {
  return sha256(canonicalJson(plan));
}

/** What is wrong with a plan; empty where nothing is. */
export function planFaults(plan: Plan): Fault[] {
  const { steps } = plan;
  const irreversible = steps.filter(({ pointOfNoReturn }) => pointOfNoReturn).map(({ id }) => id);
  return [
    ...named("runbook", plan.runbook, RUNBOOK_LENGTH),
    ...named("region", plan.region),
    ...titled("title", plan.title, TITLE_LENGTH),
    ...(Number.isSafeInteger(plan.epoch) && plan.epoch >= 0
      ? []
      : [fault("epoch", text("bilangan bulat sejak 0", "a whole number from 0"), plan.epoch)]),
    ...(DECISIONS.includes(plan.needs)
      ? []
      : [fault("needs", text(DECISIONS.join(", "), DECISIONS.join(", ")), plan.needs)]),
    ...(/^[0-9a-f]{64}$/.test(plan.inventory)
      ? []
      : [fault("inventory", text("SHA-256 dalam heksadesimal", "a SHA-256 in hex"), plan.inventory)]),
    ...(plan.supersedes === undefined || plan.needs === "override"
      ? []
      : [
          fault(
            "supersedes",
            text("tidak ada, kecuali needs: override", "nothing, unless needs: override"),
            plan.supersedes,
            text(
              "menggantikan pelaksanaan lain memerlukan dua persetujuan",
              "taking another run's place needs two approvals",
            ),
          ),
        ]),
    ...(steps.length > 0 ? [] : [fault("steps", text("sedikitnya satu langkah", "at least one step"), steps)]),
    ...(irreversible.length <= 1
      ? []
      : [
          fault(
            "steps",
            text("paling banyak satu titik tanpa kembali", "at most one point of no return"),
            irreversible,
          ),
        ]),
    ...steps.flatMap((step, index) => stepFaults(step, `steps[${index}]`, steps.slice(0, index))),
  ];
}

function stepFaults(step: Step, path: string, before: readonly Step[]): Fault[] {
  return [
    ...named(`${path}.id`, step.id),
    ...(before.some(({ id }) => id === step.id)
      ? [fault(`${path}.id`, text("nama yang belum dipakai", "a name that is not used yet"), step.id)]
      : []),
    ...titled(`${path}.title`, step.title, TITLE_LENGTH),
    ...titled(`${path}.byHand`, step.byHand, BY_HAND_LENGTH),
    ...(step.expectedSeconds > 0 && Number.isFinite(step.expectedSeconds)
      ? []
      : [fault(`${path}.expectedSeconds`, text("detik, lebih dari 0", "seconds, more than 0"), step.expectedSeconds)]),
    ...(step.pointOfNoReturn && step.maySkip
      ? [fault(`${path}.maySkip`, text("false pada titik tanpa kembali", "false at the point of no return"), true)]
      : []),
  ];
}

function named(path: string, name: string, most = NAME_LENGTH): Fault[] {
  const expected = text(
    `huruf kecil, angka dan tanda hubung, paling banyak ${most}`,
    `small letters, digits and hyphens, at most ${most}`,
  );
  return NAME.test(name) && name.length <= most ? [] : [fault(path, expected, name)];
}

function titled(path: string, { id, en }: Text, most: number): Fault[] {
  const expected = text(`1 sampai ${most} huruf dalam satu baris`, `1 to ${most} characters in one line`);
  return Object.entries({ id, en }).flatMap(([lang, said]) =>
    said.trim() !== "" && said.length <= most && !/\p{Cc}/u.test(said)
      ? []
      : [fault(`${path}.${lang}`, expected, said)],
  );
}
