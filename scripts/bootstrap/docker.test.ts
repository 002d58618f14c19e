import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dropUnless } from "./docker.mjs";

let folder: string;
let file: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-pid-"));
  file = join(folder, "docker.pid");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

function sleeping(words: [string, ...string[]]): ChildProcess {
  const [program, ...rest] = words;
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return child;
}

async function dropped(pid: number, program: string): Promise<boolean> {
  await writeFile(file, `${pid}\n`);
  await dropUnless(file, program);
  return !existsSync(file);
}

test("the pid file of a program that runs is left alone", async () => {
  const child = sleeping(["sleep", "30"]);
  await once(child, "spawn");
  expect(await dropped(child.pid ?? 0, "sleep")).toBe(false);
});

test("one whose number another program has by now is removed", async () => {
  const child = sleeping(["sleep", "30"]);
  await once(child, "spawn");
  expect(await dropped(child.pid ?? 0, "dockerd")).toBe(true);
});

test("so is one of a process that ended and was not asked for yet: a zombie has its number and its name", async () => {
  // The shell becomes a program that never asks how its child ended.
  const child = sleeping(["sh", "-c", "sleep 0 & echo $!; exec sleep 30"]);
  if (!child.stdout) throw new Error("no output");
  const [said] = await once(child.stdout, "data");
  const pid = Number(String(said));
  await expect.poll(() => dropped(pid, "sleep"), { timeout: 5_000 }).toBe(true);
});

test("no pid file: nothing to remove", async () => {
  await dropUnless(file, "dockerd");
  expect(existsSync(file)).toBe(false);
});
