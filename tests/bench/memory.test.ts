import { expect, test } from "vitest";
import { memoryFigure, residentBytes } from "./memory.ts";

test.each([
  ["cgroup v1", { usage: 100, stats: { inactive_file: 5, total_inactive_file: 30 } }, 70],
  ["cgroup v2", { usage: 100, stats: { inactive_file: 30 } }, 70],
])("resident is what is used less the inactive file cache (%s)", (_, memory_stats, bytes) => {
  expect(residentBytes("dc/web", { memory_stats })).toBe(bytes);
});

test("a container without an account is an error, not zero bytes", () => {
  expect(() => residentBytes("dc/web", { memory_stats: {} })).toThrow("memory of dc/web");
});

test("the sum counts, by workload", () => {
  const figure = memoryFigure({ "dc/web": 2 ** 30, "drc/web": 2 ** 29 });
  expect(figure).toMatchObject({ value: 1.5 * 2 ** 30, floor: 3 * 2 ** 30, ratio: 0.5, ok: true });
  expect(memoryFigure({ "dc/web": 3 * 2 ** 30 + 1 }).ok).toBe(false);
});

test("a lab that does not run is no small lab", () => {
  expect(() => memoryFigure({})).toThrow("the lab does not run");
});
