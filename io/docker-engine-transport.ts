/**
 * The wire to a Docker engine: HTTP over a unix socket or TCP (Docker Engine API, https://docs.docker.com/reference/api/engine/).
 * No method of the engine is known here.
 */
import { readFileSync } from "node:fs";
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import type { Duplex, Readable } from "node:stream";

export type DockerEndpoint =
  | { readonly kind: "unix"; readonly socketPath: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: DockerTls };

export interface DockerTls {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** The engine cannot be reached: nothing listens, no permission, the network is gone. Trying again later may help. */
export class DockerUnreachableError extends Error {
  override readonly name = "DockerUnreachableError";
}

/** The engine answered, and the answer is an error. */
export class DockerApiError extends Error {
  override readonly name = "DockerApiError";
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export interface DockerRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a tar. */
  readonly tar?: Uint8Array | Readable;
  readonly signal?: AbortSignal;
}

/**
 * Endpoint from `DOCKER_HOST`'s notation: `unix:///var/run/docker.sock`, `tcp://10.0.0.1:2375`; with `DOCKER_TLS_VERIFY` and
 * `DOCKER_CERT_PATH` in the environment, TCP is TLS with a client certificate. No host means the local socket.
 * Throws on a notation that this client does not speak (`ssh://`).
 */
export function parseDockerHost(
  host: string | undefined,
  env: Readonly<Record<string, string | undefined>> = {},
): DockerEndpoint {
  const text = host || env.DOCKER_HOST || "unix:///var/run/docker.sock";
  if (text.startsWith("unix://")) return { kind: "unix", socketPath: text.slice("unix://".length) };
  const match = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/]+):(\d+)\/?$/.exec(text);
  if (!match?.[1] || !match[2]) {
    throw new Error(
      `Docker host: expected unix:///path or tcp://host:port, received ${JSON.stringify(text)}. ` +
        "Hint: for a host reached by SSH, forward its socket (ssh -L /tmp/docker.sock:/var/run/docker.sock) and name that.",
    );
  }
  const endpoint = { kind: "tcp", host: match[1].replace(/^\[|\]$/g, ""), port: Number(match[2]) } as const;
  if (!env.DOCKER_TLS_VERIFY) return endpoint;
  const folder = env.DOCKER_CERT_PATH ?? join(env.HOME ?? "/root", ".docker");
  const read = (name: string) => readFileSync(join(folder, name));
  return { ...endpoint, tls: { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") } };
}

/** How a person would write the endpoint. */
export function describeEndpoint(endpoint: DockerEndpoint): string {
  return endpoint.kind === "unix" ? `unix://${endpoint.socketPath}` : `tcp://${endpoint.host}:${endpoint.port}`;
}

function open(endpoint: DockerEndpoint, options: RequestOptions): ClientRequest {
  if (endpoint.kind === "unix") return httpRequest({ ...options, socketPath: endpoint.socketPath, host: "docker" });
  const target = { ...options, host: endpoint.host, port: endpoint.port };
  return endpoint.tls ? httpsRequest({ ...target, ...endpoint.tls }) : httpRequest(target);
}

function pathOf({ path, query }: DockerRequest): string {
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

function unreachable(endpoint: DockerEndpoint, cause: Error): Error {
  if (cause.name === "AbortError") return cause;
  return new DockerUnreachableError(
    `Docker engine ${describeEndpoint(endpoint)}: no answer (${cause.message}). Hint: is the engine running, and may this user open its socket?`,
    { cause },
  );
}

async function failure(endpoint: DockerEndpoint, request: DockerRequest, response: IncomingMessage): Promise<Error> {
  const body = (await readAll(response)).toString("utf8");
  let message = body.trim();
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) message = String(parsed.message);
  } catch {
    // Not JSON: an engine behind a proxy. The text itself is the message.
  }
  const status = response.statusCode ?? 0;
  return new DockerApiError(
    `Docker engine ${describeEndpoint(endpoint)}: ${request.method} ${request.path}: ${status} ${message}`,
    status,
  );
}

/** Sends a request; resolves with the response once its head has come and its status is below 400. */
export function send(endpoint: DockerEndpoint, request: DockerRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const body = request.json === undefined ? undefined : Buffer.from(JSON.stringify(request.json));
    const headers: Record<string, string | number> = {};
    if (body) Object.assign(headers, { "Content-Type": "application/json", "Content-Length": body.length });
    if (request.tar) headers["Content-Type"] = "application/x-tar";
    const message = open(endpoint, {
      method: request.method,
      path: pathOf(request),
      headers,
      ...(request.signal ? { signal: request.signal } : {}),
    });
    message.on("error", (error) => reject(unreachable(endpoint, error)));
    message.on("response", (response) => {
      if ((response.statusCode ?? 0) < 400) resolve(response);
      else failure(endpoint, request, response).then(reject, reject);
    });
    if (request.tar && !(request.tar instanceof Uint8Array)) {
      request.tar.on("error", (error) => message.destroy(error));
      request.tar.pipe(message);
    } else message.end(request.tar ?? body);
  });
}

/** Opens a connection that the engine turns into a raw stream both ways (attach, exec). */
export function hijack(endpoint: DockerEndpoint, request: DockerRequest): Promise<{ socket: Duplex; head: Buffer }> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify(request.json ?? {}));
    const message = open(endpoint, {
      method: request.method,
      path: pathOf(request),
      headers: {
        "Content-Type": "application/json",
        "Content-Length": body.length,
        Connection: "Upgrade",
        Upgrade: "tcp",
      },
      ...(request.signal ? { signal: request.signal } : {}),
    });
    message.on("error", (error) => reject(unreachable(endpoint, error)));
    message.on("upgrade", (_response, socket, head) => resolve({ socket, head }));
    message.on("response", (response) => {
      failure(endpoint, request, response).then(reject, reject);
    });
    message.end(body);
  });
}

/** Everything that a stream still has to say. */
export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The JSON documents of a stream that carries one per line. */
export async function* readJsonLines(stream: Readable): AsyncGenerator<unknown> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    rest += String(chunk);
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line);
  }
  if (rest.trim() !== "") yield JSON.parse(rest);
}
