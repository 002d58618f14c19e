/** The database behind an application: which, where it is reached, and by which passwords. */

import type { SiteSecrets } from "../custody/types.ts";
import type { ApplicationModel, DatabaseModel, DatabaseServerModel, Model } from "../model/types.ts";
import { lacking } from "./lacking.ts";
import type { WorkloadFile } from "./workload.ts";

type OwnEngine = "mariadb" | "postgresql";
type OwnServer = DatabaseServerModel & { readonly engine: OwnEngine };

export interface ApplicationDatabase {
  readonly server: OwnServer;
  readonly database: DatabaseModel;
}

/** Port of the engine at the gateway of either site, for the engine's first server. */
const FIRST_PORT = { mariadb: 3306, postgresql: 5432 } as const;
const ENGINE_NAME = { mariadb: "MariaDB", postgresql: "PostgreSQL" } as const;

/** @throws where the application has none of these engines that runs here. */
export function databaseOf(
  model: Model,
  application: ApplicationModel,
  engines: readonly OwnEngine[],
): ApplicationDatabase {
  const id = application.run?.database;
  const path = `applications.${application.id}.database`;
  for (const server of model.databaseServers) {
    const database = server.databases.find((each) => each.id === id);
    if (database === undefined) continue;
    if (!isOwn(server) || !server.running || !engines.includes(server.engine)) {
      const expected = engines.map((engine) => ENGINE_NAME[engine]).join(" or ");
      throw new Error(
        `${path}: expected one of a ${expected} server that runs here, received ${server.engine} (${server.id})`,
      );
    }
    return { server, database };
  }
  throw new Error(`${path}: expected a declared database, received ${id ?? "none"}`);
}

const isOwn = (server: DatabaseServerModel): server is OwnServer => server.engine !== "external";

/** As the gateway's plan numbers them: one port per server of an engine, in order of the servers' numbers. */
export function databasePort(model: Model, server: OwnServer): number {
  const before = model.databaseServers.filter(
    ({ engine, running, number }) => engine === server.engine && running && number < server.number,
  );
  return FIRST_PORT[server.engine] + before.length;
}

/**
 * The password and, for as long as it may still count, the one before it: which of the two the server takes depends on who reloads first.
 * @throws where the secrets lack the database's role.
 */
export function passwordFiles(secrets: SiteSecrets, { server, database }: ApplicationDatabase): WorkloadFile[] {
  const role = `${server.id}/${database.role}`;
  const found = secrets.databaseRoles[role];
  if (!found) throw lacking(secrets, `databaseRoles["${role}"]`, "the role's password");
  return [
    { path: "secrets/database-password", content: found.password, secret: true },
    ...(found.previousPassword === undefined
      ? []
      : [{ path: "secrets/database-password-previous", content: found.previousPassword, secret: true }]),
  ];
}
