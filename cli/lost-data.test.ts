import { expect, test } from "vitest";
import type { Workload } from "../components/workload.ts";
import { DataLost, dataVolumes, lostVolumes, rememberedVolumes } from "./lost-data.ts";

const postgres = {
  name: "postgres-utama",
  volumes: [
    { name: "data", path: "/data", keeps: "data" },
    { name: "scratch", path: "/scratch", keeps: "cache" },
  ],
} as unknown as Workload;
const declared = dataVolumes("lab", "dc", [postgres]);
const volume = "lab-dc-postgres-utama-data";

test("only what keeps data counts", () => {
  expect(declared).toEqual([{ site: "dc", workload: "postgres-utama", volume }]);
});

test.each([
  ["remembered and gone: lost", [volume], [], [volume]],
  ["remembered and there: fine", [volume], [volume], []],
  ["never made yet: fine", [], [], []],
])("%s", (_, remembered, there, lost) => {
  expect(lostVolumes(declared, new Set(remembered), new Set(there)).map((one) => one.volume)).toEqual(lost);
});

test("the state's volumes are read from an exported deployment", () => {
  const resources = [
    { type: "docker:index/volume:Volume", id: volume },
    { type: "docker:index/network:Network", id: "abc" },
  ];
  expect([...rememberedVolumes({ resources })]).toEqual([volume]);
  expect([...rememberedVolumes(null)]).toEqual([]);
});

test("the refusal names the volume and the way out", () => {
  const error = new DataLost("lab", declared);
  expect(error.exitCode).toBe(4);
  expect(error.text.en).toContain(volume);
  expect(error.hint?.en).toContain("lumbung reseed --region lab --site dc --workload postgres-utama");
});
