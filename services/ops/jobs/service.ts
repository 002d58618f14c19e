/** The site's jobs, running: scheduler, journal, evidence and what is known of copies, over the hosts that do the work. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as timeout } from "node:timers/promises";
import type { Clock } from "../../../io/clock.ts";
import { openLines } from "../../../io/lines.ts";
import type { Logger } from "../../../io/log.ts";
import { coverage } from "../../../model/derive/backup-coverage.ts";
import type { BackupKind, BackupTarget, WholeApplication } from "../../../model/types.ts";
import type { Copy, RunState } from "../../backup/wire.ts";
import type { JobsConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import type { SiteState } from "../status.ts";
import { choicesOf } from "./applications.ts";
import { type Asked, type Resolved, resolve } from "./ask-for.ts";
import { Copies } from "./copies.ts";
import { type DrillRecord, drillItems, drillRecord } from "./drills.ts";
import type { JobsExposition, JobsSeen } from "./exposition.ts";
import { factsOf } from "./facts.ts";
import { jobsOf } from "./from-policies.ts";
import { History } from "./history.ts";
import { hostAt } from "./host.ts";
import { compact, lineOf, parseJournal } from "./journal.ts";
import { performer } from "./perform.ts";
import { Records } from "./records.ts";
import { openView, pastView } from "./run-views.ts";
import { type Effects, Scheduler, type Settings } from "./scheduler.ts";
import { nextSlot } from "./slots.ts";
import { startTicking } from "./ticker.ts";
import type { Job, JournalEvent } from "./types.ts";
import type { CoverageView, DrillsView, JobsView, RunDetailView } from "./views.ts";

/** `OpsFiles` whose configuration has jobs. */
export interface JobsFiles extends OpsFiles {
  readonly config: OpsFiles["config"] & { readonly jobs: JobsConfig };
}

export interface JobsOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
  /** The volume. */
  readonly folder: string;
  /** As `ops` sees it now. */
  readonly siteState: () => SiteState;
  /** Whether the repository host and the databases are well: the first run waits for that, five minutes at most. Default: they are. */
  readonly ready?: () => boolean;
  readonly exposition?: Pick<JobsExposition, "count">;
  /** A cron expression. Default: every ten seconds. */
  readonly ticks?: string;
  /** Default: the process's own, in real seconds. */
  readonly pause?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

export interface JobsService {
  jobs(): JobsView;
  coverage(): CoverageView;
  drills(): DrillsView;
  /** Undefined: there is none of this id. */
  drill(id: string): Promise<DrillRecord | undefined>;
  run(id: string): Promise<RunDetailView | undefined>;
  /** Begins a run out of turn. */
  begin(asked: Asked): Promise<{ readonly id: string } | Exclude<Resolved, { kind: "run" }>>;
  /** What has to be known of it besides that it runs; undefined: nothing. */
  remark(): string | undefined;
  seen(): JobsSeen;
  /** One look at what is due. */
  tick(): Promise<void>;
  reload(files: JobsFiles): void;
  /** Ends without a word: what runs elsewhere goes on, and the next process finds it. */
  close(): Promise<void>;
}

const REFRESH_SECONDS = 300;
const SEND_SECONDS = 30;
/** A site that just came up founds its databases and repositories first; one of which something stays broken goes on with the rest. */
const PATIENCE_MS = 300_000;
const SWEEP_MS = 86_400_000;
const LAST_RUNS = 30;

export const hasJobs = (files: OpsFiles): files is JobsFiles => files.config.jobs !== undefined;

