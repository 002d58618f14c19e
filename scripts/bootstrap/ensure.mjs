import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sweepTemporary } from "./cache.mjs";
import { ensureDocker, ensureImageTools } from "./docker.mjs";
import { chosenEndpoint, lookAtEngine, runningWorkloads } from "./docker-api.mjs";
import { EXIT, Stop } from "./errors.mjs";
import { takeLock } from "./lock.mjs";
import { ensureModules } from "./node-modules.mjs";
import { ensureDockerPlugin } from "./plugin.mjs";
import { ensurePulumi } from "./pulumi.mjs";
import { readRecord, recordPath, writeRecord } from "./record.mjs";
import { demandSpace, FIRST_RUN, LATER_RUN } from "./space.mjs";
import { isAtLeast } from "./version.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {import("./record.mjs").Toolchain} Toolchain */

/**
 * Makes everything that the project needs be there, in an order in which the cheap and the likely to fail come first. Safe to run again: what is
 * there and whole is left alone.
 * @param {Context} context
 * @param {{ again?: boolean, onLock?: (release: () => void) => void }} [options] `again` chooses the tools' routes anew
 * @returns {Promise<Toolchain>}
 */
export async function ensureAll(context, options = {}) {
  demandNode(context, process.versions.node);
  await mkdir(context.cache, { recursive: true });
  await demandRoom(context);
  const release = await takeLock(join(context.cache, "lock"), (holder) =>
    context.say("waitingForLock", holder.pid, holder.host),
  );
  options.onLock?.(release);
  try {
    await sweepTemporary(context.cache);
    await ensureModules(context);
    const { engine, route } = await ensureDocker(context);
    await ensureImageTools(context, engine.endpoint);
    const tools = await ensurePulumi(context, options.again ?? false);
    const plugin = await ensureDockerPlugin(context, tools.pulumi.path, options.again ?? false);
    return await record(context, {
      schema: 1,
      pulumi: tools.pulumi,
      languageHost: tools.languageHost,
      dockerPlugin: { route: plugin.route, version: plugin.version, path: plugin.path, origin: plugin.origin },
      pulumiHome: plugin.home,
      docker: {
        route,
        version: engine.version,
        apiVersion: engine.apiVersion,
        host: engine.endpoint.host,
        by: engine.endpoint.by,
      },
    });
  } finally {
    release();
  }
}

/**
 * @param {Context} context
 * @param {string} version
 */
export function demandNode(context, version) {
  if (isAtLeast(version, context.pins.node)) return;
  throw new Stop(EXIT.unreachable, context.text("nodeTooOld", version, context.pins.node), {
    hint: context.text("nodeHint"),
  });
}

/**
 * Room is demanded before anything starts: less where the sites run already.
 * @param {Context} context
 */
async function demandRoom(context) {
  const endpoint = await chosenEndpoint(context.env);
  const engine = await lookAtEngine(endpoint, context);
  const folders = [{ what: "cache", folder: context.cache }];
  if (engine.state === "running" && engine.rootDir && endpoint.host.startsWith("unix:"))
    folders.push({ what: "docker", folder: engine.rootDir });
  else if (engine.state !== "running") folders.push({ what: "docker", folder: "/var/lib/docker" });
  const going = engine.state === "running" && (await runningWorkloads(endpoint, context.env)) > 0;
  await demandSpace(context, folders, going ? LATER_RUN : FIRST_RUN);
}

/**
 * Writes what was chosen. That an engine which is simply there today was once installed by us is kept.
 * @param {Context} context
 * @param {Toolchain} chosen
 * @returns {Promise<Toolchain>}
 */
async function record(context, chosen) {
  const path = await recordPath(context.root, context.cache);
  const before = await readRecord(path);
  const sameEngine = before?.docker.host === chosen.docker.host && before.docker.version === chosen.docker.version;
  const route = sameEngine && chosen.docker.route === "existing" ? before.docker.route : chosen.docker.route;
  const toolchain = { ...chosen, docker: { ...chosen.docker, route } };
  if (JSON.stringify(before) !== JSON.stringify(toolchain)) await writeRecord(path, toolchain);
  return toolchain;
}
