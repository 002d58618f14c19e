import { readFile, stat, statfs } from "node:fs/promises";
import { freemem } from "node:os";
import { dirname } from "node:path";
import { codeOf, EXIT, Stop } from "./errors.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {{ disk: number, memory: number }} Need bytes */

const GIB = 1024 ** 3;
/** A first run builds the tools and the images and starts two sites. */
export const FIRST_RUN = Object.freeze({ disk: 6 * GIB, memory: 3 * GIB });
/** With the sites running already, what is left must do for a change. */
export const LATER_RUN = Object.freeze({ disk: 1 * GIB, memory: 0.25 * GIB });

/**
 * @param {number} bytes
 * @returns {string} in GiB with one decimal
 */
export function gibibytes(bytes) {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/**
 * Memory that a new process can have, in bytes: what the kernel says is available, or what the control group leaves if that is less.
 * @param {string} meminfo content of /proc/meminfo, "" where there is none
 * @param {{ limit: string, used: string }} group
 * @param {number} otherwise
 * @returns {number}
 */
export function availableMemory(meminfo, group, otherwise) {
  const line = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1];
  const machine = line ? Number(line) * 1024 : otherwise;
  const limit = Number(group.limit.trim());
  const used = Number(group.used.trim());
  // A group without a limit says "max" or a number beyond any machine.
  return group.limit.trim() && Number.isFinite(limit) && limit < 2 ** 53
    ? Math.min(machine, Math.max(0, limit - used))
    : machine;
}

/** @returns {Promise<number>} */
export async function freeMemory() {
  /** @param {string} path */
  const read = (path) => readFile(path, "utf8").catch(() => "");
  const [limit2, used2, limit1, used1] = await Promise.all([
    read("/sys/fs/cgroup/memory.max"),
    read("/sys/fs/cgroup/memory.current"),
    read("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
    read("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
  ]);
  return availableMemory(await read("/proc/meminfo"), { limit: limit2 || limit1, used: used2 || used1 }, freemem());
}

/**
 * Free bytes where a folder is or will be.
 * @param {string} folder
 * @returns {Promise<number>}
 */
export async function freeDisk(folder) {
  for (let at = folder; ; at = dirname(at)) {
    try {
      await stat(at);
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (error) {
      if (!["ENOENT", "EACCES"].includes(codeOf(error)) || dirname(at) === at) throw error;
    }
  }
}

/**
 * Every place with too little room, as messages. Nothing when there is enough.
 * @param {{ disks: readonly { what: string, folder: string, free: number }[], memory: number }} found
 * @param {Need} need
 * @param {Context["text"]} text
 * @returns {string[]}
 */
export function judgeSpace(found, need, text) {
  const short = found.disks.filter((disk) => disk.free < need.disk);
  const lines = short.map((disk) =>
    text("diskShort", disk.folder, disk.what, gibibytes(disk.free), gibibytes(need.disk)),
  );
  if (found.memory < need.memory) lines.push(text("memoryShort", gibibytes(found.memory), gibibytes(need.memory)));
  return lines;
}

/**
 * Stops when there is too little room to go on.
 * @param {Context} context
 * @param {readonly { what: string, folder: string }[]} folders
 * @param {Need} need
 */
export async function demandSpace(context, folders, need) {
  const disks = await Promise.all(folders.map(async (place) => ({ ...place, free: await freeDisk(place.folder) })));
  const lines = judgeSpace({ disks, memory: await freeMemory() }, need, context.text);
  if (lines.length) throw new Stop(EXIT.unreachable, lines.join("\n"), { hint: context.text("spaceHint") });
}
