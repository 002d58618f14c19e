import type { KnownApprover } from "../../custody/approvers.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import type { Material } from "../../services/assess/material.ts";
import type {
  AssessmentsConfig,
  GatewayPlace,
  HeadsConfig,
  JobsConfig,
  OpsConfig,
  Peer,
  RoundsConfig,
  Target,
} from "../../services/ops/config.ts";
import { evidencePlace } from "../dns/evidence-name.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";
import { auditorsConfig } from "./auditors.ts";
import { grantsPlaces } from "./grants.ts";
import { inventoryDigest } from "./inventory-digest.ts";
import { runbooksConfig } from "./runbooks.ts";

const PORT = 9443;
const PERIOD_SECONDS = 10;
const TIMEOUT_SECONDS = 3;
const CONCURRENCY = 4;
const HOST_PORT = 8443;
const SIGNER_PORT = 9444;
const ROUND_SECONDS = 3600;
/** Two looks a second, at most. */
const ROUND_PAUSE_MS = 500;
/** What is left for the process that assesses: `ops` takes some 100 MiB, each of its command-line modes 50 for a moment. */
const OPS_ITSELF_MIB = 176;
/** The lab's assessment takes some 20, with a year of evidence twice that. */
const LEAST_HEAP_MIB = 64;
/** On which a gateway listens for the public, inside its container. */
const [PUBLIC_PORT, PLAIN_PORT] = [8443, 8080];

/** How each kind is asked; a kind without a way (the configuration carrier has no network) is not. */
const PROBES: Readonly<
  Record<WorkloadPlacement["kind"], Pick<Target, "probe" | "port" | "path" | "timeoutSeconds"> | undefined>
> = {
  config: undefined,
  etcd: { probe: "etcd", port: 2379 },
  epoch: { probe: "etcd", port: 2379 },
  postgresql: { probe: "patroni", port: 8008 },
  mariadb: { probe: "mariadb", port: 8008 },
  objects: { probe: "http", port: 8333, path: "/healthz" },
  code: { probe: "http", port: 8443, path: "/health" },
  backup: { probe: "http", port: 8443, path: "/health" },
  // At the lowest share of the processor, it answers late while it drills: late is well.
  drill: { probe: "http", port: 8443, path: "/health", timeoutSeconds: 15 },
  dns: { probe: "dns", port: 5353 },
  gateway: { probe: "gateway", port: 8404 },
  web: { probe: "http", port: 8443, path: "/health" },
  application: { probe: "http", port: 8443, path: "/health" },
  signer: { probe: "http", port: 9444, path: "/health" },
  ops: { probe: "ops", port: PORT, path: "/health" },
};

/** What comes from elsewhere than the inventory. */
export interface Programme {
  /** The programme's own, which evidence names; in hex. Absent: nobody knows it, and it is never made up. */
  readonly commit?: string;
  /** Who may approve runbooks. Default: those whose key is in the inventory. */
  readonly approvers?: readonly KnownApprover[];
  /** What duties are assessed from on schedule; keys of evidence are the site's. Default: this site assesses none. */
  readonly material?: Omit<Material, "keys">;
}

/**
 * The site's `ops`: our own image, which watches this site and what it can reach of the other, and runs its backups.
 * @throws where the model or the secrets lack its place.
 */
