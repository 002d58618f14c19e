import { describe, expect, it } from "vitest";
import { lastLines, prefixed, run, which } from "./command.mjs";

describe("run", () => {
  it("returns what a command said and how it ended", async () => {
    expect(await run(["sh", "-c", "echo out; echo err >&2; exit 7"])).toMatchObject({
      code: 7,
      output: expect.stringMatching(/out\nerr|err\nout/),
    });
  });
  it("says that a program is missing", async () => {
    expect(await run(["no-such-program-of-ours"])).toMatchObject({ code: 127, missing: true });
  });
  it("ends a command and its children at the deadline", async () => {
    const began = Date.now();
    const { timedOut, code } = await run(["sh", "-c", "sleep 30 & wait"], { deadlineMs: 200 });
    expect(timedOut).toBe(true);
    expect(code).not.toBe(0);
    expect(Date.now() - began).toBeLessThan(5000);
  });
});

it("which finds what can be run, on the PATH given", async () => {
  expect(await which("sh", { PATH: "/nowhere:relative:/bin" })).toBe("/bin/sh");
  expect(await which("sh", { PATH: "" })).toBeUndefined();
});
it("lastLines", () => expect(lastLines("a\nb\nc\n", 2)).toBe("b\nc"));
it("prefixed", () => {
  expect(prefixed([], ["a", "b"])).toEqual(["a", "b"]);
  expect(prefixed(["sudo", "-n"], ["a"])).toEqual(["sudo", "-n", "a"]);
});
