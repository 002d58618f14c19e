/** Bad input and bad luck: each has a clear message and the right exit code, and nothing is lost. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { partHome } from "../../io/home.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { run } from "../../io/shell.ts";
import { eventually } from "./support/eventually.ts";
import { testInFull } from "./support/full.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { engine, REGION } from "./support/region.ts";
import { changesOf } from "./support/shell.ts";

test("the engine does not run: exit code 3, and the message says so", async () => {
  const { code, stderr } = await lumbung(["up", "--region", REGION], { DOCKER_HOST: "unix:///nowhere/docker.sock" });
  expect(code).toBe(3);
  expect(stderr).toContain("/nowhere/docker.sock");
});

test("a wrong passphrase: exit code 2, and the file is named", async () => {
  const passphrase = join(partHome(REGION, "drc"), "passphrase");
  await copyFile(passphrase, `${passphrase}.kept`);
  try {
    await writeFile(passphrase, "lumbung-not-this-one\n");
    const { code, stderr } = await lumbung(["up", "--region", REGION]);
    expect(code).toBe(2);
    expect(stderr).toContain("passphrase");
  } finally {
    await copyFile(`${passphrase}.kept`, passphrase);
    await rm(`${passphrase}.kept`);
  }
});

testInFull("a home that was made from a clone that is not there any more works from this one", async () => {
  const project = join(partHome(REGION, "dc"), "work", "Pulumi.yaml");
  const before = await readFile(project, "utf8");
  await writeFile(project, before.replace(/^main: .*$/m, "main: /nowhere/clone"));
  expect(await readFile(project, "utf8")).not.toBe(before);
  await lumbungWell(["up", "--region", REGION]);
  expect(await readFile(project, "utf8")).toBe(before);
});

testInFull("a port that is taken is named before anything starts: exit code 3", async () => {
  await run(["docker", "rm", "--force", "lab-drc-gateway"]);
  const squatter = createServer().listen(443, "127.0.20.1");
  await once(squatter, "listening");
  try {
    const { code, stderr } = await lumbung(["up", "--region", REGION]);
    expect(code).toBe(3);
    expect(stderr).toContain("127.0.20.1:443/tcp");
  } finally {
    squatter.close();
    await once(squatter, "close");
  }
  await lumbungWell(["up", "--region", REGION]);
});

test("down asks for the region's name: exit code 4, and nothing is removed", async () => {
  const { code, stderr } = await lumbung(["down", "--region", REGION]);
  expect(code).toBe(4);
  expect(stderr).toContain("--confirm lab");
  expect((await lumbung(["status", "--region", REGION])).code).toBe(0);
});

test("two ups at once: one does the work, the other says who holds the region, exit code 3", async () => {
  const both = await Promise.all([lumbung(["up", "--region", REGION]), lumbung(["up", "--region", REGION])]);
  expect(both.map(({ code }) => code).sort()).toEqual([0, 3]);
  expect(both.find(({ code }) => code === 3)?.stderr).toContain("up.lock");
});

describe("an up cut short", () => {
  testInFull.each(["SIGINT", "SIGKILL"] as const)("by %s: the next up completes", async (signal) => {
    await run(["docker", "rm", "--force", "lab-dc-web", "lab-dc-app-pengaduan", "lab-dc-gateway"]);
    const child = spawn(process.execPath, [join(REPOSITORY, "cli", "lumbung.mjs"), "up", "--region", REGION], {
      stdio: ["ignore", "ignore", "ignore"],
      detached: true,
    });
    const ended = once(child, "exit");
    await eventually("the first container of the broken up", 90, async () => {
      return (await engine.inspectContainer("lab-dc-gateway")) ? true : undefined;
    });
    process.kill(signal === "SIGKILL" ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
    await ended;
    await lumbungWell(["up", "--region", REGION]);
    expect(await changesOf("dc")).toEqual({});
  });
});

describe("secrets", () => {
  const outside = mkdtemp(join(tmpdir(), "lumbung-home-"));
  afterAll(async () => rm(await outside, { recursive: true, force: true }));

  test("a site without secrets says how to get them", async () => {
    const { code, stderr } = await lumbung(["up", "--region", REGION, "--site", "drc"], {
      LUMBUNG_HOME: await outside,
    });
    expect(code).toBe(2);
    expect(stderr).toContain("has no secrets");
  });
});
