import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { codeOf } from "./errors.mjs";
import { digestOfInputs } from "./pins.mjs";
import { pluginSources } from "./plugin.mjs";

/**
 * Which tools were chosen and by which route; `doctor` and `lumbung status` show it, whoever runs Pulumi follows it.
 * @typedef {{ route: string, version: string, path: string, origin: string }} ToolRecord
 * @typedef {object} Toolchain
 * @property {1} schema
 * @property {ToolRecord} pulumi route: path, tarball, launcher or go
 * @property {ToolRecord} languageHost
 * @property {ToolRecord} dockerPlugin route: official, tarball or ours
 * @property {string} pulumiHome
 * @property {{ route: string, version: string, apiVersion: string, host: string, by: string }} docker route: existing, started or installed (by us)
 */

/**
 * Where the record of this checkout's tools is: named by all that decides them, so that clones of one commit share it and a changed pin or plugin
 * makes it ask for a new bootstrap.
 * @param {string} root
 * @param {string} cache
 * @returns {Promise<string>}
 */
export async function recordPath(root, cache) {
  const fixed = ["toolchain/pins.json", "package-lock.json"];
  const modules = ["pulumi", "pulumi-language-nodejs"].flatMap((name) => [
    `toolchain/${name}/go.mod`,
    `toolchain/${name}/go.sum`,
  ]);
  return join(
    cache,
    "toolchains",
    await digestOfInputs(root, [...fixed, ...modules, ...(await pluginSources(root))]),
    "toolchain.json",
  );
}

/**
 * @param {string} path from {@link recordPath}
 * @returns {Promise<Toolchain | undefined>}
 */
export async function readRecord(path) {
  try {
    const value = JSON.parse(await readFile(path, "utf8"));
    return value?.schema === 1 ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Writes the record in one step.
 * @param {string} path
 * @param {Toolchain} record
 */
export async function writeRecord(path, record) {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(fresh, `${JSON.stringify(record, null, 2)}\n`);
  await rename(fresh, path);
}

/**
 * The variables with which Pulumi runs with these tools and none else.
 * @param {Toolchain} record
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function pulumiVariables(record, env) {
  const folder = dirname(record.pulumi.path);
  const rest = (env.PATH ?? "").split(delimiter).filter((part) => part !== folder);
  return {
    PATH: [folder, ...rest].join(delimiter),
    PULUMI_HOME: record.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The docker client's contexts mean nothing to the plugin.
    ...(record.docker.by === "context" ? { DOCKER_HOST: record.docker.host } : {}),
  };
}
