import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOf } from "./errors.mjs";

/**
 * @typedef {{ path: string, size: number, executable: boolean, sha256: string }} ManifestFile
 * @typedef {{ schema: 1, name: string, version: string, route: string, origin: string, files: ManifestFile[] }} Manifest
 */

/** Name of the manifest inside a tool's folder. */
export const MANIFEST = "manifest.json";

/**
 * @param {string} path
 * @returns {Promise<string>} the SHA-256 of the file's content in hexadecimal
 */
export async function digestOfFile(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * Every regular file below a folder, sorted, with `/` between the parts. A link is an error: a tool must be whole by itself.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function filesBelow(folder) {
  /** @type {string[]} */
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      for (const below of await filesBelow(join(folder, entry.name))) found.push(`${entry.name}/${below}`);
    } else if (entry.isFile()) found.push(entry.name);
    else throw new Error(`${join(folder, entry.name)}: expected a file or a folder, got a link or a device`);
  }
  return found.sort();
}

/**
 * Records what a finished tool consists of. Nothing is believed without this file, and it is written last.
 * @param {string} folder
 * @param {{ name: string, version: string, route: string, origin: string }} about `origin` says in words where the tool came from
 * @param {string} [below] only files below this folder are recorded (others may change)
 * @returns {Promise<Manifest>}
 */
export async function writeManifest(folder, about, below = "") {
  /** @type {ManifestFile[]} */
  const files = [];
  for (const name of await filesBelow(join(folder, below))) {
    const path = below ? `${below}/${name}` : name;
    if (path === MANIFEST) continue;
    const stat = await lstat(join(folder, path));
    const executable = (stat.mode & 0o111) !== 0;
    files.push({ path, size: stat.size, executable, sha256: await digestOfFile(join(folder, path)) });
  }
  /** @type {Manifest} */
  const manifest = { schema: 1, ...about, files };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/**
 * What is wrong with one recorded file: `undefined` when it is as recorded.
 * @param {string} folder
 * @param {ManifestFile} file
 * @returns {Promise<string | undefined>}
 */
async function faultOf(folder, file) {
  const path = join(folder, file.path);
  const stat = await lstat(path).catch((error) => {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  });
  if (!stat) return `${path}: expected a file, got none`;
  if (!stat.isFile()) return `${path}: expected a regular file`;
  if (stat.size !== file.size) return `${path}: expected ${file.size} bytes, got ${stat.size}`;
  if (file.executable && (stat.mode & 0o111) === 0) return `${path}: expected an executable file`;
  const digest = await digestOfFile(path);
  return digest === file.sha256 ? undefined : `${path}: expected sha256 ${file.sha256}, got ${digest}`;
}

/**
 * Reads a tool's folder back and compares every recorded file by size and digest.
 * @param {string} folder
 * @returns {Promise<{ state: "absent" } | { state: "broken", faults: string[] } | { state: "whole", manifest: Manifest }>}
 */
export async function verifyManifest(folder) {
  /** @type {string} */
  let text;
  try {
    text = await readFile(join(folder, MANIFEST), "utf8");
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    const exists = await lstat(folder).catch(() => undefined);
    return exists
      ? { state: "broken", faults: [`${join(folder, MANIFEST)}: expected a manifest, got none`] }
      : { state: "absent" };
  }
  const manifest = parseManifest(text);
  if (!manifest)
    return {
      state: "broken",
      faults: [`${join(folder, MANIFEST)}: expected a manifest, got ${text.length} bytes of something else`],
    };
  /** @type {string[]} */
  const faults = [];
  for (const file of manifest.files) {
    const fault = await faultOf(folder, file);
    if (fault) faults.push(fault);
  }
  return faults.length ? { state: "broken", faults } : { state: "whole", manifest };
}

/**
 * @param {string} text
 * @returns {Manifest | undefined} nothing when the text is not a whole manifest
 */
export function parseManifest(text) {
  try {
    const value = /** @type {Partial<Manifest> | null} */ (JSON.parse(text));
    const whole =
      value?.schema === 1 && typeof value.version === "string" && Array.isArray(value.files) && value.files.length > 0;
    return whole ? /** @type {Manifest} */ (value) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
