import type { SiteSecrets } from "../../custody/types.ts";
import type { ApplicationModel, Model, SiteModel } from "../../model/types.ts";
import type { AppConfig } from "../../services/pengaduan/config.ts";
import { type ApplicationDatabase, databaseOf, databasePort, passwordFiles } from "../application-database.ts";
import { placementNamed } from "../placement.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload, WorkloadFile } from "../workload.ts";

/** Port on which every application of ours serves HTTPS. */
export const APPLICATION_PORT = 8443;
const CONFIG = "/config/current";
/** Services that show every OPD. To all of them, what a site is told would grow with the square of the region. */
const WITH_DIRECTORY: ReadonlySet<string> = new Set(["pengaduan"]);
/** What one address may send: modest for the public, out of the way of the lab's tests. */
const PUBLIC_LIMIT = { burst: 10, perMinute: 20 };
const LAB_LIMIT = { burst: 500, perMinute: 6000 };

/**
 * One application of ours at a site. Which of the image's services runs is the application's id.
 * @throws where the model or the secrets lack what it needs.
 */
export function applicationWorkload(
  model: Model,
  site: SiteModel,
  application: ApplicationModel,
  secrets: SiteSecrets,
): Workload {
  const { run } = application;
  if (run === undefined)
    throw new Error(`applications.${application.id}: expected one that runs here, received ${application.status}`);
  const placement = placementNamed(site, run.workload);
  return {
    name: run.workload,
    kind: "application",
    image: run.image,
    user: { uid: 2006, gid: 2006 },
    environment: { SERVICE: application.id },
    files: files(model, site, application, secrets),
    volumes: [],
    reached: placement.address === undefined ? {} : { address: placement.address },
    limits: { memoryBytes: placement.memoryBytes, cpus: run.cpus },
  };
}

function files(model: Model, site: SiteModel, application: ApplicationModel, secrets: SiteSecrets): WorkloadFile[] {
  const declared = databaseOf(model, application, ["postgresql"]);
  const name = placementNamed(site, application.run?.workload ?? "").name;
  const passwords = passwordFiles(secrets, declared);
  const config = appConfig(model, site, application, declared, passwords);
  return [
    { path: "app.json", content: `${JSON.stringify(config, null, 1)}\n` },
    ...passwords,
    ...tlsFiles(secrets, name),
  ];
}

/** OPD that still exist, in order of name. */
function directory(model: Model): AppConfig["opds"] {
  return model.opds
    .filter((opd) => opd.mergedInto === undefined)
    .map(({ id, name }) => ({ id, name }))
    .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

/** What the application is told. */
function appConfig(
  model: Model,
  site: SiteModel,
  application: ApplicationModel,
  { server, database }: ApplicationDatabase,
  [password, previous]: readonly WorkloadFile[],
): AppConfig {
  const gateway = site.workloads.find((each) => each.kind === "gateway");
  if (!gateway) throw new Error(`site ${site.id}: no gateway that could ask ${application.id}`);
  const portal = model.hosts.some((host) => host.host === model.region.domain && host.serves.kind === "portal");
  return {
    region: model.region.government,
    title: application.name,
    timezone: model.region.timezone,
    port: APPLICATION_PORT,
    ...(portal ? { portal: model.region.domain } : {}),
    database: {
      host: server.serviceName,
      port: databasePort(model, server),
      name: database.name,
      user: database.role,
      passwordFile: `${CONFIG}/${password?.path}`,
      ...(previous ? { previousPasswordFile: `${CONFIG}/${previous.path}` } : {}),
      caFile: `${CONFIG}/tls/ca.crt`,
    },
    opds: WITH_DIRECTORY.has(application.id) ? directory(model) : [],
    tls: {
      certFile: `${CONFIG}/tls/server.crt`,
      keyFile: `${CONFIG}/tls/server.key`,
      caFile: `${CONFIG}/tls/ca.crt`,
      name: placementNamed(site, application.run?.workload ?? "").hostName,
      clients: [gateway.hostName],
      monitors: site.workloads.filter((each) => each.kind === "ops").map((each) => each.hostName),
    },
    limit: model.region.lab ? LAB_LIMIT : PUBLIC_LIMIT,
  };
}
