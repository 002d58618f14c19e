import type { SiteSecrets } from "../../custody/types.ts";
import type { ApplicationModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { passwordFiles } from "../application-database.ts";
import { copiesFile } from "../copies.ts";
import { gatewaySetting, identityVolume, keepFile } from "../keep.ts";
import { lacking } from "../lacking.ts";
import { placementNamed } from "../placement.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload, WorkloadFile } from "../workload.ts";
import { nginxConf } from "./nginx-conf.ts";
import { refusedPage, tooLargePage } from "./pages.ts";
import { phpFpmConf } from "./php-fpm-conf.ts";
import { phpDatabase, settings } from "./settings.ts";
import { readersOf, uploadsEnv, uploadsGiveConf } from "./uploads.ts";

const MIB = 1024 * 1024;
/** Two of the largest uploads at once, once as nginx takes them in and once as PHP does, and what an application keeps computed. */
const TMP_BYTES = 96 * MIB;

/**
 * A PHP application at a site: nginx with the core rules, and PHP-FPM, in the application's own image (decision 10).
 * @throws where the model or the secrets lack what it needs.
 */
export function phpWorkload(
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
    user: { uid: 2010, gid: 2010 },
    environment: gatewaySetting(site),
    files: [
      ...tlsFiles(secrets, placement.name),
      ...secretFiles(model, application, secrets),
      { path: "app.json", content: `${JSON.stringify(settings(model, application), null, 1)}\n` },
      ...configuration(model, site, application, placement),
      ...(run.uploads ? uploadsFiles(model, site, application, secrets) : []),
    ],
    volumes: run.uploads ? [{ name: "uploads", path: "/var/lib/uploads", keeps: "data" }, identityVolume] : [],
    scratch: { "/tmp": TMP_BYTES },
    reached: placement.address === undefined ? {} : { address: placement.address },
    limits: { memoryBytes: placement.memoryBytes, cpus: run.cpus },
    // Requests under way are finished: PHP may take as long as nginx waits for it.
    stopSeconds: 30,
    healthStartSeconds: 120,
  };
}

function gatewayOf(site: SiteModel): WorkloadPlacement {
  const gateway = site.workloads.find(({ kind }) => kind === "gateway");
  if (!gateway) throw new Error(`site ${site.id}: no gateway that could ask a PHP application`);
  return gateway;
}

function configuration(
  model: Model,
  site: SiteModel,
  application: ApplicationModel,
  placement: WorkloadPlacement,
): WorkloadFile[] {
  const gateway = gatewayOf(site);
  const conf = nginxConf({
    hosts: application.hosts,
    hostName: placement.hostName,
    gateway: gateway.hostName,
    gatewayAddress: gateway.address ?? "",
    monitors: site.workloads.filter(({ kind }) => kind === "ops").map(({ hostName }) => hostName),
    ipv6: site.network.subnet6 !== undefined,
  });
  return [
    { path: "nginx.conf", content: conf },
    {
      path: "php-fpm.conf",
      content: phpFpmConf({
        memoryBytes: placement.memoryBytes,
        uploads: application.run?.uploads !== undefined,
        timezone: model.region.timezone,
      }),
    },
    { path: "refused.html", content: refusedPage(model.region) },
    { path: "too-large.html", content: tooLargePage(model.region) },
  ];
}

function secretFiles(model: Model, application: ApplicationModel, secrets: SiteSecrets): WorkloadFile[] {
  const own = secrets.applicationSecrets[application.id];
  if (own === undefined) throw lacking(secrets, `applicationSecrets["${application.id}"]`, "the application's secret");
  return [
    ...passwordFiles(secrets, phpDatabase(model, application)),
    { path: "secrets/application", content: own.secret, secret: true },
    { path: "secrets/admin-password", content: own.adminPassword, secret: true },
  ];
}

function uploadsFiles(
  model: Model,
  site: SiteModel,
  application: ApplicationModel,
  secrets: SiteSecrets,
): WorkloadFile[] {
  const readers = readersOf(model, site, application);
  const give = uploadsGiveConf(readers);
  return [
    keepFile(model, site, application.run?.workload ?? "", secrets),
    ...(readers.peer === undefined ? [] : [copiesFile(model, `files:${application.id}`)]),
    { path: "uploads.env", content: uploadsEnv(application, readers) },
    ...(give === undefined ? [] : [{ path: "uploads-give.conf", content: give }]),
  ];
}
