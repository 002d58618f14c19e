/** What `ops` is told: `/config/current/ops.json`, rendered by components/ops. Checked by hand, as a validation library costs 14 MB of memory. */
import type { PublicEvidenceKey } from "../../evidence/keys.ts";
import type { DeclaredGrant } from "../../model/grants.ts";
import type { AssessmentsModel, AuditorModel, BackupModel, HostModel, Model, WorkloadKind } from "../../model/types.ts";
import type { RosterEntry } from "../../runbooks/approvals/roster.ts";
import type { Declared } from "../../runbooks/facts.ts";
import type { ReportRegion } from "../../runbooks/report/report.ts";
import { isText, isTime } from "./told/rules.ts";

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
  /** Present where this region's zone is ours: then `ops` of the active site publishes the heads of evidence in it. */
  readonly heads?: HeadsConfig;
  /** Present where this region has two sites and somebody signs: then `ops` carries out runbooks. */
  readonly runbooks?: RunbooksConfig;
  /** Present where this site has a signer: then `ops` has what it sees of the site signed, round after round. */
  readonly rounds?: RoundsConfig;
  /** Present where this site has a signer: then `ops` of the active site assesses the duties on schedule. */
  readonly assessments?: AssessmentsConfig;
  /** Present where auditors are declared and somebody signs: then `ops` shows them what they may read, on a port of its own. */
  readonly auditors?: AuditorsConfig;
}

/** Who may read, and what that is made from. */
export interface AuditorsConfig {
  /** On which nobody else is answered. */
  readonly port: number;
  /** Whatever a certificate says: by its name, it lets in who stands here, in the period that stands here. */
  readonly people: readonly AuditorModel[];
  readonly signer: Peer;
  /** By which evidence is checked: of every site, former generations included. */
  readonly keys: readonly PublicEvidenceKey[];
  /** What pages print of the region. */
  readonly printed: ReportRegion;
  /** Of the process that makes the report's page, beside `ops` itself in the same container. */
  readonly heapMiB: number;
}

/** When duties are assessed; what they are assessed from lies beside it (services/assess/material.ts). */
export interface AssessmentsConfig {
  readonly plan: AssessmentsModel;
  /** Of the process that assesses, beside `ops` itself in the same container. */
  readonly heapMiB: number;
  readonly timezone: Model["region"]["timezone"];
  readonly signer: Peer;
  /** As `JobsConfig.commit`. */
  readonly commit?: string;
}

/** What runbooks are made from, and whom they ask and tell. */
export interface RunbooksConfig {
  readonly declared: Declared;
  /** Who may approve. */
  readonly roster: readonly RosterEntry[];
  /** What a report prints of the region. */
  readonly printed: ReportRegion;
  readonly signer: Peer;
  /** The programme's commit, in hex; absent: it was not handed in. */
  readonly commit?: string;
  /** Guards of both sites (model/lease.ts): of databases, gateways and name servers. */
  readonly guards: readonly Guard[];
  /** Doors of the copiers of both sites (model/copies.ts). */
  readonly copiers: readonly Copier[];
  /** Names whose addresses runbooks own, without final dot, with the zone that each is in. */
  readonly names: readonly { readonly zone: string; readonly name: string }[];
  /** Host name by which the public page is asked. */
  readonly publicHost: string;
  /** Applications that write a row to a database server when they are asked to; at most one for each server. */
  readonly provers: readonly Prover[];
  /** What this site's workloads may use, and what the site declares, in bytes of memory. */
  readonly capacity: { readonly neededBytes: number; readonly availableBytes: number };
}

export interface Guard extends Peer {
  readonly site: string;
  readonly workload: string;
  readonly kind: WorkloadKind;
  /** Id of the server in `Declared`, for databases. */
  readonly server?: string;
}

export interface Prover {
  /** Public host name, without final dot, in a zone of ours. */
  readonly host: string;
  /** Id of the database server in `Declared` that it writes to. */
  readonly server: string;
}

export interface Copier extends Peer {
  readonly site: string;
  readonly workload: string;
  readonly kind: WorkloadKind;
  /** Ids of its copies in `Declared`. */
  readonly copies: readonly string[];
}

