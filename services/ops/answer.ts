/** The pages of `ops`: who may ask, and what. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import type { OpsStatus } from "./status.ts";

export interface Page {
  readonly status: number;
  readonly text: string;
  /** Default plain text. */
  readonly type?: string;
}

export interface Pages {
  /** Common names that are let in. */
  readonly clients: readonly string[];
  health(): Page;
  status(): OpsStatus;
  metrics(): Promise<Page>;
}

/** Answers one request. The certificate was verified against the region's root before; here the name in it is. */
export async function answer(incoming: IncomingMessage, outgoing: ServerResponse, pages: Pages): Promise<void> {
  const page = await pageFor(incoming, pages);
  outgoing.writeHead(page.status, {
    "content-type": page.type ?? "text/plain; charset=utf-8",
    "cache-control": "no-store",
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : `${page.text.trimEnd()}\n`);
}

async function pageFor(incoming: IncomingMessage, pages: Pages): Promise<Page> {
  const name = (incoming.socket as TLSSocket).getPeerCertificate().subject?.CN;
  if (typeof name !== "string" || !pages.clients.includes(name))
    return { status: 403, text: `${name ?? "a client without name"} is not let in` };
  if (incoming.method !== "GET" && incoming.method !== "HEAD") return { status: 405, text: "GET and HEAD only" };
  switch ((incoming.url ?? "").split("?")[0]) {
    case "/health":
      return pages.health();
    case "/status":
      return { status: 200, text: JSON.stringify(pages.status()), type: "application/json" };
    case "/metrics":
      return pages.metrics();
    default:
      return { status: 404, text: "there are: /health /metrics /status" };
  }
}
