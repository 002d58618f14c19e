import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import type { HostModel } from "../../../model/types.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  /** Address of the gateway. */
  readonly address: string;
  readonly host: string;
  readonly path?: string;
  /** PEM of the authority that the certificate must verify against. */
  readonly ca: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a host's front page answers to who shows nothing: the code repository asks who it is, anything else gives its page. */
export function greeting({ serves }: Pick<HostModel, "serves">): number {
  return serves.kind === "code" ? 401 : 200;
}

/** A host's front page, where it may say once which of its own pages that is (MediaWiki does). @throws the error of the connection. */
export async function frontPage(asked: Pick<Ask, "address" | "host" | "ca">): Promise<Answer> {
  const answer = await ask(asked);
  if (answer.status !== 301) return answer;
  const { host, pathname } = new URL(answer.headers.location ?? "", `https://${asked.host}`);
  return host === asked.host ? ask({ ...asked, path: pathname }) : answer;
}

/** Asks a gateway for a host's page over TLS, verifying certificate and name. @throws the error of the connection. */
export async function ask({ address, host, path = "/", ca, method = "GET", headers = {}, body }: Ask): Promise<Answer> {
  const asked = request({
    host: address,
    port: 443,
    servername: host,
    path,
    method,
    ca,
    agent: false,
    headers: { host, ...headers },
    signal: AbortSignal.timeout(10_000),
  });
  asked.end(body);
  const [response] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString("utf8") };
}
