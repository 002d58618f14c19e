import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { codeOf } from "./errors.mjs";
import { isAlive } from "./lock.mjs";
import { verifyManifest } from "./manifest.mjs";

/**
 * The cache that all clones on this machine share.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [home]
 * @returns {string} an absolute path
 */
export function cacheFolder(env, home = homedir()) {
  if (env.LUMBUNG_CACHE) return env.LUMBUNG_CACHE;
  return join(env.XDG_CACHE_HOME || join(home, ".cache"), "lumbung");
}

/**
 * A folder to build in. It carries our process id, so that one left behind by a killed process is recognised.
 * @param {string} cache
 * @returns {Promise<string>}
 */
export async function temporaryFolder(cache) {
  const folder = join(cache, "tmp", `${process.pid}-${randomBytes(6).toString("hex")}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Removes what killed processes left half-done.
 * @param {string} cache
 * @returns {Promise<string[]>} the names removed
 */
export async function sweepTemporary(cache) {
  /** @type {string[]} */
  const removed = [];
  for (const name of await readdir(join(cache, "tmp")).catch(() => /** @type {string[]} */ ([]))) {
    const pid = Number(name.split("-")[0]);
    if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) continue;
    await rm(join(cache, "tmp", name), { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

/**
 * Moves a finished folder into place in one step. A broken one that stood there is moved aside first; a whole one (another process was
 * quicker) is kept and ours is dropped, so the lock only saves work: without it the result is the same.
 * @param {string} finished
 * @param {string} place
 * @param {string} cache
 */
export async function putInPlace(finished, place, cache) {
  await mkdir(join(place, ".."), { recursive: true });
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await rename(finished, place);
      return;
    } catch (error) {
      if (!["EEXIST", "ENOTEMPTY"].includes(codeOf(error))) throw error;
    }
    if ((await verifyManifest(place)).state === "whole") {
      await rm(finished, { recursive: true, force: true });
      return;
    }
    const aside = join(await temporaryFolder(cache), "broken");
    await rename(place, aside).catch((error) => {
      if (codeOf(error) !== "ENOENT") throw error;
    });
    await rm(join(aside, ".."), { recursive: true, force: true });
  }
  throw new Error(`${place}: expected to put a finished tool in place, another process kept changing it`);
}

/**
 * Builds a tool in a temporary folder and puts it in place when, and only when, `make` has succeeded.
 * @param {string} cache
 * @param {string} place where the tool will stand
 * @param {(folder: string) => Promise<void>} make fills the folder and writes its manifest last
 */
export async function makeTool(cache, place, make) {
  const scratch = await temporaryFolder(cache);
  const folder = join(scratch, "tool");
  try {
    await mkdir(folder);
    await make(folder);
    const result = await verifyManifest(folder);
    if (result.state !== "whole")
      throw new Error(`${folder}: expected a tool with its manifest, got one that is ${result.state}`);
    await putInPlace(folder, place, cache);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
