/** From what probes saw to what `/status` says. Pure: the same results at the same moment give the same status. */
import type { Text, WorkloadKind } from "../../model/types.ts";
import { type OpsConfig, SELF, type Target } from "./config.ts";
import { describe } from "./describe.ts";
import type { DatabaseObservation, MariadbObservation, PatroniObservation, ProbeResult } from "./observation.ts";

export type Health = "ok" | "failing" | "unknown";
/** Design D3. `closed`: answers, takes no writes and follows nobody. */
export type SiteState = "active" | "standby" | "closed" | "rebuilding" | "unknown";

export interface OpsStatus extends SiteView {
  readonly region: string;
  readonly at: string;
  /** The other site as seen from here; null in a region of one. */
  readonly peer: (SiteView & { readonly reachable: boolean }) | null;
}

/** Told with every page about the region. */
export interface Exposed {
  /** How exposed the region is; null: one site is active and the other stands by, or there is one alone. */
  readonly exposure: Text | null;
}

export interface SiteView {
  readonly site: string;
  readonly state: SiteState;
  readonly workloads: readonly WorkloadStatus[];
}

export interface WorkloadStatus {
  readonly name: string;
  readonly kind: WorkloadKind;
  readonly health: Health;
  readonly detail: Text;
  /** When it was last asked, whatever came of it. */
  readonly asked?: string;
  readonly role?: DatabaseObservation["role"];
  /** How far this standby's replay is behind the primary's write position. */
  readonly lagBytes?: number;
  /** For how long this standby may not have been complete. */
  readonly lagSeconds?: number;
  readonly timeline?: number;
  readonly serial?: number;
  readonly version?: string;
  readonly certificateExpires?: string;
}

export interface Moment {
  readonly now: Date;
  readonly nowMs: number;
}

export interface SelfView {
  /** 99th percentile of the event loop's delay since the last look. */
  readonly eventLoopLagSeconds: number;
  readonly certificateExpires?: string;
}

/** By `targetId`. */
export type Results = ReadonlyMap<string, ProbeResult>;

export function targetId(target: Pick<Target, "site" | "workload">): string {
  return `${target.site}/${target.workload}`;
}

/** An answer older than this is no answer. */
const STALE_PERIODS = 3;
const LOOP_LAG_LIMIT_SECONDS = 1;

export function statusOf(config: OpsConfig, results: Results, self: SelfView, moment: Moment): OpsStatus {
  const fresh = freshResults(config, results, moment);
  const { peer } = config;
  return {
    region: config.region,
    ...viewOf(config, config.site, fresh, results, selfStatus(self)),
    at: moment.now.toISOString(),
    peer:
      peer === undefined ? null : { ...viewOf(config, peer, fresh, results), reachable: answers(config, peer, fresh) },
  };
}

/** Results that are no older than three periods. */
export function freshResults(config: OpsConfig, results: Results, { nowMs }: Moment): Results {
  const limitMs = STALE_PERIODS * config.probes.periodSeconds * 1000;
  return new Map([...results].filter(([, result]) => nowMs - result.atMs <= limitMs));
}

/** State of a site from its database servers of all engines together: one that says otherwise makes it `unknown`. */
export function siteState(observed: readonly (DatabaseObservation | undefined)[]): SiteState {
  const states = new Set(observed.map(serverState));
  const [only] = states;
  return states.size === 1 && only !== undefined ? only : "unknown";
}

function serverState(server: DatabaseObservation | undefined): SiteState {
  if (server === undefined) return "unknown";
  return server.probe === "mariadb" ? mariadbState(server) : patroniState(server);
}

function mariadbState({ state, role, replicating }: MariadbObservation): SiteState {
  if (state === "founding" || state === "cloning") return "rebuilding";
  if (state === "waiting" || state === "refused") return "closed";
  if (state !== "running") return "unknown";
  if (role === "primary") return "active";
  if (role === "standby") return replicating ? "standby" : "unknown";
  return role === "closed" ? "closed" : "unknown";
}

function patroniState(server: PatroniObservation): SiteState {
  if (server.state === "creating replica") return "rebuilding";
  if (server.state === "stopped") return "closed";
  if (server.state !== "running") return "unknown";
  if (server.role === "primary") return "active";
  if (server.role === "standby_leader") return server.streaming ? "standby" : "unknown";
  return server.role === "replica" && !server.streaming ? "closed" : "unknown";
}

function viewOf(config: OpsConfig, site: string, fresh: Results, all: Results, ...self: WorkloadStatus[]): SiteView {
  const targets = config.targets.filter((target) => target.site === site);
  const servers = targets.filter(({ probe }) => isDatabase(probe)).map((target) => databaseOf(fresh, target));
  return {
    site,
    state: siteState(servers),
    workloads: [...targets.map((target) => workloadStatus(config, target, fresh, all)), ...self],
  };
}

function workloadStatus(config: OpsConfig, target: Target, fresh: Results, all: Results): WorkloadStatus {
  const last = all.get(targetId(target));
  const result = fresh.get(targetId(target));
  const base = {
    name: target.workload,
    kind: target.kind,
    ...(last ? { asked: last.at.toISOString() } : {}),
    ...(result?.certificateExpires ? { certificateExpires: result.certificateExpires } : {}),
  };
  if (result === undefined) return { ...base, health: "unknown", detail: last ? STALE : NOT_ASKED };
  if (!result.outcome.ok) {
    // Where nothing of the other site answers, the link may be what is gone: that says nothing of its workloads.
    const cut = target.site !== config.site && !answers(config, target.site, fresh);
    return { ...base, health: cut ? "unknown" : "failing", detail: result.outcome.reason };
  }
  const { observation } = result.outcome;
  return { ...base, ...describe(observation, { config, target, twin: twinOf(config, target, fresh) }) };
}

/** The same workload at the other site. */
function twinOf(config: OpsConfig, target: Target, fresh: Results): DatabaseObservation | undefined {
  const twin = config.targets.find((other) => other.workload === target.workload && other.site !== target.site);
  return twin && databaseOf(fresh, twin);
}

function isDatabase(probe: string): probe is DatabaseObservation["probe"] {
  return probe === "patroni" || probe === "mariadb";
}

function databaseOf(fresh: Results, target: Target): DatabaseObservation | undefined {
  const outcome = fresh.get(targetId(target))?.outcome;
  return outcome?.ok && isDatabase(outcome.observation.probe)
    ? (outcome.observation as DatabaseObservation)
    : undefined;
}

function answers(config: OpsConfig, site: string, fresh: Results): boolean {
  return config.targets.some((target) => target.site === site && fresh.get(targetId(target))?.outcome.ok === true);
}

function selfStatus({ eventLoopLagSeconds, certificateExpires }: SelfView): WorkloadStatus {
  const lag = `${(eventLoopLagSeconds * 1000).toFixed(0)} ms`;
  return {
    name: SELF,
    kind: "ops",
    health: eventLoopLagSeconds < LOOP_LAG_LIMIT_SECONDS ? "ok" : "failing",
    detail: { id: `menjawab; jeda putaran ${lag}`, en: `answers; event loop delayed ${lag}` },
    ...(certificateExpires ? { certificateExpires } : {}),
  };
}

const STALE: Text = { id: "jawaban terakhir terlalu lama", en: "the last answer is too old" };
const NOT_ASKED: Text = { id: "belum ditanya", en: "not asked yet" };