export function opsWorkload(model: Model, site: SiteModel, secrets: SiteSecrets, programme: Programme = {}): Workload {
  const placement = placementOf(site);
  const key = secrets.tsig.evidence;
  const { heads, ...without } = opsConfig(model, site, programme);
  const publishes = heads !== undefined && key !== undefined;
  const auditors = auditorsConfig(model, secrets, peerOf(site, "signer", SIGNER_PORT), heapMiB(placement));
  const config: OpsConfig = { ...without, ...(publishes ? { heads } : {}), ...(auditors ? { auditors } : {}) };
  const keeps = [config.jobs, config.rounds, config.runbooks, config.assessments].some((part) => part !== undefined);
  const keys = secrets.evidenceKeys.map(({ site: of, publicKey }) => ({ site: of, publicKey }));
  const material = config.assessments && programme.material && { ...programme.material, keys };
  return {
    name: placement.name,
    kind: "ops",
    image: "node",
    user: { uid: 2006, gid: 2006 },
    // Which of the image's services runs; what is known of copies and drills, and a page, takes more than the usual heap.
    environment: { SERVICE: "ops", ...(keeps ? { NODE_HEAP_MIB: "64" } : {}) },
    files: [
      { path: "ops.json", content: `${JSON.stringify(config, null, 1)}\n` },
      ...(material ? [{ path: "assess.json", content: `${JSON.stringify(material)}\n` }] : []),
      ...tlsFiles(secrets, placement.name),
      ...(publishes ? [{ path: "tsig.json", content: `${JSON.stringify(key, null, 1)}\n`, secret: true }] : []),
    ],
    // What ran, what drills and probes found, what waits for the signer, and runs of runbooks.
    volumes: !keeps ? [] : [{ name: "journal", path: "/data", keeps: "data" }],
    reached: {
      ...(placement.address === undefined ? {} : { address: placement.address }),
      ...(placement.backboneAddress === undefined ? {} : { backboneAddress: placement.backboneAddress }),
    },
    limits: { memoryBytes: placement.memoryBytes },
    // Each look starts a Node process of some 40 MB for a moment.
  };
}

/** What the site's `ops` is told. */
export function opsConfig(model: Model, site: SiteModel, programme: Programme = {}): OpsConfig {
  const peer = model.sites.find((other) => other.id !== site.id);
  const own = site.workloads.filter((workload) => workload.kind !== "ops");
  const across = peer?.workloads.filter((workload) => workload.backboneAddress !== undefined) ?? [];
  const [jobs, heads] = [jobsConfig(model, site, programme), headsConfig(model, site)];
  const signer = peerOf(site, "signer", SIGNER_PORT);
  const { material: _, ...named } = programme;
  const runbooks = signer && runbooksConfig(model, site, { signer, ...named });
  const rounds = roundsConfig(model, site, programme);
  const assessments = assessmentsConfig(model, site, programme);
  return {
    version: 1,
    region: model.region.id,
    site: site.id,
    ...(peer ? { peer: peer.id } : {}),
    port: PORT,
    name: placementOf(site).hostName,
    clients: clients(model),
    zones: model.zones.map((zone) => zone.name),
    probes: { periodSeconds: PERIOD_SECONDS, timeoutSeconds: TIMEOUT_SECONDS, concurrency: CONCURRENCY },
    targets: [
      ...targets(site.id, own, ({ address, backboneAddress }) => address ?? backboneAddress),
      ...(peer ? targets(peer.id, across, ({ backboneAddress }) => backboneAddress) : []),
    ],
    ...(jobs ? { jobs } : {}),
    ...(heads ? { heads } : {}),
    ...(runbooks ? { runbooks } : {}),
    ...(rounds ? { rounds } : {}),
    ...(assessments ? { assessments } : {}),
  };
}

/** Undefined where nobody signs, or nothing was handed in to assess. */
function assessmentsConfig(
  { region }: Model,
  site: SiteModel,
  { commit, material }: Programme,
): AssessmentsConfig | undefined {
  const signer = peerOf(site, "signer", SIGNER_PORT);
  if (signer === undefined || material === undefined) return undefined;
  const { assessments: plan, timezone } = region;
  return { plan, heapMiB: heapMiB(placementOf(site)), timezone, signer, ...(commit === undefined ? {} : { commit }) };
}

/** Of a process beside `ops` itself, of which there is one at a time. */
const heapMiB = ({ memoryBytes }: WorkloadPlacement): number =>
  Math.max(LEAST_HEAP_MIB, Math.floor(memoryBytes / 2 ** 20) - OPS_ITSELF_MIB);

