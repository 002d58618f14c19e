/** Which secrets a model calls for, by name. Pure; the names are those of `SecretChange.what` and `rotate`. */
import { backupRepositories } from "../model/derive/backup-repositories.ts";
import { mariadbRoles } from "../model/derive/names.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../model/types.ts";
import type { NameConstraints } from "./der.ts";
import type { LeafRequest } from "./pki.ts";

/** The leaf of every workload of a site that has a network, by workload name, in order of start. */
export function declaredCertificates(model: Model, site: SiteModel): ReadonlyMap<string, LeafRequest> {
  const networked = site.workloads.filter((placement) => placement.address !== undefined);
  return new Map(networked.map((placement) => [placement.name, workloadLeaf(model, placement)]));
}

function workloadLeaf(model: Model, placement: WorkloadPlacement): LeafRequest {
  const addresses = [placement.address, placement.backboneAddress].filter((address) => address !== undefined);
  return {
    commonName: placement.hostName,
    names: [placement.hostName, ...serviceNames(model, placement), ...addresses, "127.0.0.1"],
    use: ["server", "client"],
  };
}

/** A database server is also reached by its service name through a gateway, and by its own tools as `localhost`. */
function serviceNames(model: Model, placement: WorkloadPlacement): string[] {
  if (placement.kind !== "postgresql" && placement.kind !== "mariadb") return [];
  const servers = model.databaseServers.filter((server) => server.workload === placement.name);
  return [...servers.map((server) => server.serviceName), "localhost"];
}

/** What the gateway shows the public: the domain, its wildcard, and every host that a wildcard (one label, RFC 6125) does not cover. */
export function declaredPublicLeaf(model: Model): LeafRequest {
  const { domain } = model.region;
  const covered = (host: string): boolean =>
    host === domain || (host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes("."));
  const others = model.hosts.map(({ host }) => host).filter((host) => !covered(host));
  return { commonName: domain, names: [domain, `*.${domain}`, ...new Set(others)], use: ["server"] };
}

export function declaredOperatorLeaf(site: SiteModel): LeafRequest {
  const name = `operator.${site.internalDomain}`;
  return { commonName: name, names: [name], use: ["client"] };
}

/** The region's own names and zones, without the names of the other sites. */
export function declaredConstraints(model: Model, site: SiteModel): NameConstraints {
  const zones = [model.region.domain, ...model.zones.map((zone) => zone.name)];
  return {
    permitted: [...new Set([model.region.internalDomain, "localhost", ...zones.sort()])],
    excluded: model.sites
      .filter((other) => other.id !== site.id)
      .map((other) => other.internalDomain)
      .sort(),
  };
}

/** `<server>/<role>` of every database that runs here, and of MariaDB's own roles, in order. */
export function declaredRoles(model: Model): string[] {
  const servers = model.databaseServers.filter((server) => server.running);
  const roles = servers.flatMap((server) => [
    ...server.databases.map((database) => `${server.id}/${database.role}`),
    ...(server.engine === "mariadb" ? mariadbRoles.map((role) => `${server.id}/${role}`) : []),
  ]);
  return [...new Set(roles)].sort();
}

/** Applications that keep keys of their own, in order. */
export function declaredApplicationSecrets(model: Model): string[] {
  return model.applications
    .filter(({ run }) => run?.runtime === "php")
    .map(({ id }) => id)
    .sort();
}

/** Epochs for which credentials of the object store are kept ready (D7): the one in force and the next. */
export const preparedEpochs = [1, 2] as const;

/** `<use>@<epoch>` of a site's object store, in order: its own administration, and for each bucket who writes and who only reads, and who prunes the one with the backups. */
export function declaredObjectIdentities(model: Model): string[] {
  const buckets = model.objects?.buckets ?? [];
  if (model.objects === undefined) return [];
  const uses = [
    "admin",
    ...buckets.flatMap(({ id }) => [`${id}/read`, `${id}/write`]),
    ...(model.backup === undefined ? [] : [`${model.backup.bucket}/prune`]),
  ];
  return uses.flatMap((use) => preparedEpochs.map((epoch) => `${use}@${epoch}`)).sort();
}

/** `<site>@<epoch>` of every site with an object store, in order. */
export function declaredObjectReaders(model: Model): string[] {
  if (model.objects === undefined) return [];
  return model.sites.flatMap(({ id }) => preparedEpochs.map((epoch) => `${id}@${epoch}`)).sort();
}

/** Repositories of a site's backups that have a key of their own, in order. */
export function declaredBackupKeys(model: Model): string[] {
  return backupRepositories(model).sort();
}

/** Roles that reach the code repository over HTTPS, in order. */
export function declaredCodeTokens(model: Model): string[] {
  return (model.code?.people ?? []).map(({ role }) => role).sort();
}

/** Names of the zones that are signed here, in order. */
export function declaredZones(model: Model): string[] {
  return model.zones.map((zone) => zone.name).sort();
}
