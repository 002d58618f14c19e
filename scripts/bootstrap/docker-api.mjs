import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";
import { codeOf } from "./errors.mjs";

/**
 * Where an engine is looked for, and who said so.
 * @typedef {{ host: string, by: "DOCKER_HOST" | "context" | "socket" }} Endpoint
 * @typedef {{ state: "running", endpoint: Endpoint, version: string, apiVersion: string, rootDir: string }
 *   | { state: "denied" | "silent", endpoint: Endpoint, reason: string }} Engine
 */

/** The socket of an engine that the machine's own service runs. */
export const LOCAL_SOCKET = "/var/run/docker.sock";

/**
 * The engine that the docker client would talk to: DOCKER_HOST, then the chosen context, then the machine's socket.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [home]
 * @returns {Promise<Endpoint>}
 */
export async function chosenEndpoint(env, home = homedir()) {
  if (env.DOCKER_HOST) return { host: env.DOCKER_HOST, by: "DOCKER_HOST" };
  const folder = env.DOCKER_CONFIG || join(home, ".docker");
  const name = env.DOCKER_CONTEXT || (await readJson(join(folder, "config.json")))?.currentContext;
  if (typeof name === "string" && name && name !== "default") {
    const meta = await readJson(
      join(folder, "contexts", "meta", createHash("sha256").update(name).digest("hex"), "meta.json"),
    );
    const host = meta?.Endpoints?.docker?.Host;
    if (typeof host === "string" && host) return { host, by: "context" };
  }
  return { host: `unix://${LOCAL_SOCKET}`, by: "socket" };
}

/**
 * Whether an endpoint is this machine's own service: the only one that we may install or start.
 * @param {Endpoint} endpoint
 * @returns {boolean}
 */
export function isLocalService(endpoint) {
  return [`unix://${LOCAL_SOCKET}`, "unix:///run/docker.sock"].includes(endpoint.host);
}

/** @param {string} path */
async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * One request to the engine's API.
 * @param {Endpoint} endpoint
 * @param {string} path
 * @param {{ env: NodeJS.ProcessEnv, method?: string, deadlineMs?: number }} options
 * @returns {Promise<{ status: number, body: string }>}
 */
export async function askEngine(endpoint, path, options) {
  const target = await requestTarget(endpoint, options.env);
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      { ...target, path, method: options.method ?? "GET", timeout: options.deadlineMs ?? 5000 },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece) => {
          body += piece;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on("error", reject);
      },
    );
    request.on("timeout", () =>
      request.destroy(Object.assign(new Error(`${endpoint.host}${path}: no answer`), { code: "ETIMEDOUT" })),
    );
    request.on("error", reject);
    request.end();
  });
}

/**
 * @param {Endpoint} endpoint
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import("node:https").RequestOptions>}
 */
async function requestTarget(endpoint, env) {
  if (endpoint.host.startsWith("unix://"))
    return { protocol: "http:", socketPath: endpoint.host.slice("unix://".length) };
  const url = new URL(endpoint.host.replace(/^tcp:/, "http:"));
  const tls = Boolean(env.DOCKER_TLS_VERIFY) || url.protocol === "https:" || url.port === "2376";
  const base = { host: url.hostname, port: Number(url.port) || (tls ? 2376 : 2375) };
  if (!tls) return { protocol: "http:", ...base };
  const folder = env.DOCKER_CERT_PATH || join(homedir(), ".docker");
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(folder, name))),
  );
  return { protocol: "https:", ...base, ca, cert, key };
}

/**
 * Whether the engine at an endpoint runs, and which it is.
 * @param {Endpoint} endpoint
 * @param {{ env: NodeJS.ProcessEnv, run: import("./command.mjs").Run }} world
 * @returns {Promise<Engine>}
 */
export async function lookAtEngine(endpoint, world) {
  if (endpoint.host.startsWith("ssh://")) return lookOverSsh(endpoint, world);
  try {
    const ping = await askEngine(endpoint, "/_ping", world);
    if (ping.status !== 200) return { state: "silent", endpoint, reason: `/_ping: expected 200, got ${ping.status}` };
    const version = JSON.parse((await askEngine(endpoint, "/version", world)).body);
    const info = JSON.parse((await askEngine(endpoint, "/info", { ...world, deadlineMs: 20_000 })).body);
    return {
      state: "running",
      endpoint,
      version: version.Version,
      apiVersion: version.ApiVersion,
      rootDir: info.DockerRootDir,
    };
  } catch (error) {
    const code = codeOf(error);
    if (code === "EACCES" || code === "EPERM") return { state: "denied", endpoint, reason: code };
    if (code) return { state: "silent", endpoint, reason: code };
    throw error;
  }
}

/**
 * An engine behind SSH is asked through the docker client, which knows how.
 * @param {Endpoint} endpoint
 * @param {{ env: NodeJS.ProcessEnv, run: import("./command.mjs").Run }} world
 * @returns {Promise<Engine>}
 */
async function lookOverSsh(endpoint, world) {
  const format = "{{.Server.Version}} {{.Server.APIVersion}}";
  const done = await world.run(["docker", "-H", endpoint.host, "version", "--format", format], {
    env: world.env,
    deadlineMs: 20_000,
  });
  const found = /^(\d\S+) (\d\S+)$/m.exec(done.output);
  if (done.code !== 0 || !found?.[1] || !found[2])
    return { state: "silent", endpoint, reason: done.output.trim().slice(-200) };
  return { state: "running", endpoint, version: found[1], apiVersion: found[2], rootDir: "" };
}

/**
 * Whether the engine can have an image: it is there, or a registry would give it. Nothing is pulled.
 * @param {Endpoint} endpoint
 * @param {string} image
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<"present" | "pullable" | "unreachable">}
 */
export async function imageWithinReach(endpoint, image, env) {
  if (endpoint.host.startsWith("ssh://")) return "pullable";
  const present = await askEngine(endpoint, `/images/${image}/json`, { env });
  if (present.status === 200) return "present";
  try {
    const asked = await askEngine(endpoint, `/distribution/${image}/json`, { env, deadlineMs: 8000 });
    return asked.status === 200 ? "pullable" : "unreachable";
  } catch (error) {
    if (codeOf(error) === "ETIMEDOUT") return "unreachable";
    throw error;
  }
}

/**
 * How many containers of Lumbung run on the engine.
 * @param {Endpoint} endpoint
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
export async function runningWorkloads(endpoint, env) {
  if (endpoint.host.startsWith("ssh://")) return 0;
  const filters = encodeURIComponent(JSON.stringify({ label: ["id.lumbung.region"], status: ["running"] }));
  const { status, body } = await askEngine(endpoint, `/containers/json?filters=${filters}`, { env });
  return status === 200 ? JSON.parse(body).length : 0;
}
