/** The running `ops`: probes on a schedule, answers on its port, new files without a restart. */
import { X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { dirname, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createSecureContext } from "node:tls";
import type { Clock } from "../../io/clock.ts";
import type { Logger } from "../../io/log.ts";
import { createRegistry } from "../../io/metrics.ts";
import { answer, type Page, type Pages } from "./answer.ts";
import { ask } from "./ask.ts";
import { type Ask, askProcess, oneAtATime } from "./assessments/ask.ts";
import { type AssessmentsService, hasAssessments, startAssessments } from "./assessments/service.ts";
import { type AuditorsService, hasAuditors, startAuditors } from "./auditors/service.ts";
import { answerCheck, isCheckTold } from "./checks/answer.ts";
import { createExposition } from "./exposition.ts";
import { exposureOf } from "./exposure.ts";
import type { OpsFiles } from "./files.ts";
import type { HeadsFiles } from "./heads/files.ts";
import { startHeads } from "./heads/service.ts";
import { createJobsExposition } from "./jobs/exposition.ts";
import { hasJobs, type JobsFiles, type JobsOptions, type JobsService, startJobs } from "./jobs/service.ts";
import { listen } from "./listen.ts";
import type { ProbeResult } from "./observation.ts";
import { part } from "./part.ts";
import { answerProbes, isAboutProbes } from "./probes/answer.ts";
import { createRoundsExposition } from "./probes/exposition.ts";
import { hasRounds, type RoundsService, startRounds } from "./probes/service.ts";
import { aroundOf } from "./runbooks/around.ts";
import { hasRunbooks, type RunbooksFiles, type RunbooksService, startRunbooks } from "./runbooks/service.ts";
import { type LastWaits, noteProbe } from "./runbooks/waits.ts";
import { type Schedule, startSchedule } from "./schedule.ts";
import { freshResults, type OpsStatus, statusOf, targetId } from "./status.ts";
import { answerTold, isTold } from "./told/answer.ts";
import { toldService } from "./told/service.ts";

export interface OpsService {
  /** The port that it listens on. */
  readonly port: number;
  /** Where auditors come; undefined: none is declared. */
  auditorsPort(): number | undefined;
  status(): OpsStatus;
  /** Takes what `read` gives; where that fails, goes on with what it had and says so in its health. */
  reload(read: () => Promise<HeadsFiles>): Promise<void>;
  close(): Promise<void>;
}

/** Whether the site is up: a first round of backups beside the founding of everything else is more than a small machine bears. */
const isReady = ({ state, workloads }: OpsStatus): boolean =>
  state !== "unknown" && workloads.every(({ health }) => health === "ok");

export interface ServiceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Address to listen on. Default: all. */
  readonly address?: string;
  /** The volume in which jobs are journalled. Default `/data`. */
  readonly data?: string;
  /** The lock under which one runbook is carried out at a time: on the container's own layer. Default `/tmp/lumbung-runbook.lock`. */
  readonly runbookLock?: string;
  /** For tests: how jobs wait and tick. */
  readonly jobs?: Pick<JobsOptions, "pause" | "ticks">;
  /** For tests: who makes the page of an auditor's report. */
  readonly makeReport?: Ask;
}

/** A program as the image has it, with as much heap as the configuration gives it. */
const programWords = (program: string, heapMiB: number | undefined): string[] => [
  `--max-old-space-size=${heapMiB}`,
  "--max-semi-space-size=1",
  join(dirname(process.argv[1] ?? ""), program),
];