/** @throws the disk's error where the volume cannot be read or written. */
export async function startJobs(first: JobsFiles, options: JobsOptions): Promise<JobsService> {
  const { clock, log, folder, siteState, exposition } = options;
  const { pause = (seconds, signal) => timeout(seconds * 1000, undefined, { signal }) } = options;
  const { now } = clock;
  const monotonicMs = (): number => clock.monotonicMs();
  const warn = (message: string): void => log.warn({ jobs: message }, "jobs");
  const ending = new AbortController();
  let files = first;
  const told = (): JobsConfig => files.config.jobs;
  const site = (): string => files.config.site;
  const repository = () => hostAt(told().backup, files.tls, ending.signal);

  await mkdir(folder, { recursive: true });
  const records = await Records.open({
    folder,
    now,
    named: () => {
      const { commit, inventory } = told();
      return { region: files.config.region, site: site(), inventory, ...(commit === undefined ? {} : { commit }) };
    },
    signer: () => ({ peer: told().signer, tls: files.tls }),
    warn,
  });
  const journal = await openLines(join(folder, "journal.jsonl"), {
    tidy: (text) => {
      const { events, broken } = parseJournal(text);
      if (broken.length > 0)
        warn(`journal.jsonl: lines ${broken.join(", ")} cannot be read; they do not count any more`);
      return compact(events, now()).map(lineOf).join("");
    },
  });
  const { events } = parseJournal(journal.text);
  const history = History.of(events);
  const copies = new Copies({ ask: () => repository().copies(), monotonicMs, warn });
  const progress = new Map<string, RunState>();
  let sweptMs = Number.NEGATIVE_INFINITY;

  const targetOf = (id: string): BackupTarget | undefined =>
    told().backups.targets.find((target) => target.id === id && target.site === site());
  const applications = (): readonly WholeApplication[] => told().backups.applications ?? [];
  const applicationOf = (id: string): WholeApplication | undefined => applications().find((one) => one.id === id);
  const kindOf = (id: string): BackupKind | undefined => (applicationOf(id) ? "application" : targetOf(id)?.kind);
  const choices = (target: string): readonly Copy[] => choicesOf(applications(), target, (one) => copies.of(one));
  const effects: Effects = {
    now,
    warn,
    append: async (event: JournalEvent) => {
      await journal.lines.append(lineOf(event));
      history.apply(event);
      if (event.event === "ended") progress.delete(event.id);
    },
    newId: () =>
      `${now()
        .toISOString()
        .replace(/[-:]|\.\d+/g, "")}-${randomBytes(4).toString("hex")}`,
    ...performer({
      repository,
      drillRoom: () => {
        const { drill } = told();
        return drill && hostAt(drill, files.tls, ending.signal);
      },
      siteState,
      slices: () => told().backups.readDataSlices,
      engineOf: (target) => targetOf(target)?.engine,
      applicationOf,
      copiesOf: (target) => copies.of(target),
      proofOf: (copy) => records.proofOf(copy),
      settled: (run) => records.settled(run),
      settle: (ended) => records.settle(ended),
      onProgress: (state) => void progress.set(state.id, state),
      onEnd: (ended) => {
        exposition?.count(ended, site());
        const { run, result, why } = ended;
        const line = { run: run.id, job: run.job, target: run.target };
        if (result === "succeeded") log.info(line, "run succeeded");
        else log.warn({ ...line, reason: why?.en }, "run failed");
        if (run.action !== "archive-check") void refresh();
      },
      now,
      monotonicMs,
      signal: ending.signal,
      pause: (seconds) => pause(seconds, ending.signal),
    }),
  };
  const scheduler = new Scheduler(settings(), events, effects);

  function settings(): Settings {
    const { backups, timezone, atOnce, drill } = told();
    return {
      jobs: jobsOf(backups, site()).filter(({ action }) => action !== "drill" || drill !== undefined),
      zone: timezone,
      atOnce,
      readDataSlices: backups.readDataSlices,
      copiesOf: (target) => choices(target).map(({ id }) => id),
      applications: drill === undefined ? [] : applications(),
    };
  }

  async function refresh(): Promise<void> {
    await copies.refresh();
    const { list } = copies;
    if (list === undefined || monotonicMs() - sweptMs < SWEEP_MS) return;
    sweptMs = monotonicMs();
    await records.sweep(list).catch((error: unknown) => warn(`old reports stay: ${messageOf(error)}`));
  }

  const patientUntilMs = monotonicMs() + PATIENCE_MS;
  let begun = false;

  async function tickWhenReady(): Promise<void> {
    begun ||= options.ready?.() !== false || monotonicMs() >= patientUntilMs;
    if (begun) await scheduler.tick();
  }

  void refresh();
  records.send();
  const ticking = startTicking(tickWhenReady, warn, options.ticks);
  const timers = [
    setInterval(() => void refresh(), REFRESH_SECONDS * 1000),
    setInterval(() => records.send(), SEND_SECONDS * 1000),
  ];
  log.info({ site: site(), jobs: settings().jobs.length, open: scheduler.underWay.length }, "jobs run");

  function jobView(job: Job): JobsView["jobs"][number] {
    const last = history.lastOf(job.id);
    return {
      id: job.id,
      target: job.target,
      action: job.action,
      class: job.class ?? null,
      next: new Date(nextSlot(job.schedule, now().getTime(), told().timezone)).toISOString(),
      last: last ? pastView(last, site()) : null,
    };
  }

  function jobs(): JobsView {
    const { spool, ledger } = records;
    return {
      region: files.config.region,
      site: site(),
      at: now().toISOString(),
      jobs: settings().jobs.map(jobView),
      underWay: scheduler.underWay.map((run) => openView(run, progress.get(run.id), site())),
      last: history.last(LAST_RUNS).map((run) => pastView(run, site())),
      evidence: { waiting: spool.length, why: spool.fault ?? null, refused: ledger.refusals },
      copiesAt: copies.list?.at ?? null,
    };
  }

  function seenCoverage(): CoverageView {
    const { backups } = told();
    const facts = factsOf(backups.targets, site(), copies.list, records.ledger, history);
    const own = { targets: backups.targets.filter((target) => target.site === site()), without: backups.without };
    return {
      ...coverage(files.config.region, own, [site()], facts, now()),
      site: site(),
      at: now().toISOString(),
      facts,
    };
  }

  return {
    jobs,
    coverage: seenCoverage,
    drills: () => ({
      region: files.config.region,
      site: site(),
      items: drillItems(records.ledger, site(), kindOf),
    }),
    drill: async (id) => {
      if (records.ledger.ended(id)?.action !== "drill") return undefined;
      const report = await records.report(id);
      return report && drillRecord(report, files.config.region, site(), records.ledger.signature(id));
    },
    run: async (id) => {
      const open = scheduler.underWay.find((run) => run.id === id);
      if (open) return { ...openView(open, progress.get(id), site()), report: null, evidence: null };
      const ended = await records.report(id);
      const past = history.past(id) ?? (ended && { ...ended.run, ...ended });
      if (past === undefined) return undefined;
      return {
        ...pastView(past, site()),
        report: ended?.report ?? null,
        evidence: records.ledger.signature(id) ?? null,
      };
    },
    begin: async (asked) => {
      const resolved = resolve(asked, {
        jobs: settings().jobs,
        targets: [
          ...told().backups.targets.filter((target) => target.site === site()),
          ...applications().map(({ id }) => ({ id, engine: "application" as const })),
        ],
        copiesOf: (target) => (copies.list === undefined ? undefined : choices(target)),
        now: now(),
      });
      if (resolved.kind !== "run") return resolved;
      const begun = await scheduler.request(resolved.job, resolved.target, resolved.detail);
      return "en" in begun ? { kind: "later", why: begun } : begun;
    },
    remark: () => {
      const { spool, ledger } = records;
      const waiting = spool.fault === undefined ? "" : ` (${spool.fault})`;
      const parts = [
        ...(spool.length > 0 ? [`${spool.length} statements wait for the signer${waiting}`] : []),
        ...(ledger.refusals > 0 ? [`the signer refused ${ledger.refusals} statements`] : []),
        ...(copies.list === undefined ? ["copies are not listed"] : []),
      ];
      return parts.length === 0 ? undefined : parts.join("; ");
    },
    seen: () => ({
      jobs: jobs(),
      coverage: seenCoverage(),
      lastGood: history.lastGood,
      drills: [...new Map(records.ledger.drills.filter(({ seen }) => seen).map((run) => [run.target, run])).values()],
    }),
    tick: () => scheduler.tick(),
    reload: (next) => {
      files = next;
      scheduler.reload(settings());
      void refresh();
      records.send();
    },
    close: async () => {
      ticking.stop();
      for (const timer of timers) clearInterval(timer);
      ending.abort();
      await scheduler.idle();
      await journal.lines.close();
      await records.close();
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