/** What a round of probes looks at besides the targets, and when. */
export interface RoundsConfig {
  readonly everySeconds: number;
  /** After each full period (counted from 1970 in UTC) a round begins so much later: sites take turns. */
  readonly offsetSeconds: number;
  /** Between one look and the next, so that a round weighs on nobody. */
  readonly pauseMs: number;
  /** Without final dot. */
  readonly domain: string;
  /** Names that the region publishes. */
  readonly hosts: readonly PublishedHost[];
  /** Of every site. */
  readonly gateways: readonly GatewayPlace[];
  /** Database servers of this site whose grants are compared. */
  readonly grants: readonly GrantsPlace[];
  readonly signer: Peer;
  /** As `JobsConfig.commit`. */
  readonly commit?: string;
  /** As `JobsConfig.inventory`. */
  readonly inventory: string;
}

export interface GrantsPlace {
  /** Id of the server in the inventory. */
  readonly server: string;
  /** Who is asked what roles hold (model/lease.ts). */
  readonly guard: Peer;
  readonly declared: readonly DeclaredGrant[];
}

export interface PublishedHost {
  readonly host: string;
  readonly serves: HostModel["serves"]["kind"];
}

/** Where the public comes in, and how `ops` gets there: a container does not reach its own machine's public address. */
export interface GatewayPlace {
  readonly site: string;
  /** As names resolve to it. */
  readonly publicAddresses: readonly string[];
  /** From here. */
  readonly address: string;
  readonly port: number;
  /** Of what only leads to https. */
  readonly plainPort: number;
}

/** Where the heads of evidence are published. */
export interface HeadsConfig {
  /** Apex of the zone, without final dot. */
  readonly zone: string;
  /** The one name that our key may change, without final dot. */
  readonly name: string;
  readonly signer: Peer;
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
  /** How long an answer is waited for. Default: as long as for all. */
  readonly timeoutSeconds?: number;
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
    const { timeoutSeconds = 1 } = target;
    need(
      Number(timeoutSeconds) > 0,
      `targets[${index}].timeoutSeconds`,
      "a number above 0, or nothing",
      timeoutSeconds,
    );
  }
  if (value.jobs !== undefined) checkJobs(fields(value.jobs), need);
  if (value.heads !== undefined) checkHeads(fields(value.heads), need);
  if (value.runbooks !== undefined) checkRunbooks(fields(value.runbooks), need);
  if (value.rounds !== undefined) checkRounds(fields(value.rounds), need);
  if (value.assessments !== undefined) checkAssessments(fields(value.assessments), need);
  if (value.auditors !== undefined) checkAuditors(fields(value.auditors), need);
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
  for (const field of ["backup", "signer", ...(jobs.drill === undefined ? [] : ["drill"])])
    checkPeer(jobs[field], `jobs.${field}`, need);
  const backups = fields(jobs.backups);
  for (const field of ["policies", "targets", "without"])
    need(Array.isArray(backups[field]), `jobs.backups.${field}`, "a list", backups[field]);
  const { applications } = backups;
  need(
    applications === undefined || Array.isArray(applications),
    "jobs.backups.applications",
    "a list or nothing",
    applications,
  );
  for (const field of ["drillEverySeconds", "readDataSlices"])
    need(Number(backups[field]) > 0, `jobs.backups.${field}`, "a number above 0", backups[field]);
  checkOrigin(jobs, "jobs", need);
}

/** What evidence names. */
function checkOrigin({ commit, inventory }: Record<string, unknown>, path: string, need: Need): void {
  need(commit === undefined || /^[0-9a-f]{7,64}$/.test(String(commit)), `${path}.commit`, "a commit in hex", commit);
  need(/^[0-9a-f]{64}$/.test(String(inventory)), `${path}.inventory`, "a SHA-256 in hex", inventory);
}

function checkHeads(heads: Record<string, unknown>, need: Need): void {
  for (const field of ["zone", "name"]) need(isText(heads[field]), `heads.${field}`, "a text", heads[field]);
  checkPeer(heads.signer, "heads.signer", need);
}

function checkRunbooks(runbooks: Record<string, unknown>, need: Need): void {
  for (const field of ["roster", "guards", "copiers", "names", "provers"])
    need(Array.isArray(runbooks[field]), `runbooks.${field}`, "a list", runbooks[field]);
  const declared = fields(runbooks.declared);
  for (const field of ["sites", "servers", "copies"])
    need(Array.isArray(declared[field]), `runbooks.declared.${field}`, "a list", declared[field]);
  need(isText(runbooks.publicHost), "runbooks.publicHost", "a text", runbooks.publicHost);
  checkPeer(runbooks.signer, "runbooks.signer", need);
}

const SERVES: readonly string[] = ["portal", "opd", "application", "code"] satisfies PublishedHost["serves"][];