export async function startOps(first: HeadsFiles, options: ServiceOptions): Promise<OpsService> {
  const { clock, log, address, data = "/data" } = options;
  const results = new Map<string, ProbeResult>();
  const lastWaits: LastWaits = new Map();
  const registry = createRegistry({ region: first.config.region });
  const exposition = createExposition(first.config.region, registry);
  const jobsExposition = createJobsExposition(registry);
  const roundsExposition = createRoundsExposition(registry);
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let files = first;
  let reloadFault: string | undefined;
  let schedule = probe(files);
  const told = part({
    ...{ failing: "jobs do not run", log, wanted: () => hasJobs(files) },
    start: () => toldService(() => files, { clock, log, folder: data }),
  });
  const jobs = part<JobsService>({
    // What they tell goes to the books of `told`.
    ...{ failing: "jobs do not run", log, wanted: () => hasJobs(files) && told.fault() === undefined },
    start: () =>
      startJobs(files as JobsFiles, {
        ...options.jobs,
        ...{ clock, log, folder: data, exposition: jobsExposition },
        siteState: () => status().state,
        ready: () => isReady(status()),
      }),
    reload: (running) => running.reload(files as JobsFiles),
  });
  const runbooks = part<RunbooksService>({
    ...{ failing: "runbooks cannot be carried out", log, wanted: () => hasRunbooks(files) },
    start: () =>
      startRunbooks(() => files as RunbooksFiles, {
        ...{ clock, log, folder: join(data, "runbooks"), lock: options.runbookLock ?? "/tmp/lumbung-runbook.lock" },
        lastWaits,
        around: (copies) => {
          const { runbooks: config, jobs: declared, site } = (files as RunbooksFiles).config;
          const backups = declared?.backups;
          return aroundOf({ config, site, copies, jobs: jobs.running(), status: status(), backups });
        },
      }),
  });
  const rounds = part<RoundsService>({
    ...{ failing: "no rounds of probes", log, wanted: () => hasRounds(files) },
    start: () =>
      startRounds(() => files, {
        ...{ clock, log, folder: data },
        workloads: () => status().workloads,
        ready: () => isReady(status()),
      }),
  });
  const inTurn = oneAtATime();
  const assessments = part<AssessmentsService>({
    ...{ failing: "no assessments on schedule", log, wanted: () => hasAssessments(files) },
    start: () =>
      startAssessments(() => files, {
        ...{ clock, log, folder: data },
        ready: () => status().state === "active" && isReady(status()),
        ask: inTurn(askProcess(() => programWords("assess.mjs", files.config.assessments?.heapMiB))),
      }),
  });
  const auditors = part<AuditorsService>({
    ...{ failing: "auditors cannot read", log, wanted: () => hasAuditors(files) },
    start: () =>
      startAuditors(() => files, {
        ...{ clock, log, address, jobs: jobs.running, runbooks: runbooks.running },
        status: () => ({ ...status(), exposure: exposureOf(files.config, status(), lastWaits) }),
        ask: options.makeReport ?? inTurn(askProcess(() => programWords("report.mjs", files.config.auditors?.heapMiB))),
      }),
    reload: (running) => running.reload(),
  });
  const parts = [told, jobs, runbooks, rounds, assessments, auditors];
  /** Those without which this `ops` is not well. */
  const needed = [told, jobs, runbooks];
  const heads = startHeads(() => files, { clock, log, siteState: () => status().state });

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
    noteProbe(lastWaits, id, result);
    if (before === result.outcome.ok) return;
    if (result.outcome.ok) log.info({ target: id }, "answers");
    else log.warn({ target: id, reason: result.outcome.reason.en }, "does not answer");
  }

  async function arrange(): Promise<void> {
    const afterTold = told.arrange().then(() => jobs.arrange());
    await Promise.all([afterTold, ...[runbooks, rounds, assessments, auditors].map((one) => one.arrange())]);
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
    const fault = needed.map((one) => one.fault()).find((one) => one !== undefined);
    if (fault !== undefined) return { status: 503, text: fault };
    const services = [jobs, told, runbooks].map((one) => one.running());
    const said = [...services, heads, rounds.running(), assessments.running()].map((one) => one?.remark());
    const remarks = [...said, rounds.fault(), assessments.fault(), auditors.fault()].filter((one) => one !== undefined);
    const answering = [...fresh.values()].filter(({ outcome }) => outcome.ok).length;
    return {
      status: 200,
      text: `watching: ${answering} of ${total} targets answer${remarks.map((remark) => `; ${remark}`).join("")}`,
    };
  }

  const pages = (): Pages => ({
    clients: files.config.clients,
    name: files.config.name,
    operators: files.config.jobs?.operators ?? [],
    jobs: () => ({ running: jobs.running(), fault: told.fault() ?? jobs.fault() }),
    runbooks: () => runbooks.running(),
    health,
    status,
    exposure: () => exposureOf(files.config, status(), lastWaits),
    metrics: async () => {
      jobsExposition.show(jobs.running()?.seen());
      roundsExposition.show(rounds.running()?.seen());
      const text = await exposition.render(status());
      delay.reset();
      return { status: 200, text, type: exposition.contentType };
    },
  });

  function answerTo(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { config, tls } = files;
    const { name, region } = config;
    if (isTold(incoming)) return answerTold(incoming, outgoing, { name, books: told.running()?.books });
    if (isAboutProbes(incoming)) return answerProbes(incoming, outgoing, { ...pages(), rounds: rounds.running() });
    if (isCheckTold(incoming))
      return answerCheck(incoming, outgoing, { region, name, tls, signer: config.rounds?.signer });
    return answer(incoming, outgoing, pages());
  }

  const server = createServer({ ...files.tls, requestCert: true, rejectUnauthorized: true }, (incoming, outgoing) => {
    const answered = answerTo(incoming, outgoing);
    answered.catch((err: unknown) => {
      log.error({ err, path: incoming.url }, "a question could not be answered");
      outgoing.destroy();
    });
  });
  server.on("tlsClientError", (error, socket) => {
    log.debug({ reason: error.message, from: socket.remoteAddress }, "refused a client");
  });
  await arrange();
  const port = await listen(server, files.config.port, address, 64);
  log.info({ port, site: files.config.site, targets: files.config.targets.length }, "ready");

  return {
    port,
    auditorsPort: () => auditors.running()?.port,
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
      await arrange();
      log.info({ targets: files.config.targets.length }, "reloaded");
    },
    close: async () => {
      schedule.stop();
      delay.disable();
      server.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => server.close(resolve)),
        ...parts.map((one) => one.close()),
        heads.close(),
      ]);
    },
  };
}

function forgetOthers(results: Map<string, ProbeResult>, { config }: OpsFiles): void {
  const kept = new Set(config.targets.map(targetId));
  for (const id of results.keys()) if (!kept.has(id)) results.delete(id);
}
