import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { makeTool, temporaryFolder } from "./cache.mjs";
import { isExecutable, lastLines } from "./command.mjs";
import { EXIT, Stop } from "./errors.mjs";
import { verifyManifest, writeManifest } from "./manifest.mjs";
import { shortDigest } from "./pins.mjs";
import { tarball } from "./tar.mjs";
import { handedOver, isReachable, vendorHost, vendorNames } from "./vendor.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {"official" | "tarball" | "ours"} PluginRoute */
/** @typedef {{ route: PluginRoute, version: string, path: string, home: string, origin: string }} DockerPlugin */

/** What runs our bundle. The file that the engine starts has no ending, and Node takes such a file for CommonJS. */
const LAUNCHER = `#!/usr/bin/env node
import("./main.mjs");
`;
/** CommonJS packages inside the ES-module bundle ask for these. */
const BANNER = [
  'import { createRequire as lumbungRequire } from "node:module";',
  'import { dirname as lumbungDirname } from "node:path";',
  'import { fileURLToPath as lumbungPath } from "node:url";',
  "const require = lumbungRequire(import.meta.url);",
  "const __filename = lumbungPath(import.meta.url);",
  "const __dirname = lumbungDirname(__filename);",
].join("\n");

/**
 * A PULUMI_HOME of Lumbung's own with the docker resource plugin in it: the vendor's where it can be had, else ours. The choice stays until
 * `again` is asked for, so that a stack does not change its plugin because a network came or went.
 * @param {Context} context
 * @param {string} pulumi path of the CLI
 * @param {boolean} again
 * @returns {Promise<DockerPlugin>}
 */
export async function ensureDockerPlugin(context, pulumi, again) {
  const tarballName = `pulumi-resource-docker-v${context.pins.dockerPlugin}-${vendorNames(process.platform, process.arch).plugin}.tar.gz`;
  const tarball = await handedOver(context.env.LUMBUNG_TARBALLS, tarballName);
  if (tarball && "fault" in tarball) throw new Stop(EXIT.wrongUse, tarball.fault);
  if (tarball) {
    context.say("fromTarball", tarball.path, tarball.sha256);
    return install(context, pulumi, "tarball", tarball.sha256.slice(0, 16), `${tarballName} sha256:${tarball.sha256}`, [
      "--file",
      tarball.path,
    ]);
  }
  const ours = await bundleOurs(context);
  if (!again) {
    const kept = (await find(context, "official", "vendor")) ?? (ours && (await find(context, "ours", ours.digest)));
    if (kept) return kept;
  }
  return (await official(context, pulumi)) ?? (await installOurs(context, pulumi, ours));
}

/**
 * @param {Context} context
 * @param {PluginRoute} route
 * @param {string} digest
 */
function placeOf(context, route, digest) {
  return join(context.cache, "homes", `docker-${context.pins.dockerPlugin}-${route}-${digest}`);
}

/** @param {Context} context */
function pluginFolder(context) {
  return `plugins/resource-docker-v${context.pins.dockerPlugin}`;
}

/**
 * @param {Context} context
 * @param {PluginRoute} route
 * @param {string} digest
 * @returns {Promise<DockerPlugin | undefined>}
 */
async function find(context, route, digest) {
  const home = placeOf(context, route, digest);
  const found = await verifyManifest(home);
  if (found.state === "broken") context.say("brokenTool", found.faults.join("\n  "));
  if (found.state !== "whole") return undefined;
  return describe(context, route, home, found.manifest.origin);
}

/**
 * @param {Context} context
 * @param {PluginRoute} route
 * @param {string} home
 * @param {string} origin
 * @returns {DockerPlugin}
 */
function describe(context, route, home, origin) {
  return {
    route,
    version: context.pins.dockerPlugin,
    path: join(home, pluginFolder(context), "pulumi-resource-docker"),
    home,
    origin,
  };
}

/**
 * Makes a PULUMI_HOME beside the others and has the CLI install the plugin into it.
 * @param {Context} context
 * @param {string} pulumi
 * @param {PluginRoute} route
 * @param {string} digest
 * @param {string} origin
 * @param {readonly string[]} source words that say where from; none for the vendor's host
 * @returns {Promise<DockerPlugin>}
 */
