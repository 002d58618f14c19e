import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { access, constants, mkdir } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";

/**
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string, deadlineMs?: number }} RunOptions
 * @typedef {{ code: number, output: string, timedOut: boolean, missing: boolean }} RunResult
 * `output` is standard output and error, the last 200,000 characters. `missing`: there is no such program.
 * @typedef {(words: readonly [string, ...string[]], options?: RunOptions) => Promise<RunResult>} Run
 */

const KEPT_OUTPUT = 200_000;

/** Process groups that we started and that still run. @type {Set<number>} */
const running = new Set();

/**
 * Sends a signal to everything that we started. Called when we are told to stop.
 * @param {NodeJS.Signals} signal
 */
export function stopChildren(signal) {
  for (const pid of running) {
    try {
      process.kill(-pid, signal);
    } catch {
      running.delete(pid);
    }
  }
}

/**
 * Runs a command given as words, in a process group of its own, and waits for its end. A command that fails is a result, no exception.
 * @type {Run}
 */
export async function run(words, options = {}) {
  const [program, ...rest] = words;
  if (options.log) await mkdir(dirname(options.log), { recursive: true });
  const log = options.log ? createWriteStream(options.log, { flags: "a" }) : undefined;
  log?.write(`$ ${words.join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    let timedOut = false;
    /** @param {Buffer} piece */
    const take = (piece) => {
      log?.write(piece);
      output = (output + piece.toString("utf8")).slice(-KEPT_OUTPUT);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    if (child.pid) running.add(child.pid);
    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    if (options.deadlineMs !== undefined) {
      timers.push(
        setTimeout(() => {
          timedOut = true;
          signalGroup(child.pid, "SIGTERM");
          timers.push(setTimeout(() => signalGroup(child.pid, "SIGKILL"), 3000));
        }, options.deadlineMs),
      );
    }
    const over = () => {
      for (const timer of timers) clearTimeout(timer);
      if (child.pid) running.delete(child.pid);
      log?.end();
    };
    child.on("error", (error) => {
      over();
      if ("code" in error && error.code === "ENOENT")
        resolve({ code: 127, output: error.message, timedOut, missing: true });
      else reject(error);
    });
    child.on("close", (code, signal) => {
      over();
      resolve({ code: code ?? (signal ? 128 : 1), output, timedOut, missing: false });
    });
  });
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended between the deadline and the signal: that is what the signal was for.
  }
}

/**
 * Hands the terminal to a command and waits: its output is ours, signals that reach us are passed on to it.
 * @param {readonly [string, ...string[]]} words
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code
 */
export function handOver(words, options) {
  const [program, ...rest] = words;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { ...options, stdio: "inherit" });
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      // A terminal sends Ctrl-C to the whole foreground group: the child has it already.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    /** @type {NodeJS.Signals[]} */
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, pass);
    const over = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.on("error", (error) => {
      over();
      reject(error);
    });
    child.on("close", (code, signal) => {
      over();
      resolve(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 128));
    });
  });
}

/**
 * Where a program stands on the PATH.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>}
 */
export async function which(name, env) {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
export async function isExecutable(path) {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * The last lines of an output, for an error message.
 * @param {string} output
 * @param {number} [count]
 * @returns {string}
 */
export function lastLines(output, count = 12) {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}

/**
 * A command with words before it, for example `sudo -n`.
 * @param {readonly string[]} before
 * @param {readonly [string, ...string[]]} words
 * @returns {[string, ...string[]]}
 */
export function prefixed(before, words) {
  const [first, ...more] = before;
  return first === undefined ? [...words] : [first, ...more, ...words];
}
