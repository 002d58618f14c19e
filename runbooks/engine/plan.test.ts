import { expect, test } from "vitest";
import { text } from "../../model/text.ts";
import { faultsText } from "../faults.ts";
import { type Plan, planDigest, planFaults, type Step } from "./plan.ts";
import { examplePlan } from "./testing/world.ts";

const plan = examplePlan();
const [first] = plan.steps as readonly [Step];

test("a sound plan has no fault", () => {
  expect(planFaults(plan)).toEqual([]);
  expect(planFaults({ ...plan, needs: "override", supersedes: "failover-1" })).toEqual([]);
});

test("every fault at once, each with its path, what was expected and what came", () => {
  const wrong: Plan = {
    ...plan,
    ...{ runbook: "Switch over", epoch: -1, inventory: "abc", supersedes: "other", title: text("", "two\nlines") },
    steps: [
      { ...first, pointOfNoReturn: true, maySkip: true },
      { ...first, pointOfNoReturn: true, maySkip: false, expectedSeconds: 0, byHand: text("x".repeat(241), "by hand") },
    ],
  };
  const faults = planFaults(wrong);
  expect(faults.map(({ path }) => path)).toEqual([
    ...["runbook", "title.id", "title.en", "epoch", "inventory", "supersedes", "steps"],
    ...["steps[0].maySkip", "steps[1].id", "steps[1].byHand.id", "steps[1].expectedSeconds"],
  ]);
  expect(faultsText(faults).en).toContain('inventory: expected a SHA-256 in hex, received "abc"');
  expect(faultsText(faults).id.split("\n")).toHaveLength(faults.length);
  expect(planFaults({ ...plan, steps: [] }).map(({ path }) => path)).toEqual(["steps"]);
});

test("the digest is of all that the plan says, and of nothing else", () => {
  const reordered = Object.fromEntries(Object.entries(plan).reverse()) as unknown as Plan;
  expect(planDigest(reordered)).toBe(planDigest(plan));
  const changes: readonly Partial<Plan>[] = [
    ...[
      { runbook: "failover" },
      { region: "lamandau" },
      { epoch: 8 },
      { observed: null },
      { inventory: "b".repeat(64) },
    ],
    ...[
      { needs: "override" as const },
      { steps: [...plan.steps].reverse() },
      { steps: [{ ...first, maySkip: false }] },
    ],
  ];
  for (const change of changes) expect(planDigest({ ...plan, ...change })).not.toBe(planDigest(plan));
});
