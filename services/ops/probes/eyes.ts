/** How a round looks: names by question to the region's name servers, pages as the public is given them. Nothing of ours is shown. */
import type { Resolver } from "node:dns/promises";
import { request as plainRequest } from "node:http";
import { type RequestOptions, request } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import { within } from "../../../io/within.ts";
import type { GatewayPlace } from "../config.ts";
import type { NameServer } from "../heads/publish.ts";
import { addressesOf, noneIfAbsent, resolverAt } from "../resolve.ts";

export interface Fetched {
  readonly status: number;
  /** Where it is a page. */
  readonly html?: string;
  readonly location?: string;
  /** Whether it tells browsers to stay on TLS. */
  readonly hsts: boolean;
  /** ISO 8601 */
  readonly certificateExpires: string;
}

/** `away`: no connection; `untrusted`: one that does not hold what TLS promises. */
export interface Unreached {
  readonly why: "away" | "untrusted";
}

export interface Asked {
  readonly host: string;
  readonly path: string;
  /** Name that the connection is made for. Default: the host. */
  readonly servername?: string;
}

/** None of these throws: what could not be looked at is undefined, or not in the list. */
export interface Eyes {
  /** Addresses by each name server that answers; none of a name that is not there. */
  addresses(host: string): Promise<readonly (readonly string[])[]>;
  /** Whether every name server that answers says who may issue certificates below the zone. */
  restrictsIssuers(zone: string): Promise<boolean | undefined>;
  fetch(gateway: GatewayPlace, asked: Asked): Promise<Fetched | Unreached>;
  /** Whether plain HTTP leads to https and to nothing else. */
  leadsToHttps(gateway: GatewayPlace, host: string): Promise<boolean | undefined>;
  refusesOldTls(gateway: GatewayPlace, host: string): Promise<boolean | undefined>;
}

/** Shown what search engines are shown: whoever hides something from readers shows it to these. */
const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const ASK_MS = 3000;
const FETCH_MS = 15_000;
const MAX_PAGE_BYTES = 1024 * 1024;

/** @param ca of which the public certificate descends @param ending closes them: nothing is waited for any more */
export function openEyes(servers: readonly NameServer[], ca: string, ending: AbortSignal): Eyes {
  const each = async <T>(ask: (resolver: Resolver) => Promise<T>): Promise<T[]> => {
    const answers = await Promise.allSettled(
      servers.map(({ address, port }) => ask(resolverAt(address, port, { timeout: ASK_MS, tries: 1 }))),
    );
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  };
  return {
    addresses: (host) => each((resolver) => addressesOf(resolver, host)),
    restrictsIssuers: async (zone) => {
      const answers = await each((resolver) => noneIfAbsent(resolver.resolveCaa(zone)));
      return answers.length === 0 ? undefined : answers.every((records) => records.length > 0);
    },
    fetch: (gateway, asked) => within(FETCH_MS, ending, (signal) => fetchPage(gateway, asked, ca, signal)),
    leadsToHttps: (gateway, host) => within(FETCH_MS, ending, (signal) => leadsToHttps(gateway, host, signal)),
    refusesOldTls,
  };
}

function fetchPage(gateway: GatewayPlace, asked: Asked, ca: string, signal: AbortSignal): Promise<Fetched | Unreached> {
  const { host, path, servername = host } = asked;
  const options: RequestOptions = {
    ...{ host: gateway.address, port: gateway.port, servername, path, ca, agent: false },
    headers: { host, "user-agent": CRAWLER, accept: "text/html" },
    signal,
  };
  return new Promise((resolve) => {
    const outgoing = request(options);
    outgoing.on("error", (error) => resolve({ why: whyOf(error) }));
    outgoing.on("response", (response) => {
      const { statusCode: status = 0, headers, socket } = response;
      const { valid_to } = (socket as TLSSocket).getPeerCertificate();
      const isPage = /^text\/html\b/i.test(headers["content-type"] ?? "");
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (): void =>
        resolve({
          status,
          ...(isPage ? { html: Buffer.concat(chunks).toString("utf8") } : {}),
          ...(headers.location === undefined ? {} : { location: headers.location }),
          hsts: headers["strict-transport-security"] !== undefined,
          certificateExpires: new Date(valid_to).toISOString(),
        });
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        // What is larger is judged by its beginning.
        if (size <= MAX_PAGE_BYTES) return;
        end();
        response.destroy();
      });
      response.on("error", () => resolve({ why: "away" }));
      response.on("end", end);
    });
    outgoing.end();
  });
}

/** Codes of OpenSSL and of Node's own check of names. */
function whyOf(error: Error): Unreached["why"] {
  const code = String((error as { code?: unknown }).code);
  return /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|INVALID_|HOSTNAME_)/.test(code)
    ? "untrusted"
    : "away";
}

function leadsToHttps(
  { address, plainPort }: GatewayPlace,
  host: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const outgoing = plainRequest({
      ...{ host: address, port: plainPort, path: "/", agent: false },
      headers: { host },
      signal,
    });
    outgoing.on("error", () => resolve(undefined));
    outgoing.on("response", ({ statusCode = 0, headers }) => {
      resolve(statusCode >= 300 && statusCode < 400 && (headers.location ?? "").startsWith(`https://${host}/`));
      outgoing.destroy();
    });
    outgoing.end();
  });
}

/** Only the server's own refusal counts: whether this program could speak so old a version is another question. */
function refusesOldTls({ address, port }: GatewayPlace, servername: string): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host: address, port, servername, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" },
      // Nothing is told over it: what matters is whether it comes about at all.
      rejectUnauthorized: false,
      timeout: ASK_MS,
    });
    const tell = (answer: boolean | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("secureConnect", () => tell(false));
    socket.on("timeout", () => tell(undefined));
    socket.on("error", (error) =>
      tell((error as { code?: unknown }).code === "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" ? true : undefined),
    );
  });
}
