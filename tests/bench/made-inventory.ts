/** Inventories of any size, the same for the same seed: for benches and property tests. */
import type { InventoryFile } from "../../model/index.ts";
import { seeded } from "../seeded.ts";

export interface MadeOptions {
  readonly opds: number;
  readonly applications: number;
  /** Default 1. */
  readonly seed?: number;
  /** How many of the applications run in the region. Default: every tenth. */
  readonly running?: number;
  /** Number of the first OPD, and of the first application. Default 0. */
  readonly firstNumber?: number;
}

const domain = "rekaankab.go.id";
const words = [
  "layanan",
  "data",
  "warga",
  "desa",
  "padi",
  "sungai",
  "jalan",
  "sekolah",
  "pasar",
  "kesehatan",
  "izin",
  "arsip",
];
const kinds = ["dinas", "badan", "kecamatan", "puskesmas", "lainnya"];
const groups = ["pelayanan", "keuangan", "kesehatan", "pertanian", "transportasi"];

/**
 * A valid inventory, one file per kind, written as a person would write it. At most 60,000 applications and 32,768 OPD;
 * throws a RangeError beyond. Its OPD have contents of the length that real ones have.
 */
export function madeInventory(options: MadeOptions): InventoryFile[] {
  const { opds, applications, seed = 1, running = Math.ceil(applications / 10), firstNumber = 0 } = options;
  if (opds < 1 || opds + firstNumber > 32_768 || applications + firstNumber > 60_000) {
    throw new RangeError(
      `madeInventory: expected 1 to 32768 OPD and at most 60000 applications, received ${opds} and ${applications}`,
    );
  }
  const random = seeded(seed);
  return [
    ...frame(opds, running),
    { name: "opd.yaml", text: `opd:\n${times(opds, (index) => opd(index, index + firstNumber, random))}` },
    { name: "databases.yaml", text: databases(applications, opds) },
    {
      name: "applications.yaml",
      text:
        applications === 0
          ? "applications: []\n"
          : `applications:\n${times(applications, (index) => application(index, index + firstNumber, opds, running, random))}`,
    },
    { name: "zones.yaml", text: zones(opds, Math.min(running, applications)) },
  ];
}

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join("");

const pick = (from: readonly string[], random: () => number): string => from[Math.floor(random() * from.length)] ?? "";

const sentence = (length: number, random: () => number): string =>
  Array.from({ length }, () => pick(words, random)).join(" ");

function opd(index: number, number: number, random: () => number): string {
  const kind = pick(kinds, random);
  return `  - id: opd-${index}
    number: ${number}
    name: ${kind} ${sentence(3, random)} ${index}
    shortName: OPD ${index}
    kind: ${kind}
    bandwidth: { guaranteedMbps: 2, maximumMbps: ${10 + Math.floor(random() * 90)} }
    contents:
      profile: ${sentence(14, random)}
      duties:
        - ${sentence(6, random)}
        - ${sentence(7, random)}
      services:
        - name: ${sentence(3, random)}
          requirements: ${sentence(5, random)}
          fee: Gratis
          duration: ${1 + Math.floor(random() * 14)} hari kerja
      news:
        - date: 2026-03-${10 + Math.floor(random() * 18)}
          title: ${sentence(5, random)}
          body: ${sentence(18, random)}
      contact:
        address: jalan ${sentence(2, random)} ${index}
        email: opd-${index}@${domain}
`;
}

function application(index: number, number: number, opds: number, running: number, random: () => number): string {
  const runs = index < running;
  return `  - id: aplikasi-${index}
    number: ${number}
    name: Aplikasi ${sentence(2, random)} ${index}
    description: ${sentence(8, random)}
    owner: opd-${index % opds}
    status: ${runs ? "running" : "planned"}
    hostedBy: region
    class: opd
    technology: PHP
    licence: Milik daerah
    steward: admin
    database: db-${index}
    backup: harian
    costCentre: aplikasi
    coordination: { reference: "005/${index}/2026", date: 2026-01-15 }
${runs ? "    run: { image: node, cpus: 0.1, memoryMiB: 64 }\n" : ""}`;
}

