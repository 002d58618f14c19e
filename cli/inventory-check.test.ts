/** It shows 8: a broken inventory with ten mistakes prints ten errors with paths and exits 2. */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { REPOSITORY } from "../io/repository.ts";
import { main } from "./main.ts";

const golden = join(REPOSITORY, "tests", "golden", "003-ten-mistakes");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-mistakes-"));
  await cp(join(golden, "inventory"), join(folder, "kecil"), { recursive: true });
  vi.stubEnv("LUMBUNG_INVENTORY", folder);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function said(words: readonly string[]): Promise<{ code: number; stderr: string }> {
  let stderr = "";
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
  const code = await main(words);
  spy.mockRestore();
  return { code, stderr };
}

test.each(["en", "id"])("ten mistakes are ten errors with their paths, and exit code 2 (%s)", async (language) => {
  const expected = (await readFile(join(golden, `problems.${language}.txt`), "utf8")).trim().split("\n");
  const { code, stderr } = await said(["inventory", "check", "--region", "kecil", "--lang", language]);
  expect(code).toBe(2);
  expect(stderr).toContain(language === "en" ? "10 problems" : "10 masalah");
  const lines = stderr.split("\n");
  expect(expected.filter((line) => !lines.includes(line))).toEqual([]);
});

test("a region that is not there names those that are, and exits 2", async () => {
  const { code, stderr } = await said(["inventory", "check", "--region", "nowhere", "--lang", "en"]);
  expect([code, stderr.includes("kecil")]).toEqual([2, true]);
});

test("an unknown verb and an unknown option are wrong use: exit code 2", async () => {
  expect((await said(["upp", "--lang", "en"])).code).toBe(2);
  expect((await said(["status", "--regoin", "lab"])).code).toBe(2);
});
