import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheFolder, makeTool, sweepTemporary, temporaryFolder } from "./cache.mjs";
import { verifyManifest, writeManifest } from "./manifest.mjs";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "lumbung-cache-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const about = { name: "tool", version: "1.0.0", route: "go", origin: "test" };
const place = () => join(cache, "tools", "tool-1");

async function make(folder: string, content = "content"): Promise<void> {
  await writeFile(join(folder, "tool"), content);
  await writeManifest(folder, about);
}

describe("cacheFolder", () => {
  it.each([
    [{ LUMBUNG_CACHE: "/a" }, "/a"],
    [{ XDG_CACHE_HOME: "/b" }, "/b/lumbung"],
    [{ LUMBUNG_CACHE: "", XDG_CACHE_HOME: "" }, "/home/x/.cache/lumbung"],
  ])("%j", (env, expected) => expect(cacheFolder(env, "/home/x")).toBe(expected));
});

describe("makeTool", () => {
  it("puts a finished tool in place and leaves no scratch", async () => {
    await makeTool(cache, place(), (folder) => make(folder));
    expect((await verifyManifest(place())).state).toBe("whole");
    expect(await readdir(join(cache, "tmp"))).toEqual([]);
  });

  it("leaves nothing when the making fails in the middle", async () => {
    const failing = makeTool(cache, place(), async (folder) => {
      await writeFile(join(folder, "tool"), "half");
      throw new Error("network gone");
    });
    await expect(failing).rejects.toThrow("network gone");
    expect((await verifyManifest(place())).state).toBe("absent");
    expect(await readdir(join(cache, "tmp"))).toEqual([]);
  });

  it("does not put in place what has no manifest", async () => {
    await expect(makeTool(cache, place(), (folder) => writeFile(join(folder, "tool"), "x"))).rejects.toThrow("broken");
    expect((await verifyManifest(place())).state).toBe("absent");
  });

  it("replaces a truncated tool", async () => {
    await makeTool(cache, place(), (folder) => make(folder));
    await truncate(join(place(), "tool"), 3);
    expect((await verifyManifest(place())).state).toBe("broken");
    await makeTool(cache, place(), (folder) => make(folder));
    expect((await verifyManifest(place())).state).toBe("whole");
  });

  it("replaces a folder that an earlier version left without a manifest", async () => {
    await mkdir(place(), { recursive: true });
    await writeFile(join(place(), "tool"), "half");
    await makeTool(cache, place(), (folder) => make(folder));
    expect(await readFile(join(place(), "tool"), "utf8")).toBe("content");
  });

  it("comes to one whole tool when several are made at once", async () => {
    await Promise.all([1, 2, 3, 4].map((n) => makeTool(cache, place(), (folder) => make(folder, `by ${n}`))));
    expect((await verifyManifest(place())).state).toBe("whole");
    expect(await readdir(join(cache, "tmp"))).toEqual([]);
  });
});

describe("sweepTemporary", () => {
  it("removes what a dead process left and keeps what a living one makes", async () => {
    const ours = await temporaryFolder(cache);
    const child = spawn("true");
    await once(child, "exit");
    await mkdir(join(cache, "tmp", `${child.pid}-abc`));
    expect(await sweepTemporary(cache)).toEqual([`${child.pid}-abc`]);
    expect(await readdir(join(cache, "tmp"))).toEqual([ours.split("/").at(-1)]);
  });

  it("a builder killed outright in the middle leaves nothing that is believed, and its scratch is swept", async () => {
    const program = `
      import { makeTool } from ${JSON.stringify(new URL("./cache.mjs", import.meta.url).href)};
      import { writeFile } from "node:fs/promises";
      await makeTool(${JSON.stringify(cache)}, ${JSON.stringify(place())}, async (folder) => {
        await writeFile(folder + "/tool", "half");
        console.log("half");
        await new Promise(() => setInterval(() => {}, 1000));
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await verifyManifest(place())).state).toBe("absent");
    expect(await readdir(join(cache, "tmp"))).toHaveLength(1);
    expect(await sweepTemporary(cache)).toHaveLength(1);
    expect(await readdir(join(cache, "tmp"))).toEqual([]);
  });
});
