import { describe, expect, test } from "vitest";
import { deriveModel, type Inventory } from "../model/index.ts";
import { byId, loadAltered, valid } from "../model/testing/lab.ts";
import { inventoryOf, regionIds } from "../model/testing/regions.ts";
import { designedDuties, dutyChanges, refusalsOf } from "./designed.ts";
import { all, lab, NOW } from "./testing/lab.ts";

const input = (inventory: Inventory) => ({ catalogue: all, inventory, model: deriveModel(inventory), now: NOW });
// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
const altered = (alter: (values: any) => void) => input(valid(loadAltered(alter)));
const unbroken = () => altered(() => {});
const changes = (after: ReturnType<typeof altered>) => dutyChanges(designedDuties(unbroken()), designedDuties(after));

test.each(["lab", ...regionIds])("%s as it stands is refused nothing", (region) => {
  const inventory = region === "lab" ? lab().inventory : inventoryOf(region);
  expect(refusalsOf(input(inventory)).map(({ duty, reasons }) => [duty, reasons.map(({ en }) => en)])).toEqual([]);
});

describe("the recovery centre moves", () => {
  test("into the data centre's own region: named with duty and article, and refused", () => {
    const near = altered((values) => {
      byId(values.sites, "drc").place = { city: "Kabupaten Lumbung", latitude: 1.2, longitude: 104 };
    });
    expect(changes(near)).toMatchObject([
      {
        id: "site.other-region",
        severity: "mandatory",
        before: "met",
        after: "not-met",
        breaks: true,
        practice: false,
      },
    ]);
    expect(changes(near)[0]?.articles.map(({ id }) => id)).toContain("pasal 10 ayat (4)");
    expect(refusalsOf(near).map(({ duty }) => duty)).toContain("site.other-region");
  });

  test("into the same river basin: named as practice, allowed", () => {
    const basin = altered((values) => {
      byId(values.sites, "drc").hazards.riverBasin = byId(values.sites, "dc").hazards.riverBasin;
    });
    expect(changes(basin)).toMatchObject([
      { id: "site.apart", check: "site.apart/no-shared-hazard", practice: true, severity: "practice", breaks: true },
    ]);
    expect(refusalsOf(basin).map(({ duty }) => duty)).toEqual(refusalsOf(unbroken()).map(({ duty }) => duty));
  });
});

test("a waiver of the thing lets it pass, also one that ran out; one of another thing does not", () => {
  const moved = (which: string[] | undefined, expires: string) =>
    altered((values) => {
      byId(values.sites, "drc").place = { city: "Lesung", latitude: 1.2, longitude: 104 };
      values.waivers = [
        ...(values.waivers ?? []),
        {
          id: "dekat",
          duty: "site.other-region",
          which,
          justification: "sementara",
          approver: "kepala-diskominfo",
          expires,
        },
      ];
    });
  const refuses = (given: ReturnType<typeof moved>) =>
    refusalsOf(given).some(({ duty }) => duty === "site.other-region");
  expect(refuses(moved(undefined, "2027-01-01"))).toBe(false);
  expect(refuses(moved(["dc–drc"], "2020-01-01"))).toBe(false);
  expect(refuses(moved(["dc–lain"], "2027-01-01"))).toBe(true);
});

test("time alone refuses nothing", () => {
  const later = { ...unbroken(), now: new Date("2060-01-01T00:00:00Z") };
  expect(refusalsOf(later)).toEqual(refusalsOf(unbroken()));
});

test("what stays as it was is no change; what gets better is told as such", () => {
  expect(changes(unbroken())).toEqual([]);
  const better = altered((values) => {
    byId(values.sites, "drc").hazards.powerGrid = byId(values.sites, "dc").hazards.powerGrid;
  });
  expect(dutyChanges(designedDuties(better), designedDuties(unbroken()))).toMatchObject([
    { id: "site.apart", breaks: false },
  ]);
});
