import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./command.mjs";
import { tarball } from "./tar.mjs";

const files = [
  { name: "program", content: Buffer.from("#!/bin/sh\n"), executable: true },
  { name: "data", content: Buffer.alloc(1500, "x"), executable: false },
];

it("makes an archive that tar reads, with contents and modes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lumbung-tar-"));
  try {
    await writeFile(join(folder, "a.tgz"), tarball(files));
    expect((await run(["tar", "-xzf", "a.tgz"], { cwd: folder })).output).toBe("");
    expect(await readFile(join(folder, "data"), "utf8")).toBe("x".repeat(1500));
    expect((await stat(join(folder, "program"))).mode & 0o777).toBe(0o755);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("makes the same bytes again", () => expect(tarball(files).equals(tarball(files))).toBe(true));
it("refuses a name that would be cut", () =>
  expect(() => tarball([{ name: "n".repeat(101), content: Buffer.alloc(0), executable: false }])).toThrow(
    "at most 100",
  ));
