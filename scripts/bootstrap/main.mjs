#!/usr/bin/env node
import { rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { handOver, stopChildren } from "./command.mjs";
import { makeContext } from "./context.mjs";
import { ensureTestTools } from "./docker.mjs";
import { lookAround, renderDoctor } from "./doctor.mjs";
import { ensureAll } from "./ensure.mjs";
import { EXIT, exitCodeOf, Stop } from "./errors.mjs";

/** @typedef {import("./context.mjs").Context} Context */

/**
 * What each verb does after its words were checked; each returns an exit code.
 * @type {Readonly<Record<string, { options: readonly string[], passes: boolean, act: (context: Context, words: readonly string[]) => Promise<number> }>>}
 */
const VERBS = {
  start: { options: [], passes: true, act: start },
  test: { options: [], passes: true, act: test },
  ensure: { options: ["--again"], passes: false, act: ensure },
  doctor: { options: ["--json"], passes: false, act: doctor },
};

/**
 * @param {Context} context
 * @param {readonly string[]} words
 */
async function start(context, words) {
  await prepare(context, false);
  const command = /** @type {const} */ ([
    process.execPath,
    "cli/lumbung.mjs",
    "up",
    "--region",
    "lab",
    "--yes",
    ...words,
  ]);
  return handOver(command, { cwd: context.root, env: context.env });
}

/**
 * @param {Context} context
 * @param {readonly string[]} words
 */
async function test(context, words) {
  await prepare(context, false);
  await ensureTestTools(context);
  return handOver([process.execPath, "--import", "tsx", "scripts/gate.ts", ...words], {
    cwd: context.root,
    env: context.env,
  });
}

/**
 * @param {Context} context
 * @param {readonly string[]} words
 */
async function ensure(context, words) {
  await prepare(context, words.includes("--again"));
  return EXIT.done;
}

/**
 * @param {Context} context
 * @param {readonly string[]} words
 */
async function doctor(context, words) {
  const items = await lookAround(context);
  process.stdout.write(
    words.includes("--json") ? `${JSON.stringify({ items }, null, 2)}\n` : renderDoctor(context, items),
  );
  return items.every((item) => item.ok) ? EXIT.done : EXIT.no;
}

/**
 * Brings everything about. While it runs, a signal ends the commands that we started, removes what is half-done and gives the lock back.
 * @param {Context} context
 * @param {boolean} again
 */
async function prepare(context, again) {
  let release = () => {};
  /** @type {NodeJS.Signals | undefined} */
  let told;
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    if (told) process.exit(EXIT.interrupted);
    told = signal;
    stopChildren("SIGTERM");
    void dropHalfDone(context.cache).then(() => {
      release();
      context.say("interrupted");
      process.exit(signal === "SIGTERM" ? 143 : EXIT.interrupted);
    });
  };
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  const onLock = (/** @type {() => void} */ give) => {
    release = give;
  };
  try {
    const chosen = await ensureAll(context, { again, onLock });
    context.say("ready", chosen.pulumi.version, chosen.pulumi.route, chosen.dockerPlugin.route, chosen.docker.version);
  } catch (error) {
    // A command that we ended ourselves fails; what ends us then is the signal.
    if (told) await new Promise(() => {});
    throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", stop);
  }
}

/** @param {string} cache */
async function dropHalfDone(cache) {
  const names = await readdir(join(cache, "tmp")).catch(() => /** @type {string[]} */ ([]));
  for (const name of names.filter((name) => name.startsWith(`${process.pid}-`))) {
    rmSync(join(cache, "tmp", name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {readonly string[]} words
 * @returns {Promise<number>} the exit code
 */
export async function main(words) {
  const context = await makeContext();
  const [name = "", ...rest] = words;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  try {
    if (!verb) throw new Stop(EXIT.wrongUse, context.text("unknownVerb", name), { hint: context.text("usage") });
    const unknown = verb.passes ? undefined : rest.find((word) => !verb.options.includes(word));
    if (unknown) throw new Stop(EXIT.wrongUse, context.text("unknownOption", unknown), { hint: context.text("usage") });
    return await verb.act(context, rest);
  } catch (error) {
    report(context, error);
    // Whoever reads a test run reads its last line.
    if (name === "test") process.stdout.write("0 passed, 1 failed\n");
    return exitCodeOf(error);
  }
}

/**
 * @param {Context} context
 * @param {unknown} error
 */
function report(context, error) {
  if (!(error instanceof Stop)) {
    process.stderr.write(`${context.text("bug")}\n${error instanceof Error ? error.stack : String(error)}\n`);
    return;
  }
  const lines = [`✗ ${error.message}`];
  if (error.hint) lines.push(...error.hint.split("\n").map((line) => `  ${line}`));
  if (error.log) lines.push(`  ${context.text("logAt", error.log)}`);
  process.stderr.write(`${lines.join("\n")}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
