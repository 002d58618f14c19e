import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import type { OpsConfig, ProbeKind, Target } from "../../services/ops/config.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";

const PORT = 9443;
const PERIOD_SECONDS = 10;
const TIMEOUT_SECONDS = 3;
const CONCURRENCY = 4;

/** How each kind is asked; a kind without a way (the configuration carrier has no network) is not. */
const PROBES: Readonly<
  Record<WorkloadPlacement["kind"], { probe: ProbeKind; port: number; path?: string } | undefined>
> = {
  config: undefined,
  etcd: { probe: "etcd", port: 2379 },
  postgresql: { probe: "patroni", port: 8008 },
  mariadb: { probe: "mariadb", port: 8008 },
  objects: { probe: "http", port: 8333, path: "/healthz" },
  code: { probe: "http", port: 8443, path: "/health" },
  backup: { probe: "http", port: 8443, path: "/health" },
  dns: { probe: "dns", port: 5353 },
  gateway: { probe: "gateway", port: 8404 },
  web: { probe: "http", port: 8443, path: "/health" },
  application: { probe: "http", port: 8443, path: "/health" },
  signer: { probe: "http", port: 9444, path: "/health" },
  ops: { probe: "ops", port: PORT, path: "/health" },
};

/** The site's `ops`: our own image, which watches this site and what it can reach of the other. @throws where the model or the secrets lack its place. */
export function opsWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const placement = placementOf(site);
  return {
    name: placement.name,
    kind: "ops",
    image: "node",
    user: { uid: 2006, gid: 2006 },
    // Which of the image's services runs.
    environment: { SERVICE: "ops" },
    files: [
      { path: "ops.json", content: `${JSON.stringify(opsConfig(model, site), null, 1)}\n` },
      ...tlsFiles(secrets, placement.name),
    ],
    volumes: [],
    reached: {
      ...(placement.address === undefined ? {} : { address: placement.address }),
      ...(placement.backboneAddress === undefined ? {} : { backboneAddress: placement.backboneAddress }),
    },
    limits: { memoryBytes: placement.memoryBytes },
    // Each look starts a Node process of some 40 MB for a moment.
  };
}

/** What the site's `ops` is told. */
export function opsConfig(model: Model, site: SiteModel): OpsConfig {
  const peer = model.sites.find((other) => other.id !== site.id);
  const own = site.workloads.filter((workload) => workload.kind !== "ops");
  const across = peer?.workloads.filter((workload) => workload.backboneAddress !== undefined) ?? [];
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
      ...targets(site.id, own, ({ address }) => address),
      ...(peer ? targets(peer.id, across, ({ backboneAddress }) => backboneAddress) : []),
    ],
  };
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
  return [...ops, ...model.sites.map((site) => `operator.${site.internalDomain}`)];
}

function placementOf(site: SiteModel): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.kind === "ops");
  if (!placement) throw new Error(`site ${site.id}: no place for ops`);
  return placement;
}
