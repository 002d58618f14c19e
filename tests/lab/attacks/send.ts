import { once } from "node:events";
import { Agent, request } from "node:https";
import { gunzipSync } from "node:zlib";
import type { AttackCase } from "./corpus.ts";

export interface Target {
  readonly address: string;
  readonly host: string;
  /** PEM of the authority that the certificate must verify against. */
  readonly ca: string;
}

export interface Outcome {
  readonly id: string;
  readonly status: number;
  /** Whether it is our page for what the core rules refuse, with the request's number in it. */
  readonly refused: boolean;
  /** The request's number, as the answer and the page show it. */
  readonly number?: string;
}

/** Sends a case as an ordinary HTTP/1.1 client would. @throws where such a client cannot send it, or the connection ends. */
export async function send(attack: AttackCase, { address, host, ca }: Target, agent: Agent): Promise<Outcome> {
  const asked = request({
    agent,
    host: address,
    port: 443,
    servername: host,
    ca,
    method: attack.method,
    path: attack.path,
    headers: {
      ...attack.headers,
      host,
      ...(attack.body === undefined ? {} : { "content-length": Buffer.byteLength(attack.body) }),
    },
    signal: AbortSignal.timeout(20_000),
  });
  asked.end(attack.body);
  const [response] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const body = (response.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString("utf8");
  const number = [response.headers["x-request-id"] ?? []].flat()[0];
  // A page does not follow a HEAD.
  const page = attack.method === "HEAD" || (number !== undefined && body.includes(`Nomor permintaan: ${number}<`));
  const refused = response.statusCode === 403 && number !== undefined && page;
  return { id: attack.id, status: response.statusCode, refused, ...(number === undefined ? {} : { number }) };
}

/** All cases, a few at a time. What cannot be sent has status 0. */
export async function sendAll(attacks: readonly AttackCase[], target: Target, atOnce = 4): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const outcomes: Outcome[] = [];
  const waiting = [...attacks];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { id } = next;
      outcomes.push(await send(next, target, agent).catch(() => ({ id, status: 0, refused: false })));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  agent.destroy();
  return outcomes.sort((a, b) => (a.id < b.id ? -1 : 1));
}
