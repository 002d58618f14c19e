import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closest, didYouMean, editDistance } from "./suggest.ts";

describe("editDistance", () => {
  it("counts changes", () => {
    expect(editDistance("simpeg", "simpeg", 5)).toBe(0);
    expect(editDistance("simpg", "simpeg", 5)).toBe(1);
    expect(editDistance("kitten", "sitting", 5)).toBe(3);
  });

  it("is symmetrical and never above the limit plus one", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, fc.nat(6), (a, b, limit) => {
        const distance = editDistance(a, b, limit);
        expect(distance).toBe(editDistance(b, a, limit));
        expect(distance).toBeLessThanOrEqual(limit + 1);
        expect(distance === 0).toBe(a === b);
      }),
    );
  });
});

describe("didYouMean", () => {
  it("names the nearest, or the word that is part of it", () => {
    expect(closest("dinke", ["dinkes", "dinsos"])).toBe("dinkes");
    expect(closest("simpeg-db", ["absensi", "simpeg"])).toBe("simpeg");
    expect(didYouMean("simpeg-db", ["simpeg"])).toEqual({
      id: 'apakah maksud Anda "simpeg"?',
      en: 'did you mean "simpeg"?',
    });
  });

  it("says nothing rather than something far off", () => {
    expect(closest("keuangan", ["dinkes", "rsud"])).toBeUndefined();
    expect(closest("city", ["capacity"])).toBeUndefined();
    expect(didYouMean(17, ["17"])).toBeUndefined();
  });
});
