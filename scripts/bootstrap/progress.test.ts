import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { seconds, withProgress } from "./progress.mjs";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function show(isTTY: boolean, ms: number): Promise<string> {
  const written: string[] = [];
  const screen = { isTTY, write: (text: string) => written.push(text) };
  const work = withProgress(screen, "work", () => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  await vi.advanceTimersByTimeAsync(ms + 1);
  await work;
  return written.join("");
}

describe("withProgress", () => {
  it("is silent for quick work", async () => expect(await show(false, 1500)).toBe(""));
  it("writes a plain line now and then without a terminal", async () => {
    expect(await show(false, 40_000)).toBe("work … 2 s\nwork … 17 s\nwork … 32 s\nwork: 40 s ✓\n");
  });
  it("keeps one line on a terminal", async () => {
    const text = await show(true, 3000);
    expect(text).toContain("\r\u001b[2Kwork … 2 s");
    expect(text.endsWith("work: 3 s ✓\n")).toBe(true);
    expect(text.split("\n")).toHaveLength(2);
  });
  it("passes a failure on", async () => {
    const failing = withProgress({ write: () => {} }, "work", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
  });
});

it.each([
  [7400, "7 s"],
  [65_000, "1 m 05 s"],
])("seconds(%d)", (ms, expected) => expect(seconds(ms)).toBe(expected));
