/** Which secrets a model calls for, by name. Pure; the names are those of `SecretChange.what` and `rotate`. */
import { backupRepositories } from "../model/derive/backup-repositories.ts";
import { mariadbRoles, memberName } from "../model/derive/names.ts";
import type { Model, PlaceModel, SiteModel, WorkloadPlacement } from "../model/types.ts";
import type { NameConstraints } from "./der.ts";
import type { LeafRequest } from "./pki.ts";

/** The leaf of every workload of a place that has a network, by workload name, in order of start. */
export function declaredCertificates(model: Model, site: PlaceModel): ReadonlyMap<string, LeafRequest> {
  const networked = site.workloads.filter(
    ({ address, backboneAddress }) => address !== undefined || backboneAddress !== undefined,
  );
  return new Map(networked.map((placement) => [placement.name, workloadLeaf(model, placement)]));
}

function workloadLeaf(model: Model, placement: WorkloadPlacement): LeafRequest {
  const addresses = [placement.address, placement.backboneAddress].filter((address) => address !== undefined);
  return {
    commonName: placement.hostName,
    names: [
      placement.hostName,
      ...serviceNames(model, placement),
      ...memberNames(model, placement),
      ...auditorsName(model, placement),
      ...addresses,
      "127.0.0.1",
    ],
    use: ["server", "client"],
  };
}

/** A database server is also reached by its service name through a gateway, and by its own tools as `localhost`. */
function serviceNames(model: Model, placement: WorkloadPlacement): string[] {
  if (placement.kind !== "postgresql" && placement.kind !== "mariadb") return [];
  const servers = model.databaseServers.filter((server) => server.workload === placement.name);
  return [...servers.map((server) => server.serviceName), "localhost"];
}

/** Members of the epoch store let each other in by this name: what they tell each other is not for every certificate of the region. */
function memberNames({ region }: Model, { kind }: WorkloadPlacement): string[] {
  return kind === "epoch" ? [memberName(region.id)] : [];
}

/** Auditors reach `ops` through the gateway, by its name; TLS ends at `ops`. */
function auditorsName({ auditors, region }: Model, { kind }: WorkloadPlacement): string[] {
  return kind === "ops" && auditors !== undefined ? [region.gatewayName] : [];
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

/** The region's own names and zones, without the names of the other places. */
export function declaredConstraints(model: Model, site: PlaceModel): NameConstraints {
  const zones = [model.region.domain, ...model.zones.map((zone) => zone.name)];
  return {
    permitted: [...new Set([model.region.internalDomain, "localhost", ...zones.sort()])],
    excluded: [...model.sites, ...(model.witness ? [model.witness] : [])]
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

/** Uses of a site's object store, in order: its own administration, and for each bucket who writes and who only reads, and who prunes the one with the backups. */
export function declaredObjectIdentities(model: Model): string[] {
  const buckets = model.objects?.buckets ?? [];
  if (model.objects === undefined) return [];
  const uses = [
    "admin",
    ...buckets.flatMap(({ id }) => [`${id}/read`, `${id}/write`]),
    ...(model.backup === undefined ? [] : [`${model.backup.bucket}/prune`]),
  ];
  return uses.sort();
}

/** Every site with an object store, in order. */
export function declaredObjectReaders(model: Model): string[] {
  if (model.objects === undefined) return [];
  return model.sites.map(({ id }) => id).sort();
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
