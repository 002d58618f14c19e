/** For tests only: a region in memory whose every effect, and whose process, can be cut off at any point. */
import { text } from "../../../model/text.ts";
import type { Plan, Step } from "../plan.ts";
import type { Programs, StepContext, StepProgram } from "../program.ts";

export class Killed extends Error {}

/** Counts moments at which a process can be killed; from the chosen one on nothing happens any more. */
export class Killer {
  readonly #at: number;
  count = 0;
  dead = false;

  constructor(at = Number.POSITIVE_INFINITY) {
    this.#at = at;
  }

  moment(): void {
    if (!this.dead) this.count += 1;
    this.dead ||= this.count === this.#at;
    if (this.dead) throw new Killed();
  }
}

export interface World {
  ttl: number;
  gateway: "open" | "closed";
  database: "open" | "closed";
  epoch: number;
  active: "dc" | "drc";
  names: { ns1: string; ns2: string };
  /** Acknowledged rows that the recovery site lacks. */
  missingRows: number;
}

export const newWorld = (): World => ({
  ttl: 300,
  gateway: "open",
  database: "open",
  epoch: 7,
  active: "dc",
  names: { ns1: "dc", ns2: "dc" },
  missingRows: 3,
});

const step = (id: string, more: Partial<Step> = {}): Step => ({
  id,
  title: text(`Langkah ${id}`, `Step ${id}`),
  expectedSeconds: 10,
  byHand: text(`Kerjakan ${id} dengan tangan`, `Do ${id} by hand`),
  pointOfNoReturn: false,
  maySkip: false,
  ...more,
});

export function examplePlan(more: Partial<Plan> = {}): Plan {
  return {
    runbook: "switchover",
    title: text("Peralihan terencana ke DRC", "Planned switchover to the DRC"),
    region: "lab",
    epoch: 7,
    needs: "planned",
    inventory: "a".repeat(64),
    observed: { active: "dc" },
    steps: [
      step("lower-ttl", { maySkip: true }),
      step("close-writes"),
      step("raise-epoch", { pointOfNoReturn: true }),
      step("promote"),
      step("names"),
      step("measure", { maySkip: true }),
    ],
    ...more,
  };
}

/** Effects of the plan's steps on the world: between any two of them the process can be killed. */
export function programsOf(world: World, killer: Killer, epoch = 7): Programs {
  const effects = (...all: readonly (() => void)[]) =>
    async function act(): Promise<void> {
      for (const effect of all) {
        killer.moment();
        effect();
      }
      killer.moment();
    };
  const program = (
    check: (context: StepContext) => boolean,
    action: () => Promise<void>,
    more: { readonly may?: () => boolean; readonly undo?: () => Promise<void>; readonly facts?: () => number } = {},
  ): StepProgram => ({
    precondition: async () => held(killer, more.may?.() ?? true),
    action,
    check: async (context) => {
      const seen = held(killer, check(context));
      return seen.holds && more.facts ? { holds: true, facts: { rows: more.facts() } } : seen;
    },
    ...(more.undo ? { undo: more.undo } : {}),
  });
  return {
    "lower-ttl": program(
      () => world.ttl === 60,
      effects(() => (world.ttl = 60)),
      { undo: effects(() => (world.ttl = 300)) },
    ),
    "close-writes": program(
      () => world.gateway === "closed" && world.database === "closed",
      effects(
        () => (world.gateway = "closed"),
        () => (world.database = "closed"),
      ),
      {
        undo: effects(
          () => (world.database = "open"),
          () => (world.gateway = "open"),
        ),
      },
    ),
    // Not idempotent: only the check before it is repeated keeps it from being done twice.
    "raise-epoch": program(
      () => world.epoch === epoch + 1,
      effects(() => (world.epoch += 1)),
      { may: () => world.database === "closed" },
    ),
    promote: program(
      () => world.active === "drc" && world.database === "open",
      effects(
        () => (world.active = "drc"),
        () => (world.database = "open"),
      ),
      { may: () => world.epoch === epoch + 1 },
    ),
    names: program(
      () => world.names.ns1 === "drc" && world.names.ns2 === "drc" && world.gateway === "open",
      effects(
        () => (world.names.ns1 = "drc"),
        () => (world.names.ns2 = "drc"),
        () => (world.gateway = "open"),
      ),
    ),
    measure: program(
      ({ facts }) => facts["raise-epoch"] !== undefined,
      effects(() => {}),
      { facts: () => world.missingRows },
    ),
  };
}

function held(killer: Killer, holds: boolean) {
  killer.moment();
  return holds ? ({ holds: true } as const) : ({ holds: false, why: text("belum demikian", "not so yet") } as const);
}
