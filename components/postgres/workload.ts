import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { pgbackrestServerConf } from "../backup/pgbackrest-server-conf.ts";
import { leaseFile } from "../epoch/lease-env.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";
import { databasesSql } from "./databases-sql.ts";
import { guardEnv } from "./guard-env.ts";
import { placementAt } from "./names.ts";
import { patroniYml } from "./patroni-yml.ts";

/**
 * A PostgreSQL server at one site, under Patroni, behind the founding guard and below the keeper of the lease. The same at both sites but for names and
 * addresses: which of them is the primary is not declared. Throws if the site has no place for it or its secrets lack something.
 */
export function postgresWorkload(
  model: Model,
  site: SiteModel,
  server: DatabaseServerModel,
  secrets: SiteSecrets,
): Workload {
  const placement = placementAt(site, server);
  const archiving = pgbackrestServerConf(model, site, server);
  if (!placement.address) throw new Error(`site ${site.id}: ${placement.name}: expected an address, received none`);
  return {
    name: placement.name,
    kind: "postgresql",
    image: "postgres",
    user: { uid: 2001, gid: 2001 },
    files: [
      ...tlsFiles(secrets, placement.name),
      { path: "patroni.yml", content: patroniYml(model, site, server, secrets) },
      { path: "guard.env", content: guardEnv(model, site, server, secrets) },
      leaseFile(model, site, placement.name, secrets),
      ...(archiving === undefined ? [] : [{ path: "pgbackrest.conf", content: archiving }]),
      { path: "databases.sql", content: databasesSql(model, server, secrets), secret: true },
    ],
    volumes: [
      { name: "data", path: "/var/lib/postgresql", keeps: "data" },
      { name: "identity", path: "/identity", keeps: "data" },
    ],
    reached: {
      address: placement.address,
      ...(placement.backboneAddress ? { backboneAddress: placement.backboneAddress } : {}),
    },
    limits: { memoryBytes: placement.memoryBytes },
    stopSeconds: 60,
    healthStartSeconds: 120,
  };
}
