import { expect, test } from "vitest";
import type { Model, SiteModel } from "../model/types.ts";
import { askExposure, exposureLines } from "./exposure.ts";

const alone = { id: "wilayah berjalan di dc saja", en: "the region runs at dc alone" };
const sites = [{ id: "dc" }, { id: "drc" }] as unknown as readonly SiteModel[];
const model = { sites } as Pick<Model, "sites">;
const lines = (...told: Parameters<typeof exposureLines>[1]) => exposureLines(model, told).map(({ en }) => en);

test("what several say is said once; a region that is whole needs no words", () => {
  expect(lines({ site: "dc", exposure: alone }, { site: "drc", exposure: alone })).toEqual([alone.en]);
  expect(lines({ site: "dc", exposure: null }, { site: "drc", exposure: null })).toEqual([]);
  expect(lines({ site: "dc", exposure: alone }, { site: "drc", exposure: null })).toEqual([alone.en]);
});

test("what nobody says is unknown, and never whole", () => {
  expect(lines()).toEqual([expect.stringContaining("UNKNOWN")]);
  expect(lines({ site: "dc" })).toEqual([expect.stringMatching(/UNKNOWN.*ops of dc does not say/)]);
  expect(exposureLines({ sites: sites.slice(0, 1) }, [])).toEqual([]);
});

test("whoever is silent is not waited for, and whoever fails is not believed", async () => {
  const told = await askExposure(
    sites,
    ({ id }) =>
      id === "dc" ? Promise.resolve({ code: 0, text: JSON.stringify({ exposure: alone }) }) : new Promise(() => {}),
    0.05,
  );
  expect(told).toEqual([{ site: "dc", exposure: alone }]);
  expect(await askExposure(sites, () => Promise.reject(new Error("away")))).toEqual([]);
  expect(await askExposure(sites, async () => ({ code: 1, text: "no" }))).toEqual([]);
});
