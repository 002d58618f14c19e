/**
 * Locks between processes: a file that names its holder. A holder that is gone (its process id, or that process's start time, no
 * longer matches) is taken over, so that a crash never needs a person.
 */
import { readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { outOfReach } from "./errors.ts";
import { createPrivate, isAbsence } from "./files.ts";

interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Start of the process in ticks since boot, with the boot's id: a number that is used again does not fool us. */
  readonly started: string;
}

/**
 * Runs `work` while this process alone holds the lock. Fails at once where another holds it.
 * @throws LumbungError (3) with the holder's process id.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await acquire(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<void> {
  if (await tryCreate(path)) return;
  const holder = await readHolder(path);
  if (holder !== undefined && (await isAlive(holder))) throw held(path, holder);
  await takeOver(path);
}

/** Only one at a time may remove a dead holder's file; otherwise the second would remove what the first has just made. */
async function takeOver(path: string): Promise<void> {
  const door = `${path}.takeover`;
  if (!(await tryCreate(door))) throw held(door, await readHolder(door));
  try {
    const holder = await readHolder(path);
    if (holder !== undefined && (await isAlive(holder))) throw held(path, holder);
    await rm(path, { force: true });
    if (!(await tryCreate(path))) throw held(path, await readHolder(path));
  } finally {
    await rm(door, { force: true });
  }
}

async function tryCreate(path: string): Promise<boolean> {
  const self: Holder = { host: hostname(), pid: process.pid, started: (await startOf(process.pid)) ?? "" };
  try {
    await createPrivate(path, JSON.stringify(self));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined where the lock went away meanwhile, or holds something that we never write. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch (error) {
    if (isAbsence(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Of another machine (a shared folder) we cannot know, so it counts as alive. */
async function isAlive(holder: Holder): Promise<boolean> {
  return holder.host !== hostname() || (await startOf(holder.pid)) === holder.started;
}

/** Linux: boot id and field 22 of /proc/<pid>/stat (proc(5)). Elsewhere only whether the process is there. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch (error) {
    if (process.platform === "linux") return undefined;
    if (!isAbsence(error)) throw error;
    return isRunning(pid) ? "running" : undefined;
  }
}

/** Whether a process of this machine has this id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function held(path: string, holder: Holder | undefined) {
  const who = holder ? `${holder.pid}@${holder.host}` : "?";
  return outOfReach(
    {
      id: `${path}: sedang dipegang proses lain (${who})`,
      en: `${path}: another process holds it (${who})`,
    },
    {
      id: "tunggu sampai selesai lalu ulangi; bila proses itu pasti sudah tidak ada, hapus berkas ini",
      en: "wait for it to end and try again; if that process is surely gone, remove this file",
    },
  );
}
