import { describe, expect, it } from "vitest";
import type { SiteSecrets } from "../../custody/types.ts";
import type { ApplicationModel, Model, SiteModel, WorkloadKind, WorkloadPlacement } from "../../model/types.ts";
import { parseConfig } from "../../services/pengaduan/config.ts";
import { fixtureModel } from "../../web/fixture.ts";
import { applicationWorkload } from "./workload.ts";

const MIB = 2 ** 20;

function placed(name: string, kind: WorkloadKind, address: string): WorkloadPlacement {
  return { name, kind, address, hostName: `${name}.dc.lab.internal`, memoryBytes: 128 * MIB };
}

const site: SiteModel = {
  id: "dc",
  stack: "lab-dc",
  name: "Pusat data",
  designation: "primary",
  place: { city: "Lumbung", latitude: -3, longitude: 103 },
  hazards: { riverBasin: "a", powerGrid: "b", uplink: "c", seismicZone: "d" },
  runtime: { kind: "docker" },
  capacity: { cpus: 2, memoryBytes: 2048 * MIB, storageBytes: 2 ** 34 },
  publicAddress: "127.0.10.1",
  network: { name: "lab-dc", subnet: "10.91.0.0/24", gateway: "10.91.0.1" },
  internalDomain: "dc.lab.internal",
  nameServer: "ns1.lumbungkab.go.id",
  custodians: [],
  workloads: [
    placed("gateway", "gateway", "10.91.0.10"),
    placed("ops", "ops", "10.91.0.14"),
    placed("app-pengaduan", "application", "10.91.0.64"),
  ],
};

const application: ApplicationModel = {
  id: "pengaduan",
  number: 0,
  name: "Pengaduan Masyarakat",
  owner: "kominfo",
  status: "running",
  hostedBy: "region",
  class: "general",
  run: {
    workload: "app-pengaduan",
    image: "node",
    runtime: "service",
    database: "pengaduan",
    cpus: 0.5,
    memoryBytes: 128 * MIB,
  },
  hosts: ["pengaduan.lumbungkab.go.id"],
};

const model: Model = {
  ...fixtureModel(),
  databaseServers: [
    {
      id: "utama",
      number: 0,
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
          owner: "kominfo",
          role: "pengaduan",
          name: "pengaduan",
          group: "layanan",
          classification: "limited",
        },
      ],
    },
  ],
};

const issued = { chain: "CHAIN", key: "KEY", notAfter: "2027-01-01T00:00:00Z", names: [] };
const secrets = {
  version: 1,
  region: "lab",
  site: "dc",
  regionIdentity: "00000000-0000-4000-8000-000000000000",
  authority: { root: "ROOT", intermediate: { certificate: "SITE", key: "SITE-KEY" } },
  certificates: { "app-pengaduan": issued },
  publicCertificate: issued,
  operator: issued,
  tsig: {
    transfer: { name: "t", algorithm: "hmac-sha256", secret: "" },
    update: { name: "u", algorithm: "hmac-sha256", secret: "" },
  },
  dnssec: {},
  databaseRoles: { "utama/pengaduan": { password: "sandi-uji", scramVerifier: "V" } },
  applicationSecrets: {},
  objectIdentities: {},
  objectReaders: {},
  backupKeys: {},
  codeTokens: {},
  evidenceKeys: [],
} satisfies SiteSecrets;

const workload = applicationWorkload(model, site, application, secrets);
const file = (path: string) => workload.files.find((each) => each.path === path);

describe("applicationWorkload", () => {
  it("runs our service as its own user, on its address, within its limits", () => {
    expect(workload).toMatchObject({
      name: "app-pengaduan",
      kind: "application",
      image: "node",
      user: { uid: 2006, gid: 2006 },
      environment: { SERVICE: "pengaduan" },
      volumes: [],
      reached: { address: "10.91.0.64" },
      limits: { memoryBytes: 128 * MIB, cpus: 0.5 },
    });
  });

  it("tells the service what the service understands", () => {
    const config = parseConfig(String(file("app.json")?.content));
    expect(config.database).toMatchObject({ host: "postgres-utama.lab.internal", port: 5432, user: "pengaduan" });
    expect(config.tls).toMatchObject({
      name: "app-pengaduan.dc.lab.internal",
      clients: ["gateway.dc.lab.internal"],
      monitors: ["ops.dc.lab.internal"],
    });
    expect(config.portal).toBe("lumbungkab.go.id");
    for (const path of [
      config.database.passwordFile,
      config.database.caFile,
      config.tls.certFile,
      config.tls.keyFile,
      config.tls.caFile,
    ])
      expect(file(path.replace("/config/current/", "")), path).toBeDefined();
  });

  it("offers every OPD that still exists", () => {
    const ids = parseConfig(String(file("app.json")?.content)).opds.map((opd) => opd.id);
    expect([...ids].sort()).toEqual(["baru", "dinkes", "jahat", "kominfo"]);
  });

  it("keeps secrets in secret files and nowhere else", () => {
    const secret = workload.files.filter((each) => each.secret).map((each) => each.path);
    expect(secret).toEqual(["secrets/database-password", "tls/server.key"]);
    const open = workload.files.filter((each) => !each.secret).map((each) => String(each.content));
    expect([...open, JSON.stringify(workload.environment)].join()).not.toMatch(/sandi-uji|KEY/);
  });

  it("is modest with the public and out of the way of a lab's tests", () => {
    const perMinute = (lab: boolean) => {
      const made = applicationWorkload({ ...model, region: { ...model.region, lab } }, site, application, secrets);
      return parseConfig(String(made.files[0]?.content)).limit.perMinute;
    };
    expect([perMinute(true), perMinute(false)]).toEqual([6000, 20]);
  });

  it("is the same each time", () => {
    expect(applicationWorkload(model, site, application, secrets)).toEqual(workload);
  });

  const { run: _run, ...planned } = application;
  it.each([
    [
      "an application that does not run here",
      () => applicationWorkload(model, site, planned, secrets),
      /applications\.pengaduan/,
    ],
    [
      "no database",
      () => applicationWorkload({ ...model, databaseServers: [] }, site, application, secrets),
      /\.database: expected a declared database, received pengaduan/,
    ],
    [
      "a database of another engine",
      () =>
        applicationWorkload(
          { ...model, databaseServers: model.databaseServers.map((each) => ({ ...each, engine: "mariadb" as const })) },
          site,
          application,
          secrets,
        ),
      /expected one of a PostgreSQL server that runs here, received mariadb/,
    ],
    [
      "no password",
      () => applicationWorkload(model, site, application, { ...secrets, databaseRoles: {} }),
      /databaseRoles\["utama\/pengaduan"\].*Hint/,
    ],
    [
      "no certificate",
      () => applicationWorkload(model, site, application, { ...secrets, certificates: {} }),
      /certificates\.app-pengaduan.*Hint/,
    ],
    [
      "no place",
      () => applicationWorkload(model, { ...site, workloads: [] }, application, secrets),
      /no place for app-pengaduan/,
    ],
    [
      "no gateway",
      () => applicationWorkload(model, { ...site, workloads: site.workloads.slice(1) }, application, secrets),
      /no gateway/,
    ],
  ])("refuses %s, and says where", (_name, make, expected) => {
    expect(make).toThrow(expected);
  });
});
