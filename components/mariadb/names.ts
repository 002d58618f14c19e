/** Names and numbers that both sites of a MariaDB server must agree on, or that tell them apart. */
import { mariadbRoles } from "../../model/derive/names.ts";
import type { DatabaseServerModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";

/** Accounts of the server itself: who streams from the other site, who reads what monitoring reads, and who reads every table for digest checkpoints. */
export const internalAccounts = {
  replicator: mariadbRoles[0],
  monitor: mariadbRoles[1],
  checkpointer: mariadbRoles[2],
} as const;

/** Replication domain of a server: one for both sites, as one of them takes writes at a time. */
export function domainId(server: Pick<DatabaseServerModel, "number">): number {
  return server.number;
}

/** Number of a server at a site, which stands in every GTID that is made there: unique among all of the region's servers, never 0. */
export function serverId(server: Pick<DatabaseServerModel, "number">, site: Pick<SiteModel, "designation">): number {
  return server.number * 10 + (site.designation === "primary" ? 1 : 2);
}

/** Where the server runs at a site. Throws if it has no place there. */
export function placementAt(site: SiteModel, server: DatabaseServerModel): WorkloadPlacement {
  const placement = site.workloads.find(({ kind, of }) => kind === "mariadb" && of === server.id);
  if (!placement) throw new Error(`site ${site.id}: ${server.workload}: expected a placement, received none`);
  return placement;
}

/** Every site at which the server runs, this one first. Throws if there are more than two: a region has two sites of data. */
export function sitesOf(model: Model, site: SiteModel, server: DatabaseServerModel): readonly SiteModel[] {
  const others = model.sites.filter(
    ({ id, workloads }) => id !== site.id && workloads.some(({ kind, of }) => kind === "mariadb" && of === server.id),
  );
  if (others.length > 1) {
    throw new Error(
      `${server.workload} at ${site.id}: expected one other site, received ${others.map(({ id }) => id).join(", ")}`,
    );
  }
  return [site, ...others];
}

/** Distinguished name of a workload's certificate, as OpenSSL writes it on one line and MariaDB compares it. */
export function subjectOf(placement: Pick<WorkloadPlacement, "hostName">): string {
  return `/CN=${placement.hostName}`;
}

/** Distinguished name of a site's own authority: an intermediate of another site cannot sign for this one's workloads. */
export function issuerOf(model: Model, site: Pick<SiteModel, "id">): string {
  return `/CN=Lumbung ${model.region.id} ${site.id}`;
}
