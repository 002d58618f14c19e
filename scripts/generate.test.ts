import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generate, staleFiles } from "./generate.ts";

it("writes what is missing or stale, and only that", async () => {
  const root = await mkdtemp(join(tmpdir(), "lumbung-generate-"));
  const generators = [
    { path: "sub/a.json", content: async () => "a\n" },
    { path: "b.json", content: async () => "b\n" },
  ];
  try {
    await writeFile(join(root, "b.json"), "b\n");
    expect(await staleFiles(root, generators)).toEqual(["sub/a.json"]);
    expect(await generate(root, generators)).toEqual(["sub/a.json"]);
    expect(await staleFiles(root, generators)).toEqual([]);
    await writeFile(join(root, "b.json"), "changed by hand\n");
    expect(await staleFiles(root, generators)).toEqual(["b.json"]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
