/** Round after round, each judged, with both sites and both clients alive. */
import { describe, expect, it } from "vitest";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { tellFigures } from "../figures.ts";
import { bothHaveWhatWasKept, figuresOf, told } from "../region/judged.ts";
import { SITES } from "../region/sites.ts";
import type { RegionTrial } from "../region/trial.ts";
import { type PlannedRound, pairsOf, planPairs, roundOf, toldRound } from "./plan.ts";
import { type Round, roundOnce } from "./round.ts";

/** Of the faults that are planned, so many befall somebody: the rest finds nobody, as what it is meant for is down already. */
const LEAST_BEFALL = 0.75;

export function pairs(trial: RegionTrial, seed: number): void {
  const plan = planPairs(seed, Math.max(pairsOf(process.env), roundOf(process.env) ?? 0), trial.lease);
  const one = roundOf(process.env);
  const chosen = [...plan.entries()].filter(([index]) => one === null || index === one - 1);
  const rounds: Round[] = [];
  /** Of the region that stands now: one that a failed round left behind proves nothing of the next, and is raised anew. */
  let here: Round[] = [];
  let left = "whole";
  process.stderr.write(`LUMBUNG_SEED=${seed} LUMBUNG_PAIRS=${plan.length}\n`);

  const run = async (planned: PlannedRound, number: number): Promise<void> => {
    if (left === "broken") {
      await trial.raise();
      await trial.load();
      here = [];
    }
    left = "broken";
    const round = await roundOnce(trial, planned, `LUMBUNG_SEED=${seed} LUMBUNG_ROUND=${number}`);
    left = "whole";
    rounds.push(round);
    here.push(round);
    process.stderr.write(`${number} ${toldOf(round)}\n`);
  };

  describe(`bad luck, ${chosen.length} rounds of it (LUMBUNG_SEED=${seed})`, () => {
    for (const [index, planned] of chosen)
      it(`${index + 1}: ${toldRound(planned)}`, (context) => {
        // Whoever keeps the stand wants to look at what failed.
        if (left === "broken" && process.env.LUMBUNG_KEEP_STAND !== undefined) context.skip();
        return run(planned, index + 1);
      }, 1_500_000);

    it("at the end each site has what the rounds left, and nothing that was lost came back", () => {
      expect(left, "the last round").toBe("whole");
      const judged = here.map((round) => round.judged);
      bothHaveWhatWasKept(trial, SITES, judged);
    });

    it("the figures of all of them", () => {
      if (rounds.length > 0) tellFigures({ seed, ...figures(rounds) });
      expect(rounds).toHaveLength(chosen.length);
      // A region in which nothing was written or nobody changed places proves nothing.
      for (const { judged } of rounds)
        for (const engine of ENGINES) expect(judged[engine].acknowledged).toBeGreaterThan(10);
      if (one !== null) return;
      const { faults, befell, givenUp, inGoodOrder } = figures(rounds);
      expect(befell / faults).toBeGreaterThan(LEAST_BEFALL);
      expect(givenUp).toBeGreaterThan(0);
      if (chosen.length >= ENOUGH) expect(inGoodOrder).toBeGreaterThan(0);
    });
  });
}

/** Rounds among which some hand over in good order, whatever the seed. */
const ENOUGH = 20;

function toldOf({ active, gaveUp, handedOver, ways, faults, befell, asleep, judged }: Round): string {
  const change = handedOver ? ` and ${gaveUp ? "given up" : "closed in good order"}, joined (${ways.join(", ")})` : "";
  const sleepers = asleep.of === 0 ? "" : `; ${asleep.acknowledged} of ${asleep.of} acknowledged after sleep`;
  return `${active} was active${change}; ${befell} of ${faults} faults; ${told(judged)}${sleepers}`;
}

function figures(rounds: readonly Round[]) {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  return {
    rounds: rounds.length,
    faults: sum(({ faults }) => faults),
    befell: sum(({ befell }) => befell),
    givenUp: sum(({ gaveUp }) => (gaveUp ? 1 : 0)),
    inGoodOrder: sum(({ handedOver, gaveUp }) => (handedOver && !gaveUp ? 1 : 0)),
    askedInTheirSleep: sum(({ asleep }) => asleep.of),
    acknowledgedAfterSleep: sum(({ asleep }) => asleep.acknowledged),
    ...figuresOf(rounds.map(({ judged }) => judged)),
  };
}
