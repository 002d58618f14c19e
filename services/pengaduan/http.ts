/** Requests and answers as the application sees them, without a socket. */
import { type Draft, normalise } from "./complaint.ts";
import type { AppConfig } from "./config.ts";
import type { RateLimiter } from "./limit.ts";
import type { Store } from "./store.ts";

export interface AppRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly host: string;
  /** Client's address as the gateway saw it. */
  readonly client: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface AppResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the log: the kind of page, never the address itself. */
  readonly route: string;
}

export interface AppDeps {
  readonly config: AppConfig;
  readonly store: Store;
  readonly limiter: RateLimiter;
  /** The first makes tokens, each is believed: forms that were open while the password changed can still be sent. */
  readonly csrfKeys: readonly [Uint8Array, ...Uint8Array[]];
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Told of errors that are ours. */
  readonly onBug: (error: unknown, route: string) => void;
}

const SECURITY: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};
export function respond(
  status: number,
  route: string,
  type: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): AppResponse {
  return { status, route, body, headers: { ...SECURITY, "content-type": type, "cache-control": "no-store", ...more } };
}

/** Does the browser say that another site made this request? (`Origin`, Fetch Metadata; absent from plain clients) */
export function isForeign(request: AppRequest): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) {
    const parsed = URL.canParse(origin) ? new URL(origin).host : undefined;
    if (parsed !== request.host.toLowerCase().replace(/:443$/, "")) return true;
  }
  return request.headers["sec-fetch-site"] === "cross-site";
}

export function draftFrom(get: (name: keyof Draft) => string): Draft {
  return {
    opd: normalise(get("opd")),
    text: normalise(get("text")),
    name: normalise(get("name")).replaceAll("\n", " "),
    contact: normalise(get("contact")).replaceAll("\n", " "),
  };
}
