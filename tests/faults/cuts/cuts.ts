/** Cut after cut, each judged, with both sites and both clients alive. */
import { describe, expect, it } from "vitest";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { tellFigures } from "../figures.ts";
import { cutsOf, planCuts, written } from "./plan.ts";
import { cutOnce, type Judged, type Round } from "./round.ts";
import { type CutTrial, SITES } from "./trial.ts";

/** `LUMBUNG_SEED`, or one of this moment. */
export const seedOf = (env: NodeJS.ProcessEnv): number => Number(env.LUMBUNG_SEED ?? Date.now() % 1_000_000);

export function cuts(trial: CutTrial, seed: number): void {
  const plan = planCuts(seed, cutsOf(process.env), trial.lease);
  const rounds: Round[] = [];
  process.stderr.write(`LUMBUNG_SEED=${seed} LUMBUNG_CUTS=${plan.length}\n`);

  describe(`cuts, ${plan.length} of them (LUMBUNG_SEED=${seed})`, () => {
    plan.forEach((one, index) => {
      it(`${index + 1}: ${one.kind}: ${one.stages.map(written).join("; then ")}`, async () => {
        const round = await cutOnce(trial, one);
        rounds.push(round);
        process.stderr.write(`${index + 1} ${one.kind}: ${told(round)}\n`);
      }, 600_000);
    });

    it("at the end each site has what the rounds left, and nothing that was lost came back", () => {
      for (const engine of ENGINES) {
        const kept = rounds.reduce((sum, { judged }) => sum + judged[engine].kept, 0);
        for (const site of SITES) expect(trial.rows(site, engine, 0), `${site}/${engine}`).toHaveLength(kept);
      }
    });

    it("the figures of all of them", () => {
      tellFigures({ seed, ...figuresOf(rounds) });
      expect(rounds).toHaveLength(plan.length);
      // A region in which nothing was written or nobody changed places proves nothing.
      for (const { judged } of rounds)
        for (const engine of ENGINES) expect(judged[engine].acknowledged).toBeGreaterThan(20);
      expect(rounds.some(({ handedOver }) => handedOver)).toBe(true);
    });
  });
}

function told({ active, ways, judged }: Round): string {
  const engines = ENGINES.map((engine) => {
    const { acknowledged, lost, longestStopMs, afterDeadlineMs } = judged[engine];
    const closed = afterDeadlineMs === null ? "" : `, last ${Math.round(afterDeadlineMs)} ms from the deadline`;
    return `${engine}: ${acknowledged} acknowledged, ${lost} lost${closed}, ${(longestStopMs / 1000).toFixed(1)} s without`;
  });
  return `${active} was active${ways.length > 0 ? ` and joined (${ways.join(", ")})` : ""}; ${engines.join("; ")}`;
}

/** Of all cuts together; times in milliseconds. */
export function figuresOf(rounds: readonly Round[]): Record<string, number> {
  const all = (of: (judged: Judged) => number): number[] =>
    rounds.flatMap(({ judged }) => ENGINES.map((engine) => of(judged[engine])));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const most = (values: readonly number[]): number => Math.round(Math.max(...values));
  return {
    cuts: rounds.length,
    handovers: rounds.filter(({ handedOver }) => handedOver).length,
    acknowledged: sum(all(({ acknowledged }) => acknowledged)),
    lostWithTheOldSite: sum(all(({ lost }) => lost)),
    mostLostInOneCut: most(all(({ lost }) => lost)),
    lies: sum(all(({ lies }) => lies)),
    unansweredButThere: sum(all(({ unansweredButThere }) => unansweredButThere)),
    longestStopMs: most(all(({ longestStopMs }) => longestStopMs)),
    latestAfterDeadlineMs: most(all(({ afterDeadlineMs }) => afterDeadlineMs ?? Number.NEGATIVE_INFINITY)),
  };
}