const databases = (applications: number, opds: number): string => `databaseServers:
  - id: utama
    number: 0
    engine: postgresql
    version: "17"
    status: running
    replication: { mode: async, rpoSeconds: 60 }
    rtoSeconds: 900
    backup: harian
    costCentre: aplikasi
${applications === 0 ? "" : "databases:\n"}${times(
  applications,
  (index) => `  - id: db-${index}
    server: utama
    owner: opd-${index % opds}
    group: ${groups[index % groups.length]}
    classification: limited
    administrator: admin
`,
)}`;

function zones(opds: number, running: number): string {
  const subdomain = (host: string, owner: string, target: string, number: number) => `  - host: ${host}
    owner: ${owner}
    ${target}
    decree: { number: "800/${number}/2025", date: 2025-01-06 }
    expires: 2030-01-06
`;
  return `zones:
  - name: ${domain}
    soa: { hostmaster: hostmaster@${domain} }
subdomains:
${subdomain(domain, "opd-0", "portal: true", 1)}${times(opds, (index) => subdomain(`opd-${index}.${domain}`, `opd-${index}`, `opd: opd-${index}`, index))}${times(
  running,
  (index) => subdomain(`aplikasi-${index}.${domain}`, `opd-${index % opds}`, `application: aplikasi-${index}`, index),
)}`;
}

/** All kinds but those that grow. */
function frame(opds: number, running: number): InventoryFile[] {
  const site = (id: string, designation: string, slot: number) => `  - id: ${id}
    name: Lokasi ${id}
    designation: ${designation}
    place: { city: Kota ${id}, latitude: ${slot}, longitude: 104 }
    hazards: { riverBasin: sungai ${id}, powerGrid: listrik ${id}, uplink: jalur ${id}, seismicZone: zona ${id} }
    runtime: { kind: docker }
    capacity: { cpus: ${8 + running}, memoryMiB: ${4096 + 64 * running}, storageGiB: 1000, uplinkMbps: ${2 * opds} }
    publish: { ipv4: 127.0.${slot}0.1 }
    network: { subnet: 10.${slot}.0.0/16, backboneOffset: ${100 * (slot - 1)} }
    nameServer: ns${slot}
`;
  return [
    {
      name: "region.yaml",
      text: `region:
  id: rekaan
  name: Kabupaten Rekaan
  government: Pemerintah Kabupaten Rekaan
  code: "99.02"
  province: Provinsi Contoh
  seat: Rekaan
  domain: ${domain}
  timezone: Asia/Jakarta
  regulations: [lamandau-37-2018]
  operator: opd-0
  lab: true
  example: true
`,
    },
    {
      name: "sites.yaml",
      text: `sites:\n${site("dc", "primary", 1)}${site("drc", "recovery", 2)}backbone: { subnet: 10.3.0.0/24 }\n`,
    },
    {
      name: "pools.yaml",
      text: `pools:
  - { id: prasarana, family: ipv4, purpose: infrastructure, subnet: 10.0.0.0/14 }
  - { id: opd, family: ipv4, purpose: opd, subnet: 10.128.0.0/9, opdPrefix: 24 }
`,
    },
    {
      name: "backup.yaml",
      text: `backupPolicies:
  - id: harian
    name: Harian
    fullEverySeconds: 86400
    startsAt: "01:00"
    rpoSeconds: 86400
    retention: { daily: 7, weekly: 4, monthly: 12, yearly: 1 }
`,
    },
    {
      name: "costs.yaml",
      text: `costCentres:\n  - { id: aplikasi, code: "1.2.3", name: Aplikasi, fund: apbd, year: 2026, owner: opd-0 }\n`,
    },
    { name: "roles.yaml", text: "roles:\n  - { id: admin, post: Pranata Komputer, opd: opd-0 }\n" },
  ];
}
