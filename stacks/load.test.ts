import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readInventory } from "../io/inventory.ts";
import { REPOSITORY } from "../io/repository.ts";
import { deriveModel, parseInventory } from "../model/index.ts";
import { loadModel } from "./load.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-load-"));
  vi.stubEnv("LUMBUNG_CACHE", join(folder, "cache"));
  vi.stubEnv("LUMBUNG_INVENTORY", join(folder, "inventory"));
  await cp(join(REPOSITORY, "inventory", "lab"), join(folder, "inventory", "lab"), { recursive: true });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const kept = () => readdir(join(folder, "cache", "models"));
const change = async (file: string, from: string, to: string) => {
  const path = join(folder, "inventory", "lab", file);
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
};

test("a model that was kept is the one that is derived", async () => {
  const parsed = parseInventory(await readInventory(REPOSITORY, "lab"), { folder: "lab" });
  const derived = parsed.ok ? deriveModel(parsed.inventory) : undefined;
  expect(await loadModel("lab")).toStrictEqual(derived);
  expect(await kept()).toHaveLength(1);
  expect(await loadModel("lab")).toStrictEqual(derived);
  expect(await kept()).toHaveLength(1);
});

test("a changed inventory is read anew, and its mistakes are told each time", async () => {
  const before = await loadModel("lab");
  await change("sites.yaml", "city: Batam", "city: Banjarmasin");
  const after = await loadModel("lab");
  expect([before, after].map((model) => model.sites[1]?.place.city)).toEqual(["Batam", "Banjarmasin"]);
  await change("sites.yaml", "designation: recovery", "designation: recover");
  for (const _ of [1, 2]) await expect(loadModel("lab")).rejects.toThrow("designation");
  expect(await kept()).toHaveLength(2);
});
