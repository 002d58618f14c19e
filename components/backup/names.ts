/** What the repository host, the database servers and the object store must agree on. */
import type { DatabaseServerModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";

/** pgBackRest's own server, at a repository host and beside PostgreSQL. */
export const PGBACKREST_PORT = 8432;
/** Where the repository host says how it is. */
export const HEALTH_PORT = 8443;
export const OBJECTS_PORT = 8333;

/** In the repository host: a link to the configuration with the keys of the epoch in force (images/backup). */
export const HOST_CONF = "/run/backup/pgbackrest.conf";
/** Beside PostgreSQL. */
export const SERVER_CONF = "/config/current/pgbackrest.conf";
export const PGDATA = "/var/lib/postgresql/data";
export const PG_SOCKET = "/run/postgresql";

export const tls = {
  ca: "/config/current/tls/ca.crt",
  cert: "/config/current/tls/server.crt",
  key: "/config/current/tls/server.key",
} as const;

/** pgBackRest's name of a server: the same at both sites, whose repositories are apart. */
export const stanzaOf = ({ id }: Pick<DatabaseServerModel, "id">): string => id;
export const targetOf = ({ id }: Pick<DatabaseServerModel, "id">): string => `postgresql:${id}`;

/** The repository host of a site, if it has one. */
export const repositoryHost = (site: SiteModel): WorkloadPlacement | undefined =>
  site.workloads.find(({ kind }) => kind === "backup");

/** Where a server runs: at its own site first, then elsewhere. */
export function serversOf(model: Model, site: SiteModel, server: DatabaseServerModel): WorkloadPlacement[] {
  const others = model.sites.filter(({ id }) => id !== site.id);
  return [site, ...others].flatMap(({ workloads }) =>
    workloads.filter(({ kind, of }) => kind === "postgresql" && of === server.id),
  );
}

/** PostgreSQL servers that run and are backed up by pgBackRest, in order of declaration. */
export function archivedServers({ backup, databaseServers }: Model): DatabaseServerModel[] {
  const targets = new Set(backup?.targets.filter(({ engine }) => engine === "pgbackrest").map(({ id }) => id));
  return databaseServers.filter((server) => server.running && targets.has(targetOf(server)));
}
