/** A small region for tests: one database server at two sites. Addresses are of the network that trials use. */
import type { IssuedCertificate, SiteSecrets } from "../../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";

const MIB = 1024 * 1024;
export const regionIdentity = "0b8f4d6e-5f0a-4a54-9c2e-8d1f1b0c7a10";

export const server: DatabaseServerModel = {
  id: "utama",
  number: 1,
  engine: "postgresql",
  version: "17",
  replication: { mode: "async", rpoSeconds: 60 },
  rtoSeconds: 900,
  workload: "postgres-utama",
  serviceName: "postgres-utama.lab.internal",
  running: true,
  databases: [
    {
      id: "pengaduan",
      server: "utama",
      owner: "diskominfo",
      role: "pengaduan",
      name: "pengaduan",
      group: "layanan",
      classification: "limited",
    },
  ],
};

function site(id: "dc" | "drc", number: number): SiteModel {
  const internalDomain = `${id}.lab.internal`;
  const subnet = `10.60.${number}`;
  return {
    id,
    stack: `lab-${id}`,
    name: id.toUpperCase(),
    designation: id === "dc" ? "primary" : "recovery",
    place: { city: "Kota Lumbung", latitude: -2, longitude: 112 },
    hazards: { riverBasin: "a", powerGrid: "b", uplink: "c", seismicZone: "d" },
    runtime: { kind: "docker" },
    capacity: { cpus: 2, memoryBytes: 4096 * MIB, storageBytes: 20_480 * MIB },
    publicAddress: `127.0.60.${number}`,
    network: { name: `lab-${id}`, subnet: `${subnet}.0/24`, gateway: `${subnet}.1` },
    internalDomain,
    nameServer: `ns${number}.lumbungkab.go.id`,
    custodians: [],
    workloads: [
      { name: "config", kind: "config", hostName: `config.${internalDomain}`, memoryBytes: 32 * MIB },
      {
        name: "etcd",
        kind: "etcd",
        address: `${subnet}.12`,
        hostName: `etcd.${internalDomain}`,
        memoryBytes: 128 * MIB,
      },
      {
        name: "postgres-utama",
        kind: "postgresql",
        of: "utama",
        address: `${subnet}.33`,
        backboneAddress: `10.60.0.${number * 100}`,
        hostName: `postgres-utama.${internalDomain}`,
        memoryBytes: 256 * MIB,
      },
      { name: "ops", kind: "ops", address: `${subnet}.14`, hostName: `ops.${internalDomain}`, memoryBytes: 64 * MIB },
    ],
  };
}

export const model: Model = {
  region: {
    id: "lab",
    name: "Kabupaten Lumbung",
    government: "Pemerintah Kabupaten Lumbung",
    domain: "lumbungkab.go.id",
    timezone: "Asia/Jakarta",
    regulations: [],
    lab: true,
    internalDomain: "lab.internal",
    approvers: [],
    assessments: { reportMonths: [1, 7], monthly: true, atSeconds: 18_000 },
    gatewayName: "gerbang.lumbungkab.go.id",
  },
  sites: [site("dc", 1), site("drc", 2)],
  backbone: { name: "lab-backbone", subnet: "10.60.0.0/24", gateway: "10.60.0.1" },
  opds: [],
  databaseServers: [server],
  applications: [],
  zones: [],
  hosts: [],
  warnings: [],
};

const issued = (name: string): IssuedCertificate => ({
  chain: `chain of ${name}`,
  key: `key of ${name}`,
  notAfter: "2027-01-01T00:00:00Z",
  names: [name],
});

/** Secrets with placeholders for certificates, and a verifier of the right shape. */
export function secretsOf(siteId: "dc" | "drc"): SiteSecrets {
  const names = ["etcd", "postgres-utama", "ops"];
  return {
    version: 1,
    region: "lab",
    site: siteId,
    regionIdentity,
    authority: { root: "root", intermediate: { certificate: "intermediate", key: "intermediate's key" } },
    certificates: Object.fromEntries(names.map((name) => [name, issued(`${name}.${siteId}.lab.internal`)])),
    publicCertificate: issued("lumbungkab.go.id"),
    operator: issued("operator"),
    tsig: {
      transfer: { name: "transfer", algorithm: "hmac-sha256", secret: "" },
      update: { name: "update", algorithm: "hmac-sha256", secret: "" },
    },
    dnssec: {},
    applicationSecrets: {},
    objectIdentities: {},
    objectReaders: {},
    backupKeys: {},
    codeTokens: {},
    evidenceKeys: [],
    databaseRoles: {
      "utama/pengaduan": {
        password: "only-for-tests",
        scramVerifier: `SCRAM-SHA-256$4096:c2FsdA==$${"A".repeat(43)}=:${"B".repeat(43)}=`,
      },
    },
  };
}

/** The site of that id. */
export function siteOf(id: "dc" | "drc"): SiteModel {
  const found = model.sites.find((one) => one.id === id);
  if (!found) throw new Error(`fixture: no site ${id}`);
  return found;
}
