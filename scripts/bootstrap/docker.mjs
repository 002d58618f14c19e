import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { lastLines, prefixed, which } from "./command.mjs";
import { chosenEndpoint, imageWithinReach, isLocalService, lookAtEngine } from "./docker-api.mjs";
import { EXIT, Stop } from "./errors.mjs";
import { isAlive } from "./lock.mjs";
import { aptCandidate, aptInstall, asRoot, canInstall, hasSystemd } from "./system.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {Extract<import("./docker-api.mjs").Engine, { state: "running" }>} RunningEngine */
/** @typedef {"existing" | "started" | "installed"} DockerRoute */

const UP_WITHIN_SECONDS = 60;
const PID_FILE = "/var/run/docker.pid";
/** Where the daemon notes the containerd that it started. */
const CONTAINERD_PID_FILE = "/var/run/docker/containerd/containerd.pid";

/**
 * A running engine: the one that answers; else this machine's own is started; else, on Debian and Ubuntu, installed and started.
 * @param {Context} context
 * @returns {Promise<{ engine: RunningEngine, route: DockerRoute }>}
 */
export async function ensureDocker(context) {
  const endpoint = await chosenEndpoint(context.env);
  const engine = await lookAtEngine(endpoint, context);
  if (engine.state === "running") return { engine, route: "existing" };
  if (engine.state === "denied") {
    throw new Stop(EXIT.unreachable, context.text("dockerDenied", endpoint.host), {
      hint: context.text("dockerDeniedHint"),
    });
  }
  if (!isLocalService(endpoint)) {
    throw new Stop(EXIT.unreachable, context.text("dockerSilent", endpoint.host, endpoint.by), {
      hint: context.text("dockerSilentHint"),
    });
  }
  const installed = await hasDaemon(context);
  if (!installed) await installDaemon(context);
  await startDaemon(context);
  return { engine: await awaitEngine(context, endpoint), route: installed ? "started" : "installed" };
}

/** @param {Context} context */
async function hasDaemon(context) {
  return (await which("dockerd", { PATH: `${context.env.PATH}:/usr/sbin:/usr/bin:/usr/local/bin` })) !== undefined;
}

/** @param {Context} context */
async function installDaemon(context) {
  if (!(await canInstall(context)))
    throw new Stop(EXIT.unreachable, context.text("dockerAbsent"), { hint: context.text("dockerAbsentHint") });
  await aptInstall(context, ["docker.io"], "whyDocker");
}

/**
 * How the daemon is started here.
 * @param {boolean} systemd
 * @param {readonly string[]} before words that make us administrator
 * @returns {{ how: "systemd" | "background", words: [string, ...string[]] }}
 */
export function startWords(systemd, before) {
  return systemd
    ? { how: "systemd", words: prefixed(before, ["systemctl", "start", "docker"]) }
    : {
        how: "background",
        words: prefixed(before, ["dockerd", "--pidfile", PID_FILE]),
      };
}

/** @param {Context} context */
async function startDaemon(context) {
  const before = await asRoot(context);
  if (!before)
    throw new Stop(EXIT.unreachable, context.text("dockerAbsent"), { hint: context.text("dockerAbsentHint") });
  const { how, words } = startWords(await hasSystemd(), before);
  context.say("dockerStarting", words.join(" "));
  if (how === "systemd") {
    const { code, output } = await context.run(words, { deadlineMs: 90_000 });
    if (code !== 0)
      throw new Stop(EXIT.unreachable, context.text("commandFailed", words.join(" ")), { hint: lastLines(output) });
    return;
  }
  await dropStalePid();
  startInBackground(words, dockerLog(context), { ...context.env, PATH: `${context.env.PATH}:/usr/sbin:/sbin` });
}

/** @param {Context} context */
function dockerLog(context) {
  return join(context.cache, "logs", "dockerd.log");
}

/**
 * A machine that lost power, or a daemon that was killed, leaves pid files where /run is no memory disk. The daemon refuses to start while
 * any process, of whatever kind, has its number, and waits in vain for a containerd that it takes for running.
 */
async function dropStalePid() {
  await dropUnless(PID_FILE, "dockerd");
  await dropUnless(CONTAINERD_PID_FILE, "containerd");
}

/**
 * Removes a pid file unless a process of that name runs under its number.
 * @param {string} file
 * @param {string} program
 */
