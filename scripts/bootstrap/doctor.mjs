import { which } from "./command.mjs";
import { baseWithinReach, hasPip } from "./docker.mjs";
import { chosenEndpoint, lookAtEngine } from "./docker-api.mjs";
import { verifyManifest } from "./manifest.mjs";
import { lookAtModules } from "./node-modules.mjs";
import { findPulumi, fromPath } from "./pulumi.mjs";
import { readRecord, recordPath } from "./record.mjs";
import { freeDisk, freeMemory, gibibytes, LATER_RUN } from "./space.mjs";
import { isAtLeast } from "./version.mjs";

/** @typedef {import("./context.mjs").Context} Context */
/** @typedef {{ name: string, ok: boolean, version?: string, route?: string, detail: string }} Item */

/**
 * What is looked at, in the order shown. Nothing here changes anything.
 * @type {readonly { name: string, look: (context: Context) => Promise<Omit<Item, "name">> }[]}
 */
const LOOKS = [
  { name: "node", look: node },
  { name: "npm", look: modules },
  { name: "disk", look: disk },
  { name: "memory", look: memory },
  { name: "docker", look: docker },
  { name: "docker-client", look: dockerClient },
  { name: "base-image", look: baseImage },
  { name: "pip", look: pip },
  { name: "pulumi", look: pulumi },
  { name: "docker-plugin", look: dockerPlugin },
];

/**
 * @param {Context} context
 * @returns {Promise<Item[]>}
 */
export async function lookAround(context) {
  /** @type {Item[]} */
  const items = [];
  for (const { name, look } of LOOKS) items.push({ name, ...(await look(context)) });
  return items;
}

/** @param {Context} context */
async function node(context) {
  const version = process.versions.node;
  const ok = isAtLeast(version, context.pins.node);
  return { ok, version, detail: ok ? process.execPath : context.text("nodeTooOld", version, context.pins.node) };
}

/** @param {Context} context */
async function modules(context) {
  const differing = await lookAtModules(context.root);
  return {
    ok: differing.length === 0,
    detail: differing.length ? context.text("missingPackages", differing.slice(0, 3).join(", ")) : "package-lock.json",
  };
}

/** @param {Context} context */
async function disk(context) {
  const free = await freeDisk(context.cache);
  return { ok: free >= LATER_RUN.disk, detail: context.text("free", gibibytes(free), context.cache) };
}

/** @param {Context} context */
async function memory(context) {
  const free = await freeMemory();
  return { ok: free >= LATER_RUN.memory, detail: context.text("freeMemory", gibibytes(free)) };
}

/** @param {Context} context */
async function docker(context) {
  const engine = await lookAtEngine(await chosenEndpoint(context.env), context);
  const route = (await readRecord(await recordPath(context.root, context.cache)))?.docker.route ?? "existing";
  if (engine.state === "running")
    return { ok: true, version: engine.version, route, detail: `${engine.endpoint.host}, API ${engine.apiVersion}` };
  const key = engine.state === "denied" ? "dockerDenied" : "dockerAbsent";
  const hint = engine.state === "denied" ? "dockerDeniedHint" : "dockerAbsentHint";
  return { ok: false, detail: `${context.text(key, engine.endpoint.host)} ${context.text(hint)}` };
}

/** @param {Context} context */
async function dockerClient(context) {
  const path = await which("docker", context.env);
  return { ok: path !== undefined, detail: path ?? context.text("installByHand", "docker-cli / docker.io") };
}

/** @param {Context} context */
async function baseImage(context) {
  const path = await which("mmdebstrap", context.env);
  if (path) return { ok: true, detail: path };
  const endpoint = await chosenEndpoint(context.env);
  if ((await lookAtEngine(endpoint, context)).state !== "running")
    return { ok: false, detail: context.text("dockerAbsent") };
  const reach = await baseWithinReach(context, endpoint);
  if (reach === "unreachable")
    return { ok: false, detail: `${context.text("noMmdebstrap")} ${context.text("installByHand", "mmdebstrap")}` };
  return { ok: true, detail: context.text("notNeeded", context.text(reach === "present" ? "clonedBase" : "pullable")) };
}

/** @param {Context} context */
async function pip(context) {
  const ok = await hasPip(context);
  return {
    ok,
    detail: ok ? "python3 -m pip" : `${context.text("noPip")} ${context.text("installByHand", "python3-pip")}`,
  };
}

/** @param {Context} context */
async function pulumi(context) {
  /** @type {string[]} */
  const broken = [];
  const tools = (await fromPath(context)) ?? (await findPulumi(context, (faults) => void broken.push(...faults)));
  if (!tools) return { ok: false, detail: broken.join("; ") || context.text("notRecorded") };
  const { version, route, path } = tools.pulumi;
  return { ok: true, version, route, detail: `${path}; pulumi-language-nodejs ${tools.languageHost.version}` };
}

/** @param {Context} context */
async function dockerPlugin(context) {
  const record = await readRecord(await recordPath(context.root, context.cache));
  if (!record) return { ok: false, detail: context.text("notRecorded") };
  const found = await verifyManifest(record.pulumiHome);
  if (found.state === "broken") return { ok: false, detail: found.faults.join("; ") };
  if (found.state === "absent") return { ok: false, detail: context.text("notRecorded") };
  return {
    ok: true,
    version: record.dockerPlugin.version,
    route: record.dockerPlugin.route,
    detail: record.pulumiHome,
  };
}

/**
 * @param {Context} context
 * @param {readonly Item[]} items
 * @returns {string} a table and a last line that says what it comes to
 */
export function renderDoctor(context, items) {
  const rows = [[context.text("doctorItem"), context.text("doctorState"), context.text("doctorDetail")]];
  for (const item of items) {
    const about = [item.version, item.route && `[${item.route}]`, item.detail].filter(Boolean).join(" ");
    rows.push([item.name, context.text(item.ok ? "stateOk" : "stateMissing"), about]);
  }
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map(
    (row) => `${(row[0] ?? "").padEnd(widths[0] ?? 0)}  ${(row[1] ?? "").padEnd(widths[1] ?? 0)}  ${row[2]}`,
  );
  const bad = items.filter((item) => !item.ok).length;
  return `${lines.join("\n")}\n\n${bad ? context.text("doctorBad", bad) : context.text("doctorGood")}\n`;
}
