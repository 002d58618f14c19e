/** What `ops` is told: `/config/current/ops.json`, rendered by components/ops. Checked by hand, as a validation library costs 14 MB of memory. */
import type { BackupModel, Model, WorkloadKind } from "../../model/types.ts";

export interface OpsConfig {
  readonly version: 1;
  readonly region: string;
  readonly site: string;
  /** The other site; absent in a region of one. */
  readonly peer?: string;
  readonly port: number;
  /** Own host name, under which the command-line modes ask the running server. */
  readonly name: string;
  /** Common names of the only clients that are let in. */
  readonly clients: readonly string[];
  readonly zones: readonly string[];
  readonly probes: {
    /** Each target is asked once in this time, spread over it. */
    readonly periodSeconds: number;
    readonly timeoutSeconds: number;
    /** Probes under way at once, at most. */
    readonly concurrency: number;
  };
  readonly targets: readonly Target[];
  /** Present where this region takes backups: then `ops` runs them. */
  readonly jobs?: JobsConfig;
}

/** What the scheduler needs, and where its work is done. */
export interface JobsConfig {
  readonly timezone: Model["region"]["timezone"];
  /** Policies and targets of every site: start times are spread over all of them. */
  readonly backups: BackupModel;
  /** Runs under way at once at this site, at most. */
  readonly atOnce: number;
  /** The repository host. */
  readonly backup: Peer;
  /** The drill room; absent: this site drills nothing. */
  readonly drill?: Peer;
  readonly signer: Peer;
  /** Common names that may begin a run out of turn, besides our own from inside the container. */
  readonly operators: readonly string[];
  /** The programme's commit that rendered this, in hex; absent: it was not handed in, and evidence cannot be signed. */
  readonly commit?: string;
  /** SHA-256 of the model that followed from the inventory, in canonical JSON, in hex. */
  readonly inventory: string;
}

/** Another workload of this site that `ops` works with. */
export interface Peer {
  /** Name that its certificate must carry. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

export type ProbeKind = "etcd" | "patroni" | "mariadb" | "dns" | "gateway" | "http" | "ops";

/** One workload of either site, and how it is asked. */
export interface Target {
  readonly site: string;
  readonly workload: string;
  readonly kind: WorkloadKind;
  readonly probe: ProbeKind;
  /** Name that its certificate must carry. */
  readonly host: string;
  readonly port: number;
  /** What is asked of an HTTP server. */
  readonly path?: string;
  /** Where to connect. Default: what `host` resolves to. */
  readonly address?: string;
}

/** Of the site itself: it looks at itself without a probe. */
export const SELF = "ops";

const PROBES: readonly string[] = ["etcd", "patroni", "mariadb", "dns", "gateway", "http", "ops"] satisfies ProbeKind[];

/**
 * The configuration in a text.
 * @throws ConfigError with every problem, each with its path.
 */
export function parseConfig(text: string): OpsConfig {
  const problems: string[] = [];
  const need: Need = (holds, path, expected, received) => {
    if (!holds) problems.push(`${path}: expected ${expected}, received ${JSON.stringify(received) ?? "nothing"}`);
  };
  const value = readJson(text);
  need(value.version === 1, "version", "1", value.version);
  for (const field of ["region", "site", "name"]) need(isText(value[field]), field, "a text", value[field]);
  need(isPort(value.port), "port", "a port", value.port);
  for (const field of ["clients", "zones"]) need(isTexts(value[field]), field, "a list of texts", value[field]);
  const probes = fields(value.probes);
  for (const field of ["periodSeconds", "timeoutSeconds", "concurrency"]) {
    need(Number(probes[field]) > 0, `probes.${field}`, "a number above 0", probes[field]);
  }
  need(Array.isArray(value.targets), "targets", "a list", value.targets);
  for (const [index, item] of (Array.isArray(value.targets) ? value.targets : []).entries()) {
    const target = fields(item);
    for (const field of ["site", "workload", "kind", "host"])
      need(isText(target[field]), `targets[${index}].${field}`, "a text", target[field]);
    need(isPort(target.port), `targets[${index}].port`, "a port", target.port);
    need(PROBES.includes(String(target.probe)), `targets[${index}].probe`, PROBES.join(", "), target.probe);
  }
  if (value.jobs !== undefined) checkJobs(fields(value.jobs), need);
  if (problems.length > 0) throw new ConfigError(problems);
  return value as unknown as OpsConfig;
}

type Need = (holds: boolean, path: string, expected: string, received: unknown) => void;

const ZONES: readonly string[] = [
  "Asia/Jakarta",
  "Asia/Makassar",
  "Asia/Jayapura",
] satisfies Model["region"]["timezone"][];

function checkJobs(jobs: Record<string, unknown>, need: Need): void {
  need(ZONES.includes(String(jobs.timezone)), "jobs.timezone", ZONES.join(", "), jobs.timezone);
  need(Number(jobs.atOnce) > 0, "jobs.atOnce", "a number above 0", jobs.atOnce);
  need(isTexts(jobs.operators), "jobs.operators", "a list of texts", jobs.operators);
  for (const field of ["backup", "signer", ...(jobs.drill === undefined ? [] : ["drill"])]) {
    const peer = fields(jobs[field]);
    for (const part of ["host", "address"]) need(isText(peer[part]), `jobs.${field}.${part}`, "a text", peer[part]);
    need(isPort(peer.port), `jobs.${field}.port`, "a port", peer.port);
  }
  const backups = fields(jobs.backups);
  for (const field of ["policies", "targets", "without"])
    need(Array.isArray(backups[field]), `jobs.backups.${field}`, "a list", backups[field]);
  for (const field of ["drillEverySeconds", "readDataSlices"])
    need(Number(backups[field]) > 0, `jobs.backups.${field}`, "a number above 0", backups[field]);
  const { commit, inventory } = jobs;
  need(commit === undefined || /^[0-9a-f]{7,64}$/.test(String(commit)), "jobs.commit", "a commit in hex", commit);
  need(/^[0-9a-f]{64}$/.test(String(inventory)), "jobs.inventory", "a SHA-256 in hex", inventory);
}

/** The operator's (or our own renderer's) mistake. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`ops.json: ${problems.join("; ")}`);
    this.problems = problems;
  }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return fields(JSON.parse(text));
  } catch {
    throw new ConfigError(["expected JSON, received something else"]);
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;
}
