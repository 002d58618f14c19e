/** A small client of the Docker Engine API over a unix socket or TCP. */
import { type ClientRequest, type IncomingMessage, request as plain, type RequestOptions } from "node:http";
import { request as secure } from "node:https";
import { deferred } from "./deferred.ts";
import { Cancelled, EngineError, EngineUnreachable, isStatus } from "./errors.ts";
import type { Endpoint } from "./host.ts";

/** Every call of ours is in 1.41; up to 1.44 nothing that we use changed its meaning. */
const PREFERRED = "1.41";
const NEWEST = "1.44";
const CONNECT_TIMEOUT_MS = 10_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call {
  readonly query?: Query;
  readonly json?: unknown;
  readonly tar?: Buffer;
  readonly signal?: AbortSignal;
  /** What is being done, for the message of an error: "start container x". */
  readonly what: string;
}

export type Filters = Readonly<Record<string, readonly string[]>>;

export class Engine {
  private readonly endpoint: Endpoint;
  private version: Promise<string> | undefined;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  get<T>(path: string, call: Call): Promise<T> {
    return this.send<T>("GET", path, call);
  }

  post<T>(path: string, call: Call): Promise<T> {
    return this.send<T>("POST", path, call);
  }

  put<T>(path: string, call: Call): Promise<T> {
    return this.send<T>("PUT", path, call);
  }

  delete(path: string, call: Call): Promise<unknown> {
    return this.send("DELETE", path, call);
  }

