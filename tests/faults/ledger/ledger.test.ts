import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Attempt, type History, type Outcome, Recorder, Refused } from "./history.ts";
import { judge, longestStop } from "./judge.ts";

const attempt = (id: number, outcome: Outcome, endedAt = id * 10): Attempt => ({
  id,
  value: `row ${id}`,
  askedAt: endedAt - 5,
  endedAt,
  outcome,
});
const history = (...attempts: Attempt[]): History => ({ from: 0, to: 100, attempts });
const row = (id: number, value = `row ${id}`) => ({ id, value });

describe("judge", () => {
  test("everything acknowledged is there: nothing to blame", () => {
    const verdict = judge(history(attempt(1, "acknowledged"), attempt(2, "unknown")), [row(1)]);
    expect(verdict).toMatchObject({
      asked: 2,
      acknowledged: 1,
      missing: [],
      neverAsked: [],
      refusedButThere: [],
      changed: [],
      doubled: [],
      unansweredButThere: 0,
    });
  });

  test("acknowledged and gone is missing; not acknowledged and gone is not", () => {
    const made = history(
      attempt(3, "acknowledged"),
      attempt(1, "acknowledged"),
      attempt(2, "refused"),
      attempt(4, "unknown"),
    );
    expect(judge(made, []).missing).toEqual([1, 3]);
  });

  test("there and never asked for", () => {
    expect(judge(history(attempt(1, "acknowledged")), [row(1), row(7)]).neverAsked).toEqual([7]);
  });

  test("refused and there all the same; unanswered and there is allowed", () => {
    const verdict = judge(history(attempt(1, "refused"), attempt(2, "unknown")), [row(1), row(2)]);
    expect([verdict.refusedButThere, verdict.unansweredButThere]).toEqual([[1], 1]);
  });

  test("another value, and twice", () => {
    const verdict = judge(history(attempt(1, "acknowledged"), attempt(2, "acknowledged")), [
      row(1, "x"),
      row(2),
      row(2),
    ]);
    expect([verdict.changed, verdict.doubled]).toEqual([[1], [2]]);
  });

  test("any loss is found, whatever else happened", () => {
    const outcomes = fc.array(fc.constantFrom<Outcome>("acknowledged", "refused", "unknown"), { minLength: 1 });
    fc.assert(
      fc.property(outcomes, fc.func(fc.boolean()), (list, kept) => {
        const attempts = list.map((outcome, index) => attempt(index + 1, outcome));
        const found = attempts.filter(({ id }) => kept(id)).map(({ id }) => row(id));
        const lost = attempts.filter(({ id, outcome }) => outcome === "acknowledged" && !kept(id)).map(({ id }) => id);
        expect(judge(history(...attempts), found).missing).toEqual(lost);
      }),
    );
  });
});

describe("longest time without writes", () => {
  test("between two acknowledgements, in whatever order the answers were kept", () => {
    const made = history(
      attempt(1, "acknowledged", 70),
      attempt(2, "acknowledged", 10),
      attempt(3, "acknowledged", 20),
    );
    expect(longestStop(made)).toEqual({ milliseconds: 50, from: 20 });
  });

  test("a refusal ends no stop", () => {
    const made = history(attempt(1, "acknowledged", 10), attempt(2, "refused", 40), attempt(3, "acknowledged", 90));
    expect(longestStop(made)).toEqual({ milliseconds: 80, from: 10 });
  });

  test("at the load's beginning, and at its end", () => {
    expect(longestStop(history(attempt(1, "acknowledged", 80)))).toEqual({ milliseconds: 80, from: 0 });
    expect(longestStop(history(attempt(1, "acknowledged", 20)))).toEqual({ milliseconds: 80, from: 20 });
  });

  test("nothing acknowledged: all of it", () => {
    expect(longestStop(history(attempt(1, "unknown")))).toEqual({ milliseconds: 100, from: 0 });
  });
});

describe("Recorder", () => {
  test("numbers each attempt and keeps how it ended, and when", async () => {
    let now = 0;
    const recorder = new Recorder(() => now++);
    await recorder.attempt(async (_id, _value, asks) => asks("dc"));
    await recorder.attempt(async () => {
      throw new Refused("read-only");
    });
    await recorder.attempt(async () => {
      throw new Error("connection reset");
    });
    expect(recorder.history()).toEqual({
      from: 0,
      to: 7,
      attempts: [
        { id: 1, value: "row 1", askedAt: 1, endedAt: 2, outcome: "acknowledged", by: "dc" },
        { id: 2, value: "row 2", askedAt: 3, endedAt: 4, outcome: "refused", reason: "read-only" },
        { id: 3, value: "row 3", askedAt: 5, endedAt: 6, outcome: "unknown", reason: "connection reset" },
      ],
    });
  });
});
