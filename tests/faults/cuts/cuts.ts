/** Cut after cut, each judged, with both sites and both clients alive. */
import { describe, expect, it } from "vitest";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { tellFigures } from "../figures.ts";
import { written } from "../region/edges.ts";
import { bothHaveWhatWasKept, figuresOf, told } from "../region/judged.ts";
import { SITES } from "../region/sites.ts";
import type { RegionTrial } from "../region/trial.ts";
import { cutsOf, planCuts } from "./plan.ts";
import { cutOnce, type Round } from "./round.ts";

export function cuts(trial: RegionTrial, seed: number): void {
  const plan = planCuts(seed, cutsOf(process.env), trial.lease);
  const rounds: Round[] = [];
  process.stderr.write(`LUMBUNG_SEED=${seed} LUMBUNG_CUTS=${plan.length}\n`);

  describe(`cuts, ${plan.length} of them (LUMBUNG_SEED=${seed})`, () => {
    plan.forEach((one, index) => {
      it(`${index + 1}: ${one.kind}: ${one.stages.map(written).join("; then ")}`, async () => {
        const round = await cutOnce(trial, one);
        rounds.push(round);
        const joined = round.ways.length > 0 ? ` and joined (${round.ways.join(", ")})` : "";
        process.stderr.write(`${index + 1} ${one.kind}: ${round.active} was active${joined}; ${told(round.judged)}\n`);
      }, 600_000);
    });

    it("at the end each site has what the rounds left, and nothing that was lost came back", () => {
      bothHaveWhatWasKept(
        trial,
        SITES,
        rounds.map(({ judged }) => judged),
      );
    });

    it("the figures of all of them", () => {
      const handovers = rounds.filter(({ handedOver }) => handedOver).length;
      tellFigures({ seed, cuts: rounds.length, handovers, ...figuresOf(rounds.map(({ judged }) => judged)) });
      expect(rounds).toHaveLength(plan.length);
      // A region in which nothing was written or nobody changed places proves nothing.
      for (const { judged } of rounds)
        for (const engine of ENGINES) expect(judged[engine].acknowledged).toBeGreaterThan(20);
      expect(handovers).toBeGreaterThan(0);
    });
  });
}
