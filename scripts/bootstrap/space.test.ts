import { describe, expect, it } from "vitest";
import { message } from "./messages.mjs";
import { availableMemory, FIRST_RUN, freeDisk, judgeSpace } from "./space.mjs";

const GIB = 1024 ** 3;
const text = (...[key, ...values]: [Parameters<typeof message>[1], ...(string | number)[]]) =>
  message("en", key, ...values);

describe("judgeSpace", () => {
  it("says nothing when there is enough", () => {
    expect(
      judgeSpace({ disks: [{ what: "cache", folder: "/c", free: 6 * GIB }], memory: 3 * GIB }, FIRST_RUN, text),
    ).toEqual([]);
  });
  it("says everything that is short, with both figures", () => {
    const disks = [
      { what: "cache", folder: "/c", free: 1.5 * GIB },
      { what: "docker", folder: "/d", free: 7 * GIB },
    ];
    expect(judgeSpace({ disks, memory: GIB }, FIRST_RUN, text)).toEqual([
      "Too little free space in /c (cache): 1.5 GiB there, 6.0 GiB needed.",
      "Too little free memory: 1.0 GiB there, 3.0 GiB needed.",
    ]);
  });
});

describe("availableMemory", () => {
  const meminfo = "MemTotal: 9 kB\nMemAvailable:    4194304 kB\n";
  it.each([
    ["no group", { limit: "", used: "" }, 4 * GIB],
    ["a group without limit", { limit: "max", used: "5" }, 4 * GIB],
    ["a group with the old kernel's no limit", { limit: "9223372036854771712", used: "5" }, 4 * GIB],
    ["a smaller group", { limit: String(3 * GIB), used: `${GIB}\n` }, 2 * GIB],
    ["a group that is full", { limit: String(GIB), used: String(2 * GIB) }, 0],
  ])("%s", (_, group, expected) => expect(availableMemory(meminfo, group, 0)).toBe(expected));
  it("takes the system's word where the kernel has no such file", () => {
    expect(availableMemory("", { limit: "", used: "" }, 7)).toBe(7);
  });
});

it("asks the filesystem of a folder that is not there yet", async () => {
  expect(await freeDisk("/tmp/not/there/yet")).toBeGreaterThan(0);
});
