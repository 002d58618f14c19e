/** What an application's configuration in PHP is told, as `app.json`: nothing secret. */
import type { ApplicationModel, DatabaseModel, DatabaseServerModel, Model } from "../../model/types.ts";

/** Port of the engine at the gateway of either site, for the engine's first server. */
const FIRST_PORT = { mariadb: 3306, postgresql: 5432 } as const;

export interface PhpSettings {
  /** The application's id. */
  readonly application: string;
  readonly title: string;
  readonly government: string;
  /** The region's domain. */
  readonly domain: string;
  readonly timezone: string;
  /** `https://<first host>`, without a final slash. */
  readonly url: string;
  readonly revision?: string;
  readonly database: {
    readonly engine: "mariadb" | "postgresql";
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
  };
  readonly uploads?: { readonly quotaBytes: number };
}

/** @throws where the application has no host or no database of ours. */
export function settings(model: Model, application: ApplicationModel): PhpSettings {
  const { server, database } = databaseOf(model, application);
  const [host] = application.hosts;
  if (host === undefined)
    throw new Error(
      `applications.${application.id}: expected a host name to be reached by, received none. Hint: zones.yaml, subdomains`,
    );
  const { run } = application;
  return {
    application: application.id,
    title: application.name,
    government: model.region.government,
    domain: model.region.domain,
    timezone: model.region.timezone,
    url: `https://${host}`,
    ...(run?.revision === undefined ? {} : { revision: run.revision }),
    database: {
      engine: server.engine,
      host: server.serviceName,
      port: portOf(model, server),
      name: database.name,
      user: database.role,
    },
    ...(run?.uploads ? { uploads: { quotaBytes: run.uploads.quotaBytes } } : {}),
  };
}

type OurServer = DatabaseServerModel & { readonly engine: "mariadb" | "postgresql" };

/** The application's database and its server. @throws where it has none that runs here. */
export function databaseOf(
  model: Model,
  application: ApplicationModel,
): { readonly server: OurServer; readonly database: DatabaseModel } {
  const id = application.run?.database;
  for (const server of model.databaseServers) {
    const database = server.databases.find((each) => each.id === id);
    if (database === undefined) continue;
    if (!isOurs(server) || !server.running)
      throw new Error(
        `applications.${application.id}.database: expected one of a MariaDB or PostgreSQL server that runs here, received ${server.engine} (${server.id})`,
      );
    return { server, database };
  }
  throw new Error(`applications.${application.id}.database: expected a declared database, received ${id ?? "none"}`);
}

const isOurs = (server: DatabaseServerModel): server is OurServer => server.engine !== "external";

/** As the gateway's plan numbers them: one port per server of an engine, in order of the servers' numbers. */
function portOf(model: Model, server: OurServer): number {
  const before = model.databaseServers.filter(
    ({ engine, running, number }) => engine === server.engine && running && number < server.number,
  );
  return FIRST_PORT[server.engine] + before.length;
}
