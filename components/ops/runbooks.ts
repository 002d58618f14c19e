/** What a site's `ops` needs to carry out runbooks. */
import type { KnownApprover } from "../../custody/approvers.ts";
import { COPIES_PORT } from "../../model/copies.ts";
import { copiesOf, copyDoors } from "../../model/derive/copies.ts";
import { zoneOf } from "../../model/derive/zones.ts";
import { LEASE_PORT } from "../../model/lease.ts";
import { PROVING_SERVICES } from "../../model/proof.ts";
import type { DatabaseServerModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import type { Copier, Guard, Peer, Prover, RunbooksConfig } from "../../services/ops/config.ts";
import { DOORS_PORT } from "../gateway/plan.ts";
import { inventoryDigest } from "./inventory-digest.ts";

export interface RunbooksArgs {
  readonly signer: Peer;
  readonly commit?: string;
  /** Default: those whose key is in the inventory. */
  readonly approvers?: readonly KnownApprover[];
}

const GUARDED: readonly WorkloadPlacement["kind"][] = ["postgresql", "mariadb", "gateway", "dns"];

/** Undefined in a region of one site. */
export function runbooksConfig(model: Model, site: SiteModel, args: RunbooksArgs): RunbooksConfig | undefined {
  if (model.sites.length < 2) return undefined;
  const { region, sites, witness, zones } = model;
  const { approvers, commit, signer } = args;
  const servers = model.databaseServers.flatMap((server) => (isRun(server) ? [server] : []));
  return {
    declared: {
      region: region.id,
      inventory: inventoryDigest(model),
      sites: sites.map(({ id, designation, stack, publicAddress, publicAddress6 }) => ({
        ...{ id, designation, stack },
        addresses: [publicAddress, ...(publicAddress6 === undefined ? [] : [publicAddress6])],
      })),
      leaseSeconds: witness?.leaseSeconds ?? null,
      servers: servers.map((server) => ({
        ...{ id: serverId(server), engine: server.engine, workload: server.workload, mode: server.replication.mode },
        ...{ rpoSeconds: server.replication.rpoSeconds, rtoSeconds: server.rtoSeconds },
      })),
      copies: copiesOf(model).map(({ id, rpoSeconds }) => ({ id, rpoSeconds })),
    },
    roster: (approvers ?? region.approvers.flatMap(withKey)).map(({ role, post, publicKey, may }) => ({
      ...{ role, post, publicKey, may },
    })),
    printed: { name: region.name, government: region.government, timezone: region.timezone },
    signer,
    ...(commit === undefined ? {} : { commit }),
    guards: sites.flatMap((one) => guardsAt(one, one.id === site.id, servers)),
    copiers: sites.flatMap((one) => copiersAt(model, one, one.id === site.id)),
    names: zones.flatMap(({ name: zone, runbookNames }) => runbookNames.map((name) => ({ zone, name }))),
    publicHost: region.domain,
    provers: proversOf(model, servers),
    capacity: {
      neededBytes: site.workloads.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      availableBytes: site.capacity.memoryBytes,
    },
  };
}

type RunServer = DatabaseServerModel & { readonly engine: "postgresql" | "mariadb" };

const isRun = (server: DatabaseServerModel): server is RunServer => server.running && server.engine !== "external";

/** As backups name it. */
const serverId = ({ engine, id }: RunServer): string => `${engine}:${id}`;

/** Of the own site on its network, of the other one across the backbone. */
function guardsAt(site: SiteModel, isOwn: boolean, servers: readonly RunServer[]): Guard[] {
  return site.workloads.flatMap(({ name, kind, hostName, address, backboneAddress }) => {
    const reached = isOwn ? (address ?? backboneAddress) : backboneAddress;
    if (!GUARDED.includes(kind) || reached === undefined) return [];
    const server = servers.find(({ workload }) => workload === name);
    const guard = { site: site.id, workload: name, kind, host: hostName, address: reached, port: LEASE_PORT };
    return [{ ...guard, ...(server ? { server: serverId(server) } : {}) }];
  });
}

function copiersAt(model: Model, site: SiteModel, isOwn: boolean): Copier[] {
  const copies = copiesOf(model);
  return copyDoors(model, site, isOwn).map(({ workload, kind, host, address, passed }) => ({
    ...{ site: site.id, workload, kind, host, address, port: passed ? DOORS_PORT : COPIES_PORT },
    copies: copies.filter((one) => one.workload === workload).map(({ id }) => id),
  }));
}

/** The first application of each server that can be asked, and whose name our own name servers answer. */
function proversOf({ applications, hosts, zones }: Model, servers: readonly RunServer[]): Prover[] {
  const ours = new Set(zones.map(({ name }) => name));
  return servers.flatMap((server) => {
    const writers = applications.filter(
      ({ id, run }) =>
        run?.runtime === "service" &&
        PROVING_SERVICES.includes(id) &&
        server.databases.some((database) => database.id === run.database),
    );
    const host = hosts.find(
      (one) =>
        one.serves.kind === "application" &&
        writers.some(({ id }) => "application" in one.serves && one.serves.application === id) &&
        zoneOf(one.host, ours) !== undefined,
    );
    return host === undefined ? [] : [{ host: host.host, server: serverId(server) }];
  });
}

function withKey({ publicKey, ...rest }: Model["region"]["approvers"][number]): KnownApprover[] {
  return publicKey === undefined ? [] : [{ ...rest, publicKey }];
}
