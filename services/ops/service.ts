/** The running `ops`: probes on a schedule, answers on its port, new files without a restart. */
import { X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createSecureContext } from "node:tls";
import type { Clock } from "../../io/clock.ts";
import type { Logger } from "../../io/log.ts";
import { createRegistry } from "../../io/metrics.ts";
import { answer, type Page } from "./answer.ts";
import { ask } from "./ask.ts";
import { createExposition } from "./exposition.ts";
import type { OpsFiles } from "./files.ts";
import { createJobsExposition } from "./jobs/exposition.ts";
import { hasJobs, type JobsOptions, type JobsService, startJobs } from "./jobs/service.ts";
import type { ProbeResult } from "./observation.ts";
import { type Schedule, startSchedule } from "./schedule.ts";
import { freshResults, type OpsStatus, statusOf, targetId } from "./status.ts";

export interface OpsService {
  /** The port that it listens on. */
  readonly port: number;
  status(): OpsStatus;
  /** Takes what `read` gives; where that fails, goes on with what it had and says so in its health. */
  reload(read: () => Promise<OpsFiles>): Promise<void>;
  close(): Promise<void>;
}

/** Whether backups can be made: the databases' state is known, and the repository host says that all of it is made. */
const isReady = ({ state, workloads }: OpsStatus): boolean =>
  state !== "unknown" && workloads.some(({ kind, health }) => kind === "backup" && health === "ok");

export interface ServiceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Address to listen on. Default: all. */
  readonly address?: string;
  /** The volume in which jobs are journalled. Default `/data`. */
  readonly data?: string;
  /** For tests: how jobs wait and tick. */
  readonly jobs?: Pick<JobsOptions, "pause" | "ticks">;
}

export async function startOps(first: OpsFiles, options: ServiceOptions): Promise<OpsService> {
  const { clock, log, address, data = "/data" } = options;
  const results = new Map<string, ProbeResult>();
  const registry = createRegistry({ region: first.config.region });
  const exposition = createExposition(first.config.region, registry);
  const jobsExposition = createJobsExposition(registry);
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let files = first;
  let reloadFault: string | undefined;
  let schedule = probe(files);
  let jobs: JobsService | undefined;
  let jobsFault: string | undefined;

  function probe({ config, tls }: OpsFiles): Schedule {
    const secureContext = createSecureContext(tls);
    return startSchedule(config, async (target) => {
      const result = await ask(target, { config, secureContext, clock });
      note(targetId(target), result);
    });
  }

  /** What changed is logged, what goes on as before is not. */
  function note(id: string, result: ProbeResult): void {
    const before = results.get(id)?.outcome.ok;
    results.set(id, result);
    if (before === result.outcome.ok) return;
    if (result.outcome.ok) log.info({ target: id }, "answers");
    else log.warn({ target: id, reason: result.outcome.reason.en }, "does not answer");
  }

  /** Begins, changes or ends what runs backups, as the configuration says. A volume that cannot be used must not take the eyes away. */
  async function arrangeJobs(): Promise<void> {
    try {
      if (!hasJobs(files)) {
        await jobs?.close();
        jobs = undefined;
      } else if (jobs) jobs.reload(files);
      else
        jobs = await startJobs(files, {
          ...options.jobs,
          ...{ clock, log, folder: data, exposition: jobsExposition },
          siteState: () => status().state,
          ready: () => isReady(status()),
        });
      jobsFault = undefined;
    } catch (err) {
      jobsFault = err instanceof Error ? err.message : String(err);
      log.error({ err }, "jobs do not run");
    }
  }

  function status(): OpsStatus {
    const self = {
      eventLoopLagSeconds: Number.isNaN(delay.mean) ? 0 : delay.percentile(99) / 1e9,
      certificateExpires: new Date(new X509Certificate(files.tls.cert as string).validTo).toISOString(),
    };
    return statusOf(files.config, results, self, { now: clock.now(), nowMs: clock.monotonicMs() });
  }

  function health(): Page {
    const fresh = freshResults(files.config, results, { now: clock.now(), nowMs: clock.monotonicMs() });
    const total = files.config.targets.length;
    if (reloadFault !== undefined) return { status: 503, text: `new configuration refused: ${reloadFault}` };
    if (results.size > 0 && fresh.size === 0) return { status: 503, text: `probes stand still (${total} targets)` };
    if (jobsFault !== undefined) return { status: 503, text: `jobs do not run: ${jobsFault}` };
    const remark = jobs?.remark();
    const answering = [...fresh.values()].filter(({ outcome }) => outcome.ok).length;
    return {
      status: 200,
      text: `watching: ${answering} of ${total} targets answer${remark === undefined ? "" : `; ${remark}`}`,
    };
  }

  const server = createServer({ ...files.tls, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
    answer(incoming, outgoing, {
      clients: files.config.clients,
      name: files.config.name,
      operators: files.config.jobs?.operators ?? [],
      jobs: () => ({ ...(jobs ? { running: jobs } : {}), ...(jobsFault === undefined ? {} : { fault: jobsFault }) }),
      health,
      status,
      metrics: async () => {
        jobsExposition.show(jobs?.seen());
        const text = await exposition.render(status());
        delay.reset();
        return { status: 200, text, type: exposition.contentType };
      },
    }).catch((err: unknown) => {
      log.error({ err, path: incoming.url }, "a question could not be answered");
      outgoing.destroy();
    });
  });
  server.on("tlsClientError", (error, socket) => {
    log.debug({ reason: error.message, from: socket.remoteAddress }, "refused a client");
  });
  await arrangeJobs();
  const port = await listen(server, files.config.port, address);
  log.info({ port, site: files.config.site, targets: files.config.targets.length }, "ready");

  return {
    port,
    status,
    reload: async (read) => {
      try {
        files = await read();
        reloadFault = undefined;
      } catch (err) {
        reloadFault = err instanceof Error ? err.message : String(err);
        log.error({ err }, "new configuration refused; going on with the one before");
        return;
      }
      server.setSecureContext(files.tls);
      schedule.stop();
      forgetOthers(results, files);
      schedule = probe(files);
      await arrangeJobs();
      log.info({ targets: files.config.targets.length }, "reloaded");
    },
    close: async () => {
      schedule.stop();
      delay.disable();
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), jobs?.close()]);
    },
  };
}

function forgetOthers(results: Map<string, ProbeResult>, { config }: OpsFiles): void {
  const kept = new Set(config.targets.map(targetId));
  for (const id of results.keys()) if (!kept.has(id)) results.delete(id);
}

async function listen(server: Server, port: number, address: string | undefined): Promise<number> {
  server.maxConnections = 64;
  server.requestTimeout = 5000;
  server.headersTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}
