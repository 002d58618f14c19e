import { X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import type { Model } from "../model/types.ts";
import { type Entropy, systemEntropy } from "./entropy.ts";
import { secretFacts } from "./facts.ts";
import { fixtureModel, withApplication } from "./fixture.ts";
import { overlapping, rotatable, rotation, rotationOf } from "./rotate.ts";
import { siteSecretsSchema } from "./schema.ts";
import { type MadeSecrets, type MakeOptions, makeRegionSecrets } from "./secrets.ts";
import type { RegionSecrets, SiteSecrets } from "./types.ts";

const NOW = new Date("2026-03-01T00:00:00Z");
const LATER = new Date("2026-03-02T00:00:00Z");
const model = fixtureModel();
const grown = withApplication(model, "perizinan");
let first: MadeSecrets;

beforeAll(async () => {
  first = await makeRegionSecrets(model, undefined, NOW);
});

const again = (next: Model, previous: RegionSecrets, now = LATER, options: MakeOptions = {}): Promise<MadeSecrets> =>
  makeRegionSecrets(next, previous, now, options);
const names = (made: MadeSecrets): string[] => made.changes.map(({ what, action }) => `${action} ${what}`).sort();
const daysLater = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const site = (made: { sites: RegionSecrets["sites"] }, id: string): SiteSecrets => {
  const found = made.sites[id];
  if (found === undefined) throw new Error(`no secrets for ${id}`);
  return found;
};
const only = (secrets: RegionSecrets, id: string): RegionSecrets => ({ sites: { [id]: site(secrets, id) } });

/** Throws when anything new is drawn. */
const noEntropy: Entropy = {
  bytes: () => {
    throw new Error("drew random bytes");
  },
  uuid: () => {
    throw new Error("drew a UUID");
  },
  keyPair: () => Promise.reject(new Error("drew a key pair")),
};

test("both sites share what must agree and own what must not", () => {
  const [dc, drc] = [site(first.secrets, "dc"), site(first.secrets, "drc")];
  for (const key of ["regionIdentity", "tsig", "dnssec", "databaseRoles"] as const) expect(dc[key]).toEqual(drc[key]);
  expect(dc.authority.root).toBe(drc.authority.root);
  expect(dc.authority.intermediate.key).not.toBe(drc.authority.intermediate.key);
  expect(Object.keys(dc.certificates)).toEqual([
    "etcd",
    "postgres-utama",
    "dns",
    "web",
    "app-pengaduan",
    "gateway",
    "signer",
    "ops",
  ]);
  expect(dc.databaseRoles["utama/pengaduan"]?.password).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(Buffer.from(dc.tsig.update.secret, "base64")).toHaveLength(32);
});

test("bundles made before there was a key for publishing heads of evidence get one, the same at both sites", async () => {
  const older = (id: string): SiteSecrets => {
    const { tsig, ...rest } = site(first.secrets, id);
    return { ...rest, tsig: { transfer: tsig.transfer, update: tsig.update } };
  };
  const before = { ...first.secrets, sites: { dc: older("dc"), drc: older("drc") } };
  const { secrets, changes } = await makeRegionSecrets(model, before, new Date());
  expect(changes.map(({ what, action }) => `${what} ${action}`)).toEqual(["tsig:evidence made"]);
  expect(site(secrets, "dc").tsig.evidence).toEqual(site(secrets, "drc").tsig.evidence);
  expect(site(secrets, "dc").tsig.update).toEqual(site(first.secrets, "dc").tsig.update);
});

test("made again without need, nothing changes and nothing is drawn", async () => {
  const made = await again(model, first.secrets, LATER, { entropy: noEntropy });
  expect(made.changes).toEqual([]);
  expect(made.secrets).toEqual(first.secrets);
});

test("an application that is added gets its role and certificates, and nothing else changes", async () => {
  const made = await again(grown, first.secrets);
  expect(names(made)).toEqual([
    "made certificate:dc/app-perizinan",
    "made certificate:drc/app-perizinan",
    "made database-role:utama/perizinan",
  ]);
  for (const id of ["dc", "drc"]) {
    const { certificates, databaseRoles, ...rest } = site(made.secrets, id);
    const { certificates: before, databaseRoles: rolesBefore, ...restBefore } = site(first.secrets, id);
    expect(certificates).toMatchObject(before);
    expect(databaseRoles).toMatchObject(rolesBefore);
    expect(rest).toEqual(restBefore);
  }
});

test("what is no longer declared is dropped and listed", async () => {
  const made = await again(model, (await again(grown, first.secrets)).secrets);
  expect(names(made)).toEqual([
    "dropped certificate:dc/app-perizinan",
    "dropped certificate:drc/app-perizinan",
    "dropped database-role:utama/perizinan",
  ]);
  expect(made.secrets).toEqual(first.secrets);
});

test("leaves are renewed 30 days before they end, not earlier", async () => {
  expect((await again(model, first.secrets, daysLater(366))).changes).toEqual([]);
  const made = await again(model, first.secrets, daysLater(368));
  expect(names(made)).toHaveLength(2 * (8 + 2));
  expect(names(made).every((line) => /^renewed (certificate|public-certificate|operator):/.test(line))).toBe(true);
});

test("an intermediate is renewed in time with its own key, so that leaves still verify", async () => {
  const made = await again(model, first.secrets, daysLater(1826 - 429));
  expect(names(made)).toContain("renewed intermediate:dc");
  const [before, after] = [site(first.secrets, "dc").authority, site(made.secrets, "dc").authority];
  expect(after.intermediate.key).toBe(before.intermediate.key);
  const oldLeaf = new X509Certificate(site(first.secrets, "dc").certificates.ops?.chain ?? "");
  expect(oldLeaf.verify(new X509Certificate(after.intermediate.certificate).publicKey)).toBe(true);
});

test("at the end of an intermediate, without root key, leaves end with it and are not issued again and again", async () => {
  const late = daysLater(1826 - 20);
  const once = await again(model, only(first.secrets, "drc"), late, { known: ["dc", "drc"] });
  expect(names(once)).toContain("renewed certificate:drc/ops");
  expect(once.warnings.map(({ en }) => en).join()).toContain("intermediate:drc: has to be renewed");
  expect((await again(model, once.secrets, late, { known: ["dc", "drc"] })).changes).toEqual([]);
});

test("changed addresses renew just the leaf that carries them", async () => {
  const moved: Model = {
    ...model,
    sites: model.sites.map((each) => ({
      ...each,
      workloads: each.workloads.map((workload) =>
        workload.name === "web" && each.id === "dc" ? { ...workload, address: "10.91.0.99" } : workload,
      ),
    })),
  };
  const made = await again(moved, first.secrets);
  expect(names(made)).toEqual(["renewed certificate:dc/web"]);
  expect(site(made.secrets, "dc").certificates.web?.names).toContain("10.91.0.99");
});

test("the first auditor gives ops the gateway's name, by which it is reached from outside, and changes nothing else", async () => {
  const [from, until] = ["2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"];
  const auditor = { id: "inspektorat", body: "Inspektorat", name: "auditor-inspektorat.lab.internal", from, until };
  const made = await again({ ...model, auditors: [auditor] }, first.secrets);
  expect(names(made)).toEqual(["renewed certificate:dc/ops", "renewed certificate:drc/ops"]);
  expect(site(made.secrets, "dc").certificates.ops?.names).toContain(model.region.gatewayName);
  expect((await again({ ...model, auditors: [auditor, { ...auditor, id: "bpk" }] }, made.secrets)).changes).toEqual([]);
});

test("a zone that is added renews the intermediates, whose names it widens", async () => {
  const zone = { ...(model.zones[0] as Model["zones"][number]), name: "desa-lumbung.id" };
  const made = await again({ ...model, zones: [...model.zones, zone] }, first.secrets);
  expect(names(made)).toEqual(expect.arrayContaining(["made dnssec:desa-lumbung.id", "renewed intermediate:dc"]));
});

test("with one bundle only and no root, the survivor makes and reissues all that is its own", async () => {
  const made = await again(grown, only(first.secrets, "drc"), daysLater(380), { known: ["dc", "drc"] });
  expect(made.absent).toEqual(["dc"]);
  expect(Object.keys(made.secrets.sites)).toEqual(["drc"]);
  expect(made.secrets.root).toBeUndefined();
  expect(names(made)).toEqual(
    expect.arrayContaining(["made certificate:drc/app-perizinan", "renewed certificate:drc/ops"]),
  );
  const leaf = new X509Certificate(site(made.secrets, "drc").certificates["app-perizinan"]?.chain ?? "");
  const authority = new X509Certificate(site(first.secrets, "drc").authority.intermediate.certificate);
  expect(leaf.verify(authority.publicKey)).toBe(true);
  expect(made.warnings.map(({ en }) => en)).toEqual([
    "database-role:utama/perizinan: changed here only; the bundle of site dc is not at hand and must be reconciled later (run again when both are)",
  ]);
});

test("when the other bundle is back, what the survivor made is copied to it", async () => {
  const alone = await again(grown, only(first.secrets, "drc"), LATER, { known: ["dc", "drc"] });
  const both: RegionSecrets = { ...first.secrets, sites: { ...first.secrets.sites, ...alone.secrets.sites } };
  const made = await again(grown, both);
  expect(names(made)).toEqual(["copied database-role:utama/perizinan", "made certificate:dc/app-perizinan"]);
  expect(site(made.secrets, "dc").databaseRoles).toEqual(site(alone.secrets, "drc").databaseRoles);
  expect(made.warnings).toEqual([]);
});

test("where both sites changed a password while apart, the newer one counts", async () => {
  const renew = rotationOf(first.secrets, "database-role:utama/pengaduan");
  const dc = await again(model, only(first.secrets, "dc"), LATER, { known: ["dc", "drc"], renew });
  const drc = await again(model, only(first.secrets, "drc"), daysLater(3), { known: ["dc", "drc"], renew });
  const made = await again(model, { ...first.secrets, sites: { ...dc.secrets.sites, ...drc.secrets.sites } });
  expect(made.changes.map(({ message }) => message.en)).toEqual([
    "database-role:utama/pengaduan: copied (from drc to dc)",
  ]);
  expect(site(made.secrets, "dc").databaseRoles).toEqual(site(drc.secrets, "drc").databaseRoles);
});

test("different signing keys of one zone are for a person to decide, and so are bundles of two regions", async () => {
  const other = await makeRegionSecrets(model, undefined, LATER);
  const [dc, drc] = [site(first.secrets, "dc"), site(other.secrets, "drc")];
  const { root } = first.secrets;
  const withRoot = root ? { root } : {};
  await expect(again(model, { ...withRoot, sites: { dc, drc } })).rejects.toMatchObject({ exitCode: 4 });
  const sameRegion = { ...drc, regionIdentity: dc.regionIdentity, tsig: dc.tsig, databaseRoles: dc.databaseRoles };
  await expect(again(model, { ...withRoot, sites: { dc, drc: sameRegion } })).rejects.toThrow(
    /dnssec:.*different values/,
  );
});

test("a site is never made a second time by itself; asked to rebuild it, the root key is needed", async () => {
  const { root } = first.secrets;
  const survivor = { ...only(first.secrets, "drc"), ...(root ? { root } : {}) };
  expect((await again(model, survivor, LATER, { known: ["dc", "drc"] })).secrets.sites.dc).toBeUndefined();
  const rebuilt = await again(model, survivor, LATER, { known: ["dc", "drc"], rebuild: ["dc"] });
  expect(site(rebuilt.secrets, "dc").databaseRoles).toEqual(site(first.secrets, "drc").databaseRoles);
  expect(site(rebuilt.secrets, "dc").authority.root).toBe(root?.certificate);
  const without = again(model, only(first.secrets, "drc"), LATER, { known: ["dc", "drc"], rebuild: ["dc"] });
  await expect(without).rejects.toMatchObject({
    exitCode: 4,
    text: { en: "intermediate:dc: the region's root key is needed and is not at hand" },
  });
});

test("every class and name rotates exactly what it names", async () => {
  const cases: Record<string, RegExp> = {
    certificates: /^renewed (certificate|public-certificate|operator):/,
    tsig: /^renewed tsig:/,
    "database-roles": /^renewed database-role:/,
    "certificate:dc/etcd": /^renewed certificate:dc\/etcd$/,
    "intermediate:drc": /^renewed (intermediate:drc|(certificate|public-certificate|operator):drc)/,
  };
  for (const [what, expected] of Object.entries(cases)) {
    const made = await again(model, first.secrets, LATER, { renew: rotationOf(first.secrets, what) });
    expect(made.changes.length, what).toBeGreaterThan(0);
    expect(
      names(made).filter((line) => !expected.test(line)),
      what,
    ).toEqual([]);
  }
  for (const what of rotatable(first.secrets)) expect(rotationOf(first.secrets, what)(what)).toBe(true);
});

test("a rotated password is new at both sites, with its verifier", async () => {
  const made = await again(model, first.secrets, LATER, {
    renew: rotationOf(first.secrets, "database-role:utama/pengaduan"),
  });
  const [dc, drc] = [site(made.secrets, "dc").databaseRoles, site(made.secrets, "drc").databaseRoles];
  expect(dc).toEqual(drc);
  expect(dc["utama/pengaduan"]).not.toEqual(site(first.secrets, "dc").databaseRoles["utama/pengaduan"]);
});

test("an application's own secret is renewed; its first administrator's password is the application's by then", async () => {
  const wiki = { id: "wiki", hostedBy: "region", run: { runtime: "php" } } as unknown as Model["applications"][number];
  const wide = { ...model, applications: [...model.applications, wiki] };
  const made = await again(wide, first.secrets);
  const after = await again(wide, made.secrets, LATER, { renew: rotationOf(made.secrets, "application-secrets") });
  const [held, renewed] = [made, after].map(({ secrets }) => site(secrets, "dc").applicationSecrets.wiki);
  expect(renewed?.secret).not.toBe(held?.secret);
  expect(renewed?.adminPassword).toBe(held?.adminPassword);
  expect(site(after.secrets, "drc").applicationSecrets.wiki).toEqual(renewed);
});

test("a store's credentials are renewed with the ones before kept beside them, and only those asked for", async () => {
  const objects = { buckets: [{ id: "unggahan" }] } as unknown as NonNullable<Model["objects"]>;
  const made = await again({ ...model, objects }, first.secrets);
  const held = site(made.secrets, "dc").objectIdentities["unggahan/write"];
  const reader = site(made.secrets, "dc").objectReaders.drc;
  const renew = (what: string) => /^object-identity:dc\/unggahan\/write$|^object-reader:drc$/.test(what);
  const after = await again({ ...model, objects }, made.secrets, LATER, { renew });
  expect(site(after.secrets, "dc").objectIdentities["unggahan/write"]?.previous).toEqual(held);
  expect(site(after.secrets, "drc").objectReaders.drc?.previous).toEqual(reader);
  expect(site(after.secrets, "drc").objectIdentities).toEqual(site(made.secrets, "drc").objectIdentities);
  expect(
    overlapping(after.secrets)
      .map(({ what }) => what)
      .sort(),
  ).toEqual(["object-identity:dc/unggahan/write", "object-reader:drc"]);
  const settled = await again({ ...model, objects }, after.secrets, LATER, { settle: () => true });
  expect(overlapping(settled.secrets)).toEqual([]);
});

test("a bundle of before credentials were derived is read; those of epochs 1 and 2 are left out, and one secret a use is made", async () => {
  const objects = { buckets: [{ id: "unggahan" }] } as unknown as NonNullable<Model["objects"]>;
  const pair = { accessKey: "A".repeat(20), secretKey: "b".repeat(40), created: NOW.toISOString() };
  const old = {
    ...site(first.secrets, "dc"),
    objectIdentities: { "admin@1": pair, "unggahan/write@2": { ...pair, previous: pair } },
    objectReaders: { "drc@1": pair },
  };
  const read = siteSecretsSchema.parse(old);
  expect([read.objectIdentities, read.objectReaders]).toEqual([{}, {}]);
  expect(() => siteSecretsSchema.parse({ ...old, objectIdentities: { admin: pair } })).toThrow();
  const made = await again({ ...model, objects }, { ...first.secrets, sites: { ...first.secrets.sites, dc: read } });
  expect(Object.keys(site(made.secrets, "dc").objectIdentities)).toEqual(["admin", "unggahan/read", "unggahan/write"]);
});

test("each site has keys of its own for its backups, which no other site has and nothing renews", async () => {
  const retention = { daily: 7, weekly: 4, monthly: 12, yearly: 0 };
  const backup = {
    bucket: "cadangan",
    policies: [{ id: "p", retention }],
    targets: [{ id: "postgresql:utama", policy: "p", engine: "pgbackrest" }],
  } as unknown as NonNullable<Model["backup"]>;
  const objects = { buckets: [{ id: "cadangan" }] } as unknown as NonNullable<Model["objects"]>;
  const made = await again({ ...model, objects, backup }, first.secrets);
  const [dc, drc] = [site(made.secrets, "dc"), site(made.secrets, "drc")];
  expect(Object.keys(dc.backupKeys)).toEqual(["postgresql:utama/base", "postgresql:utama/monthly", "restic"]);
  expect(dc.backupKeys.restic?.passphrase).toMatch(/^[A-Za-z0-9]{64}$/);
  const all = [dc, drc].flatMap(({ backupKeys }) => Object.values(backupKeys).map(({ passphrase }) => passphrase));
  expect(new Set(all).size).toBe(6);
  for (const { passphrase } of Object.values(dc.backupKeys)) expect(JSON.stringify(drc)).not.toContain(passphrase);
  for (const { objectIdentities } of [dc, drc])
    expect(objectIdentities["cadangan/prune"]?.secret).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(dc.objectIdentities["cadangan/prune"]).not.toEqual(dc.objectIdentities["cadangan/write"]);
  const facts = secretFacts(made.secrets, { broughtOut: undefined }).map(({ what }) => what);
  expect(facts).toContain("backup-key:drc/postgresql:utama/monthly");
  expect(rotatable(made.secrets).some((what) => what.startsWith("backup-key"))).toBe(false);
  const later = await again({ ...model, objects, backup }, made.secrets, LATER, { renew: () => true });
  expect(site(later.secrets, "dc").backupKeys).toEqual(dc.backupKeys);
  const deployment = { model, broughtOut: undefined };
  const making = { now: LATER, entropy: systemEntropy };
  await expect(rotation(made.secrets, { what: "backup-key:dc/restic" }, deployment, making)).rejects.toThrow(
    /the key of backups is not renewed/,
  );
  const undeclared = await again({ ...model, objects }, made.secrets);
  expect(site(undeclared.secrets, "dc").backupKeys).toEqual(dc.backupKeys);
});

test("what cannot be rotated says so", () => {
  expect(() => rotationOf(first.secrets, "certificate:dc/etcdd")).toThrow(
    /there are: certificates, .*certificate:dc\/etcd,/,
  );
});

test("fair random text", async () => {
  const { randomText } = await import("./entropy.ts");
  const bytes = { ...systemEntropy, bytes: (length: number) => new Uint8Array(length).fill(255).fill(3, length / 2) };
  expect(randomText(bytes, 4)).toBe("DDDD");
});
