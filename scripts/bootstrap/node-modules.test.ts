import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { differingPackages, ensureModules } from "./node-modules.mjs";
import { makeWorld, put, putScript } from "./testing/world.ts";

const lock = (packages: Record<string, object>) => ({ packages: { "": {}, ...packages } });

describe("differingPackages", () => {
  const wanted = lock({
    "node_modules/a": { version: "1.0.0", integrity: "x" },
    "node_modules/other-platform": { version: "1.0.0", optional: true },
  });
  it("none when all is as the lock file says", () => {
    expect(differingPackages(wanted, lock({ "node_modules/a": { version: "1.0.0", integrity: "x" } }))).toEqual([]);
  });
  it("everything when an installation was never finished", () => {
    expect(differingPackages(wanted, undefined)).toEqual(["node_modules"]);
  });
  it.each([
    ["another version", { "node_modules/a": { version: "1.0.1", integrity: "x" } }],
    ["other content", { "node_modules/a": { version: "1.0.0", integrity: "y" } }],
    ["missing", {}],
  ])("%s", (_, packages) => expect(differingPackages(wanted, lock(packages))).toEqual(["a"]));
  it("one that should not be there", () => {
    const packages = { "node_modules/a": { version: "1.0.0", integrity: "x" }, "node_modules/b": { version: "1.0.0" } };
    expect(differingPackages(wanted, lock(packages))).toEqual(["b"]);
  });
});

describe("ensureModules", () => {
  it.each([
    ["npm error code ENOTFOUND", 3],
    ["npm error code EINTEGRITY", 1],
  ])("stops with the right code when npm says %s", async (output, exitCode) => {
    const world = await makeWorld();
    try {
      await put(
        join(world.root, "package-lock.json"),
        JSON.stringify(lock({ "node_modules/a": { version: "1.0.0" } })),
      );
      await putScript(join(world.bin, "npm"), `echo "${output}" >&2; exit 1`);
      await expect(ensureModules(await world.context())).rejects.toMatchObject({
        exitCode,
        log: expect.stringContaining("npm-ci.log"),
      });
    } finally {
      await world.remove();
    }
  });
});
