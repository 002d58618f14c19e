/** What a site's gateway routes: from the model, before any engine's syntax. */
import type { HostModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { word } from "../dns/words.ts";

/** Port of Patroni's REST interface, which answers `GET /primary` with 200 on the one server that takes writes. */
export const PATRONI_PORT = 8008;

export interface GatewayPlan {
  readonly region: string;
  readonly site: string;
  /** Host name by which other workloads know this gateway, and which its own certificate carries. */
  readonly hostName: string;
  readonly hosts: readonly HostRoute[];
  /** One per workload that hosts are routed to, in order of name. */
  readonly backends: readonly HttpBackend[];
  readonly databases: readonly DatabaseRoute[];
  /** What the site is active by: its own PostgreSQL servers, all of them primary; or its designation, where it runs none. */
  readonly activeBy: { readonly databases: readonly string[] } | { readonly designation: boolean };
  /** Names (CN of the client certificate) that may read metrics: `ops` of every site. */
  readonly readers: readonly string[];
  readonly ipv6: boolean;
}

export interface HostRoute {
  readonly host: string;
  readonly backend: string;
}

export interface HttpBackend {
  readonly name: string;
  readonly address: string;
  readonly hostName: string;
}

export interface DatabaseRoute {
  /** Workload's name, `postgres-utama`; also the backend's. */
  readonly name: string;
  /** Port that the gateway listens on. */
  readonly port: number;
  /** The site's own first: it is preferred. */
  readonly servers: readonly DatabaseServerRoute[];
}

export interface DatabaseServerRoute {
  /** Site's id. */
  readonly site: string;
  readonly address: string;
  readonly hostName: string;
}

/** @throws where the model lacks what a route needs, or holds a word that is none. */
export function gatewayPlan(model: Model, site: SiteModel): GatewayPlan {
  const gateway = one(site, "gateway");
  const databases = databaseRoutes(model, site);
  const hosts = hostRoutes(model.hosts, site);
  return {
    region: model.region.id,
    site: word("workload name", site.id, "sites.id"),
    hostName: word("host name", gateway.hostName, "gateway.hostName"),
    hosts,
    backends: backends(hosts, site),
    databases,
    activeBy:
      databases.length > 0
        ? { databases: databases.map((database) => database.name) }
        : { designation: site.designation === "primary" },
    readers: model.sites
      .flatMap((each) => each.workloads.filter((workload) => workload.kind === "ops"))
      .map((ops) => word("host name", ops.hostName, "ops.hostName")),
    ipv6: site.network.subnet6 !== undefined,
  };
}

function hostRoutes(hosts: readonly HostModel[], site: SiteModel): HostRoute[] {
  return hosts.map((host, index) => ({
    host: word("host name", host.host, `hosts[${index}].host`),
    backend: word("workload name", workloadOf(host, site), `hosts[${index}].serves`),
  }));
}

function workloadOf({ serves }: HostModel, site: SiteModel): string {
  switch (serves.kind) {
    case "portal":
    case "opd":
      return one(site, "web").name;
    case "application":
      return serves.workload;
  }
}

function backends(hosts: readonly HostRoute[], site: SiteModel): HttpBackend[] {
  const names = [...new Set(hosts.map((host) => host.backend))].sort();
  return names.map((name) => {
    const placement = site.workloads.find((workload) => workload.name === name);
    if (!placement) throw new Error(`site ${site.id}: a host is routed to "${name}", which does not run there`);
    return {
      name,
      address: siteAddress(placement),
      hostName: word("host name", placement.hostName, `${name}.hostName`),
    };
  });
}

/** The ports from 5432 on, in order of the servers' numbers, so that a new server with a higher number moves no other. */
function databaseRoutes(model: Model, site: SiteModel): DatabaseRoute[] {
  const running = model.databaseServers.filter((server) => server.engine === "postgresql" && server.running);
  return [...running]
    .sort((a, b) => a.number - b.number)
    .map((server, index) => ({
      name: word("workload name", server.workload, "databaseServers.workload"),
      port: 5432 + index,
      servers: [site, ...model.sites.filter((other) => other.id !== site.id)].flatMap((at) => {
        const placement = at.workloads.find((workload) => workload.name === server.workload);
        if (!placement) return [];
        return [
          {
            site: word("workload name", at.id, "sites.id"),
            address: at.id === site.id ? siteAddress(placement) : backboneAddress(placement),
            hostName: word("host name", placement.hostName, `${placement.name}.hostName`),
          },
        ];
      }),
    }));
}

function one(site: SiteModel, kind: WorkloadPlacement["kind"]): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.kind === kind);
  if (!placement) throw new Error(`site ${site.id}: no place for the workload of kind "${kind}"`);
  return placement;
}

const siteAddress = (placement: WorkloadPlacement): string =>
  word("IPv4 address", placement.address ?? "", `${placement.name}.address`);
const backboneAddress = (placement: WorkloadPlacement): string =>
  word("IPv4 address", placement.backboneAddress ?? "", `${placement.name}.backboneAddress`);