export async function dropUnless(file, program) {
  const pid = Number((await readFile(file, "utf8").catch(() => "")).trim());
  if (pid && !runs(pid, program)) await rm(file, { force: true });
}

/**
 * A zombie still has its number and its name, and runs no more.
 * @param {number} pid
 * @param {string} program
 */
function runs(pid, program) {
  if (!isAlive(pid)) return false;
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return status.startsWith(`Name:\t${program}\n`) && !/^State:\s+[ZX]/m.test(status);
  } catch {
    // It ended between the two questions.
    return false;
  }
}

/**
 * Starts a daemon that outlives us: a session of its own, its output in a file.
 * @param {[string, ...string[]]} words
 * @param {string} log
 * @param {NodeJS.ProcessEnv} env
 */
function startInBackground(words, log, env) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, "a");
  const [program, ...rest] = words;
  const child = spawn(program, rest, { detached: true, stdio: ["ignore", file, file], env, cwd: "/" });
  child.on("error", () => {}); // seen by whoever awaits the engine: it never answers
  child.unref();
  closeSync(file);
}

/**
 * @param {Context} context
 * @param {import("./docker-api.mjs").Endpoint} endpoint
 * @returns {Promise<RunningEngine>}
 */
async function awaitEngine(context, endpoint) {
  const until = Date.now() + UP_WITHIN_SECONDS * 1000;
  return context.progress("dockerAwaiting", async () => {
    for (;;) {
      const engine = await lookAtEngine(endpoint, context);
      if (engine.state === "running") return engine;
      if (engine.state === "denied") {
        throw new Stop(EXIT.unreachable, context.text("dockerDenied", endpoint.host), {
          hint: context.text("dockerDeniedHint"),
        });
      }
      if (Date.now() > until) {
        const log = dockerLog(context);
        const hint = lastLines(await readFile(log, "utf8").catch(() => engine.reason));
        throw new Stop(EXIT.unreachable, context.text("dockerNotUp", UP_WITHIN_SECONDS), { hint, log });
      }
      await new Promise((resolve) => setTimeout(resolve, 250)); // the engine makes its socket at a moment of its own: asked four times a second
    }
  });
}

/**
 * What building images needs besides the engine: its client; mmdebstrap where no registry gives the base image; pip for wheels.
 * @param {Context} context
 * @param {import("./docker-api.mjs").Endpoint} endpoint
 */
export async function ensureImageTools(context, endpoint) {
  if (!(await which("docker", context.env))) {
    const name = (await aptCandidate(context, "docker-cli")) ? "docker-cli" : "docker.io";
    await installOr(context, name, "whyDockerClient", "dockerAbsent");
  }
  if (!(await which("mmdebstrap", context.env)) && (await baseWithinReach(context, endpoint)) === "unreachable") {
    await installOr(context, "mmdebstrap", "whyMmdebstrap", "noMmdebstrap");
  }
  if (!(await hasPip(context))) await installOr(context, "python3-pip", "whyPip", "noPip");
}

/**
 * What only the tests need: the conformance suite makes its image from busybox.
 * @param {Context} context
 */
export async function ensureTestTools(context) {
  if (!(await which("busybox", context.env))) await installOr(context, "busybox-static", "whyBusybox", "noBusybox");
}

/**
 * @param {Context} context
 * @param {string} name
 * @param {import("./messages.mjs").Key} why
 * @param {import("./messages.mjs").Key} absent
 */
async function installOr(context, name, why, absent) {
  if (!(await canInstall(context)))
    throw new Stop(EXIT.unreachable, context.text(absent), { hint: context.text("installByHand", name) });
  await aptInstall(context, [name], why);
}

/** Asks for pip without loading it: five times as quick as `pip --version`. */
const HAS_PIP = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)";

/**
 * @param {Context} context
 * @returns {Promise<boolean>}
 */
export async function hasPip(context) {
  return (await context.run(["python3", "-c", HAS_PIP], { env: context.env, deadlineMs: 30_000 })).code === 0;
}

/**
 * Whether Debian's own image is in the engine or to be had.
 * @param {Context} context
 * @param {import("./docker-api.mjs").Endpoint} endpoint
 */
export function baseWithinReach(context, endpoint) {
  return imageWithinReach(endpoint, "debian:trixie-slim", context.env);
}
