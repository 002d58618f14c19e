import { describe, expect, test } from "vitest";
import { assessLab, dutyOf, lab } from "./testing/lab.ts";
import { judgeWaivers, type Waiver } from "./waivers.ts";

const good: Waiver = {
  id: "w",
  duty: "site.consolidated",
  justification: "dipindahkan tahun depan",
  approver: "kepala-diskominfo",
  expires: "2026-07-01",
};
const known = {
  dutyIds: new Set(["site.consolidated", "data.in-dc"]),
  roles: new Set(["kepala-diskominfo"]),
  today: "2026-07-01",
};
const judge = (...waivers: Waiver[]) => {
  const { waivers: judged, problems } = judgeWaivers(waivers, known);
  return { states: judged.map(({ state }) => state), codes: problems.map(({ code, path }) => `${path} ${code}`) };
};

test("a waiver holds through its last day", () => {
  expect(judge(good)).toEqual({ states: ["in-force"], codes: [] });
  expect(judge({ ...good, expires: "2026-06-30" })).toEqual({ states: ["expired"], codes: [] });
});

test.each(["", "31 Juni", "2026-02-31", "2026-7-1", "besok"])(
  "a date that cannot be read counts as expired: %s",
  (expires) => {
    expect(judge({ ...good, expires })).toEqual({
      states: ["expired"],
      codes: ["waivers[0].expires unreadable-expiry"],
    });
  },
);

test("what lacks something is refused, everything at once", () => {
  expect(judge({ ...good, duty: "site.consolidate", justification: " ", approver: "siapa" })).toEqual({
    states: ["refused"],
    codes: [
      "waivers[0].duty unknown-duty",
      "waivers[0].justification no-justification",
      "waivers[0].approver approved-by-nobody",
    ],
  });
});

test("two for one thing overlap: the first holds", () => {
  expect(judge(good, { ...good, id: "w2" })).toEqual({
    states: ["in-force", "refused"],
    codes: ["waivers[1].duty waivers-overlap"],
  });
  expect(judge({ ...good, which: ["a"] }, { ...good, id: "w2", which: ["b"] }).codes).toEqual([]);
  expect(judge({ ...good, which: ["a", "b"] }, { ...good, id: "w2", which: ["b"] }).codes).toHaveLength(1);
  expect(judge({ ...good, expires: "2026-06-30" }, { ...good, id: "w2" }).codes).toEqual([]);
});

describe("on the lab", () => {
  const withWaivers = (...waivers: Waiver[]) => assessLab({ inventory: { ...lab().inventory, waivers } });
  const consolidated = (...waivers: Waiver[]) => dutyOf(withWaivers(...waivers), "site.consolidated");

  test("a waiver of named things holds for those alone", () => {
    expect(consolidated().status).toBe("not-satisfied");
    expect(consolidated({ ...good, which: ["simrs"] })).toMatchObject({ status: "waived", waiver: "w" });
    expect(consolidated({ ...good, which: ["jdih"] }).status).toBe("not-satisfied");
  });

  test("one that ran out waives nothing", () => {
    expect(consolidated({ ...good, expires: "2026-06-30" }).status).toBe("not-satisfied");
  });

  test("one for a duty that is met is told as unneeded", () => {
    const { waivers } = withWaivers({ ...good, duty: "site.drc" });
    expect(waivers.map(({ state }) => state)).toEqual(["unneeded"]);
  });
});
