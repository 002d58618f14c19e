/** What an application's configuration in PHP is told, as `app.json`: nothing secret. */
import type { ApplicationModel, Model } from "../../model/types.ts";
import { type ApplicationDatabase, databaseOf, databasePort } from "../application-database.ts";

/** Engines that PHP applications are told of. */
const ENGINES = ["mariadb", "postgresql"] as const;

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
  const { server, database } = phpDatabase(model, application);
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
      port: databasePort(model, server),
      name: database.name,
      user: database.role,
    },
    ...(run?.uploads ? { uploads: { quotaBytes: run.uploads.quotaBytes } } : {}),
  };
}

/** @throws where the application has none that runs here. */
export const phpDatabase = (model: Model, application: ApplicationModel): ApplicationDatabase =>
  databaseOf(model, application, ENGINES);
