import { describe, expect, test } from "vitest";
import { parseInventory, regulationIds } from "../model/index.ts";
import { labFiles, valid } from "../model/testing/lab.ts";
import { type Bound, bind, profilesOf } from "./binding.ts";
import { shortCitation } from "./schema/articles.ts";
import { profileIds } from "./schema/duty.ts";
import { catalogue } from "./testing/catalogue.ts";

const all = catalogue();
const profileOf = (id: (typeof profileIds)[number]) => {
  const found = all.profiles.find((profile) => profile.id === id);
  if (!found) throw new Error(`no profile ${id}`);
  return found;
};
const boundIn = (...ids: (typeof profileIds)[number][]) => {
  const bindings = bind(all, ids.map(profileOf));
  return new Map(bindings.filter((one): one is Bound => one.binds).map((one) => [one.duty.id, one]));
};
const lawang = boundIn("empat-lawang");
const lamandau = boundIn("lamandau");
const langsa = boundIn("langsa");
const bedagai = boundIn("serdang-bedagai");

test("how many duties bind each region, and how heavily", () => {
  const counted = (bound: ReadonlyMap<string, Bound>) => {
    const of = (severity: string) => [...bound.values()].filter((one) => one.severity === severity).length;
    return { all: bound.size, mandatory: of("mandatory"), expected: of("expected"), practice: of("practice") };
  };
  expect(counted(lawang)).toEqual({ all: 50, mandatory: 45, expected: 4, practice: 1 });
  expect(counted(lamandau)).toEqual({ all: 55, mandatory: 44, expected: 11, practice: 0 });
  expect(counted(langsa)).toEqual({ all: 50, mandatory: 40, expected: 10, practice: 0 });
  expect(counted(bedagai)).toEqual({ all: 41, mandatory: 37, expected: 4, practice: 0 });
});

test("every duty binds somebody, and all bind the lab, whose inventory names all four regulations", () => {
  const inventory = valid(parseInventory(labFiles));
  const { profiles, missing } = profilesOf(all, inventory.region.regulations);
  expect(missing).toEqual([]);
  expect(profiles.map(({ id }) => id)).toEqual(profileIds);
  const bindings = bind(all, profiles);
  expect(bindings.filter(({ binds }) => !binds)).toEqual([]);
  expect(bindings).toHaveLength(96);
});

test("the inventory's regulations and the profiles are the same", () => {
  expect(all.profiles.map(({ regulation }) => regulation.id).sort()).toEqual([...regulationIds].sort());
  const without = { profiles: all.profiles.filter(({ id }) => id !== "langsa") };
  expect(profilesOf(without, ["langsa-34-2020", "lamandau-37-2018"])).toMatchObject({
    profiles: [{ id: "lamandau" }],
    missing: ["langsa-34-2020"],
  });
});

describe("severity", () => {
  test.each([
    ["net.backbone", lamandau, "expected"],
    ["net.backbone", bedagai, "mandatory"],
    ["site.local-operator", lamandau, "mandatory"],
    ["site.local-operator", langsa, "expected"],
    ["hr.team", lawang, "expected"],
    ["bak.restorable", lawang, "practice"],
    ["site.apart", langsa, "mandatory"],
  ] as const)("of %s", (id, bound, expected) => {
    expect(bound.get(id)?.severity).toBe(expected);
  });

  test("of several regulations is the heaviest, and each keeps its own", () => {
    const both = boundIn("lamandau", "serdang-bedagai").get("net.backbone");
    expect(both?.severity).toBe("mandatory");
    expect(both?.bases.map(({ profile, severity }) => [profile, severity])).toEqual([
      ["lamandau", "expected"],
      ["serdang-bedagai", "mandatory"],
    ]);
  });
});

describe("words", () => {
  const title = (bound: ReadonlyMap<string, Bound>) => bound.get("site.primary")?.words.title;

  test("are the region's own", () => {
    expect([lawang, lamandau, langsa].map((bound) => title(bound)?.id)).toEqual([
      "Satu pusat data bersama melayani semua OPD",
      "Satu pusat data bersama melayani semua SOPD",
      "Satu pusat data bersama melayani semua PD",
    ]);
    expect(langsa.get("gov.master-plan")?.words.explanation.en).toContain("by a decree of the Walikota");
    expect(all.profiles.map(({ vocabulary }) => vocabulary.program.en)).toEqual([
      "Smart City",
      "SPBE",
      "SPBE",
      "e-Government",
    ]);
  });

  test("are the common ones where several regulations bind, and each basis keeps its own", () => {
    const both = boundIn("lamandau", "langsa").get("site.drc");
    expect(both?.words.title.en).toBe("There is a recovery centre beside the data centre");
    expect(both?.bases.map(({ words }) => words.title.en)).toEqual([
      "There is a disaster recovery centre (DRC) beside the data centre",
      "There is a Disaster Recovery Center (DRC) beside the data centre",
    ]);
  });

  test("leave no term unsaid, in any region", () => {
    for (const ids of [...profileIds.map((id) => [id] as const), profileIds]) {
      expect(JSON.stringify(bind(all, ids.map(profileOf)).map(({ words }) => words))).not.toMatch(/[{][a-zA-Z]+[}]/);
      const bases = [...boundIn(...ids).values()].flatMap((one) => one.bases);
      const said = bases.map(({ words, exceptions, deadlines }) => [
        words,
        exceptions.map(({ rule, condition }) => [rule, condition]),
        deadlines.map(({ subject }) => subject),
      ]);
      expect(JSON.stringify(said)).not.toMatch(/[{][a-zA-Z]+[}]/);
    }
  });
});

