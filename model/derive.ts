import { addressAt, formatSubnet, subnetOf } from "./derive/addresses.ts";
import { auditorsModel } from "./derive/auditors.ts";
import { backupModel } from "./derive/backup.ts";
import { hostsByApplication, hosts as hostsOf } from "./derive/hosts.ts";
import * as names from "./derive/names.ts";
import { isRunningApplication, isRunningServer, placements, witnessPlacements } from "./derive/placement.ts";
import { type NumberedPool, opdPools, opdSubnet } from "./derive/pools.ts";
import { codeRepositoryModel, objectStoreModel } from "./derive/stores.ts";
import { secondsOfDay } from "./derive/time-of-day.ts";
import { zoneModels } from "./derive/zones.ts";
import { findWarnings } from "./rules/warnings.ts";
import type { Application } from "./schema/applications.ts";
import type { Database, DatabaseServer } from "./schema/databases.ts";
import type { Inventory } from "./schema/index.ts";
import type { Opd } from "./schema/opd.ts";
import type { Site } from "./schema/sites.ts";
import type { Witness } from "./schema/witness.ts";
import type {
  ApplicationModel,
  DatabaseLeave,
  DatabaseServerModel,
  HostModel,
  KeyHolder,
  Model,
  NetworkModel,
  OpdModel,
  RegionModel,
  SiteModel,
  WitnessModel,
} from "./types.ts";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/**
 * Everything that follows from a valid inventory: same inventory, same model. Time is linear in the inventory.
 * Takes what `parseInventory` returned; throws a RangeError on one that did not come from there and does not fit.
 */
export function deriveModel(inventory: Inventory): Model {
  const { region, sites, backbone } = inventory;
  const hosts = hostsOf(inventory);
  return {
    region: regionModel(inventory),
    sites: sites.map((site, index) => siteModel(inventory, site, index)),
    ...(inventory.witness?.status === "running" ? { witness: witnessModel(inventory, inventory.witness) } : {}),
    backbone: network(names.backboneName(region.id), backbone.subnet, backbone.subnet6),
    opds: opdModels(inventory, hosts),
    databaseServers: databaseServerModels(inventory),
    applications: applicationModels(inventory),
    ...objectStoreModel(inventory),
    ...codeRepositoryModel(inventory),
    ...backupModel(inventory),
    ...auditorsModel(inventory),
    zones: zoneModels(inventory, hosts),
    hosts,
    warnings: findWarnings(inventory),
  };
}

function regionModel(inventory: Inventory): RegionModel {
  const { region } = inventory;
  const { id, name, government, domain, timezone, regulations, lab } = region;
  return {
    id,
    name,
    government,
    domain,
    timezone,
    regulations,
    lab,
    internalDomain: names.regionInternalDomain(id),
    ...(region.escrow === undefined
      ? {}
      : {
          escrow: {
            operators: keyHolders(inventory, region.escrow.operators),
            approvers: keyHolders(inventory, region.escrow.approvers),
          },
        }),
    approvers: inventory.roles.flatMap(({ id: role, post, approvalKeys }) =>
      approvalKeys.map((key) => ({ role, post, ...key })),
    ),
    gatewayName: names.gatewayName(region.gatewayLabel, domain),
    assessments: {
      reportMonths: [...new Set(region.assessments.reportMonths)].sort((a, b) => a - b),
      monthly: region.assessments.monthly,
      atSeconds: secondsOfDay(region.assessments.startsAt),
    },
    ...(region.images === undefined ? {} : { images: region.images }),
  };
}

function siteModel(inventory: Inventory, site: Site, index: number): SiteModel {
  const { region, backbone } = inventory;
  const { city, latitude, longitude } = site.place;
  const { riverBasin, powerGrid, uplink, seismicZone } = site.hazards;
  return {
    id: site.id,
    stack: names.stackName(region.id, site.id),
    name: site.name,
    designation: site.designation,
    place: { city, latitude, longitude },
    hazards: { riverBasin, powerGrid, uplink, seismicZone },
    runtime: site.runtime,
    capacity: {
      cpus: site.capacity.cpus,
      memoryBytes: site.capacity.memoryMiB * mebibyte,
      storageBytes: site.capacity.storageGiB * gibibyte,
    },
    publicAddress: site.publish.ipv4,
    ...(site.publish.ipv6 === undefined ? {} : { publicAddress6: site.publish.ipv6 }),
    network: network(names.stackName(region.id, site.id), site.network.subnet, site.network.subnet6),
    internalDomain: names.siteInternalDomain(region.id, site.id),
    nameServer: names.nameServerName(site.nameServer, region.domain),
    custodians: keyHolders(inventory, site.custodians),
    workloads: placements(region.id, site, index, backbone, inventory),
  };
}

function witnessModel({ region, backbone }: Inventory, witness: Witness): WitnessModel {
  const id = names.witnessId;
  const { city, latitude, longitude } = witness.place;
  const { riverBasin, powerGrid, uplink, seismicZone } = witness.hazards;
  return {
    id,
    stack: names.stackName(region.id, id),
    name: witness.name,
    place: { city, latitude, longitude },
    hazards: { riverBasin, powerGrid, uplink, seismicZone },
    runtime: witness.runtime,
    publicAddress: witness.publish.ipv4,
    internalDomain: names.siteInternalDomain(region.id, id),
    leaseSeconds: witness.leaseSeconds,
    workloads: witnessPlacements(region.id, witness, backbone),
  };
}

