import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * @typedef {{ node: string, pulumi: string, languageHost: string, dockerPlugin: string, go: { language: string, oldest: string } }} Pins
 */

/**
 * @param {string} root the checkout
 * @returns {Promise<Pins>}
 */
export async function readPins(root) {
  return JSON.parse(await readFile(join(root, "toolchain", "pins.json"), "utf8"));
}

/**
 * The first 16 hexadecimal digits of a digest over texts; each is counted, so that moving a byte from one to the next changes it.
 * @param {readonly (string | Uint8Array)[]} parts
 * @returns {string}
 */
export function shortDigest(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex").slice(0, 16);
}

/**
 * @param {string} root
 * @param {readonly string[]} paths relative to the checkout
 * @returns {Promise<string>}
 */
export async function digestOfInputs(root, paths) {
  /** @type {(string | Uint8Array)[]} */
  const parts = [];
  for (const path of paths) parts.push(path, await readFile(join(root, path)));
  return shortDigest(parts);
}
