/** One question to the application that was started, over its unix socket, as the gateway would put it. */
import { request as requestOverHttp } from "node:http";
import { request as requestOverHttps } from "node:https";
import { bodyOf } from "../../../io/http-body.ts";
import { within } from "../../../io/within.ts";

/** Where it listens. */
export interface At {
  readonly socket: string;
  /** The host name by which people ask for it. */
  readonly host: string;
  /** Of a service that speaks TLS itself, and knows its callers by certificate. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string; readonly servername: string };
}

export interface Answer {
  /** The path that answered at last, where others led to it. */
  readonly path: string;
  readonly status: number;
  readonly location?: string;
  readonly body: Buffer;
}

const WITHIN_MS = 60_000;
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_STEPS = 5;

/** @throws the connection's error, and where it takes longer than a minute or the answer is larger than 256 MiB. */
export function ask(at: At, path: string, ending: AbortSignal): Promise<Answer> {
  return within(WITHIN_MS, ending, (signal) => answerOf(at, path, signal));
}

function answerOf({ socket, host, tls }: At, path: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      socketPath: socket,
      path,
      headers: { host, "accept-encoding": "identity", "x-forwarded-for": "127.0.0.1" },
      agent: false,
      signal,
    } as const;
    const outgoing = tls ? requestOverHttps({ ...options, ...tls }) : requestOverHttp(options);
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      const { location } = headers;
      bodyOf(response, MAX_BYTES, `${path}: the answer`).then(
        (body) => resolve({ path, status, ...(location === undefined ? {} : { location }), body }),
        reject,
      );
    });
    outgoing.end();
  });
}

/** As `ask`; goes on to where the application sends its reader, as long as that is itself. */
export async function askFollowing(at: At, path: string, signal: AbortSignal): Promise<Answer> {
  let answer = await ask(at, path, signal);
  for (let step = 1; step < MAX_STEPS; step += 1) {
    const next = nextPath(at, answer);
    if (next === undefined) return answer;
    answer = await ask(at, next, signal);
  }
  return answer;
}

/** Undefined where the answer is no way on, or leads to another host. Pure. */
export function nextPath(
  { host }: Pick<At, "host">,
  { path, status, location }: Omit<Answer, "body">,
): string | undefined {
  if (status < 300 || status > 399 || location === undefined) return undefined;
  const from = `https://${host}${path}`;
  if (!URL.canParse(location, from)) return undefined;
  const url = new URL(location, from);
  return url.host === host ? `${url.pathname}${url.search}` : undefined;
}
