/** Runbooks, carried out by this `ops`: plans that wait for approvals, one run at a time, and what became of each. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../io/clock.ts";
import { type LumbungError, refused, wrongUse } from "../../../io/errors.ts";
import { readIfThere, writeAtomically } from "../../../io/files.ts";
import type { Logger } from "../../../io/log.ts";
import { judgeApprovals, NEEDED } from "../../../runbooks/approvals/judge.ts";
import { readRoster } from "../../../runbooks/approvals/roster.ts";
import { verdictText } from "../../../runbooks/approvals/words.ts";
import { begin } from "../../../runbooks/engine/begin.ts";
import { abort, resume, skip } from "../../../runbooks/engine/change.ts";
import type { Ended } from "../../../runbooks/engine/conduct.ts";
import { type Desk, type KeptRun, readRuns, runOf, usedNonces } from "../../../runbooks/engine/desk.ts";
import { type Plan, planDigest } from "../../../runbooks/engine/plan.ts";
import type { Wish, Wishes } from "../../../runbooks/engine/runner.ts";
import { otherSite, type Situation, siteOf } from "../../../runbooks/facts.ts";
import { runbookNamed } from "../../../runbooks/index.ts";
import { measuredOf } from "../../../runbooks/measure.ts";
import type { CopySeen, Ports } from "../../../runbooks/ports.ts";
import { type Preflight, preflightOf, type Surroundings } from "../../../runbooks/preflight/preflight.ts";
import { reportOf } from "../../../runbooks/report/report.ts";
import { runStatement } from "../../../runbooks/report/statement.ts";
import {
  planFor,
  programsFor,
  RUNBOOKS,
  type Runbook,
  type RunbookName,
  situationOf,
} from "../../../runbooks/runbook.ts";
import type { RunbooksConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import { Spool } from "../jobs/spool.ts";
import { TOOL } from "../jobs/statements.ts";
import { followEpoch } from "./follow-epoch.ts";
import { guardsOf } from "./guards.ts";
import { observe } from "./observe.ts";
import { portsTo } from "./ports.ts";
import type { BegunView, PlanView, RunbookOrder, RunItem, RunsView, RunView } from "./views.ts";
import type { LastWaits } from "./waits.ts";

/** `OpsFiles` whose configuration has runbooks. */
export interface RunbooksFiles extends OpsFiles {
  readonly config: OpsFiles["config"] & { readonly runbooks: RunbooksConfig };
}

export const hasRunbooks = (files: OpsFiles): files is RunbooksFiles => files.config.runbooks !== undefined;

export interface RunbooksOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** On the volume: outlives the container. */
  readonly folder: string;
  /** The lock's file, on what ends with the container. */
  readonly lock: string;
  /** What preflight looks at besides the region's state; copies: those at the site that would take over, as their copiers say. */
  readonly around: (copies: readonly CopySeen[]) => Surroundings;
  /** What probes see of commits that wait; runbooks add to it. Default: nothing yet. */
  readonly lastWaits?: LastWaits;
  /** Default: the region itself. */
  readonly ports?: (files: RunbooksFiles) => RegionPorts;
}

export type RegionPorts = Ports & Pick<ReturnType<typeof portsTo>, "guards">;

