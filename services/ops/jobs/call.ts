/** One question to another workload of this site, over mutual TLS, on a connection of its own: a kept one would show yesterday's certificate. */
import { request } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { bodyOf } from "../../../io/http-body.ts";
import { within } from "../../../io/within.ts";
import type { Text } from "../../../model/types.ts";
import type { Peer } from "../config.ts";
import { reasonText } from "../reasons.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Question {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: string;
  /** Besides the host's. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 10. */
  readonly timeoutSeconds?: number;
  /** Gives up on the answer. Default: only time does. */
  readonly signal?: AbortSignal;
}

/** No report is larger: one of 5,000 tables is some 2 MB. */
const MAX_BYTES = 16 * 1024 * 1024;

/** It gives no answer: asking again may help. The message is the English text. */
export class Away extends Error {
  override readonly name = "Away";
  readonly text: Text;

  constructor({ host }: Peer, reason: Text, options?: ErrorOptions) {
    const text = { id: `${host}: ${reason.id}`, en: `${host}: ${reason.en}` };
    super(text.en, options);
    this.text = text;
  }
}

/** @throws Away where there is no answer. */
export async function call(peer: Peer, tls: SecureContextOptions, question: Question): Promise<Answer> {
  const { timeoutSeconds = 10 } = question;
  const asked = within(timeoutSeconds * 1000, question.signal, (signal) => ask(peer, tls, { ...question, signal }));
  return asked.catch((cause: unknown) => {
    throw new Away(peer, reasonText(cause, timeoutSeconds), { cause });
  });
}

function ask(
  { host, address, port }: Peer,
  tls: SecureContextOptions,
  { method, path, body, headers, signal }: Question & { readonly signal: AbortSignal },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...tls,
      ...{ host: address, port, servername: host, headers: { ...headers, host }, method, path, agent: false },
      signal,
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
