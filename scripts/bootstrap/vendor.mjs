import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { digestOfFile } from "./manifest.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/** Long enough for a slow line's handshake, short enough that nobody thinks it hangs. */
const PROBE_MS = 4000;

/**
 * The vendor's download host as the official launcher names it.
 * @param {string} root
 * @returns {Promise<URL>}
 */
export async function vendorHost(root) {
  const path = join(root, "node_modules", "pulumi", "lib", "download.js");
  const found = /"(https:\/\/[^"]+install\.sh)"/.exec(await readFile(path, "utf8"))?.[1];
  if (!found) throw new Error(`${path}: expected the address of install.sh, got none`);
  return new URL(found);
}

/**
 * Whether the vendor's host can be had at all: one connection (through the proxy of the environment, if there is one), a few seconds at most.
 * @param {URL} host
 * @param {NodeJS.ProcessEnv} env
 * @param {number} [deadlineMs]
 * @returns {Promise<boolean>}
 */
export function isReachable(host, env, deadlineMs = PROBE_MS) {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy;
  const target = proxy ? new URL(proxy) : host;
  const port = Number(target.port) || (target.protocol === "https:" ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: target.hostname, port });
    const timer = setTimeout(() => end(false), deadlineMs);
    /** @param {boolean} answer */
    function end(answer) {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    }
    socket.on("error", () => end(false));
    socket.on("connect", () => {
      if (!proxy) return end(true);
      socket.write(`CONNECT ${host.hostname}:443 HTTP/1.1\r\nHost: ${host.hostname}:443\r\n\r\n`);
      socket.once("data", (answer) => end(/^HTTP\/1\.\d 200/.test(answer.toString("latin1"))));
    });
  });
}

/**
 * How the vendor calls this machine in the names of its files.
 * @param {string} platform
 * @param {string} arch
 * @returns {{ cli: string, plugin: string }}
 */
export function vendorNames(platform, arch) {
  return { cli: `${platform}-${arch}`, plugin: `${platform}-${arch === "x64" ? "amd64" : arch}` };
}

/**
 * A tarball that the operator handed over: the file with its digest, checked against a list of digests when there is one beside it.
 * @param {string | undefined} folder LUMBUNG_TARBALLS
 * @param {string} name
 * @returns {Promise<{ path: string, sha256: string, checked: boolean } | { fault: string } | undefined>}
 */
export async function handedOver(folder, name) {
  if (!folder) return undefined;
  const names = await readdir(folder).catch(() => undefined);
  if (!names) return { fault: `LUMBUNG_TARBALLS: expected a folder, got ${folder}` };
  if (!names.includes(name)) return undefined;
  const path = join(folder, name);
  const sha256 = await digestOfFile(path);
  for (const list of names.filter((other) => /checksums|sha256/i.test(other))) {
    const wanted = digestInList(await readFile(join(folder, list), "utf8"), name);
    if (wanted === undefined) continue;
    return wanted === sha256
      ? { path, sha256, checked: true }
      : { fault: `${path}: expected sha256 ${wanted} (${list}), got ${sha256}` };
  }
  return { path, sha256, checked: false };
}

/**
 * The digest of a file in the format of `sha256sum`.
 * @param {string} text
 * @param {string} name
 * @returns {string | undefined}
 */
export function digestInList(text, name) {
  for (const line of text.split("\n")) {
    const found = /^([0-9a-f]{64})\s+\*?(.+?)\s*$/i.exec(line);
    if (found?.[1] && found[2] === name) return found[1].toLowerCase();
  }
  return undefined;
}