/** Undefined where nobody signs. */
function roundsConfig(model: Model, site: SiteModel, { commit }: Programme): RoundsConfig | undefined {
  const signer = peerOf(site, "signer", SIGNER_PORT);
  if (signer === undefined) return undefined;
  return {
    everySeconds: ROUND_SECONDS,
    offsetSeconds: Math.floor((ROUND_SECONDS * model.sites.findIndex(({ id }) => id === site.id)) / model.sites.length),
    pauseMs: ROUND_PAUSE_MS,
    domain: model.region.domain,
    hosts: model.hosts.map(({ host, serves }) => ({ host, serves: serves.kind })),
    gateways: model.sites.flatMap((one) => gatewayPlace(one, one.id === site.id)),
    grants: grantsPlaces(model, site),
    signer,
    ...(commit === undefined ? {} : { commit }),
    inventory: inventoryDigest(model),
  };
}

/** @param isOwn whether it is reached over the site's own network, and not over the backbone. */
function gatewayPlace(site: SiteModel, isOwn: boolean): GatewayPlace[] {
  const gateway = site.workloads.find(({ kind }) => kind === "gateway");
  const address = isOwn ? gateway?.address : gateway?.backboneAddress;
  if (address === undefined) return [];
  const publicAddresses = [site.publicAddress, ...(site.publicAddress6 === undefined ? [] : [site.publicAddress6])];
  return [{ site: site.id, publicAddresses, address, port: PUBLIC_PORT, plainPort: PLAIN_PORT }];
}

/** Undefined where the zone is not ours, or nobody signs. */
function headsConfig(model: Model, site: SiteModel): HeadsConfig | undefined {
  const [place, signer] = [evidencePlace(model), peerOf(site, "signer", SIGNER_PORT)];
  return place === undefined || signer === undefined ? undefined : { ...place, signer };
}

/** Backups and drills leave half of the processors to what the site is there for. */
const runsAtOnce = ({ capacity }: SiteModel): number => Math.max(2, Math.floor(capacity.cpus / 2));

/** Undefined where the site takes no backups. */
function jobsConfig(model: Model, site: SiteModel, { commit }: Programme): JobsConfig | undefined {
  const [backup, signer] = [peerOf(site, "backup", HOST_PORT), peerOf(site, "signer", SIGNER_PORT)];
  const drill = peerOf(site, "drill", HOST_PORT);
  if (model.backup === undefined || backup === undefined || signer === undefined) return undefined;
  return {
    timezone: model.region.timezone,
    backups: model.backup,
    atOnce: runsAtOnce(site),
    backup,
    ...(drill ? { drill } : {}),
    signer,
    operators: operators(model),
    ...(commit === undefined ? {} : { commit }),
    inventory: inventoryDigest(model),
  };
}

function peerOf(site: SiteModel, kind: WorkloadPlacement["kind"], port: number): Peer | undefined {
  const placement = site.workloads.find((workload) => workload.kind === kind);
  if (placement?.address === undefined) return undefined;
  return { host: placement.hostName, address: placement.address, port };
}

/**
 * Connected to by address, verified by name: where the other site is gone, its names would be asked of resolvers that do not answer
 * either, and those waits would hold up the questions to this site.
 */
function targets(
  site: string,
  workloads: readonly WorkloadPlacement[],
  reach: (workload: WorkloadPlacement) => string | undefined,
): Target[] {
  return workloads.flatMap((workload) => {
    const how = PROBES[workload.kind];
    const address = reach(workload);
    if (!how || address === undefined) return [];
    return [{ site, workload: workload.name, kind: workload.kind, host: workload.hostName, address, ...how }];
  });
}

/** `ops` of every site, and every site's operator. */
function clients(model: Model): string[] {
  const ops = model.sites.map((site) => placementOf(site).hostName);
  return [...ops, ...operators(model)];
}

function operators(model: Model): string[] {
  return model.sites.map((site) => `operator.${site.internalDomain}`);
}

function placementOf(site: SiteModel): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.kind === "ops");
  if (!placement) throw new Error(`site ${site.id}: no place for ops`);
  return placement;
}