function checkRounds(rounds: Record<string, unknown>, need: Need): void {
  need(Number(rounds.everySeconds) > 0, "rounds.everySeconds", "a number above 0", rounds.everySeconds);
  for (const field of ["offsetSeconds", "pauseMs"])
    need(Number(rounds[field]) >= 0, `rounds.${field}`, "a number, 0 or above", rounds[field]);
  need(isText(rounds.domain), "rounds.domain", "a text", rounds.domain);
  for (const field of ["hosts", "gateways", "grants"])
    need(Array.isArray(rounds[field]), `rounds.${field}`, "a list", rounds[field]);
  for (const [index, item] of listOf(rounds.hosts).entries()) {
    need(isText(item.host), `rounds.hosts[${index}].host`, "a text", item.host);
    need(SERVES.includes(String(item.serves)), `rounds.hosts[${index}].serves`, SERVES.join(", "), item.serves);
  }
  for (const [index, item] of listOf(rounds.gateways).entries()) {
    const at = `rounds.gateways[${index}]`;
    for (const field of ["site", "address"]) need(isText(item[field]), `${at}.${field}`, "a text", item[field]);
    for (const field of ["port", "plainPort"]) need(isPort(item[field]), `${at}.${field}`, "a port", item[field]);
    need(isTexts(item.publicAddresses), `${at}.publicAddresses`, "a list of texts", item.publicAddresses);
  }
  for (const [index, item] of listOf(rounds.grants).entries()) {
    const at = `rounds.grants[${index}]`;
    need(isText(item.server), `${at}.server`, "a text", item.server);
    need(Array.isArray(item.declared), `${at}.declared`, "a list", item.declared);
    checkPeer(item.guard, `${at}.guard`, need);
  }
  checkPeer(rounds.signer, "rounds.signer", need);
  checkOrigin(rounds, "rounds", need);
}

function checkAssessments(assessments: Record<string, unknown>, need: Need): void {
  const { timezone, heapMiB } = assessments;
  const { reportMonths, monthly, atSeconds } = fields(assessments.plan);
  const months = Array.isArray(reportMonths) ? reportMonths : [];
  const areMonths = months.length > 0 && months.every((month) => Number.isInteger(month) && month >= 1 && month <= 12);
  need(areMonths, "assessments.plan.reportMonths", "a list of months from 1 to 12", reportMonths);
  need(typeof monthly === "boolean", "assessments.plan.monthly", "true or false", monthly);
  need(Number(atSeconds) >= 0, "assessments.plan.atSeconds", "a number, 0 or above", atSeconds);
  need(Number(heapMiB) > 0, "assessments.heapMiB", "a number above 0", heapMiB);
  need(ZONES.includes(String(timezone)), "assessments.timezone", ZONES.join(", "), timezone);
  checkPeer(assessments.signer, "assessments.signer", need);
}

function checkAuditors(auditors: Record<string, unknown>, need: Need): void {
  need(isPort(auditors.port), "auditors.port", "a port", auditors.port);
  need(Number(auditors.heapMiB) > 0, "auditors.heapMiB", "a number above 0", auditors.heapMiB);
  for (const field of ["people", "keys"])
    need(Array.isArray(auditors[field]), `auditors.${field}`, "a list", auditors[field]);
  for (const [index, item] of listOf(auditors.people).entries()) {
    const at = `auditors.people[${index}]`;
    for (const field of ["id", "body", "name"]) need(isText(item[field]), `${at}.${field}`, "a text", item[field]);
    for (const field of ["from", "until"]) need(isTime(item[field]), `${at}.${field}`, "a time", item[field]);
  }
  for (const [index, item] of listOf(auditors.keys).entries())
    for (const field of ["site", "publicKey"])
      need(isText(item[field]), `auditors.keys[${index}].${field}`, "a text", item[field]);
  const printed = fields(auditors.printed);
  for (const field of ["name", "government"])
    need(isText(printed[field]), `auditors.printed.${field}`, "a text", printed[field]);
  need(ZONES.includes(String(printed.timezone)), "auditors.printed.timezone", ZONES.join(", "), printed.timezone);
  checkPeer(auditors.signer, "auditors.signer", need);
}

function checkPeer(value: unknown, path: string, need: Need): void {
  const peer = fields(value);
  for (const part of ["host", "address"]) need(isText(peer[part]), `${path}.${part}`, "a text", peer[part]);
  need(isPort(peer.port), `${path}.port`, "a port", peer.port);
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

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(fields) : []);

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;
}
