/** One question over mutual TLS to a workload of the same site, and its answer as a stream. */
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import type { Reached } from "./config.ts";
import type { BackupFiles } from "./files.ts";

export interface Question {
  readonly at: Reached;
  readonly tls: BackupFiles["tls"];
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly signal: AbortSignal;
}

/** How long a workload may be silent in the middle of an answer. */
const SILENCE_MS = 120_000;

/** The answer to read, if its status is 200. @throws with the status and the answer's first line otherwise, and the connection's error. */
export function ask({ at, tls, method, path, signal }: Question): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { host, address, port } = at;
    const outgoing = request({
      ...tls,
      ...{ host: address, port, servername: host, headers: { host }, method, path, agent: false, signal },
    });
    outgoing.setTimeout(SILENCE_MS, () =>
      outgoing.destroy(new Error(`${host}${path}: silent for ${SILENCE_MS / 1000} s`)),
    );
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.setEncoding("utf8");
      let text = "";
      response.on("data", (chunk: string) => {
        if (text.length < 1000) text += chunk;
      });
      response.on("end", () => reject(new AskError(`${host}${path}`, response.statusCode ?? 0, text)));
      response.on("error", reject);
    });
    outgoing.end();
  });
}

/** The whole answer as text. @throws as `ask`. */
export async function askText(question: Question): Promise<string> {
  const response = await ask(question);
  response.setEncoding("utf8");
  let text = "";
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return text;
}

export class AskError extends Error {
  override readonly name = "AskError";
  readonly status: number;

  constructor(what: string, status: number, text: string) {
    super(`${what}: answered ${status}: ${text.trim().split("\n")[0]?.slice(0, 200) ?? ""}`);
    this.status = status;
  }
}
