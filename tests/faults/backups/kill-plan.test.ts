import fc from "fast-check";
import { expect, it } from "vitest";
import { planKills, VICTIMS } from "./kill-plan.ts";

it("plans the same for the same seed, as many as are asked for, each victim before one comes again", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, kills) => {
      const plan = planKills(seed, kills);
      expect(planKills(seed, kills)).toEqual(plan);
      expect(plan).toHaveLength(kills);
      const first = plan.slice(0, VICTIMS.length).map(({ victim, during }) => `${victim} ${during}`);
      expect(new Set(first).size).toBe(first.length);
      for (const { part, afterMs } of plan) expect(part >= 0 && part <= 1 && afterMs >= 0 && afterMs < 4000).toBe(true);
    }),
  );
  expect(planKills(1, 20)).not.toEqual(planKills(2, 20));
});
