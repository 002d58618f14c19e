import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { handover, unexcused } from "./handover.ts";
import type { Attempt, History, Outcome } from "./history.ts";

const by = (site: string, id: number, endedAt: number, outcome: Outcome = "acknowledged"): Attempt => ({
  id,
  value: `row ${id}`,
  askedAt: endedAt - 5,
  endedAt,
  outcome,
  by: site,
});
const history = (...attempts: Attempt[]): History => ({ from: 0, to: 1000, attempts });

describe("an old acknowledgement after a new one", () => {
  test("one after the other: no lie", () => {
    const made = history(by("dc", 1, 10), by("dc", 2, 20), by("drc", 3, 30), by("drc", 4, 40));
    expect(handover(made, "dc", "drc")).toEqual({ lastByOld: 20, firstByNew: 30, lies: [], liedForMs: 0 });
  });

  test("each that the old site acknowledged later is a lie, in whatever order they were kept", () => {
    const made = history(by("drc", 5, 70), by("dc", 4, 60), by("dc", 1, 10), by("dc", 3, 50), by("drc", 2, 40));
    expect(handover(made, "dc", "drc")).toEqual({ lastByOld: 60, firstByNew: 40, lies: [3, 4], liedForMs: 20 });
  });

  test("what was not acknowledged is none, and neither is what came in the same moment", () => {
    const made = history(by("drc", 1, 40), by("dc", 2, 50, "unknown"), by("dc", 3, 60, "refused"), by("dc", 4, 40));
    expect(handover(made, "dc", "drc").lies).toEqual([]);
  });

  test("a site that never took over, and one that never acknowledged", () => {
    expect(handover(history(by("dc", 1, 10)), "dc", "drc")).toMatchObject({ firstByNew: null, lies: [], liedForMs: 0 });
    expect(handover(history(by("drc", 1, 10)), "dc", "drc")).toMatchObject({ lastByOld: null, lies: [], liedForMs: 0 });
  });

  test("there is a lie exactly where two acknowledgements stand the wrong way round", () => {
    const acknowledgements = fc.array(fc.tuple(fc.constantFrom("dc", "drc"), fc.nat(100)));
    fc.assert(
      fc.property(acknowledgements, (made) => {
        const attempts = made.map(([site, at], index) => by(site, index + 1, at));
        const wrong = attempts.some((old) =>
          attempts.some((next) => old.by === "dc" && next.by === "drc" && old.endedAt > next.endedAt),
        );
        expect(handover(history(...attempts), "dc", "drc").lies.length > 0).toBe(wrong);
      }),
    );
  });
});

describe("what may be lost", () => {
  const made = history(by("dc", 1, 10), by("dc", 2, 100), by("dc", 3, 300), by("drc", 4, 250), by("drc", 5, 260));
  const change = handover(made, "dc", "drc");
  const excuse = { old: "dc", notBefore: 50, closedBy: 200 };

  test("what the old site acknowledged in the cut before it closed", () => {
    expect(unexcused(made, [2], change, excuse)).toEqual([]);
  });

  test.each([
    [1, /too early/],
    [3, /after it closed/],
    [4, /by drc, not by dc/],
    [9, /nobody asked/],
  ])("row %i has no excuse", (id, why) => {
    expect(unexcused(made, [id], change, excuse)).toEqual([{ id, why: expect.stringMatching(why) }]);
  });

  test("nor has what came after the new site's first, however late the old one was to close", () => {
    const late = { ...excuse, closedBy: 900 };
    expect(unexcused(made, [3], change, late)).toEqual([{ id: 3, why: "acknowledged after the new site's first" }]);
  });

  test("nothing, where no site was given up", () => {
    expect(unexcused(made, [2], change, null)).toEqual([{ id: 2, why: "nothing may be lost" }]);
  });
});
