import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cacheFolder, digestsOf, keptPath, readKept, writeKept } from "./kept.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-kept-"));
  vi.stubEnv("LUMBUNG_CACHE", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test("what is kept is found again by what it is made of, and by nothing else", async () => {
  await writeKept(keptPath("models", { inventory: 1 }), { a: [1, "dua"] });
  expect(await readKept(keptPath("models", { inventory: 1 }))).toEqual({ a: [1, "dua"] });
  expect(await readKept(keptPath("models", { inventory: 2 }))).toBeUndefined();
  expect(await readKept(keptPath("others", { inventory: 1 }))).toBeUndefined();
});

test.each([
  ["cut short", (text: string) => text.slice(0, -3)],
  ["altered", (text: string) => text.replace("dua", "tiga")],
  ["empty", () => ""],
])("one that is %s is not believed", async (_, spoil) => {
  const path = keptPath("models", 1);
  await writeKept(path, { a: "dua" });
  await writeFile(path, spoil(await readFile(path, "utf8")));
  expect(await readKept(path)).toBeUndefined();
});

test("the oldest go", async () => {
  for (let at = 0; at < 40; at += 1) {
    const path = keptPath("models", at);
    await writeKept(path, at);
    await utimes(path, 1_000_000 + at, 1_000_000 + at);
  }
  expect((await readdir(dirname(keptPath("models", 0)))).length).toBeLessThanOrEqual(33);
  expect(await readKept(keptPath("models", 0))).toBeUndefined();
  expect(await readKept(keptPath("models", 39))).toBe(39);
});

test("a file that is not there has a digest of its own", async () => {
  await writeFile(join(folder, "a"), "");
  const digests = await digestsOf(folder, ["a", "b"]);
  expect(digests.b).toBe("");
  expect(digests.a).toMatch(/^[0-9a-f]{64}$/);
});

test("the cache folder: named, else XDG's, else in the home", () => {
  expect(cacheFolder({ LUMBUNG_CACHE: "/c", HOME: "/h" })).toBe("/c");
  expect(cacheFolder({ XDG_CACHE_HOME: "/x", HOME: "/h" })).toBe("/x/lumbung");
  expect(cacheFolder({ HOME: "/h" })).toBe("/h/.cache/lumbung");
});