  /** Like `get`, but undefined when there is no such object. */
  async find<T>(path: string, call: Call): Promise<T | undefined> {
    try {
      return await this.get<T>(path, call);
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /**
   * Waits until `reached` answers something, asking again at each event that passes the filters. Undefined when the time is up.
   * The stream of events is opened before the first question, so nothing is missed in between.
   */
  async until<T>(
    filters: Filters,
    timeoutMs: number,
    signal: AbortSignal,
    reached: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const both = AbortSignal.any([signal, deadline]);
    const path = `${await this.prefix("watch events")}/events${queryOf({ filters: JSON.stringify(filters) })}`;
    const stream = await this.open("GET", path, { what: "watch events", signal: both });
    try {
      for (let found = await reached(); ; found = await reached()) {
        if (found !== undefined) return found;
        if (!(await nextChunk(stream, both))) {
          if (signal.aborted) throw new Cancelled("cancelled while waiting");
          return deadline.aborted ? undefined : await reached();
        }
      }
    } finally {
      stream.destroy();
    }
  }

  private async send<T>(method: string, path: string, call: Call): Promise<T> {
    const response = await this.open(
      method,
      `${await this.prefix(call.what)}${path}${queryOf(call.query ?? {})}`,
      call,
    );
    return parse<T>(await bodyOf(response));
  }

  /** Not cancelled with the call that asks first: others wait for the same answer. */
  private async prefix(what: string): Promise<string> {
    this.version ??= this.negotiate(what);
    try {
      return `/v${await this.version}`;
    } catch (error) {
      this.version = undefined;
      throw error;
    }
  }

  private async negotiate(what: string): Promise<string> {
    const response = await this.open("GET", "/version", { what });
    const about = parse<{ ApiVersion?: string; MinAPIVersion?: string }>(await bodyOf(response));
    const offered = about.ApiVersion ?? "";
    if (!/^\d+\.\d+$/.test(offered)) {
      throw new EngineUnreachable(
        `${this.endpoint.shown} is no Docker engine: expected an API version, received ${JSON.stringify(offered)}`,
      );
    }
    return chooseVersion(offered, about.MinAPIVersion ?? "0.0");
  }

  /** Sends a request; resolves with a response of status below 400, whose body is not read yet. */
  private open(method: string, path: string, call: Call): Promise<IncomingMessage> {
    const { promise, resolve, reject } = deferred<IncomingMessage>();
    if (call.signal?.aborted) return Promise.reject(new Cancelled(`${call.what}: cancelled`));
    const body = call.tar ?? (call.json === undefined ? undefined : Buffer.from(JSON.stringify(call.json)));
    const headers: Record<string, string | number> = { host: "docker", "content-length": body?.length ?? 0 };
    if (body) headers["content-type"] = call.tar ? "application/x-tar" : "application/json";
    const options: RequestOptions = {
      method,
      path,
      headers,
      agent: false,
      ...(call.signal ? { signal: call.signal } : {}),
    };
    const sent = this.connect(options);
    sent.on("error", (error) =>
      reject(call.signal?.aborted ? new Cancelled(`${call.what}: cancelled`) : this.unreachable(error, call.what)),
    );
    sent.on("response", (response) => {
      if ((response.statusCode ?? 500) < 400) return resolve(response);
      bodyOf(response).then(
        (text) => reject(new EngineError(response.statusCode ?? 500, saidIn(text), call.what)),
        reject,
      );
    });
    sent.end(body);
    return promise;
  }

  private connect(options: RequestOptions): ClientRequest {
    if (this.endpoint.kind === "socket") return plain({ ...options, socketPath: this.endpoint.path });
    const { host, port, tls } = this.endpoint;
    const sent = tls ? secure({ ...options, ...tls, host, port, servername: host }) : plain({ ...options, host, port });
    sent.on("socket", (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => sent.destroy(new Error("no connection within 10 s")), CONNECT_TIMEOUT_MS);
      socket.once("connect", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
    });
    return sent;
  }

  private unreachable(error: Error, what: string): Error {
    const code = (error as NodeJS.ErrnoException).code ?? error.message;
    const hints: Readonly<Record<string, string>> = {
      ENOENT: "the socket is not there; is the Docker engine installed and running?",
      ECONNREFUSED: "nothing listens there; start the Docker engine (systemctl start docker, or dockerd)",
      EACCES: "this user may not open the socket; add it to the group docker or run as root",
    };
    const hint = hints[code] ?? "is the Docker engine running, and is the host right?";
    return new EngineUnreachable(
      `${what}: the Docker engine at ${this.endpoint.shown} does not answer (${code}). Hint: ${hint}`,
    );
  }
}

/** 1.41 where the engine speaks it; the engine's oldest where that is newer, as far as we know it. */
export function chooseVersion(offered: string, oldest: string): string {
  if (compare(oldest, NEWEST) > 0) {
    throw new EngineUnreachable(
      `the Docker engine speaks only API ${oldest} and later; this plugin knows up to ${NEWEST}`,
    );
  }
  if (compare(oldest, PREFERRED) > 0) return oldest;
  return compare(offered, PREFERRED) < 0 ? offered : PREFERRED;
}

function compare(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split(".").map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split(".").map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

function queryOf(query: Query): string {
  const words = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`],
  );
  return words.length > 0 ? `?${words.join("&")}` : "";
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parse<T>(body: string): T {
  return (body.trim() === "" ? {} : JSON.parse(body)) as T;
}

function saidIn(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    // A proxy's page, say: not JSON, so its text is the message.
    return body.trim().slice(0, 500);
  }
}

/** Resolves true when the stream has something, false when it ended or was aborted. */
function nextChunk(stream: IncomingMessage, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = deferred<boolean>();
  const more = () => settle(stream.read() !== null);
  const end = () => settle(false);
  const settle = (value: boolean) => {
    stream.off("readable", more).off("end", end).off("close", end).off("error", end);
    signal.removeEventListener("abort", end);
    resolve(value);
  };
  if (signal.aborted || stream.destroyed) return Promise.resolve(false);
  if (stream.read() !== null) return Promise.resolve(true);
  stream.once("readable", more).once("end", end).once("close", end).once("error", end);
  signal.addEventListener("abort", end, { once: true });
  return promise;
}
