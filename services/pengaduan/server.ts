/** The HTTPS server: who may speak to it, how much they may send, and how an answer gets back. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { SecureContextOptions, TLSSocket } from "node:tls";
import type { AppRequest, AppResponse } from "./http.ts";

export const MAX_BODY_BYTES = 64 * 1024;

/** Common names of callers: the gateway hands on what people ask; monitors (`ops`, our own health command) see `/health` only. */
export interface Callers {
  readonly clients: readonly string[];
  readonly monitors: readonly string[];
}

export interface ServerDeps {
  readonly callers: () => Callers;
  readonly handle: (request: AppRequest) => Promise<AppResponse>;
  readonly tooLarge: (url: string) => AppResponse;
  readonly health: () => Promise<{ readonly ok: boolean; readonly detail: string }>;
  readonly onRequest: (entry: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly ms: number;
  }) => void;
  readonly onRefused: (reason: string) => void;
  readonly onBug: (error: unknown, route: string) => void;
}

export interface Tls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

function secure({ cert, key, ca }: Tls): SecureContextOptions {
  return { cert, key, ca, minVersion: "TLSv1.2" };
}

/** Address of the client: the last hop that the gateway added, as only the gateway gets this far. */
export function clientAddress(forwardedFor: string | undefined, peer: string | undefined): string {
  return forwardedFor?.split(",").at(-1)?.trim() || peer || "unknown";
}

/** The body, or `undefined` if it is over the limit. Rejects if the client goes away in the middle. */
export async function readBody(request: AsyncIterable<Buffer>, limit = MAX_BODY_BYTES): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function commonName(request: IncomingMessage): string | undefined {
  const certificate = (request.socket as TLSSocket).getPeerCertificate();
  const name = certificate?.subject?.CN;
  return typeof name === "string" ? name : undefined;
}

const PLAIN = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

function send(response: ServerResponse, answer: Omit<AppResponse, "route">, head: boolean): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  response.end(head ? undefined : body);
}

async function answer(request: IncomingMessage, url: string, client: boolean, deps: ServerDeps): Promise<AppResponse> {
  if (url === "/health") {
    // The gateway only asks whether to send people here. It shall do so without a database, too: they then get a page that
    // keeps what they typed, and the gateway's own refusal would not.
    if (client) return { status: 200, headers: PLAIN, body: "serving\n", route: "health" };
    const { ok, detail } = await deps.health();
    return { status: ok ? 200 : 503, headers: PLAIN, body: `${detail}\n`, route: "health" };
  }
  const body = await readBody(request);
  if (body === undefined) {
    const refused = deps.tooLarge(url);
    return { ...refused, headers: { ...refused.headers, connection: "close" } };
  }
  const { headers } = request;
  return deps.handle({
    method: request.method ?? "GET",
    url,
    host: headers.host ?? "",
    client: clientAddress(headers["x-forwarded-for"]?.toString(), request.socket.remoteAddress),
    headers: {
      cookie: headers.cookie,
      origin: headers.origin,
      "content-type": headers["content-type"],
      "sec-fetch-site": headers["sec-fetch-site"]?.toString(),
    },
    body,
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, deps: ServerDeps): Promise<void> {
  const started = performance.now();
  const url = request.url ?? "/";
  const method = request.method ?? "GET";
  const name = commonName(request);
  const { clients, monitors } = deps.callers();
  const client = name !== undefined && clients.includes(name);
  const allowed = client || (name !== undefined && url === "/health" && monitors.includes(name));
  if (!allowed) {
    deps.onRefused(`client certificate of "${name ?? "nobody"}" may not ask for this`);
    send(
      response,
      { status: 403, headers: { ...PLAIN, connection: "close" }, body: "this service answers its gateway only\n" },
      method === "HEAD",
    );
    return;
  }
  const given = await answer(request, url, client, deps);
  send(response, given, method === "HEAD");
  if (url !== "/health")
    deps.onRequest({ method, route: given.route, status: given.status, ms: Math.round(performance.now() - started) });
}

/** A server that asks every client for a certificate of the region and lets in only the callers named. Not yet listening. */
export function makeServer(tls: Tls, deps: ServerDeps): Server {
  const server = createServer(
    {
      ...secure(tls),
      requestCert: true,
      rejectUnauthorized: true,
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      // Longer than the gateway keeps an idle connection, so that it is never us who closes one it is about to use.
      keepAliveTimeout: 75_000,
    },
    (request, response) => {
      serve(request, response, deps).catch((error: unknown) => {
        // The client went away in the middle of its own request, or we have a bug; either way nobody can be answered.
        if (!request.destroyed) deps.onBug(error, "server");
        response.destroy();
      });
    },
  );
  server.maxConnections = 512;
  server.on("tlsClientError", (error) => deps.onRefused(error.message));
  return server;
}

/** Takes up renewed certificates: new connections see them, open ones go on. Throws if they do not fit together. */
export function renewTls(server: Server, tls: Tls): void {
  server.setSecureContext(secure(tls));
}
