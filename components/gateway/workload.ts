import type { SiteSecrets } from "../../custody/types.ts";
import { AUDITORS_PORT } from "../../model/auditors.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { leaseFile } from "../epoch/lease-env.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload, WorkloadFile } from "../workload.ts";
import { haproxyCfg } from "./haproxy-cfg.ts";
import { hostsMap } from "./hosts-map.ts";
import { standbyPage, unavailablePage, unknownPage } from "./pages.ts";
import { type GatewayPlan, gatewayPlan } from "./plan.ts";
import { serversState } from "./servers-state.ts";

/** A site's entry: HAProxy, for HTTPS by declared host name and for PostgreSQL. @throws where the model or the secrets lack what it needs. */
export function gatewayWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const placement = placementOf(site);
  const plan = gatewayPlan(model, site);
  return {
    name: placement.name,
    kind: "gateway",
    image: "gateway",
    user: { uid: 2004, gid: 2004 },
    files: [
      ...tlsFiles(secrets, placement.name),
      publicCertificate(plan, secrets),
      leaseFile(model, site, placement.name, secrets),
      ...configuration(model, site, plan),
    ],
    // What the keeper of the lease remembers; it learns it anew where it is lost.
    volumes: [{ name: "identity", path: "/identity", keeps: "cache" }],
    reached: {
      ...(placement.address === undefined ? {} : { address: placement.address }),
      ...(placement.backboneAddress === undefined ? {} : { backboneAddress: placement.backboneAddress }),
      aliases: aliases(model, plan),
      published: [
        { port: 8443, published: 443, protocol: "tcp" },
        { port: 8080, published: 80, protocol: "tcp" },
        ...plan.databases.map(({ port }) => ({ port, published: port, protocol: "tcp" as const })),
        ...(plan.auditors ? [{ port: AUDITORS_PORT, published: AUDITORS_PORT, protocol: "tcp" as const }] : []),
      ],
    },
    limits: { memoryBytes: placement.memoryBytes },
  };
}

function placementOf(site: SiteModel): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.kind === "gateway");
  if (!placement) throw new Error(`site ${site.id}: no place for the gateway`);
  return placement;
}

/** The region-wide names of the database servers that this gateway passes through to. */
function aliases(model: Model, plan: GatewayPlan): string[] {
  const routed = new Set(plan.databases.map((database) => database.name));
  return model.databaseServers.filter((server) => routed.has(server.workload)).map((server) => server.serviceName);
}

function configuration(model: Model, site: SiteModel, plan: GatewayPlan): WorkloadFile[] {
  return [
    { path: "haproxy.cfg", content: haproxyCfg(plan) },
    { path: "hosts.map", content: hostsMap(plan.hosts) },
    { path: "servers.state", content: serversState(plan.databases) },
    { path: "standby.http", content: standbyPage(model.region, site) },
    { path: "unknown.http", content: unknownPage(model.region) },
    { path: "unavailable-502.http", content: unavailablePage(model.region, 502) },
    { path: "unavailable-503.http", content: unavailablePage(model.region, 503) },
    { path: "unavailable-504.http", content: unavailablePage(model.region, 504) },
  ];
}

/** What the public is shown. @throws if a declared host has a name that it does not carry. */
function publicCertificate(plan: GatewayPlan, secrets: SiteSecrets): WorkloadFile {
  const { chain, key, names } = secrets.publicCertificate;
  const uncovered = plan.hosts.map((route) => route.host).filter((host) => !names.some((name) => covers(name, host)));
  if (uncovered.length > 0)
    throw new Error(
      `hosts: the public certificate carries ${names.join(", ")}, which does not cover ${uncovered.join(", ")}. Hint: a wildcard covers one label`,
    );
  return { path: "tls/public.pem", content: `${chain}${key}`, secret: true };
}

/** Whether a certificate's name covers a host (RFC 9525 6.3: a wildcard stands for one whole label). */
export function covers(name: string, host: string): boolean {
  if (!name.startsWith("*.")) return name === host;
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === name.slice(1);
}
