/**
 * The door for auditors: a server of its own, on a port that the gateway publishes, so that whoever comes from outside meets nothing else of `ops`, takes
 * none of its connections, and is answered by a table of routes that only read (docs/adr/0019-auditors.md). Every visit is logged.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../../io/clock.ts";
import type { Logger } from "../../../io/log.ts";
import { nameOf } from "../answer.ts";
import type { Ask } from "../assessments/ask.ts";
import type { AuditorsConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import { listen } from "../listen.ts";
import { answerAuditor, plain, type Reply, type Told } from "./answer.ts";
import { judge } from "./people.ts";
import { reportMaker } from "./report.ts";
import { NewestCheck, signerStore } from "./signer.ts";

/** `OpsFiles` whose configuration has auditors. */
export interface AuditorsFiles extends OpsFiles {
  readonly config: OpsFiles["config"] & { readonly auditors: AuditorsConfig };
}

export const hasAuditors = (files: OpsFiles): files is AuditorsFiles => files.config.auditors !== undefined;

export interface AuditorsOptions extends Pick<Told, "status" | "jobs" | "runbooks"> {
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn" | "error" | "debug">;
  /** Address to listen on. Default: all. */
  readonly address?: string | undefined;
  /** Starts the process that makes the report's page. @throws what it said where it failed. */
  readonly ask: Ask;
}

export interface AuditorsService {
  /** The port that it listens on. */
  readonly port: number;
  /** Takes up new certificates; the list is looked at anew at each question anyway. */
  reload(): void;
  close(): Promise<void>;
}

/** @param files those of now, which have auditors as long as this runs. @throws the system's error where the port is taken. */
export async function startAuditors(files: () => OpsFiles, options: AuditorsOptions): Promise<AuditorsService> {
  const { clock, log, address, ask, status, jobs, runbooks } = options;
  const now = (): AuditorsFiles => {
    const current = files();
    if (!hasAuditors(current)) throw new Error("auditors: expected a configuration with auditors");
    return current;
  };
  const ending = new AbortController();
  const newest = new NewestCheck();
  const report = reportMaker({
    ...{ ask, ending: ending.signal, region: () => now().config.region, keys: () => now().config.auditors.keys },
    warn: (message) => log.warn({ auditors: message }, "auditors"),
  });

  async function replyTo(incoming: IncomingMessage): Promise<Reply> {
    const { config, tls } = now();
    const { method = "", url = "/" } = incoming;
    const name = nameOf(incoming);
    const { valid_to: validTo } = (incoming.socket as TLSSocket).getPeerCertificate();
    const judged = judge({ name, validTo }, config.auditors.people, clock.now());
    const visit = { method, route: url.split("?")[0]?.slice(0, 200) };
    if ("refused" in judged) {
      log.warn({ ...visit, name, reason: judged.refused.en, status: 403 }, "no auditor is let in");
      return plain(403, judged.refused);
    }
    const { auditor } = judged;
    const evidence = signerStore(config.auditors.signer, tls);
    const told = {
      region: config.region,
      config: config.auditors,
      auditor,
      status,
      jobs,
      runbooks,
      evidence,
      newest,
      report,
    };
    const wantsPage = String(incoming.headers.accept ?? "").includes("text/html");
    const reply = await answerAuditor({ method, url, wantsPage }, told);
    const line = { ...visit, auditor: auditor.id, status: reply.status };
    if (reply.status === 403) log.warn(line, "an auditor was refused");
    else log.info(line, "an auditor reads");
    return reply;
  }

  const server = createServer({ ...now().tls, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
    replyTo(incoming)
      .then((reply) => write(outgoing, reply))
      .catch((err: unknown) => {
        log.error({ err, path: incoming.url }, "an auditor's question could not be answered");
        outgoing.destroy();
      });
  });
  server.on("tlsClientError", (error, socket) => {
    log.debug({ reason: error.message, from: socket.remoteAddress }, "refused a client of the auditors' port");
  });
  const port = await listen(server, now().config.auditors.port, address, 32);
  log.info({ port, auditors: now().config.auditors.people.map(({ id }) => id) }, "auditors may read");
  return {
    port,
    reload: () => server.setSecureContext(now().tls),
    close: async () => {
      ending.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function write(outgoing: ServerResponse, { status, type, body, policy }: Reply): void {
  outgoing.writeHead(status, {
    "content-type": type,
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    // What was not read of a refused body must not be taken for the next request.
    ...(status >= 400 ? { connection: "close" } : {}),
  });
  outgoing.end(body);
}
