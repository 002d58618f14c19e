/** For tests: the small region of components/postgres with an object store, gateways, and backups of its one server. */
import type { ObjectSecret, SiteSecrets } from "../../../custody/types.ts";
import type { BackupModel, BackupPolicyModel, Model, SiteModel } from "../../../model/types.ts";
import { model as base, secretsOf as baseSecrets } from "../../postgres/testing/fixture.ts";

const MIB = 1024 * 1024;

export const policy: BackupPolicyModel = {
  id: "basis-data",
  fullEverySeconds: 604_800,
  incrementalEverySeconds: 86_400,
  continuous: true,
  startsAtSeconds: 5400,
  rpoSeconds: 300,
  retention: { daily: 14, weekly: 8, monthly: 12, yearly: 0 },
};

export const backup: BackupModel = {
  workload: "backup",
  bucket: "cadangan",
  lockDays: 14,
  policies: [policy],
  drillEverySeconds: 3600,
  readDataSlices: 7,
  targets: ["dc", "drc"].map((site) => ({
    id: "postgresql:utama",
    kind: "postgresql",
    site,
    policy: "basis-data",
    rpoSeconds: 300,
    engine: "pgbackrest",
  })),
  without: [],
};

const more = [
  { name: "objects", kind: "objects", slot: 15, memoryMiB: 320 },
  { name: "backup", kind: "backup", slot: 18, memoryMiB: 192 },
  { name: "drill", kind: "drill", slot: 19, memoryMiB: 512 },
  { name: "gateway", kind: "gateway", slot: 10, memoryMiB: 128 },
] as const;

function withBackups(site: SiteModel, number: number): SiteModel {
  const added = more.map(({ name, kind, slot, memoryMiB }) => ({
    name,
    kind,
    address: `10.60.${number}.${slot}`,
    ...(kind === "drill" ? {} : { backboneAddress: `10.60.0.${number * 100 + slot}` }),
    hostName: `${name}.${site.internalDomain}`,
    memoryBytes: memoryMiB * MIB,
  }));
  return { ...site, workloads: [...site.workloads, ...added] };
}

export const model: Model = {
  ...base,
  sites: base.sites.map((site, index) => withBackups(site, index + 1)),
  objects: {
    workload: "objects",
    buckets: [
      {
        id: "cadangan",
        owner: "diskominfo",
        classification: "secret",
        versioning: true,
        lockDays: 14,
        rpoSeconds: 30,
        copied: false,
      },
    ],
  },
  backup,
};

const identity = (name: string): ObjectSecret => ({
  secret: `hidden ${name}`,
  created: "2026-01-01T00:00:00Z",
});

export function secretsOf(site: "dc" | "drc"): SiteSecrets {
  const secrets = baseSecrets(site);
  const leaf = { chain: "chain", key: "hidden key", notAfter: "2027-01-01T00:00:00Z", names: [] };
  const uses = ["admin", "cadangan/prune", "cadangan/read", "cadangan/write"];
  const keys = ["postgresql:utama/base", "postgresql:utama/monthly", "restic"];
  return {
    ...secrets,
    tsig: {
      ...secrets.tsig,
      transfer: {
        name: "transfer",
        algorithm: "hmac-sha256",
        secret: "hidden transfer",
        created: "2026-01-01T00:00:00Z",
      },
    },
    certificates: { ...secrets.certificates, objects: leaf, backup: leaf, drill: leaf },
    objectIdentities: Object.fromEntries(uses.map((use) => [use, identity(`${site} ${use}`)])),
    backupKeys: Object.fromEntries(
      keys.map((key) => [key, { passphrase: `hidden ${site} ${key}`, created: "2026-01-01T00:00:00Z" }]),
    ),
  };
}

export function siteOf(id: "dc" | "drc"): SiteModel {
  const found = model.sites.find((one) => one.id === id);
  if (!found) throw new Error(`fixture: no site ${id}`);
  return found;
}
