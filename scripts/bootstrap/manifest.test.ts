import { chmod, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MANIFEST, verifyManifest, writeManifest } from "./manifest.mjs";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-manifest-"));
  await mkdir(join(folder, "sub"));
  await writeFile(join(folder, "tool"), "x".repeat(5000), { mode: 0o755 });
  await writeFile(join(folder, "sub", "data"), "data");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const about = { name: "tool", version: "1.0.0", route: "go", origin: "test" };

async function faults(): Promise<string> {
  const found = await verifyManifest(folder);
  return found.state === "broken" ? found.faults.join("\n") : found.state;
}

describe("verifyManifest", () => {
  it("believes what is as recorded", async () => {
    await writeManifest(folder, about);
    expect(await verifyManifest(folder)).toMatchObject({ state: "whole", manifest: { version: "1.0.0", route: "go" } });
  });

  it("says absent where there is nothing", async () => {
    expect(await verifyManifest(join(folder, "other"))).toEqual({ state: "absent" });
  });

  it("does not believe a folder without a manifest", async () => {
    expect(await faults()).toContain("expected a manifest, got none");
  });

  it("sees a truncated file", async () => {
    await writeManifest(folder, about);
    await truncate(join(folder, "tool"), 4000);
    expect(await faults()).toContain("expected 5000 bytes, got 4000");
  });

  it("sees a changed byte at the same size", async () => {
    await writeManifest(folder, about);
    await writeFile(join(folder, "tool"), `${"x".repeat(4999)}y`);
    expect(await faults()).toContain("expected sha256");
  });

  it("sees a file that has gone, and one that cannot be run any more", async () => {
    await writeManifest(folder, about);
    await rm(join(folder, "sub"), { recursive: true });
    await chmod(join(folder, "tool"), 0o644);
    expect(await faults()).toMatch(
      /sub\/data: expected a file, got none\n.*|.*\n.*sub\/data: expected a file, got none/,
    );
    expect(await faults()).toContain("expected an executable file");
  });

  it("sees a truncated manifest at every length", async () => {
    await writeManifest(folder, about);
    const text = await readFile(join(folder, MANIFEST), "utf8");
    for (let length = 0; length < text.trimEnd().length; length += 7) {
      await writeFile(join(folder, MANIFEST), text.slice(0, length));
      expect((await verifyManifest(folder)).state).toBe("broken");
    }
  });

  it("refuses to record a link", async () => {
    await symlink("tool", join(folder, "link"));
    await expect(writeManifest(folder, about)).rejects.toThrow("got a link");
  });

  it("records only what is below, when asked", async () => {
    await writeManifest(folder, about, "sub");
    await writeFile(join(folder, "tool"), "changed");
    expect((await verifyManifest(folder)).state).toBe("whole");
  });
});