async function install(context, pulumi, route, digest, origin, source) {
  const kept = await find(context, route, digest);
  if (kept) return kept;
  const place = placeOf(context, route, digest);
  const log = join(context.cache, "logs", `plugin-docker-${route}.log`);
  await makeTool(context.cache, place, async (folder) => {
    const env = { ...context.env, PULUMI_HOME: folder, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const words = installWords(pulumi, context.pins.dockerPlugin, source);
    const done = await context.progress("installingPlugin", () =>
      context.run(words, { env, log, deadlineMs: 180_000 }),
    );
    if (done.code !== 0)
      throw new Stop(EXIT.unreachable, context.text("commandFailed", words.slice(1).join(" ")), {
        hint: lastLines(done.output),
        log,
      });
    const program = join(folder, pluginFolder(context), "pulumi-resource-docker");
    if (!(await isExecutable(program)))
      throw new Stop(EXIT.unreachable, context.text("wrongVersion", "docker", context.pins.dockerPlugin, "?"), { log });
    await writeManifest(
      folder,
      { name: "docker-plugin", version: context.pins.dockerPlugin, route, origin },
      pluginFolder(context),
    );
  });
  return describe(context, route, place, origin);
}

/**
 * @param {string} pulumi
 * @param {string} version
 * @param {readonly string[]} source
 * @returns {[string, ...string[]]}
 */
export function installWords(pulumi, version, source) {
  return [pulumi, "plugin", "install", "resource", "docker", version, ...source, "--non-interactive"];
}

/**
 * @param {Context} context
 * @param {string} pulumi
 * @returns {Promise<DockerPlugin | undefined>}
 */
async function official(context, pulumi) {
  const host = await vendorHost(context.root);
  if (!(await isReachable(host, context.env))) return undefined;
  context.say("pluginOfficial", context.pins.dockerPlugin);
  try {
    return await install(context, pulumi, "official", "vendor", host.hostname, []);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    context.say("launcherFailed", error.message, error.log ?? "");
    return undefined;
  }
}

/**
 * @param {Context} context
 * @param {string} pulumi
 * @param {{ bundle: Buffer, digest: string } | undefined} ours
 * @returns {Promise<DockerPlugin>}
 */
async function installOurs(context, pulumi, ours) {
  if (!ours) throw new Stop(EXIT.unreachable, context.text("pluginMissing", "plugins/docker/main.ts"));
  context.say("pluginOurs", context.pins.dockerPlugin);
  const scratch = await temporaryFolder(context.cache);
  try {
    const file = join(scratch, "pulumi-resource-docker.tgz");
    await writeFile(file, packPlugin(ours.bundle));
    return await install(context, pulumi, "ours", ours.digest, "plugins/docker", ["--file", file]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {Buffer} bundle
 * @returns {Buffer} the archive that `pulumi plugin install --file` takes
 */
export function packPlugin(bundle) {
  return tarball([
    { name: "pulumi-resource-docker", content: Buffer.from(LAUNCHER), executable: true },
    { name: "main.mjs", content: bundle, executable: false },
  ]);
}

/**
 * Our plugin as one file that needs nothing but Node.
 * @param {Context} context
 * @returns {Promise<{ bundle: Buffer, digest: string } | undefined>} nothing when its source is not there
 */
export async function bundleOurs(context) {
  const entry = join(context.root, "plugins", "docker", "main.ts");
  const exists = await readFile(entry).then(
    () => true,
    () => false,
  );
  if (!exists) return undefined;
  /** @type {typeof import("esbuild")} */
  const esbuild = createRequire(join(context.root, "package.json"))("esbuild");
  const built = await esbuild.build({
    entryPoints: [entry],
    absWorkingDir: context.root,
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    banner: { js: BANNER },
    legalComments: "none",
    logLevel: "silent",
  });
  const bundle = Buffer.from(built.outputFiles[0]?.contents ?? []);
  return { bundle, digest: shortDigest([bundle, LAUNCHER]) };
}

/**
 * The sources that decide what our plugin does, tests apart, relative to the checkout.
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function pluginSources(root) {
  const folder = join(root, "plugins", "docker");
  const names = await readdir(folder, { recursive: true }).catch(() => /** @type {string[]} */ ([]));
  return names
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => `plugins/docker/${name}`)
    .sort();
}
