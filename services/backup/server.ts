/** The HTTPS port of a repository host or a drill room: who may ask what, by the names of certificates (wire.ts lists the paths). */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Logger } from "../../io/log.ts";
import { bodyOf } from "../signer/body.ts";
import type { BackupFiles } from "./files.ts";
import type { Runs } from "./runs.ts";
import type { CopyList, RunOrder } from "./wire.ts";

export interface Serving {
  readonly files: () => BackupFiles;
  readonly runs: Runs;
  readonly health: () => Promise<Page>;
  /** Absent at a drill room. */
  readonly copies?: () => Promise<CopyList>;
  readonly log: Pick<Logger, "debug" | "error">;
}

export interface Page {
  readonly status: number;
  readonly text: string;
  /** Default plain text. */
  readonly type?: string;
}

const RUN = /^\/runs\/([A-Za-z0-9-]{1,64})$/;
/** A proof of 5,000 tables is some 700 kB. */
const MAX_ORDER_BYTES = 4 * 1024 * 1024;

export function backupServer(serving: Serving): Server {
  const { tls } = serving.files();
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
    answer(incoming, outgoing, serving).catch((err: unknown) => {
      serving.log.error({ err, path: incoming.url }, "a question could not be answered");
      outgoing.destroy();
    });
  });
  server.on("tlsClientError", (error, socket) => {
    serving.log.debug({ reason: error.message, from: socket.remoteAddress }, "refused a client");
  });
  server.maxConnections = 32;
  server.requestTimeout = 30_000;
  server.headersTimeout = 5000;
  return server;
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, serving: Serving): Promise<void> {
  const { status, text, type = "text/plain; charset=utf-8" } = await pageFor(incoming, serving);
  const close = status >= 400 ? { connection: "close" } : {};
  outgoing.writeHead(status, { "content-type": type, "cache-control": "no-store", ...close });
  outgoing.end(`${text.trimEnd()}\n`);
}

async function pageFor(incoming: IncomingMessage, serving: Serving): Promise<Page> {
  const { config } = serving.files();
  const name = (incoming.socket as TLSSocket).getPeerCertificate().subject?.CN;
  const orders = name === config.ops || name === config.name;
  const { method = "", url = "/" } = incoming;
  if (url === "/health" && method === "GET" && (orders || config.monitors.includes(String(name))))
    return serving.health();
  if (!orders) return { status: 403, text: `${name ?? "a client without name"} is not let in` };
  if (url === "/copies" && method === "GET" && serving.copies) return json(200, await serving.copies());
  const [, id] = RUN.exec(url) ?? [];
  if (id === undefined) return { status: 404, text: "there are: /health /copies /runs/<id>" };
  switch (method) {
    case "GET":
      return stateOf(id, serving);
    case "PUT":
      return begin(id, incoming, serving);
    case "DELETE":
      await serving.runs.stop(id, `ordered by ${name}`);
      return { status: 200, text: "nothing of it is left" };
    default:
      return { status: 405, text: "GET, PUT, DELETE only" };
  }
}

function stateOf(id: string, { runs }: Serving): Page {
  const state = runs.get(id);
  return state ? json(200, state) : { status: 404, text: `nothing is known of run ${id}` };
}

async function begin(id: string, incoming: IncomingMessage, { runs }: Serving): Promise<Page> {
  const body = await bodyOf(incoming, MAX_ORDER_BYTES);
  if (body === undefined) return { status: 413, text: `an order is at most ${MAX_ORDER_BYTES} bytes` };
  const order = readOrder(body);
  if (order?.id !== id) return { status: 400, text: `expected an order in JSON whose id is ${id}` };
  const state = runs.begin(order);
  return typeof state === "string" ? { status: 409, text: state } : json(202, state);
}

function readOrder(body: Buffer): RunOrder | undefined {
  try {
    const value = JSON.parse(body.toString("utf8")) as Partial<RunOrder> | null;
    const texts = [value?.id, value?.target, value?.action, value?.engine];
    return texts.every((text) => typeof text === "string" && text !== "") ? (value as RunOrder) : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, value: unknown): Page {
  return { status, text: JSON.stringify(value), type: "application/json" };
}
