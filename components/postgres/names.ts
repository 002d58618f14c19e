/** Names that both sites of a database server must agree on, or that tell them apart. */
import type { DatabaseServerModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { repositoryHost } from "../backup/names.ts";

/** Roles of the server itself. None has a password: the operating system's user or a certificate proves them. */
export const internalRoles = {
  superuser: "postgres",
  /** Streams from the other site. */
  replication: "replicator",
  /** Compares and rewinds a server that comes back (pg_rewind). */
  rewind: "rewinder",
  /** Reads what monitoring reads (pg_monitor). */
  monitor: "lumbung_ops",
  /** Reads every table for digest checkpoints, pauses replay on a standby for that, and marks the log. Only where a site has a repository host. */
  checkpointer: "checkpointer",
} as const;

/** Scope of Patroni: the same at both sites, as they are one server. */
export function scopeOf(model: Model, server: DatabaseServerModel): string {
  return `${model.region.id}-${server.workload}`;
}

/** Replication slot by which `site` streams from the other one: lower case, digits and underscores (PostgreSQL 26.2.6). */
export function slotOf(site: Pick<SiteModel, "id">): string {
  return `site_${site.id.toLowerCase().replaceAll(/[^a-z0-9]/g, "_")}`;
}

/** Where the server runs at a site. Throws if it has no place there. */
export function placementAt(site: SiteModel, server: DatabaseServerModel): WorkloadPlacement {
  const placement = site.workloads.find(({ kind, of }) => kind === "postgresql" && of === server.id);
  if (!placement) throw new Error(`site ${site.id}: ${server.workload}: expected a placement, received none`);
  return placement;
}

/** The other site at which the server runs, if there is one. Throws if there are more: a region has two sites of data. */
export function peerOf(model: Model, site: SiteModel, server: DatabaseServerModel): SiteModel | undefined {
  const others = model.sites.filter(
    ({ id, workloads }) =>
      id !== site.id && workloads.some(({ kind, of }) => kind === "postgresql" && of === server.id),
  );
  if (others.length > 1) {
    throw new Error(
      `${server.workload} at ${site.id}: expected one other site, received ${others.map(({ id }) => id).join(", ")}`,
    );
  }
  return others[0];
}

/** Repository hosts of all sites, which may be the server's `checkpointer`: roles are data, so they are the same whichever site renders them. */
export function checkpointersOf(model: Model): readonly WorkloadPlacement[] {
  return model.sites.flatMap((site) => repositoryHost(site) ?? []);
}
