import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLines } from "./lines.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lines-"));
  path = join(folder, "x.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Keeps whole lines that are not `old`. */
const tidy = (text: string) =>
  text
    .split("\n")
    .slice(0, -1)
    .filter((line) => line !== "old")
    .map((line) => `${line}\n`)
    .join("");
const content = () => readFile(path, "utf8");

describe("a file of lines", () => {
  it("begins empty, and has each line in the order in which it was asked for", async () => {
    const { lines, text } = await openLines(path, { tidy });
    expect(text).toBe("");
    await Promise.all(Array.from({ length: 20 }, (_, index) => lines.append(`${index}\n`)));
    await lines.close();
    expect(await content()).toBe(Array.from({ length: 20 }, (_, index) => `${index}\n`).join(""));
  });

  it("is tidied at its start: what was cut off is not run together with what comes next", async () => {
    await writeFile(path, "one\nold\ntwo\nthr");
    const { lines, text } = await openLines(path, { tidy });
    expect(text).toBe("one\ntwo\n");
    await lines.append("three\n");
    await lines.close();
    expect(await content()).toBe("one\ntwo\nthree\n");
  });

  it("is tidied again when it has grown, and goes on", async () => {
    const { lines } = await openLines(path, { tidy, growBytes: 12 });
    for (const line of ["one", "old", "two", "old", "old", "end"]) await lines.append(`${line}\n`);
    await lines.close();
    expect(await content()).toBe("one\ntwo\nend\n");
  });

  it("says that a line could not be written", async () => {
    const { lines } = await openLines(path, { tidy });
    await lines.close();
    await expect(lines.append("late\n")).rejects.toThrow(/closed/);
    expect(await content()).toBe("");
  });
});
