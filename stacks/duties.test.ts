import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { REPOSITORY } from "../io/repository.ts";
import type { Text } from "../model/types.ts";
import { dutyRefusals, guardDuties } from "./duties.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-duties-"));
  await cp(join(REPOSITORY, "inventory", "lab"), join(folder, "inventory", "lab"), { recursive: true });
  vi.stubEnv("LUMBUNG_INVENTORY", join(folder, "inventory"));
  vi.stubEnv("LUMBUNG_CACHE", join(folder, "cache"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(folder, "inventory", "lab", file);
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

test("the lab as it stands is brought out, and what was judged is kept", async () => {
  await guardDuties("lab");
  expect(await dutyRefusals("lab")).toEqual([]);
});

test("a recovery centre in the data centre's own region is refused with duty and article; a preview tells it and goes on", async () => {
  await edit("sites.yaml", "place: { city: Batam, latitude: 1.13", "place: { city: Lesung, latitude: 1.13");
  await expect(guardDuties("lab")).rejects.toMatchObject({
    exitCode: 4,
    text: { id: expect.stringMatching(/site\.other-region \(pasal 10 ayat \(4\)\)/) },
  });
  const told: Text[] = [];
  await guardDuties("lab", (text) => told.push(text));
  expect(told.map(({ en }) => en)).toEqual([expect.stringContaining("site.other-region (article 10 paragraph (4))")]);
  // Kept, and still refused.
  await expect(guardDuties("lab")).rejects.toMatchObject({ exitCode: 4 });
});

test("a shared river basin is allowed", async () => {
  await edit("sites.yaml", "riverBasin: Sungai Duriangkang", "riverBasin: Sungai Lesung");
  await guardDuties("lab");
});

test("without its waiver, what the lab falls short of is refused", async () => {
  await edit("waivers.yaml", "which: [simrs]", "which: [lain]");
  await expect(guardDuties("lab")).rejects.toMatchObject({
    text: { en: expect.stringContaining("site.consolidated") },
  });
});
