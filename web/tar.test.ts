import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixtureModel } from "./fixture.ts";
import { renderSites } from "./sites.ts";
import { sitesTar } from "./tar.ts";

/** The archive as GNU tar reads it: names, sizes and link targets. */
function listed(archive: Uint8Array, ...options: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("tar", [...options, "-f", "-"], { input: archive, maxBuffer: 1 << 28 });
  expect(stderr.toString()).toBe("");
  expect(status).toBe(0);
  return stdout.toString();
}

describe("sitesTar", () => {
  const pages = renderSites(fixtureModel());
  const archive = sitesTar(pages);

  it("is read by GNU tar, sorted, without owner or time", () => {
    expect(listed(archive, "-t").trim().split("\n")).toEqual([...pages.keys()].sort());
    for (const line of listed(archive, "-tv", "--numeric-owner", "--utc").trim().split("\n"))
      expect(line).toMatch(/^[h-]rw-r--r-- 0\/0 +\d+ 1970-01-01 00:00 /);
  });

  it("gives back every page", () => {
    for (const key of ["lumbungkab.go.id/layanan/index.html", "dinkes.lumbungkab.go.id/en/index.html"])
      expect(listed(archive, "-x", "-O", key)).toBe(pages.get(key));
  });

  it("stores equal contents once", () => {
    expect(listed(archive, "-tv")).toContain(
      "kominfo.lumbungkab.go.id/style.css link to dinkes.lumbungkab.go.id/style.css",
    );
  });

  it("does not depend on the order of the pages", () => {
    expect(Buffer.compare(sitesTar(new Map([...pages].reverse())), archive)).toBe(0);
  });

  it("keeps bytes and long paths", () => {
    const path = `${"a".repeat(140)}/${"b".repeat(90)}`;
    const made = sitesTar(new Map([[path, new Uint8Array([0, 255, 10])]]));
    expect(listed(made, "-t").trim()).toBe(path);
    expect(made.slice(512, 515)).toEqual(new Uint8Array([0, 255, 10]));
  });

  it.each(["../x", "/x", "a//b", "a/./b", "a/", `${"a".repeat(101)}`])("refuses the path %s", (path) => {
    expect(() => sitesTar(new Map([[path, ""]]))).toThrow(/pages\["/);
  });

  it("has a length of whole blocks and ends with two empty ones", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string(), { maxKeys: 5 }), (made) => {
        const bytes = sitesTar(new Map(Object.entries(made)));
        return bytes.length % 512 === 0 && bytes.slice(-1024).every((byte) => byte === 0);
      }),
    );
  });
});
