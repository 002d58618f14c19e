/** The running signer: takes statements, copies the other's records, has heads counter-signed, takes up new keys without a restart. */
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { ChainRecord } from "../../evidence/chain.ts";
import { keyIdOf } from "../../evidence/dsse.ts";
import type { Observed } from "../../evidence/statement.ts";
import type { Clock } from "../../io/clock.ts";
import { type EvidenceFolder, evidenceFolder } from "../../io/evidence-folder.ts";
import type { Logger } from "../../io/log.ts";
import { answer } from "./answer.ts";
import { peerSigner } from "./ask.ts";
import { type Exchange, exchange, SetBack, takeBack } from "./exchange.ts";
import type { SignerFiles } from "./files.ts";
import { counterSign, type HeadAnswer } from "./heads.ts";
import { type HealthFacts, healthOf } from "./health.ts";
import { type Ledger, openLedger } from "./ledger.ts";

export interface SignerService {
  readonly port: number;
  readonly writer: () => string;
  /** One exchange with the other site's signer, now. @throws why there was none. */
  round(): Promise<void>;
  /** Takes what `read` gives; where that fails, goes on with what it had and says so in its health. */
  reload(read: () => Promise<SignerFiles>): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly data: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Address to listen on. Default: all. */
  readonly address?: string;
  /** Default: the process's own. */
  readonly timers?: Pick<typeof globalThis, "setInterval" | "clearInterval">;
}

export async function startSigner(first: SignerFiles, options: ServiceOptions): Promise<SignerService> {
  const { clock, log, timers = globalThis } = options;
  const facts: HealthFacts = {};
  let files = first;
  const folder = evidenceFolder({ root: options.data, region: files.config.region });
  let ledger = await opened(files, folder, options, await takenBack(files, folder, log));
  let exchanging = exchangeOf();
  let underWay: Promise<void> | undefined;
  let timer = timers.setInterval(tick, files.config.copySeconds * 1000);

  function exchangeOf(): Exchange | undefined {
    const { config, keys } = files;
    if (config.peer === undefined) return undefined;
    const { region, headSeconds } = config;
    return exchange({
      region,
      peerSite: config.peer.site,
      keys,
      folder,
      last: () => ledger.last(),
      clock,
      headSeconds,
    });
  }

  async function round(): Promise<void> {
    const { config, tls } = files;
    if (config.peer === undefined || exchanging === undefined) return;
    try {
      const { copied, counterSigned } = await exchanging.round(peerSigner({ ...config.peer, tls }));
      if (counterSigned || facts.peerFault !== undefined)
        log.info({ copied, counterSigned }, "exchanged with the other site");
      facts.peerFault = undefined;
      facts.exchangedAtMs = clock.monotonicMs();
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== facts.peerFault) log.warn({ reason: fault }, "no exchange with the other site");
      facts.peerFault = fault;
      if (error instanceof SetBack) {
        facts.alarm = fault;
        log.error({ reason: fault }, "OUR VOLUME IS OLDER THAN THE OTHER SITE'S COPY OF IT");
        ledger = await opened(files, folder, options, fault);
      }
      throw error;
    }
  }

  /** Never two rounds at once; what went wrong is in the log and in the health. */
  function tick(): void {
    underWay ??= round()
      .catch(() => undefined)
      .finally(() => {
        underWay = undefined;
      });
  }

  async function sign(observed: Observed): Promise<ChainRecord> {
    try {
      const record = await ledger.append(observed);
      facts.diskFault = undefined;
      return record;
    } catch (error) {
      facts.diskFault = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async function takeHead(bytes: Uint8Array): Promise<HeadAnswer> {
    const { config, keys } = files;
    const { region, peer } = config;
    if (peer === undefined) return { accepted: false, alarm: false, why: "there is no other site" };
    const result = await counterSign(bytes, { region, peerSite: peer.site, keys, ledger, folder, clock });
    if (!result.accepted && result.alarm) {
      facts.alarm = result.why;
      log.error({ reason: result.why }, "THE OTHER SITE'S CHAIN IS NOT WHAT IT WAS");
    }
    return result;
  }

  const server = createServer({ ...files.tls, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
    const told = { config: files.config, keys: files.keys, folder, append: sign, counterSign: takeHead };
    answer(incoming, outgoing, {
      ...told,
      health: () => healthOf(files.config, ledger, facts, clock.monotonicMs()),
    }).catch((err: unknown) => {
      log.error({ err, path: incoming.url }, "a request could not be answered");
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(503, { connection: "close" }).end("not done: see the signer's log\n");
    });
  });
  server.on("tlsClientError", (error, socket) => {
    log.debug({ reason: error.message, from: socket.remoteAddress }, "refused a client");
  });
  const port = await listen(server, files.config.port, options.address);
  log.info({ port, site: files.config.site, writer: ledger.writer }, "ready");
  tick();

  return {
    port,
    writer: () => ledger.writer,
    round: async () => {
      await underWay;
      await round();
    },
    reload: async (read) => {
      try {
        const next = await read();
        await underWay;
        // Another key begins another chain; with the same one the chain goes on, whatever is being signed meanwhile.
        if (keyIdOf(next.key) !== keyIdOf(files.key)) ledger = await opened(next, folder, options);
        [files, facts.reloadFault] = [next, undefined];
      } catch (err) {
        facts.reloadFault = err instanceof Error ? err.message : String(err);
        log.error({ err }, "new configuration refused; going on with the one before");
        return;
      }
      server.setSecureContext(files.tls);
      exchanging = exchangeOf();
      timers.clearInterval(timer);
      timer = timers.setInterval(tick, files.config.copySeconds * 1000);
      log.info({ writer: ledger.writer }, "reloaded");
    },
    close: async () => {
      timers.clearInterval(timer);
      await underWay;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the other site has of our own chains and we have not comes back first. Where it does not answer we go on without. */
async function takenBack(
  { config, keys, tls }: SignerFiles,
  folder: EvidenceFolder,
  log: Logger,
): Promise<string | undefined> {
  const { region, site, peer } = config;
  if (peer === undefined) return undefined;
  try {
    const count = await takeBack(site, peerSigner({ ...peer, tls }), { region, keys, folder });
    if (count === 0) return undefined;
    const why = `${count} records came back from ${peer.site}; what was not copied there is lost`;
    log.error({ count }, "RECORDS OF OUR OWN WERE NOT HERE AND CAME BACK FROM THE OTHER SITE");
    return why;
  } catch (error) {
    log.warn(
      { reason: error instanceof Error ? error.message : String(error) },
      "the other site was not asked for our own records",
    );
    return undefined;
  }
}

/** Opens the chain, and says loudly where a new one had to be begun. */
async function opened(
  { config, key, keys }: SignerFiles,
  folder: EvidenceFolder,
  { clock, log }: ServiceOptions,
  restored?: string,
): Promise<Ledger> {
  const { region, site } = config;
  const ledger = await openLedger({
    ...{ folder, region, site, key, keys, clock },
    ...(restored === undefined ? {} : { restored }),
  });
  const { begun, writer } = ledger;
  if (begun?.reason === "damaged")
    log.error({ writer, ...begun }, "THE CHAIN IS DAMAGED; A NEW ONE IS BEGUN, WHICH SAYS SO");
  else if (begun !== undefined) log.warn({ writer, ...begun }, "a new chain is begun");
  return ledger;
}

async function listen(server: Server, port: number, address: string | undefined): Promise<number> {
  server.maxConnections = 32;
  server.requestTimeout = 10_000;
  server.headersTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}
