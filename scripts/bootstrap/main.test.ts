import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./command.mjs";
import { demandNode } from "./ensure.mjs";
import { makeWorld, putScript, type World } from "./testing/world.ts";

const MAIN = fileURLToPath(new URL("./main.mjs", import.meta.url));
let world: World;
beforeEach(async () => {
  world = await makeWorld();
  // Whatever this machine has on its PATH, here a Pulumi that does not fit comes first.
  await putScript(join(world.bin, "pulumi"), "echo v0.0.1");
});
afterEach(() => world.remove());

const main = (words: string[], env: NodeJS.ProcessEnv = {}) =>
  run([process.execPath, MAIN, ...words], {
    env: { PATH: `${world.bin}:${process.env.PATH}`, HOME: world.folder, LUMBUNG_CACHE: world.cache, ...env },
  });

describe("main", () => {
  it.each([[[]], [["constructor"]], [["strat"]], [["doctor", "--jsn"]], [["ensure", "x"]]])(
    "%j is wrong use, and shows the right",
    async (words) => {
      expect(await main(words, { LUMBUNG_LANG: "en" })).toMatchObject({
        code: 2,
        output: expect.stringContaining("Use:"),
      });
    },
  );

  it("speaks Indonesian by default", async () => {
    expect((await main(["strat"])).output).toContain("Perintah tidak dikenal: strat");
  });

  it("does not install or start anything for an engine that was named and is silent", async () => {
    const { code, output } = await main(["ensure"], { DOCKER_HOST: "tcp://127.0.0.1:1", LUMBUNG_LANG: "en" });
    expect(code).toBe(3);
    expect(output).toContain("tcp://127.0.0.1:1, by DOCKER_HOST) does not answer");
    expect(await readdir(world.cache)).not.toContain("tools");
  });

  it("ends a failed test run with the line that is read", async () => {
    const { code, output } = await main(["test"], { DOCKER_HOST: "tcp://127.0.0.1:1" });
    expect(code).toBe(3);
    expect(output.trimEnd().split("\n")).toContain("0 passed, 1 failed");
  });

  it("doctor reports without installing, and exits 1 when something is missing", async () => {
    const { code, output } = await main(["doctor", "--json"], { DOCKER_HOST: "tcp://127.0.0.1:1" });
    expect(code).toBe(1);
    const { items } = JSON.parse(output) as { items: { name: string; ok: boolean }[] };
    expect(items.find(({ name }) => name === "docker")?.ok).toBe(false);
    expect(items.find(({ name }) => name === "pulumi")?.ok).toBe(false);
    expect(await readdir(world.cache).catch(() => [])).toEqual([]);
  });

  it("a signal while it waits for another bootstrap ends it, and leaves the other's lock alone", async () => {
    const { takeLock } = await import("./lock.mjs");
    const release = await takeLock(join(world.cache, "lock"));
    const env = {
      PATH: `${world.bin}:${process.env.PATH}`,
      HOME: world.folder,
      LUMBUNG_CACHE: world.cache,
      DOCKER_HOST: "tcp://127.0.0.1:1",
      LUMBUNG_LANG: "en",
    };
    const child = spawn(process.execPath, [MAIN, "ensure"], { env, stdio: ["ignore", "ignore", "pipe"] });
    let output = "";
    child.stderr.on("data", (piece: Buffer) => {
      output += piece;
      if (output.includes("Waiting for another")) child.kill("SIGINT");
    });
    const [code] = await once(child, "exit");
    expect(code).toBe(130);
    expect(output).toContain("nothing is left half-done");
    expect(await readdir(world.cache)).toContain("lock");
    release();
  });
});

it("demands a Node that is new enough", async () => {
  const context = await world.context({ LUMBUNG_LANG: "en" });
  expect(() => demandNode(context, "18.20.0")).toThrow("Node.js 18.20.0 is too old; 20.19.0 or later is needed.");
  expect(() => demandNode(context, "22.1.0")).not.toThrow();
});
