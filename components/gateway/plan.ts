/** What a site's gateway routes: from the model, before any engine's syntax. */
import type { AuditorModel, HostModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { word } from "../dns/words.ts";
import { placementOfKind } from "../placement.ts";

/** Port of Patroni's REST interface, and of the agent beside MariaDB: `GET /primary` is answered with 200 by the one server that takes writes. */
export const ROLE_PORT = 8008;
/** Port on which gateways pass TLS through to what the other site's workloads may ask here, by the name that the client asks for (SNI). */
export const SITES_PORT = 8445;
/** Port on which a gateway passes TLS through to the copiers' doors of its own site's workloads, likewise by name. */
export const DOORS_PORT = 8446;
/** Port on which an application hands its uploads to itself at the other site. */
export const UPLOADS_PORT = 8873;

export interface GatewayPlan {
  readonly region: string;
  readonly site: string;
  /** Host name by which other workloads know this gateway, and which its own certificate carries. */
  readonly hostName: string;
  readonly hosts: readonly HostRoute[];
  /** One per workload that hosts are routed to, in order of name. */
  readonly backends: readonly HttpBackend[];
  readonly databases: readonly DatabaseRoute[];
  /** What is passed through between the sites; absent where nothing is. */
  readonly across?: AcrossRoute;
  /** The way of auditors to `ops` of this site; absent where none is declared. */
  readonly auditors?: AuditorsRoute;
  /** Backends that a standby site answers too, because they only read there. */
  readonly readable: readonly string[];
  /** What the site is active by: its own database servers, all of them primary; or its designation, where it runs none. */
  readonly activeBy: { readonly databases: readonly string[] } | { readonly designation: boolean };
  /** Whether the site passes writes on under the region's lease alone (D7): where a witness runs, and there is a database that founds the epoch. */
  readonly leased: boolean;
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

export interface AuditorsRoute {
  /** Of `ops`. */
  readonly address: string;
  /** When somebody may come: first and last second of each period, counted from 1970. */
  readonly periods: readonly { readonly first: number; readonly last: number }[];
}

export interface AcrossRoute {
  /** Workloads of this site that the other site's may ask. */
  readonly own: readonly { readonly name: string; readonly hostName: string; readonly address: string }[];
  /** The other site's gateway, to which names of that site are passed on. */
  readonly peer?: { readonly internalDomain: string; readonly address: string };
}

export interface DatabaseRoute {
  /** Workload's name, `postgres-utama`; also the backend's. */
  readonly name: string;
  /** Where the engine listens. */
  readonly enginePort: number;
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
  const gateway = placementOfKind(site, "gateway");
  const databases = databaseRoutes(model, site);
  const hosts = hostRoutes(model.hosts, site);
  return {
    region: model.region.id,
    site: word("workload name", site.id, "sites.id"),
    hostName: word("host name", gateway.hostName, "gateway.hostName"),
    hosts,
    backends: backends(hosts, site),
    databases,
    ...acrossRoute(model, site),
    ...auditorsRoute(model, site),
    readable: [...new Set(model.hosts.flatMap(({ serves }) => (serves.kind === "code" ? [serves.workload] : [])))],
    activeBy:
      databases.length > 0
        ? { databases: databases.map((database) => database.name) }
        : { designation: site.designation === "primary" },
    leased: model.witness !== undefined && databases.length > 0,
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
      return placementOfKind(site, "web").name;
    case "application":
    case "code":
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

const FIRST_PORT = { postgresql: 5432, mariadb: 3306 } as const;

/** PostgreSQL's servers, then MariaDB's: a new engine's first server moves no other's number in HAProxy's state. */
function databaseRoutes(model: Model, site: SiteModel): DatabaseRoute[] {
  return (["postgresql", "mariadb"] as const).flatMap((engine) => engineRoutes(model, site, engine));
}

/** The ports from the engine's own on, in order of the servers' numbers, so that a new server with a higher number moves no other. */
function engineRoutes(model: Model, site: SiteModel, engine: keyof typeof FIRST_PORT): DatabaseRoute[] {
  const running = model.databaseServers.filter((server) => server.engine === engine && server.running);
  return [...running]
    .sort((a, b) => a.number - b.number)
    .map((server, index) => ({
      name: word("workload name", server.workload, "databaseServers.workload"),
      port: FIRST_PORT[engine] + index,
      enginePort: FIRST_PORT[engine],
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

/** Applications that keep uploads fetch them from themselves at the other site, through both gateways. */
function acrossRoute(model: Model, site: SiteModel): Pick<GatewayPlan, "across"> {
  const keeping = new Set(model.applications.flatMap(({ run }) => (run?.uploads ? [run.workload] : [])));
  const own = site.workloads
    .filter(({ name }) => keeping.has(name))
    .map((placement) => ({
      name: word("workload name", placement.name, "workloads.name"),
      hostName: word("host name", placement.hostName, `${placement.name}.hostName`),
      address: siteAddress(placement),
    }));
  if (own.length === 0) return {};
  const peer = model.sites.find((other) => other.id !== site.id);
  if (!peer) return { across: { own } };
  const internalDomain = word("host name", peer.internalDomain, "sites.internalDomain");
  return { across: { own, peer: { internalDomain, address: backboneAddress(placementOfKind(peer, "gateway")) } } };
}

function auditorsRoute({ auditors }: Model, site: SiteModel): Pick<GatewayPlan, "auditors"> {
  if (auditors === undefined) return {};
  const seconds = (iso: AuditorModel["from"]): number => Math.floor(Date.parse(iso) / 1000);
  const periods = auditors.map(({ from, until }) => ({ first: seconds(from), last: seconds(until) - 1 }));
  return { auditors: { address: siteAddress(placementOfKind(site, "ops")), periods } };
}

const siteAddress = (placement: WorkloadPlacement): string =>
  word("IPv4 address", placement.address ?? "", `${placement.name}.address`);
const backboneAddress = (placement: WorkloadPlacement): string =>
  word("IPv4 address", placement.backboneAddress ?? "", `${placement.name}.backboneAddress`);
