import { cp, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { makeTool, temporaryFolder } from "./cache.mjs";
import { isExecutable, lastLines, which } from "./command.mjs";
import { blamesNetwork, EXIT, Stop } from "./errors.mjs";
import { ensureGo, goEnvironment } from "./go.mjs";
import { verifyManifest, writeManifest } from "./manifest.mjs";
import { digestOfInputs, shortDigest } from "./pins.mjs";
import { handedOver, isReachable, vendorHost, vendorNames } from "./vendor.mjs";
import { fitsPin } from "./version.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {"path" | "tarball" | "launcher" | "go"} CliRoute */
/** @typedef {{ route: CliRoute, version: string, path: string, origin: string }} Tool */
/** @typedef {{ pulumi: Tool, languageHost: Tool }} PulumiTools */

/** Every route whose tools stand in our cache, the best first. @type {readonly CliRoute[]} */
const KEPT_ROUTES = ["tarball", "launcher", "go"];

/**
 * The Pulumi CLI and its Node language host, in one folder: those on the PATH, those that the operator hands over, those of an earlier run (verified;
 * broken ones are made again), those of the official launcher, and those built with Go.
 * @param {Context} context
 * @param {boolean} [again] an earlier run's choice does not count
 * @returns {Promise<PulumiTools>}
 */
export async function ensurePulumi(context, again = false) {
  const given = (await fromPath(context)) ?? (await fromTarball(context));
  if (given) return given;
  const kept = again
    ? undefined
    : await findPulumi(context, (faults) => context.say("brokenTool", faults.join("\n  ")));
  return kept ?? (await fromLauncher(context)) ?? (await fromGo(context));
}

/**
 * What is in the cache already, from any route, installing nothing.
 * @param {Context} context
 * @param {(faults: string[]) => void} [onBroken] told what is wrong with tools that are not whole
 * @returns {Promise<PulumiTools | undefined>}
 */
export async function findPulumi(context, onBroken = () => {}) {
  for (const route of KEPT_ROUTES) {
    const found = await verifyManifest(await placeOf(context, route));
    if (found.state === "whole") return toolsIn(context, await placeOf(context, route), route, found.manifest.origin);
    if (found.state === "broken") onBroken(found.faults);
  }
  return undefined;
}

/**
 * Where a route puts its tools: the name carries a digest of all that decides their content.
 * @param {Context} context
 * @param {CliRoute} route
 * @returns {Promise<string>}
 */
async function placeOf(context, route) {
  const inputs = route === "go" ? await goInputs(context) : shortDigest([process.platform, process.arch]);
  return join(context.cache, "tools", `pulumi-${context.pins.pulumi}-${route}-${inputs}`);
}

/** @param {Context} context */
async function goInputs(context) {
  const modules = MODULES.flatMap(({ folder }) => [`toolchain/${folder}/go.mod`, `toolchain/${folder}/go.sum`]);
  const words = MODULES.flatMap((module) => goBuild("go", "out", module, context.pins));
  return shortDigest([await digestOfInputs(context.root, modules), ...words, WRAPPER, process.platform, process.arch]);
}

/**
 * @param {Context} context
 * @param {string} place
 * @param {CliRoute} route
 * @param {string} origin
 * @returns {PulumiTools}
 */
function toolsIn(context, place, route, origin) {
  const hostVersion = route === "go" ? context.pins.languageHost : context.pins.pulumi;
  return {
    pulumi: { route, version: context.pins.pulumi, path: join(place, "pulumi"), origin },
    languageHost: { route, version: hostVersion, path: join(place, "pulumi-language-nodejs"), origin },
  };
}

/**
 * The CLI on the PATH, when its version fits and its language host stands beside it, as in every installation by the vendor.
 * @param {Context} context
 * @returns {Promise<PulumiTools | undefined>}
 */
export async function fromPath(context) {
  // npm puts the launcher of our own devDependency first on the PATH of its scripts.
  const folders = (context.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")));
  const path = await which("pulumi", { PATH: folders.join(delimiter) });
  if (!path) return undefined;
  const host = join(dirname(path), "pulumi-language-nodejs");
  const version = await versionOf(context, path);
  if (version === undefined || !fitsPin(version, context.pins.pulumi) || !(await isExecutable(host))) return undefined;
  return {
    pulumi: { route: "path", version, path, origin: path },
    languageHost: { route: "path", version, path: host, origin: host },
  };
}

/**
 * @param {Context} context
 * @param {string} program
 * @returns {Promise<string | undefined>} without the `v`
 */
async function versionOf(context, program) {
  const env = {
    ...context.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_HOME: join(context.cache, "tmp", `${process.pid}-home`),
  };
  const { code, output } = await context.run([program, "version"], { env, deadlineMs: 30_000 });
  await rm(env.PULUMI_HOME, { recursive: true, force: true });
  return code === 0 ? /^v(\d+\.\d+\.\d+\S*)/m.exec(output)?.[1] : undefined;
}

/**
 * @param {Context} context
 * @param {string} folder
 */
async function mustBePinned(context, folder) {
  const version = await versionOf(context, join(folder, "pulumi"));
  if (version !== context.pins.pulumi) {
    throw new Stop(EXIT.unreachable, context.text("wrongVersion", "pulumi", context.pins.pulumi, version ?? "?"));
  }
}

/**
 * @param {Context} context
 * @returns {Promise<PulumiTools | undefined>}
 */
async function fromTarball(context) {
  const name = `pulumi-v${context.pins.pulumi}-${vendorNames(process.platform, process.arch).cli}.tar.gz`;
  const tarball = await handedOver(context.env.LUMBUNG_TARBALLS, name);
  if (!tarball) return undefined;
  if ("fault" in tarball) throw new Stop(EXIT.wrongUse, tarball.fault);
  const place = await placeOf(context, "tarball");
  const origin = `${name} sha256:${tarball.sha256}`;
  const kept = await verifyManifest(place);
  if (kept.state === "whole" && kept.manifest.origin === origin) return toolsIn(context, place, "tarball", origin);
  if (kept.state === "whole") await rm(place, { recursive: true }); // another tarball of the same version
  context.say("fromTarball", tarball.path, tarball.sha256);
  await makeTool(context.cache, place, async (folder) => {
    const { code, output } = await context.run(["tar", "-xzf", tarball.path, "--strip-components=1", "-C", folder]);
    if (code !== 0)
      throw new Stop(EXIT.wrongUse, context.text("badTarball", tarball.path), { hint: lastLines(output) });
    await mustBePinned(context, folder);
    await writeManifest(folder, { name: "pulumi", version: context.pins.pulumi, route: "tarball", origin });
  });
  return toolsIn(context, place, "tarball", origin);
}

/**
 * The npm package `pulumi`, which downloads the vendor's release. It is given a PULUMI_HOME of ours to put it in.
 * @param {Context} context
 * @returns {Promise<PulumiTools | undefined>}
 */
async function fromLauncher(context) {
  const launcher = join(context.root, "node_modules", "pulumi", "run.js");
  const host = await vendorHost(context.root);
  if (!(await isReachable(host, context.env))) {
    context.say("vendorUnreachable", host.hostname);
    return undefined;
  }
  const place = await placeOf(context, "launcher");
  const log = join(context.cache, "logs", "pulumi-launcher.log");
  const home = await temporaryFolder(context.cache);
  context.say("viaLauncher", context.pins.pulumi);
  try {
    await makeTool(context.cache, place, async (folder) => {
      const env = {
        ...context.env,
        PULUMI_HOME: home,
        PULUMI_VERSION: context.pins.pulumi,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      };
      const words = /** @type {const} */ ([process.execPath, launcher, "version"]);
      const done = await context.progress("downloadingPulumi", () =>
        context.run(words, { env, log, deadlineMs: 600_000 }),
      );
      if (done.code !== 0)
        throw new Stop(EXIT.unreachable, context.text("commandFailed", "pulumi (npm)"), {
          hint: lastLines(done.output),
          log,
        });
      await cp(join(home, "versions", context.pins.pulumi, "bin"), folder, { recursive: true });
      await mustBePinned(context, folder);
      await writeManifest(folder, {
        name: "pulumi",
        version: context.pins.pulumi,
        route: "launcher",
        origin: `npm pulumi ${context.pins.pulumi}`,
      });
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    context.say("launcherFailed", error.message, log);
    return undefined;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  return toolsIn(context, place, "launcher", `npm pulumi ${context.pins.pulumi}`);
}

/** @typedef {{ folder: string, package: string, output: string, version: (pins: import("./pins.mjs").Pins) => string }} GoModule */

/** What is built from the Go module proxy, each in a small module of its own with its go.sum. @type {readonly GoModule[]} */
export const MODULES = [
  {
    folder: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    output: "lumbung-nodejs-host",
    version: (pins) => pins.languageHost,
  },
  {
    folder: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    output: "pulumi",
    version: (pins) => pins.pulumi,
  },
];

/**
 * The newest language host on the module proxy is older than the engine, which hands it no runtime options: so it is told here.
 */
export const WRAPPER = `#!/bin/sh
exec "\${0%/*}/lumbung-nodejs-host" -typescript=false "-nodeargs=--import tsx" "$@"
`;

/**
 * @param {string} go
 * @param {string} output
 * @param {GoModule} module
 * @param {import("./pins.mjs").Pins} pins
 * @returns {[string, ...string[]]}
 */
export function goBuild(go, output, module, pins) {
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${module.version(pins)}`;
  return [go, "build", "-ldflags", stamp, "-o", output, module.package];
}

/**
 * @param {Context} context
 * @returns {Promise<PulumiTools>}
 */
async function fromGo(context) {
  const go = await ensureGo(context);
  context.say("buildingPulumi", context.pins.pulumi, go.origin);
  const place = await placeOf(context, "go");
  const origin = `Go module proxy, go ${go.version}`;
  await makeTool(context.cache, place, async (folder) => {
    for (const module of MODULES) await buildModule(context, go, module, join(folder, module.output));
    await writeFile(join(folder, "pulumi-language-nodejs"), WRAPPER, { mode: 0o755 });
    await mustBePinned(context, folder);
    await writeManifest(folder, { name: "pulumi", version: context.pins.pulumi, route: "go", origin });
  });
  return toolsIn(context, place, "go", origin);
}

/**
 * @param {Context} context
 * @param {import("./go.mjs").Go} go
 * @param {GoModule} module
 * @param {string} output
 */
async function buildModule(context, go, module, output) {
  const log = join(context.cache, "logs", `build-${module.folder}.log`);
  // Go's own working files go where ours are swept, should we be killed.
  const env = {
    ...goEnvironment(context.env, go.version, context.pins.go.language),
    GOTMPDIR: join(output, "..", ".."),
  };
  const cwd = join(context.root, "toolchain", module.folder);
  const words = goBuild(go.path, output, module, context.pins);
  const done = await context.progress(
    "building",
    () => context.run(words, { cwd, env, log }),
    module.folder,
    module.version(context.pins),
  );
  if (done.code === 0) return;
  const network = blamesNetwork(done.output);
  const hint = network ? context.text("networkHint") : lastLines(done.output);
  throw new Stop(network ? EXIT.unreachable : EXIT.no, context.text("commandFailed", `go build ${module.package}`), {
    hint,
    log,
  });
}
