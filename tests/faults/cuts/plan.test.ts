import fc from "fast-check";
import { expect, it } from "vitest";
import { hasMajority, linked, written } from "../region/edges.ts";
import { CYCLE, HANDS_OVER, planCuts } from "./plan.ts";

const LEASE = { ttl: 10, margin: 2 };

it("plans the same for the same seed, as many as are asked for, and every kind", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (seed, count) => {
      const plan = planCuts(seed, count, LEASE);
      expect(planCuts(seed, count, LEASE)).toEqual(plan);
      expect(plan).toHaveLength(count);
      expect(plan.map(({ kind }) => kind)).toEqual(Array.from({ length: count }, (_, at) => CYCLE[at % CYCLE.length]));
    }),
  );
  expect(planCuts(1, 8, LEASE)).not.toEqual(planCuts(2, 8, LEASE));
});

it("promotes only where the active site has no majority and the other has one", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      for (const { kind, stages } of planCuts(seed, 16, LEASE)) {
        const last = stages.at(-1) ?? [];
        expect(last.length, kind).toBeGreaterThan(0);
        if (HANDS_OVER.has(kind)) {
          expect([hasMajority(last, "active"), linked(last, "other", "witness")], kind).toEqual([false, true]);
        } else {
          expect(hasMajority(last, "active"), kind).toBe(kind !== "all-alone");
        }
        if (stages.length > 1) expect(hasMajority(stages[0] ?? [], "active"), kind).toBe(true);
      }
    }),
  );
});

it("cuts each link one way, the other way and both ways", () => {
  const seen = new Set(
    planCuts(7, 80, LEASE).flatMap(({ stages }) => stages.flatMap((stage) => written(stage).split(", "))),
  );
  const links = [
    ["active", "other"],
    ["active", "witness"],
    ["other", "witness"],
  ] as const;
  expect([...seen].sort()).toEqual(links.flatMap(([a, b]) => [`${a} ⇹ ${b}`, `${a} ⇸ ${b}`, `${b} ⇸ ${a}`]).sort());
});
