import { expect, test } from "vitest";
import type { Citation } from "./schema/articles.ts";
import { heaviest, severityOf } from "./severity.ts";

const cited = (...kinds: Citation["kind"][]): Citation[] => kinds.map((kind) => ({ article: "1", kind }));
const note = { id: "a", en: "b" };

test.each([
  [cited("must"), "mandatory"],
  [cited("lists", "must"), "mandatory"],
  [cited("may"), "expected"],
  [cited("lists", "may"), "expected"],
] as const)("articles of kind %j are %s", (articles, expected) => {
  expect(severityOf(articles, undefined)).toBe(expected);
});

test("what goes beyond the text as a whole is practice, whatever its articles say; in part it stays what they make it", () => {
  expect(severityOf(cited("must"), { extent: "whole", note })).toBe("practice");
  expect(severityOf(cited("must"), { extent: "part", note })).toBe("mandatory");
});

test("the heaviest counts, of none there is none", () => {
  expect(heaviest(["practice", "expected", "mandatory"])).toBe("mandatory");
  expect(heaviest(["practice", "expected"])).toBe("expected");
  expect(heaviest([])).toBeUndefined();
});
