/** Whom a site's `ops` asks what roles hold in its database servers, and what they may. */
import { LEASE_PORT } from "../../model/lease.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { GrantsPlace } from "../../services/ops/config.ts";
import { declaredGrants as inMariadb } from "../mariadb/grants.ts";
import { declaredGrants as inPostgres } from "../postgres/grants.ts";

/** Of the own site: its own link and its own guards are enough, and the other site's `ops` looks at that one. */
export function grantsPlaces(model: Model, site: SiteModel): GrantsPlace[] {
  return model.databaseServers.flatMap((server) => {
    const placement = site.workloads.find(({ name }) => name === server.workload);
    if (!server.running || placement?.address === undefined) return [];
    const { hostName: host, address } = placement;
    const declared = server.engine === "mariadb" ? inMariadb(model, site, server) : inPostgres(model, server);
    return [{ server: server.id, guard: { host, address, port: LEASE_PORT }, declared }];
  });
}
