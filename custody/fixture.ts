/** For unit tests only: a small region of two sites, without an inventory. */
import type { Model, SiteModel, WitnessModel, WorkloadPlacement } from "../model/types.ts";

const REGION = "lab";
const DOMAIN = "lumbungkab.go.id";
const GIGABYTE = 1024 ** 3;

/** Kinds in order of start, with the last byte of their addresses. */
const SLOTS = [
  { name: "config", kind: "config" },
  { name: "etcd", kind: "etcd", slot: 12 },
  { name: "postgres-utama", kind: "postgresql", of: "utama", slot: 33, backbone: true },
  { name: "dns", kind: "dns", slot: 11, backbone: true },
  { name: "web", kind: "web", slot: 13 },
  { name: "app-pengaduan", kind: "application", of: "pengaduan", slot: 65 },
  { name: "gateway", kind: "gateway", slot: 10, backbone: true },
  { name: "signer", kind: "signer", slot: 17, backbone: true },
  { name: "ops", kind: "ops", slot: 14, backbone: true },
] as const;

/** Two sites, one database server with one database, one application. */
export function fixtureModel(): Model {
  const database = {
    id: "pengaduan",
    server: "utama",
    owner: "diskominfo",
    role: "pengaduan",
    name: "pengaduan",
    group: "utama",
    classification: "limited",
  } as const;
  const zone = {
    name: DOMAIN,
    ttlSeconds: 300,
    soa: {
      primary: `ns1.${DOMAIN}`,
      hostmaster: `hostmaster.${DOMAIN}`,
      refresh: 60,
      retry: 30,
      expire: 86400,
      minimum: 60,
    },
    records: [],
    runbookNames: [`gerbang.${DOMAIN}`, DOMAIN],
  };
  return {
    region: {
      id: REGION,
      name: "Kabupaten Lumbung",
      government: "Pemerintah Kabupaten Lumbung",
      domain: DOMAIN,
      timezone: "Asia/Jakarta",
      regulations: [],
      lab: true,
      internalDomain: `${REGION}.internal`,
      approvers: [],
      assessments: { reportMonths: [1, 7], monthly: true, atSeconds: 18_000 },
      gatewayName: `gerbang.${DOMAIN}`,
    },
    sites: [site("dc", "primary", 91), site("drc", "recovery", 92)],
    backbone: { name: `${REGION}-backbone`, subnet: "10.90.0.0/24", gateway: "10.90.0.1" },
    opds: [],
    databaseServers: [
      {
        id: "utama",
        number: 1,
        engine: "postgresql",
        version: "17",
        replication: { mode: "async", rpoSeconds: 5 },
        rtoSeconds: 900,
        workload: "postgres-utama",
        serviceName: `postgres-utama.${REGION}.internal`,
        running: true,
        databases: [database],
      },
    ],
    applications: [],
    zones: [zone],
    hosts: [],
    warnings: [],
  };
}

/** The fixture with one more application: workload, database and role at both sites. */
export function withApplication(model: Model, id: string): Model {
  const sites = model.sites.map((site, index) => ({
    ...site,
    workloads: [
      ...site.workloads,
      placement(site.id, 91 + index, { name: `app-${id}`, kind: "application", of: id, slot: 66 }),
    ],
  }));
  const databaseServers = model.databaseServers.map((server) => ({
    ...server,
    databases: [
      ...server.databases,
      { id, server: server.id, owner: "diskominfo", role: id, name: id, group: id, classification: "limited" } as const,
    ],
  }));
  return { ...model, sites, databaseServers };
}

/** The fixture with a witness, and a member of the epoch store at each place. */
export function withWitness(model: Model): Model {
  const epoch = { name: "epoch", kind: "epoch", slot: 20, backbone: true } as const;
  const sites = model.sites.map((one, index) => ({
    ...one,
    workloads: [...one.workloads, placement(one.id, 91 + index, epoch)],
  }));
  const member: WorkloadPlacement = { ...placement("witness", 91, epoch), backboneAddress: "10.90.0.220" };
  const witness: WitnessModel = {
    id: "witness",
    stack: `${REGION}-witness`,
    name: "Saksi",
    place: { city: "Lain", latitude: -7, longitude: 112 },
    hazards: { riverBasin: "w", powerGrid: "w", uplink: "w", seismicZone: "w" },
    runtime: { kind: "docker" },
    publicAddress: "127.0.30.1",
    internalDomain: `witness.${REGION}.internal`,
    leaseSeconds: 15,
    workloads: [member],
  };
  return { ...model, sites, witness };
}

function site(id: string, designation: "primary" | "recovery", third: number): SiteModel {
  return {
    id,
    stack: `${REGION}-${id}`,
    name: id.toUpperCase(),
    designation,
    place: { city: "Lumbung", latitude: -3.7, longitude: 102.9 },
    hazards: { riverBasin: id, powerGrid: id, uplink: id, seismicZone: id },
    runtime: { kind: "docker" },
    capacity: { cpus: 2, memoryBytes: 4 * GIGABYTE, storageBytes: 20 * GIGABYTE },
    publicAddress: designation === "primary" ? "127.0.10.1" : "127.0.20.1",
    network: { name: `${REGION}-${id}`, subnet: `10.${third}.0.0/24`, gateway: `10.${third}.0.1` },
    internalDomain: `${id}.${REGION}.internal`,
    nameServer: `${designation === "primary" ? "ns1" : "ns2"}.${DOMAIN}`,
    custodians: [],
    workloads: SLOTS.map((slot) => placement(id, third, slot)),
  };
}

interface Slot {
  readonly name: string;
  readonly kind: WorkloadPlacement["kind"];
  readonly of?: string;
  readonly slot?: number;
  readonly backbone?: boolean;
}

function placement(siteId: string, third: number, { name, kind, of, slot, backbone }: Slot): WorkloadPlacement {
  return {
    name,
    kind,
    ...(of ? { of } : {}),
    ...(slot ? { address: `10.${third}.0.${slot}` } : {}),
    ...(slot && backbone ? { backboneAddress: `10.90.0.${slot + (third - 91) * 128}` } : {}),
    hostName: `${name}.${siteId}.${REGION}.internal`,
    memoryBytes: 72 * 1024 ** 2,
  };
}
