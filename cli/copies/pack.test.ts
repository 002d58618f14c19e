import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PassThrough } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pack } from "./pack.ts";
import { unpack } from "./unpack.ts";

let top: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "lumbung-pack-"));
});
afterAll(() => rm(top, { recursive: true, force: true }));

test("a small folder that is asked for long after tar has ended is whole", async () => {
  const from = join(top, "small");
  await mkdir(join(from, "in"), { recursive: true });
  await writeFile(join(from, "in", "file.txt"), "isi\n");
  const tar = pack(from);
  await until(() => (tar as PassThrough).writableEnded);
  await unpack(tar, join(top, "to"));
  expect(await readFile(join(top, "to", "in", "file.txt"), "utf8")).toBe("isi\n");
});

test("where tar fails the stream does", async () => {
  await expect(unpack(pack(join(top, "none")), join(top, "empty"))).rejects.toThrow(/No such file/);
});

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("not within 20 s");
    await wait(10);
  }
}
