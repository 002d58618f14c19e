import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { figureOf } from "./figure.ts";
import { byName, type Circumstances, mergeResults, readResults, writeResults } from "./results.ts";

const figure = (name: string, value: number) =>
  figureOf({ name, value, unit: "s", floor: 1, against: "something", bound: 2 });
const first: Circumstances = { machine: "one", commit: "a", at: "2026-01-01T00:00:00Z", load: [0, 1] };
const second: Circumstances = { machine: "two", commit: "b", at: "2026-02-01T00:00:00Z", load: [2, 3] };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-results-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("new figures take the place of the old ones of their name; the others stay, as they were measured", () => {
  const before = mergeResults(undefined, [figure("lab.memory", 1), figure("preview.200", 1)], first);
  const after = mergeResults(before, [figure("preview.200", 3), figure("preview.50", 1)], second);
  expect(after).toMatchObject({ machine: "two", commit: "b", at: second.at });
  expect(after.figures.map(({ name, value, ok, commit }) => [name, value, ok, commit])).toEqual([
    ["lab.memory", 1, true, "a"],
    ["preview.50", 1, true, "b"],
    ["preview.200", 3, false, "b"],
  ]);
  expect(before.figures).toHaveLength(2);
});

test("names are in order of their numbers", () => {
  expect(["preview.1000", "preview.200", "lab.memory", "preview.50"].sort(byName)).toEqual([
    "lab.memory",
    "preview.50",
    "preview.200",
    "preview.1000",
  ]);
});

test("what is written is read again, and nothing else is left in the folder", async () => {
  const path = join(folder, "results.json");
  expect(await readResults(path)).toBeUndefined();
  const results = mergeResults(undefined, [figure("lab.memory", 1)], first);
  await writeResults(path, results);
  await writeResults(path, results);
  expect(await readResults(path)).toEqual(results);
  expect(await readdir(folder)).toEqual(["results.json"]);
});

test("a file of another shape is an error, not an empty start", async () => {
  const path = join(folder, "results.json");
  await writeFile(path, "[]\n");
  await expect(readResults(path)).rejects.toThrow("expected { machine, commit, at, figures: [...] }");
});
