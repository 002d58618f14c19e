import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lastLines } from "./command.mjs";
import { blamesNetwork, codeOf, EXIT, Stop } from "./errors.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }> }} Lock */

/**
 * How installed packages differ from the lock file: the first few names, none when they match. What npm installed is in a lock file of its own,
 * which it writes last: a broken-off installation has none.
 * @param {Lock} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json
 * @returns {string[]}
 */
export function differingPackages(wanted, installed) {
  if (!installed) return ["node_modules"];
  const have = installed.packages ?? {};
  /** @type {string[]} */
  const differing = [];
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    if (path === "" || !path.startsWith("node_modules/")) continue;
    const other = have[path];
    // Optional packages are those of other platforms.
    if (!other) {
      if (!entry.optional && !entry.devOptional) differing.push(path.slice("node_modules/".length));
    } else if (other.version !== entry.version || (entry.integrity && other.integrity !== entry.integrity)) {
      differing.push(path.slice("node_modules/".length));
    }
  }
  for (const path of Object.keys(have))
    if (!wanted.packages?.[path]) differing.push(path.slice("node_modules/".length));
  return differing;
}

/**
 * @param {string} path
 * @returns {Promise<Lock | undefined>}
 */
async function readLock(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * @param {string} root
 * @returns {Promise<string[]>} see {@link differingPackages}
 */
export async function lookAtModules(root) {
  const wanted = await readLock(join(root, "package-lock.json"));
  if (!wanted)
    throw new Error(`${join(root, "package-lock.json")}: expected npm's lock file, got none or something else`);
  return differingPackages(wanted, await readLock(join(root, "node_modules", ".package-lock.json")));
}

/**
 * `npm ci` when, and only when, what is installed is not what the lock file says.
 * @param {Context} context
 */
export async function ensureModules(context) {
  const differing = await lookAtModules(context.root);
  if (!differing.length) return;
  const none = differing[0] === "node_modules";
  context.say(
    "npmWhy",
    none ? context.text("whyNoModules") : context.text("whyDiffering", differing.slice(0, 3).join(", ")),
  );
  const log = join(context.cache, "logs", "npm-ci.log");
  // A proxy or a mirror in the user's npm settings is honoured; scripts run, as esbuild's own check needs them.
  const done = await context.progress("npmInstalling", () =>
    context.run(["npm", "ci", "--no-audit", "--no-fund"], { cwd: context.root, env: context.env, log }),
  );
  if (done.code === 0) return;
  const network = blamesNetwork(done.output);
  throw new Stop(network ? EXIT.unreachable : EXIT.no, context.text("commandFailed", "npm ci"), {
    hint: network ? context.text("networkHint") : lastLines(done.output),
    log,
  });
}
