import { createHash } from "node:crypto";
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareFiles, DATA, differing, entriesBelow, MANIFEST, writeManifest } from "./manifest.ts";

let folder: string;
const AT = "2026-11-25T01:00:00.000Z";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "manifest-"));
  await mkdir(join(folder, DATA, "a", "kosong"), { recursive: true });
  await writeFile(join(folder, DATA, "a", "satu.txt"), "satu");
  await writeFile(join(folder, DATA, "dua"), "dua");
  await symlink("dua", join(folder, DATA, "tautan"));
});
afterEach(() => rm(folder, { recursive: true }));

test("files, links and empty folders, in order of path", async () => {
  const entries = await entriesBelow(join(folder, DATA));
  expect(entries.map(({ path, bytes }) => `${path} ${bytes}`)).toEqual([
    "a/kosong 0",
    "a/satu.txt 4",
    "dua 3",
    "tautan 3",
  ]);
  expect(entries[2]?.sha256).toBe(createHash("sha256").update("dua").digest("hex"));
});

test("what was written down is found again", async () => {
  const proof = await writeManifest(folder, AT);
  expect(proof).toMatchObject({ proof: "files", at: AT, entries: 4, bytes: 10 });
  const found = await compareFiles(folder, proof);
  expect(found.compared).toEqual([]);
  expect(found.manifest?.same).toBe(true);
});

test("a changed, a missing and an added file are each named", async () => {
  const proof = await writeManifest(folder, AT);
  await appendFile(join(folder, DATA, "dua"), "!");
  await rm(join(folder, DATA, "a", "satu.txt"));
  await writeFile(join(folder, DATA, "baru"), "");
  const { compared } = await compareFiles(folder, proof);
  expect(compared.map(({ name, expected, received }) => [name, expected === null, received === null])).toEqual([
    ["a/satu.txt", false, true],
    ["baru", true, false],
    ["dua", false, false],
  ]);
});

test("a list that was changed together with a file is not the one that was signed", async () => {
  const proof = await writeManifest(folder, AT);
  await appendFile(join(folder, DATA, "dua"), "!");
  await writeManifest(folder, AT);
  const found = await compareFiles(folder, proof);
  expect(found.compared).toEqual([]);
  expect(found.manifest).toMatchObject({ name: MANIFEST, same: false, expected: proof.sha256 });
});

test("nothing differs between the same lists", () => {
  const entries = [{ path: "a", bytes: 1, sha256: "x" }];
  expect(differing(entries, entries)).toEqual([]);
});