describe("what does not bind", () => {
  test("says by which regulations it is not asked", () => {
    const sso = bind(all, [profileOf("lamandau"), profileOf("langsa")]).find(({ duty }) => duty.id === "sso");
    expect(sso).toMatchObject({
      binds: false,
      reason: {
        id: "tidak diminta oleh Peraturan Bupati Lamandau 37/2018 dan Peraturan Walikota Langsa 34/2020",
        en: "not asked by Regulation of the Bupati of Lamandau 37/2018 and Regulation of the Walikota of Langsa 34/2020",
      },
    });
  });

  test("is everything, where no regulation is declared", () => {
    const none = bind(all, []);
    expect(none.filter(({ binds }) => binds)).toEqual([]);
    expect(none[0]).toMatchObject({ reason: { en: "no regulation is declared to bind" } });
  });
});

describe("exceptions and deadlines", () => {
  test("stand with the duties that they touch, in the region's words", () => {
    const hosted = lawang.get("app.hosted")?.bases[0];
    expect(hosted?.exceptions.map(({ id }) => id)).toEqual(["server-opd"]);
    expect(hosted?.deadlines.map(({ id, date }) => [id, date])).toEqual([["aplikasi-lintas-opd", "2021-06-25"]]);
    expect(lamandau.get("net.web-filter")?.bases[0].exceptions[0]?.condition.en).toBe(
      "The SOPD asks for it formally, for the sake of its work.",
    );
    expect(bedagai.get("hr.separation")?.bases[0].exceptions.map(({ id }) => id)).toEqual(["bila-ada-lpse"]);
    expect(langsa.get("web.opd-site")?.bases[0].exceptions).toMatchObject([{ kind: "bodies", source: "unconfirmed" }]);
  });

  test("of dates: every one that Empat Lawang sets, each movable by policy; Lamandau's one is not", () => {
    const deadlines = lawang.get("site.deadline")?.bases[0].deadlines ?? [];
    const cited = deadlines.map(({ article }) => shortCitation(article)).sort();
    expect(cited).toEqual(lawang.get("site.deadline")?.bases[0].articles.map(shortCitation).sort());
    expect(deadlines.filter(({ movable }) => !movable)).toEqual([]);
    expect(Object.fromEntries(deadlines.map(({ id, date }) => [id, date]))).toMatchObject({
      "pusat-data": "2021-06-25",
      "situs-opd": "2020-06-25",
      "tanda-tangan": "2022-06-25",
    });
    expect(lamandau.get("site.deadline")?.bases[0].deadlines).toMatchObject([{ date: "2020-11-19", movable: false }]);
  });
});

test("what an exception or a deadline touches binds that region", () => {
  for (const profile of all.profiles) {
    const bound = boundIn(profile.id);
    const touched = [
      ...profile.exceptions.flatMap(({ duties }) => duties),
      ...profile.deadlines.flatMap(({ duty, covers }) => [duty, ...covers]),
    ];
    expect({ region: profile.id, unbound: touched.filter((id) => !bound.has(id)) }).toEqual({
      region: profile.id,
      unbound: [],
    });
  }
});

test("only Langsa writes Hijri dates, and the one of its promulgation is what the calendar says", () => {
  expect(all.profiles.filter(({ calendar }) => calendar).map(({ id }) => id)).toEqual(["langsa"]);
  const { calendar, regulation } = profileOf("langsa");
  const parts = new Intl.DateTimeFormat(`en-u-ca-${calendar?.also}`, {
    day: "numeric",
    month: "numeric",
    year: "numeric",
    timeZone: "UTC",
  }).formatToParts(new Date(regulation.promulgated));
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  expect(calendar?.promulgated).toMatchObject({ day: value("day"), month: value("month"), year: value("year") });
});
