/** The command-line modes: they ask the `ops` that runs in the same container. */
import { request } from "node:https";
import type { OpsFiles } from "./files.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const PATIENCE_SECONDS = 5;

/** What the running server says on a path, within `patienceSeconds` (default 5); `body`: posted. @throws where it does not answer. */
export function query(
  { config, tls }: OpsFiles,
  path: string,
  body?: string,
  patienceSeconds: number = PATIENCE_SECONDS,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...tls,
      host: "127.0.0.1",
      port: config.port,
      servername: config.name,
      path,
      method: body === undefined ? "GET" : "POST",
      agent: false,
      signal: AbortSignal.timeout(patienceSeconds * 1000),
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: text.trimEnd() }));
    });
    outgoing.end(body);
  });
}
