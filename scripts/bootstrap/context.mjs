import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.mjs";
import { run } from "./command.mjs";
import { languageOf, message } from "./messages.mjs";
import { readPins } from "./pins.mjs";
import { withProgress } from "./progress.mjs";

/**
 * What every part of the bootstrap is handed: where, with which pins, in which language, and how to run a command.
 * @typedef {object} Context
 * @property {string} root the checkout
 * @property {string} cache
 * @property {NodeJS.ProcessEnv} env
 * @property {import("./pins.mjs").Pins} pins
 * @property {import("./command.mjs").Run} run
 * @property {import("./messages.mjs").Language} language
 * @property {(key: import("./messages.mjs").Key, ...values: (string | number)[]) => string} text a message in the reader's language
 * @property {(key: import("./messages.mjs").Key, ...values: (string | number)[]) => void} say the same, printed on standard error
 * @property {<T>(key: import("./messages.mjs").Key, work: () => Promise<T>, ...values: (string | number)[]) => Promise<T>} progress
 */

/** The checkout that this file belongs to. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {{ root?: string, run?: import("./command.mjs").Run, screen?: import("./progress.mjs").Screen }} [parts] for tests
 * @returns {Promise<Context>}
 */
export async function makeContext(env = process.env, parts = {}) {
  const root = parts.root ?? ROOT;
  const screen = parts.screen ?? process.stderr;
  const language = languageOf(env);
  return {
    root,
    cache: cacheFolder(env),
    env,
    pins: await readPins(root),
    run: parts.run ?? run,
    language,
    text: (key, ...values) => message(language, key, ...values),
    say: (key, ...values) => void screen.write(`${message(language, key, ...values)}\n`),
    progress: (key, work, ...values) => withProgress(screen, message(language, key, ...values), work),
  };
}