export interface RunbooksService {
  /** @throws LumbungError with the exit code that its reader gets. */
  order(order: RunbookOrder): Promise<unknown>;
  list(): Promise<RunsView>;
  /** @throws LumbungError (2) where there is none. */
  show(run: string): Promise<RunView>;
  /** The same of what is over, from its journal alone: nobody is asked how the region is now. @throws as `show`. */
  report(run: string): Promise<Pick<RunView, "report" | "evidence">>;
  /** What has to be known of it; undefined: nothing. */
  remark(): string | undefined;
  /** Has what waits signed. */
  send(): Promise<void>;
  /** Preflight as scheduled, at the site that would take over: what it finds is a remark. Never throws. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** A plan that is kept: lost with the process, as a plan of what was seen then is soon made anew. */
interface Kept {
  readonly plan: Plan;
  readonly approvals: Buffer[];
}

const SEND_SECONDS = 30;
const PREFLIGHT_SECONDS = 600;
const MOST_KEPT = 16;

/** @param files those of now, which have runbooks as long as this runs. @throws the disk's error. */
export async function startRunbooks(files: () => RunbooksFiles, options: RunbooksOptions): Promise<RunbooksService> {
  const { clock, log, folder, lock, around } = options;
  const portsOf = options.ports ?? ownPorts(clock, options.lastWaits ?? new Map());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = new Map<string, Kept>();
  /** What this process carries out, by its name. */
  const running = new Map<string, { wish?: Wish; refused?: string }>();
  const told = (): RunbooksConfig => files().config.runbooks;
  const desk = (): Desk => ({
    ...{ region: files().config.region, folder, lock, clock },
    commit: told().commit ?? null,
  });
  const signedFile = (run: string): string => join(folder, `${run}.evidence.json`);
  const spool = await Spool.open({
    folder: join(folder, "statements"),
    signer: () => ({ peer: told().signer, tls: files().tls }),
    isEnded: () => true,
    isDone: () => false,
    onSigned: async (name, signed) => {
      const { id, digest } = signed;
      await writeAtomically(signedFile(runIn(name)), `${JSON.stringify({ id, digest })}\n`);
    },
    onRefused: async (name, why) => log.warn({ run: name, why }, "the signer refuses the statement of a run"),
  });

  const roster = () => readRoster(told().roster).roster;
  const seen = async () => {
    const ports = portsOf(files());
    return observe(told().declared, ports, async () => (await ports.guards.states()).values());
  };

  async function plan({ runbook: name, to, supersedes }: Extract<RunbookOrder, { verb: "plan" }>): Promise<PlanView> {
    const runbook = named(name);
    const { declared } = told();
    const own = files().config.site;
    const site = siteFor(declared, runbook.name, to, own);
    const situation: Situation = { declared, seen: await seen(), to: site };
    wrongPlace(situation, runbook.name, own);
    const made = planFor(runbook, situation, supersedes);
    const digest = planDigest(made);
    kept.set(digest, { plan: made, approvals: [] });
    for (const [oldest] of [...kept].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(oldest);
    return planView(digest, await nonces());
  }

  async function nonces(): Promise<ReadonlySet<string>> {
    return usedNonces(await readRuns({ folder }));
  }

  function verdictOf({ plan: one, approvals }: Kept, used: ReadonlySet<string>) {
    return judgeApprovals(approvals, { plan: one, epoch: one.epoch, roster: roster(), now: clock.now(), used });
  }

  function keptPlan(digest: string): Kept {
    const found = kept.get(digest);
    if (found !== undefined) return found;
    throw wrongUse(
      { id: `rencana ${digest} tidak ada di sini`, en: `there is no plan ${digest} here` },
      { id: "buat lagi: rencana hilang bila ops dimulai ulang", en: "make it again: plans are lost when ops restarts" },
    );
  }

  function planView(digest: string, used: ReadonlySet<string>): PlanView {
    const one = keptPlan(digest);
    const { accepted } = verdictOf(one, used);
    return {
      ...{ digest, plan: one.plan, needed: NEEDED[one.plan.needs].count },
      approvedBy: accepted.map(({ role }) => role),
    };
  }

  /** Kept with the plan that it names, if it counts there. */
  async function approve({ approval }: Extract<RunbookOrder, { verb: "approve" }>): Promise<PlanView> {
    const bytes = Buffer.from(approval, "base64");
    const used = await nonces();
    let why: LumbungError | undefined;
    for (const [digest, one] of kept) {
      const tried: Kept = { ...one, approvals: [...one.approvals, bytes] };
      const verdict = verdictOf(tried, used);
      if (verdict.accepted.some(({ envelope }) => envelope === bytes.toString("utf8"))) {
        one.approvals.push(bytes);
        return planView(digest, used);
      }
      why ??= refused(verdictText(verdict));
    }
    throw why ?? refused({ id: "tidak ada rencana yang menunggu persetujuan", en: "no plan waits for approvals" });
  }

  async function beginKept({ plan: digest }: Extract<RunbookOrder, { verb: "begin" }>): Promise<BegunView> {
    const { plan: one, approvals } = keptPlan(digest);
    const now = await seen();
    // Its steps ask again; this only says so before anything is written.
    if (now.epoch.epoch !== one.epoch)
      throw refused({
        id: `epoch sekarang ${now.epoch.epoch ?? "tidak diketahui"}, rencana untuk ${one.epoch}: buat rencana baru`,
        en: `the epoch is ${now.epoch.epoch ?? "unknown"} now, the plan is for ${one.epoch}: make a new one`,
      });
    const view = await carryOut((wishes) =>
      begin(desk(), {
        ...{ plan: one, epoch: one.epoch, roster: roster(), approvals, wishes },
        programs: programsFor(named(one.runbook), situationOf(one), portsOf(files())),
      }),
    );
    kept.delete(digest);
    return view;
  }

  async function resumeRun(run: string): Promise<BegunView> {
    const { state } = await runOf({ folder }, run);
    const runbook = named(state.plan.runbook);
    const situation = situationOf(state.plan);
    return carryOut((wishes) =>
      resume(desk(), {
        run,
        plan: planFor(runbook, situation, state.plan.supersedes),
        programs: programsFor(runbook, situation, portsOf(files())),
        wishes,
      }),
    );
  }

  /** Resolves once it goes, or is over; the run itself goes on without whoever asked. @throws why it does not go. */
  function carryOut(work: (wishes: Wishes) => Promise<Ended>): Promise<BegunView> {
    return new Promise((resolve, reject) => {
      const own: { wish?: Wish; refused?: string } = {};
      let name: string | undefined;
      const goes = async (): Promise<void> => {
        if (name !== undefined) return;
        // The lock is ours: the one that is open and not yet known to us is this one.
        name = (await readRuns({ folder })).filter(isOpen).at(-1)?.run ?? "";
        running.set(name, own);
        resolve({ run: name });
      };
      const wishes: Wishes = {
        next: async () => {
          await goes();
          const { wish } = own;
          delete own.wish;
          return wish;
        },
        refused: async (why) => {
          own.refused = why.en;
        },
      };
      work(wishes)
        .then(async (ended) => {
          await note(ended);
          resolve({ run: ended.run });
        })
        .catch((error: unknown) => {
          log.error({ err: error }, "a runbook stopped");
          reject(error);
        })
        .finally(() => {
          if (name !== undefined) running.delete(name);
        });
    });
  }

  /** Ends in evidence, whatever the end is. */
  async function note({ run, ending, events }: Ended): Promise<void> {
    if (ending.result === "failed")
      log.error({ run, step: ending.step, why: ending.why.en, err: ending.cause }, "a runbook failed");
    else log.info({ run, result: ending.result }, "a runbook stopped or ended");
    if (ending.result === "paused") return;
    const journal = (await readIfThere(join(folder, `${run}.jsonl`))) ?? Buffer.alloc(0);
    const statement = runStatement(reportOf(events, measuredOf(events)), Buffer.from(journal), TOOL);
    await spool.put(`${run}-${events.length}`, statement);
    await spool.send();
  }

  async function takeBack({ run, reason, by }: Extract<RunbookOrder, { verb: "abort" }>): Promise<unknown> {
    const own = running.get(run);
    if (own !== undefined) {
      own.wish = { wish: "abort", reason, by };
      return { run };
    }
    const { state } = await runOf({ folder }, run);
    const programs = programsFor(named(state.plan.runbook), situationOf(state.plan), portsOf(files()));
    const ended = await abort(desk(), { run, reason, by, programs });
    await note(ended);
    return { run };
  }

  async function order(one: RunbookOrder): Promise<unknown> {
    switch (one.verb) {
      case "plan":
        return plan(one);
      case "approve":
        return approve(one);
      case "begin":
        return beginKept(one);
      case "resume":
        return resumeRun(one.run);
      case "pause": {
        const own = running.get(one.run);
        if (own === undefined)
          throw refused({ id: `${one.run} tidak sedang berjalan di sini`, en: `${one.run} does not run here` });
        own.wish = { wish: "pause" };
        return { run: one.run };
      }
      case "abort":
        return takeBack(one);
      case "skip":
        await skip(desk(), one);
        return { run: one.run };
      case "preflight":
        return preflight(one.to);
    }
  }

  async function preflight(to: string | undefined): Promise<Preflight> {
    const { declared } = told();
    const now = await seen();
    const active = now.sites.find(({ state }) => state === "active")?.site ?? now.epoch.site;
    const next = to ?? otherSite(declared, active ?? primaryOf(declared)).id;
    if (!declared.sites.some(({ id }) => id === next)) throw wrongUse(noSite(declared, next));
    // Who does not answer says nothing of its copies: that is unknown.
    const copies = await portsOf(files())
      .copies.seen(next)
      .catch((): CopySeen[] => []);
    return preflightOf({ declared, seen: now, to: next, around: around(copies) });
  }

  /** Why a takeover would not go, or nobody knows whether it would, as preflight found last. */
  let unready: string | undefined;

  async function look(): Promise<void> {
    await keepUp();
    try {
      const { to, state, items } = await preflight(undefined);
      const before = unready;
      const why = items.filter(({ verdict }) => verdict === "bad" || verdict === "unknown").map(({ id }) => id);
      unready =
        to === files().config.site && state === "not-ready" ? `NOT READY TO TAKE OVER: ${why.join(", ")}` : undefined;
      if (unready !== before) log.warn({ preflight: unready ?? "ready" }, "preflight");
    } catch (err) {
      log.warn({ err }, "preflight");
    }
  }

  /** A runbook that is being carried out does this itself, when it is due. */
  async function keepUp(): Promise<void> {
    if (running.size > 0) return;
    try {
      const ports = portsOf(files());
      const states = (await ports.guards.states()).values();
      const epoch = await followEpoch(told().declared, states, ports.copies, files().config.site);
      if (epoch !== undefined) log.info({ epoch }, "the object store takes credentials of this epoch from now on");
    } catch (err) {
      log.warn({ err }, "the object store's epoch");
    }
  }

  const evidenceOf = async (run: string): Promise<RunView["evidence"]> => {
    const text = await readIfThere(signedFile(run));
    return text === undefined ? null : (JSON.parse(Buffer.from(text).toString("utf8")) as RunView["evidence"]);
  };

  /** @param now the runs that were being carried out before the journals were read. */
  async function item({ run, state, journal }: KeptRun, now: ReadonlySet<string>): Promise<RunItem> {
    const [opened] = journal.events;
    const base = { id: run, evidence: (await evidenceOf(run))?.id ?? null };
    if (state === undefined)
      return {
        ...{
          ...base,
          runbook: runbookIn(run),
          epoch: 0,
          startedAt: opened?.at ?? "",
          endedAt: null,
          result: "damaged",
        },
        ...{ writesStoppedSeconds: null, rpo: null, rto: null, lost: null },
      };
    const report = reportOf(journal.events, measuredOf(journal.events));
    const worst = (values: readonly (number | null)[]): number | null =>
      values.length === 0 || values.includes(null) ? null : Math.max(...values.map(Number));
    return {
      ...{
        ...base,
        runbook: report.runbook,
        epoch: report.epochBefore,
        startedAt: report.startedAt,
        endedAt: report.endedAt,
      },
      result: now.has(run) ? "running" : report.result,
      writesStoppedSeconds: report.writesStoppedSeconds,
      rpo: worst(report.targets.map(({ rpo }) => rpo.measuredSeconds)),
      rto: worst(report.targets.map(({ rto }) => rto.measuredSeconds)),
      lost: report.lost,
    };
  }

  const timer = setInterval(
    () => void spool.send().catch((err: unknown) => log.warn({ err }, "runs")),
    SEND_SECONDS * 1000,
  );
  const looks = setInterval(() => void look(), PREFLIGHT_SECONDS * 1000);

  return {
    order,
    list: async () => {
      const now = new Set(running.keys());
      const runs = await readRuns({ folder });
      const items = await Promise.all(runs.map((one) => item(one, now)));
      const used = usedNonces(runs);
      return {
        ...{ region: files().config.region, site: files().config.site },
        items: items.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
        waiting: [...kept.keys()].reverse().map((digest) => planView(digest, used)),
      };
    },
    report: async (run) => {
      const { journal } = await runOf({ folder }, run);
      return { report: reportOf(journal.events, measuredOf(journal.events)), evidence: await evidenceOf(run) };
    },
    show: async (run) => {
      // Asked before its journal is read: one that ends meanwhile counts as running, and is asked for again.
      const own = running.get(run);
      const { journal } = await runOf({ folder }, run);
      const { at, epoch, sites } = await seen();
      return {
        ...{ running: own !== undefined, events: journal.events, evidence: await evidenceOf(run) },
        report: reportOf(journal.events, measuredOf(journal.events)),
        seen: { at, epoch: epoch.epoch, sites: sites.map(({ site, state }) => ({ id: site, state })) },
        refused: own?.refused ?? null,
      };
    },
    remark: () => {
      const [run] = running.keys();
      const waiting = spool.length > 0 ? `${spool.length} statements of runs wait for the signer` : undefined;
      return (
        [unready, run === undefined ? undefined : `a runbook is being carried out: ${run}`, waiting]
          .filter((one) => one !== undefined)
          .join("; ") || undefined
      );
    },
    send: () => spool.send(),
    look,
    close: async () => {
      clearInterval(timer);
      clearInterval(looks);
      await spool.close();
    },
  };
}

/** What is remembered of guards and servers outlives one question, and ends with a new configuration. */
function ownPorts(clock: Pick<Clock, "now">, lastWaits: LastWaits): (files: RunbooksFiles) => RegionPorts {
  let kept: { readonly files: RunbooksFiles; readonly ports: RegionPorts } | undefined;
  return (files) => {
    if (kept?.files === files) return kept.ports;
    const config = files.config.runbooks;
    const ports = portsTo({ files, config, clock, lastWaits, guards: guardsOf(config.guards, files.tls) });
    kept = { files, ports };
    return ports;
  };
}

const isOpen = ({ state }: KeptRun): boolean => state?.stage === "open";
const runIn = (name: string): string => name.replace(/-\d+$/, "");
const runbookIn = (run: string): string => run.replace(/-\d{8}t\d{9}z$/, "");

function named(name: string): Runbook {
  const found = runbookNamed(name);
  if (found !== undefined) return found;
  throw wrongUse({
    id: `prosedur "${name}" tidak ada; yang ada: ${RUNBOOKS.join(", ")}`,
    en: `there is no runbook "${name}"; there are: ${RUNBOOKS.join(", ")}`,
  });
}

type Declared = RunbooksConfig["declared"];

const primaryOf = ({ sites }: Declared): string =>
  sites.find(({ designation }) => designation === "primary")?.id ?? sites[0]?.id ?? "";

const noSite = ({ sites }: Declared, site: string) => ({
  id: `situs "${site}" tidak dinyatakan; yang ada: ${sites.map(({ id }) => id).join(", ")}`,
  en: `site "${site}" is not declared; there are: ${sites.map(({ id }) => id).join(", ")}`,
});

/** Where nobody says which site is to be active: the recovery site for a takeover, the primary for the way back, this one where the other is lost. */
function siteFor(declared: Declared, runbook: RunbookName, to: string | undefined, own: string): string {
  const primary = primaryOf(declared);
  const usual: Readonly<Record<RunbookName, string>> = {
    switchover: otherSite(declared, primary).id,
    failover: otherSite(declared, primary).id,
    failback: primary,
    "recovery-lost": own,
  };
  const site = to ?? usual[runbook];
  if (!declared.sites.some(({ id }) => id === site)) throw wrongUse(noSite(declared, site));
  return site;
}

/** D6: at the recovery site, so that losing the primary stops nothing; for a site that is lost, at the one that is left. */
function wrongPlace({ declared, to }: Situation, runbook: RunbookName, own: string): void {
  const isRecovery = siteOf(declared, own).designation === "recovery";
  const place =
    runbook === "recovery-lost" ? to : declared.sites.find(({ designation }) => designation === "recovery")?.id;
  // A failover to the primary is for the loss of the recovery site while that was active.
  if (runbook === "recovery-lost" ? own === to : isRecovery || (runbook === "failover" && own === to)) return;
  throw refused(
    {
      id: `prosedur ini dijalankan di ${place}, bukan di ${own}`,
      en: `this runbook is carried out at ${place}, not at ${own}`,
    },
    { id: `--site ${place}`, en: `--site ${place}` },
  );
}
