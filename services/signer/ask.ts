/** Asking a signer over mutual TLS: the other site's, or from the command-line modes the one in the same container. */
import { request } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { bodyOf } from "../../io/http-body.ts";
import type { PeerSigner } from "./exchange.ts";
import type { Heads, Line } from "./shapes.ts";

export interface SignerAt {
  /** Where to connect. */
  readonly address: string;
  readonly port: number;
  /** Name that its certificate must carry. */
  readonly name: string;
  readonly tls: SecureContextOptions;
  /** Default 5: less than a container is given to stop. */
  readonly timeoutSeconds?: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** No answer of a signer is larger: 200 records of at most 512 KiB in base64 never come near it in practice, and then the copy says so. */
const MAX_BYTES = 64 * 1024 * 1024;

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export function ask(at: SignerAt, method: Method, path: string, body?: Uint8Array): Promise<Answer> {
  const { address, port, name, tls, timeoutSeconds = 5 } = at;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...tls,
      ...{ host: address, port, servername: name, headers: { host: name }, method, path, agent: false },
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      bodyOf(response, MAX_BYTES, "answer").then(
        (read) => resolve({ status: response.statusCode ?? 0, text: read.toString("utf8").trimEnd() }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

/** The other site's signer as `exchange` asks it. */
export function peerSigner(at: SignerAt): PeerSigner {
  const get = async (path: string): Promise<string> => {
    const { status, text } = await ask(at, "GET", path);
    if (status !== 200) throw new Error(`${at.name}${path}: answered ${status}: ${text.slice(0, 200)}`);
    return text;
  };
  return {
    heads: async () => JSON.parse(await get("/heads")) as Heads,
    records: async (writer, after, limit) => {
      const text = await get(`/records?writer=${writer}&after=${after}&limit=${limit}`);
      return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as Line);
    },
    counterSign: async (bytes) => {
      const { status, text } = await ask(at, "POST", "/heads", bytes);
      if (status >= 300)
        throw new Error(`${at.name}: does not counter-sign our head: ${status}: ${text.slice(0, 200)}`);
    },
  };
}