function keyHolders({ roles }: Inventory, ids: readonly string[]): KeyHolder[] {
  return ids.map((id) => ({ role: id, recipients: roles.find((role) => role.id === id)?.ageRecipients ?? [] }));
}

function network(name: string, subnet: string, subnet6: string | undefined): NetworkModel {
  return { name, subnet, gateway: gatewayOf(subnet), ...(subnet6 === undefined ? {} : { subnet6 }) };
}

function gatewayOf(subnet: string): string {
  const gateway = addressAt(subnetOf(subnet), 1);
  if (gateway === undefined)
    throw new RangeError(`gatewayOf: expected a subnet with a first address, received ${subnet}`);
  return gateway;
}

function opdModels(inventory: Inventory, hosts: readonly HostModel[]): OpdModel[] {
  const pools4 = opdPools(inventory.pools, "ipv4");
  const pools6 = opdPools(inventory.pools, "ipv6");
  const hostByOpd = new Map<string, string>();
  const active = new Set(hosts.map(({ host }) => host));
  for (const { opd, host } of inventory.subdomains) {
    if (opd !== undefined && active.has(host) && !hostByOpd.has(opd)) hostByOpd.set(opd, host);
  }
  return inventory.opd.map((opd) => opdModel(opd, pools4, pools6, hostByOpd.get(opd.id)));
}

function opdModel(
  opd: Opd,
  pools4: readonly NumberedPool[],
  pools6: readonly NumberedPool[],
  host: string | undefined,
): OpdModel {
  const { id, number, name, shortName, kind, aliases, mergedInto, bandwidth, contents = {} } = opd;
  const subnet = opdSubnet(pools4, number);
  if (!subnet) throw new RangeError(`opdModel: expected a pool for ${id}, number ${number} is outside all`);
  const subnet6 = opdSubnet(pools6, number);
  return {
    id,
    number,
    name,
    shortName,
    kind,
    aliases,
    ...(mergedInto === undefined ? {} : { mergedInto }),
    network: {
      subnet: formatSubnet(subnet),
      gateway: gatewayOf(formatSubnet(subnet)),
      ...(subnet6 === undefined ? {} : { subnet6: formatSubnet(subnet6) }),
    },
    bandwidth,
    ...(host === undefined ? {} : { host }),
    contents,
  };
}

function databaseServerModels(inventory: Inventory): DatabaseServerModel[] {
  const byServer = new Map<string, Database[]>();
  for (const database of inventory.databases) {
    const found = byServer.get(database.server);
    if (found) found.push(database);
    else byServer.set(database.server, [database]);
  }
  return inventory.databaseServers.map((server) =>
    databaseServerModel(inventory.region.id, server, byServer.get(server.id) ?? []),
  );
}

function databaseServerModel(
  region: string,
  server: DatabaseServer,
  databases: readonly Database[],
): DatabaseServerModel {
  const { id, number, engine, version, replication, rtoSeconds } = server;
  const workload = names.databaseWorkload(server);
  return {
    id,
    number,
    engine,
    version,
    replication,
    rtoSeconds,
    workload,
    serviceName: names.serviceName(region, workload),
    running: isRunningServer(server),
    databases: databases.map(({ id: database, server: of, owner, group, classification, administrator, access }) => ({
      id: database,
      server: of,
      owner,
      role: names.databaseRole(database),
      name: names.databaseRole(database),
      group,
      classification,
      ...(administrator === undefined ? {} : { administrator }),
      ...(access === undefined || access.length === 0 ? {} : { leaves: access.map(leaveModel) }),
    })),
  };
}

const leaveModel = ({ role, may, until }: NonNullable<Database["access"]>[number]): DatabaseLeave => ({
  ...{ role, may },
  ...(until === undefined ? {} : { until }),
});

function applicationModels(inventory: Inventory): ApplicationModel[] {
  const hosts = hostsByApplication(inventory);
  return inventory.applications.map((application) => applicationModel(application, hosts.get(application.id) ?? []));
}

function applicationModel(application: Application, hosts: readonly string[]): ApplicationModel {
  const { id, number, name, owner, status, hostedBy, run, database } = application;
  return {
    id,
    number,
    name,
    owner,
    status,
    hostedBy,
    class: application.class,
    ...(run && isRunningApplication(application)
      ? {
          run: {
            workload: names.applicationWorkload(id),
            image: run.image,
            runtime: run.runtime,
            ...(database === undefined ? {} : { database }),
            cpus: run.cpus,
            memoryBytes: run.memoryMiB * mebibyte,
            ...(run.uploads === undefined
              ? {}
              : { uploads: { rpoSeconds: run.uploads.rpoSeconds, quotaBytes: run.uploads.quotaMiB * mebibyte } }),
            ...(run.revision === undefined ? {} : { revision: run.revision }),
          },
        }
      : {}),
    hosts,
  };
}
