/** A small region for the unit tests of names, gateway and web: two sites, three hosts. Not the lab. */
import fc from "fast-check";
import type { SiteSecrets } from "../../../custody/types.ts";
import type { HostModel, Model, SiteModel, WorkloadKind, WorkloadPlacement } from "../../../model/types.ts";

const MIB = 1024 * 1024;

function placement(
  site: string,
  net: number,
  offset: number,
  name: string,
  kind: WorkloadKind,
  slot: number,
  backbone: boolean,
) {
  const one: WorkloadPlacement = {
    name,
    kind,
    address: `10.61.${net}.${slot}`,
    ...(backbone ? { backboneAddress: `10.61.0.${slot + offset}` } : {}),
    hostName: `${name}.${site}.uji.internal`,
    memoryBytes: 128 * MIB,
  };
  return one;
}

function site(id: string, designation: SiteModel["designation"], net: number, offset: number): SiteModel {
  const at = (name: string, kind: WorkloadKind, slot: number, backbone: boolean) =>
    placement(id, net, offset, name, kind, slot, backbone);
  return {
    id,
    stack: `uji-${id}`,
    name: designation === "primary" ? "Pusat Data Lumbung" : "Pusat Pemulihan Lumbung",
    designation,
    place: { city: "Lumbung", latitude: -3, longitude: 103 },
    hazards: { riverBasin: id, powerGrid: id, uplink: id, seismicZone: id },
    runtime: { kind: "docker" },
    capacity: { cpus: 2, memoryBytes: 4096 * MIB, storageBytes: 65536 * MIB },
    publicAddress: `127.0.61.${net}`,
    network: { name: `uji-${id}`, subnet: `10.61.${net}.0/24`, gateway: `10.61.${net}.1` },
    internalDomain: `${id}.uji.internal`,
    nameServer: `ns${net}.lumbungkab.go.id`,
    custodians: [],
    workloads: [
      { ...at("postgres-utama", "postgresql", 33, true), of: "utama" },
      at("dns", "dns", 11, true),
      at("gateway", "gateway", 10, true),
      at("web", "web", 13, false),
      { ...at("app-pengaduan", "application", 65, false), of: "pengaduan" },
      at("ops", "ops", 14, true),
    ],
  };
}

function host(name: string, serves: HostModel["serves"]): HostModel {
  return {
    host: name,
    serves,
    owner: "kominfo",
    decree: { number: "1/2026", date: "2026-01-01" },
    expires: "2031-01-01",
  };
}

const domain = "lumbungkab.go.id";
const gatewayName = `gerbang.${domain}`;

export const hosts: readonly HostModel[] = [
  host("dinkes.lumbungkab.go.id", { kind: "opd", opd: "dinkes" }),
  host(domain, { kind: "portal" }),
  host("pengaduan.lumbungkab.go.id", { kind: "application", application: "pengaduan", workload: "app-pengaduan" }),
];

export const model: Model = {
  region: {
    id: "uji",
    name: "Kabupaten Lumbung",
    government: "Pemerintah Kabupaten Lumbung",
    domain,
    timezone: "Asia/Jakarta",
    regulations: [],
    lab: true,
    approvers: [],
    internalDomain: "uji.internal",
    assessments: { reportMonths: [1, 7], monthly: true, atSeconds: 18_000 },
    gatewayName,
  },
  sites: [site("dc", "primary", 1, 0), site("drc", "recovery", 2, 128)],
  backbone: { name: "uji-backbone", subnet: "10.61.0.0/24", gateway: "10.61.0.1" },
  opds: [],
  databaseServers: [
    {
      id: "utama",
      number: 1,
      engine: "postgresql",
      version: "17",
      replication: { mode: "async", rpoSeconds: 60 },
      rtoSeconds: 600,
      workload: "postgres-utama",
      serviceName: "postgres-utama.uji.internal",
      running: true,
      databases: [],
    },
  ],
  applications: [],
  zones: [
    {
      name: domain,
      ttlSeconds: 3600,
      soa: {
        primary: `ns1.${domain}`,
        hostmaster: `tata\\.usaha.${domain}`,
        refresh: 3600,
        retry: 600,
        expire: 1209600,
        minimum: 300,
      },
      records: [
        { name: domain, ttlSeconds: 3600, type: "MX", data: "0 ." },
        { name: domain, ttlSeconds: 3600, type: "NS", data: `ns1.${domain}.` },
        { name: domain, ttlSeconds: 3600, type: "NS", data: `ns2.${domain}.` },
        { name: domain, ttlSeconds: 3600, type: "TXT", data: '"v=spf1 -all"' },
        { name: `dinkes.${domain}`, ttlSeconds: 3600, type: "CNAME", data: `${gatewayName}.` },
        { name: `ns1.${domain}`, ttlSeconds: 3600, type: "A", data: "127.0.61.1" },
        { name: `ns2.${domain}`, ttlSeconds: 3600, type: "A", data: "127.0.61.2" },
        { name: `pengaduan.${domain}`, ttlSeconds: 3600, type: "CNAME", data: `${gatewayName}.` },
      ],
      runbookNames: [domain, gatewayName],
    },
  ],
  hosts,
  warnings: [],
};

export function siteAt(id: "dc" | "drc", of: Model = model): SiteModel {
  const found = of.sites.find((one) => one.id === id);
  if (!found) throw new Error(`no site ${id}`);
  return found;
}

const certificate = (name: string) => ({
  chain: `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`,
  key: `-----BEGIN PRIVATE KEY-----\nkey of ${name}\n-----END PRIVATE KEY-----\n`,
  notAfter: "2027-01-01T00:00:00Z",
  names: [name],
});

/** Secrets with the right shape and no use; trials with real engines make their own. */
export function secretsAt(id: "dc" | "drc"): SiteSecrets {
  const names = siteAt(id).workloads.map((workload) => workload.name);
  return {
    version: 1,
    region: "uji",
    site: id,
    regionIdentity: "00000000-0000-4000-8000-000000000000",
    authority: {
      root: certificate("root").chain,
      intermediate: { certificate: certificate(id).chain, key: certificate(id).key },
    },
    certificates: Object.fromEntries(names.map((name) => [name, certificate(`${name}.${id}.uji.internal`)])),
    publicCertificate: { ...certificate(domain), names: [domain, `*.${domain}`] },
    operator: certificate("operator"),
    tsig: {
      transfer: {
        name: "transfer.uji",
        algorithm: "hmac-sha256",
        secret: "dHJhbnNmZXJ0cmFuc2ZlcnRyYW5zZmVydHJhbnNmZXI=",
      },
      update: { name: "update.uji", algorithm: "hmac-sha256", secret: "dXBkYXRldXBkYXRldXBkYXRldXBkYXRldXBkYXRldXA=" },
    },
    dnssec: {
      [domain]: { key: certificate("dnssec").key, algorithm: "ecdsap256sha256", created: "2026-01-01T00:00:00Z" },
    },
    databaseRoles: {},
    applicationSecrets: {},
    objectIdentities: {},
    objectReaders: {},
    backupKeys: {},
    codeTokens: {},
    evidenceKeys: [],
  };
}

/** Names with something odd in the middle, and names with nothing odd: what could break a configuration if it were let through. */
export const oddNames: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "opd", "a.b"),
    fc.string({ unit: "binary", maxLength: 2 }),
    fc.constantFrom("", "go.id", ".id"),
  )
  .map((parts) => parts.join(""));
