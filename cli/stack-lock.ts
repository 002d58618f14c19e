/**
 * Pulumi's own lock on a stack in a file backend. One left by a process that was killed is lifted; one that is held by a living
 * process (somebody typed `pulumi up`) is respected.
 */
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { outOfReach } from "../io/errors.ts";
import { isAbsence } from "../io/files.ts";
import { partHome } from "../io/home.ts";
import { isRunning } from "../io/locks.ts";

interface PulumiLock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/** @throws LumbungError (3) where a living process holds the stack. */
export async function liftStaleLock(region: string, part: string, project: string, stack: Stack): Promise<void> {
  const locks = await locksOf(
    join(partHome(region, part), "state", ".pulumi", "locks", "organization", project, stack.name),
  );
  const living = locks.find((lock) => lock.hostname !== hostname() || isRunning(lock.pid));
  if (living) throw busy(stack.name, living);
  if (locks.length > 0) await stack.cancel();
}

async function locksOf(folder: string): Promise<PulumiLock[]> {
  try {
    // Beside each lock lies a file of attributes.
    const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
    return await Promise.all(
      names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as PulumiLock),
    );
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

function busy(stack: string, { username, pid, hostname: host, timestamp }: PulumiLock) {
  return outOfReach(
    {
      id: `tumpukan ${stack} sedang dikerjakan ${username} (proses ${pid} di ${host}, sejak ${timestamp})`,
      en: `stack ${stack} is being worked on by ${username} (process ${pid} on ${host}, since ${timestamp})`,
    },
    { id: "tunggu sampai selesai, lalu ulangi", en: "wait for it to end, then try again" },
  );
}
