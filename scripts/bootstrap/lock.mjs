import { randomBytes } from "node:crypto";
import { readFileSync, unlinkSync, watch } from "node:fs";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { codeOf } from "./errors.mjs";

/**
 * @typedef {{ pid: number, host: string, born: string, nonce: string }} Holder `born` tells a process from a later one of the same id
 */

/** A lock file that cannot be read as a holder is believed to be in the making for this long. */
const UNREADABLE_GRACE_MS = 10_000;

/**
 * @param {number} pid
 * @returns {boolean} whether a process of that id runs on this machine
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * When a process began, in the kernel's own ticks; "" where the kernel does not say (no /proc).
 * @param {number} pid
 * @returns {string}
 */
export function birthOf(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/**
 * Whether a lock's holder is surely gone. A holder on another machine (a shared home) is never judged.
 * @param {Holder} holder
 * @param {{ host: string, alive: (pid: number) => boolean, birth: (pid: number) => string }} machine
 * @returns {boolean}
 */
export function isStale(holder, machine) {
  if (holder.host !== machine.host) return false;
  if (!machine.alive(holder.pid)) return true;
  const born = machine.birth(holder.pid);
  return born !== "" && holder.born !== "" && born !== holder.born;
}

const HERE = { host: hostname(), alive: isAlive, birth: birthOf };

/**
 * @param {string} path
 * @returns {Promise<{ text: string, holder: Holder | undefined, ageMs: number } | undefined>}
 */
async function readLock(path) {
  try {
    const [text, about] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    return { text, holder: parseHolder(text), ageMs: Date.now() - about.mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {string} text */
function parseHolder(text) {
  try {
    const value = /** @type {Holder} */ (JSON.parse(text));
    return typeof value?.pid === "number" && typeof value.host === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes away a lock whose holder is dead. It is renamed first and looked at again: if it turns out to be somebody's fresh one it is put back.
 * @param {string} path
 * @param {string} expected its text when it was judged
 */
async function removeStale(path, expected) {
  const aside = `${path}.stale-${randomBytes(6).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== expected) {
    await link(aside, path).catch((error) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  }
  await rm(aside, { force: true });
}

/**
 * Waits until the lock file is no longer as it was read, or a second went by (a holder's death makes no event). The watch begins before the
 * file is looked at again, so that nothing is missed in between.
 * @param {string} path
 * @param {string} text
 * @returns {Promise<void>}
 */
function changed(path, text) {
  return new Promise((resolve, reject) => {
    const watcher = watch(dirname(path), (_, name) => {
      if (name === null || name === basename(path)) done();
    });
    const timer = setTimeout(done, 1000);
    function done() {
      clearTimeout(timer);
      watcher.close();
      resolve();
    }
    watcher.on("error", done);
    readLock(path).then((found) => {
      if (found?.text !== text) done();
    }, reject);
  });
}

/**
 * Takes the lock, waiting for a living holder and taking over from a dead one.
 * @param {string} path
 * @param {(holder: Holder) => void} [onWait] told once for each holder that is waited for
 * @returns {Promise<() => void>} gives the lock back; safe to call twice, and from an exit handler
 */
export async function takeLock(path, onWait = () => {}) {
  await mkdir(dirname(path), { recursive: true });
  /** @type {Holder} */
  const me = { pid: process.pid, host: hostname(), born: birthOf(process.pid), nonce: randomBytes(8).toString("hex") };
  const text = JSON.stringify(me);
  const mine = join(dirname(path), `${basename(path)}.${me.nonce}`);
  await writeFile(mine, text);
  let told = "";
  try {
    for (;;) {
      try {
        await link(mine, path);
        return () => release(path, text);
      } catch (error) {
        if (codeOf(error) !== "EEXIST") throw error;
      }
      const found = await readLock(path);
      if (!found) continue;
      const stale = found.holder ? isStale(found.holder, HERE) : found.ageMs > UNREADABLE_GRACE_MS;
      if (stale) {
        await removeStale(path, found.text);
        continue;
      }
      if (found.holder && told !== found.text) onWait(found.holder);
      told = found.text;
      await changed(path, found.text);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
function release(path, text) {
  try {
    if (readFileSync(path, "utf8") === text) unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
