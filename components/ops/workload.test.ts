import { beforeAll, describe, expect, test } from "vitest";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { readInventory } from "../../io/inventory.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { deriveModel, parseInventory } from "../../model/index.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { parseConfig } from "../../services/ops/config.ts";
import { backup } from "../../services/ops/jobs/testing/backup.ts";
import { inventoryDigest } from "./inventory-digest.ts";
import { opsConfig, opsWorkload } from "./workload.ts";

const model = fixtureModel();
const [dc, drc] = model.sites as readonly [SiteModel, SiteModel];
let secrets: SiteSecrets;
beforeAll(async () => {
  secrets = (await makeRegionSecrets(model, undefined, new Date())).secrets.sites.dc as SiteSecrets;
});

test("files, and which of them are secret", () => {
  const workload = opsWorkload(model, dc, secrets);
  expect(workload.files.map(({ path, secret = false }) => `${path} ${secret}`)).toEqual([
    "ops.json false",
    "tls/ca.crt false",
    "tls/server.crt false",
    "tls/server.key true",
    "tsig.json true",
  ]);
  expect(workload).toMatchObject({
    image: "node",
    user: { uid: 2006, gid: 2006 },
    reached: { address: "10.91.0.14", backboneAddress: "10.90.0.14" },
    volumes: [{ name: "journal", path: "/data", keeps: "data" }],
  });
  expect(workload.reached.published).toBeUndefined();
  for (const { content, secret } of workload.files) if (!secret) expect(String(content)).not.toContain("PRIVATE KEY");
});

describe("assessments on schedule", () => {
  const material = { catalogue: { duties: [], profiles: [] }, documents: { "sop.pdf": null } };
  const programme = { commit: "5f5b72f", material: { ...material, inventory: { region: { id: "lab" } } } } as never;

  test("are made from what is handed in, by the keys of the site's secrets", () => {
    const { files, volumes } = opsWorkload(model, dc, secrets, programme);
    const told = JSON.parse(String(files.find(({ path }) => path === "assess.json")?.content));
    expect(told).toMatchObject({ ...material, inventory: { region: { id: "lab" } } });
    expect(told.keys).toEqual(secrets.evidenceKeys.map(({ site, publicKey }) => ({ site, publicKey })));
    expect(JSON.stringify(told)).not.toContain("PRIVATE KEY");
    expect(volumes).toHaveLength(1);
    const config = opsConfig(model, dc, programme);
    expect(config.assessments).toMatchObject({
      plan: { reportMonths: [1, 7], monthly: true, atSeconds: 18_000 },
      ...{ heapMiB: 64, timezone: "Asia/Jakarta", commit: "5f5b72f", signer: { host: "signer.dc.lab.internal" } },
    });
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
    expect(config.runbooks ?? {}).not.toHaveProperty("material");
    const larger = dc.workloads.map((one) => (one.kind === "ops" ? { ...one, memoryBytes: 512 * 2 ** 20 } : one));
    expect(opsConfig(model, { ...dc, workloads: larger }, programme).assessments?.heapMiB).toBe(336);
  });

  test("every mistake in their configuration is named", () => {
    const wrong = {
      plan: { reportMonths: [13], monthly: "no", atSeconds: -1 },
      timezone: "UTC",
      heapMiB: 0,
      signer: {},
    };
    const fields = [
      "plan.reportMonths",
      "plan.monthly",
      "plan.atSeconds",
      "timezone",
      "heapMiB",
      "signer.host",
      "signer.port",
    ];
    for (const field of fields)
      expect(() => parseConfig(JSON.stringify({ ...opsConfig(model, dc), assessments: wrong }))).toThrow(
        `assessments.${field}: expected`,
      );
  });
});

test("every workload of the own site with a network is asked, and those of the other that the backbone reaches", () => {
  const { targets } = opsConfig(model, dc);
  const of = (site: string) =>
    targets.filter((target) => target.site === site).map(({ workload, probe, port }) => `${workload} ${probe} ${port}`);
  expect(of("dc")).toEqual([
    "etcd etcd 2379",
    "postgres-utama patroni 8008",
    "dns dns 5353",
    "web http 8443",
    "app-pengaduan http 8443",
    "gateway gateway 8404",
    "signer http 9444",
  ]);
  expect(of("drc")).toEqual([
    "postgres-utama patroni 8008",
    "dns dns 5353",
    "gateway gateway 8404",
    "signer http 9444",
    "ops ops 9443",
  ]);
  expect(targets.find(({ site, probe }) => site === "dc" && probe === "dns")?.address).toBe("10.91.0.11");
  expect(targets.find(({ site, probe }) => site === "drc" && probe === "dns")?.address).toBe("10.90.0.139");
  expect(targets.every(({ host, site, workload }) => host === `${workload}.${site}.lab.internal`)).toBe(true);
});

test("what is rendered is what ops takes, at both sites, with the same clients", () => {
  const [one, other] = [opsConfig(model, dc), opsConfig(model, drc)];
  expect(parseConfig(JSON.stringify(one))).toEqual(one);
  expect(other.clients).toEqual(one.clients);
  expect([one.peer, other.peer]).toEqual(["drc", "dc"]);
  expect(one.clients).toEqual([
    "ops.dc.lab.internal",
    "ops.drc.lab.internal",
    "operator.dc.lab.internal",
    "operator.drc.lab.internal",
  ]);
});

test("heads of evidence are published by a key of their own, in the region's zone; a bundle without it publishes none", () => {
  const { heads } = opsConfig(model, dc);
  expect(heads).toEqual({
    zone: "lumbungkab.go.id",
    name: "_lumbung-evidence.lumbungkab.go.id",
    signer: { host: "signer.dc.lab.internal", address: "10.91.0.17", port: 9444 },
  });
  const content = (held: SiteSecrets, path: string) =>
    String(opsWorkload(model, dc, held).files.find((file) => file.path === path)?.content);
  expect(JSON.parse(content(secrets, "tsig.json"))).toEqual(secrets.tsig.evidence);
  const { transfer, update } = secrets.tsig;
  const without = { ...secrets, tsig: { transfer, update } };
  expect([content(without, "tsig.json"), JSON.parse(content(without, "ops.json")).heads]).toEqual([
    "undefined",
    undefined,
  ]);
  const elsewhere = { ...model, region: { ...model.region, domain: "lain.go.id" } };
  expect(opsConfig(elsewhere, dc)).not.toHaveProperty("heads");
  const wrong = { ...opsConfig(model, dc), heads: { zone: "", signer: { host: "x", port: 0 } } };
  for (const path of ["zone", "name", "signer.address", "signer.port"])
    expect(() => parseConfig(JSON.stringify(wrong))).toThrow(`heads.${path}: expected`);
});

test("a round looks at every name that is published, by each site's own way to the gateways; sites take turns", () => {
  const [one, other] = [opsConfig(model, dc, { commit: "5f5b72f" }), opsConfig(model, drc)];
  expect(one.rounds).toEqual({
    ...{ everySeconds: 3600, offsetSeconds: 0, pauseMs: 500, domain: model.region.domain, commit: "5f5b72f" },
    hosts: model.hosts.map(({ host, serves }) => ({ host, serves: serves.kind })),
    gateways: [
      {
        ...{ site: "dc", publicAddresses: [dc.publicAddress], port: 8443, plainPort: 8080 },
        address: dc.workloads.find(({ kind }) => kind === "gateway")?.address,
      },
      {
        ...{ site: "drc", publicAddresses: [drc.publicAddress], port: 8443, plainPort: 8080 },
        address: drc.workloads.find(({ kind }) => kind === "gateway")?.backboneAddress,
      },
    ],
    grants: [
      {
        server: "utama",
        guard: {
          ...{ host: "postgres-utama.dc.lab.internal", port: 8010 },
          address: dc.workloads.find(({ kind }) => kind === "postgresql")?.address,
        },
        declared: expect.arrayContaining([{ role: "pengaduan", database: "pengaduan", may: "all" }]),
      },
    ],
    signer: { host: "signer.dc.lab.internal", address: "10.91.0.17", port: 9444 },
    inventory: inventoryDigest(model),
  });
  expect(other.rounds).toMatchObject({ offsetSeconds: 1800 });
  expect(other.rounds).not.toHaveProperty("commit");
  const unsigned = { ...dc, workloads: dc.workloads.filter(({ kind }) => kind !== "signer") };
  expect(opsConfig(model, unsigned)).not.toHaveProperty("rounds");
});

test("what is wrong with rounds is all told", () => {
  const wrong = {
    ...opsConfig(model, dc),
    rounds: {
      everySeconds: 0,
      hosts: [{ host: "", serves: "x" }],
      gateways: [{ site: "dc" }],
      grants: [{}],
      signer: {},
    },
  };
  const said = (): string => {
    try {
      parseConfig(JSON.stringify(wrong));
      return "";
    } catch (error) {
      return String(error);
    }
  };
  for (const path of [
    ...["everySeconds", "offsetSeconds", "pauseMs", "domain", "hosts[0].host", "hosts[0].serves", "inventory"],
    ...[
      "gateways[0].address",
      "gateways[0].port",
      "gateways[0].plainPort",
      "gateways[0].publicAddresses",
      "signer.port",
    ],
    ...["grants[0].server", "grants[0].declared", "grants[0].guard.host"],
  ])
    expect(said()).toContain(`rounds.${path}: expected`);
});

test("a bundle without its certificate says what to do", () => {
  expect(() => opsWorkload(model, dc, { ...secrets, certificates: {} })).toThrow(
    /certificates\.ops: expected a certificate.*lumbung up/,
  );
});

describe("where backups run", () => {
  const placement = (site: string, kind: string): WorkloadPlacement => ({
    name: kind,
    kind: kind as WorkloadPlacement["kind"],
    address: "10.91.0.18",
    hostName: `${kind}.${site}.lab.internal`,
    memoryBytes: 1,
  });
  const withHosts = (...kinds: readonly string[]): Model => ({
    ...model,
    backup,
    sites: model.sites.map((site) => ({
      ...site,
      workloads: [...site.workloads, ...kinds.map((kind) => placement(site.id, kind))],
    })),
  });
  const all = withHosts("backup", "drill");
  const [own] = all.sites as readonly [SiteModel, SiteModel];

  test("ops is told of its hosts, the policies and what its evidence names, and takes that", () => {
    const config = opsConfig(all, own, { commit: "5f5b72f" });
    expect(config.jobs).toEqual({
      timezone: "Asia/Jakarta",
      backups: backup,
      atOnce: 2,
      backup: { host: "backup.dc.lab.internal", address: "10.91.0.18", port: 8443 },
      drill: { host: "drill.dc.lab.internal", address: "10.91.0.18", port: 8443 },
      signer: { host: "signer.dc.lab.internal", address: "10.91.0.17", port: 9444 },
      operators: ["operator.dc.lab.internal", "operator.drc.lab.internal"],
      commit: "5f5b72f",
      inventory: inventoryDigest(all),
    });
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
    expect(config.targets.filter(({ host }) => host.startsWith("drill.dc"))).toMatchObject([
      { probe: "http", port: 8443 },
    ]);
  });

  test("a commit that nobody handed in is left out, never made up; without a drill room nothing is drilled", () => {
    const { jobs } = opsConfig(withHosts("backup"), withHosts("backup").sites[0] as SiteModel);
    expect(jobs).not.toHaveProperty("commit");
    expect(jobs).not.toHaveProperty("drill");
    expect(opsConfig({ ...model, backup }, dc)).not.toHaveProperty("jobs");
    expect(opsConfig(model, dc)).not.toHaveProperty("jobs");
  });

  test("it keeps a journal on a volume of its own", () => {
    const workload = opsWorkload(all, own, secrets);
    expect(workload.volumes).toEqual([{ name: "journal", path: "/data", keeps: "data" }]);
    expect(workload.environment).toEqual({ SERVICE: "ops", NODE_HEAP_MIB: "64" });
  });

  test("what ops refuses is told with its path", () => {
    const wrong = { ...opsConfig(all, own), jobs: { commit: "HEAD", signer: { port: 0 }, drill: 1, inventory: "x" } };
    for (const path of [
      "timezone",
      "atOnce",
      "operators",
      "backup.host",
      "signer.port",
      "drill.address",
      "backups.policies",
    ])
      expect(() => parseConfig(JSON.stringify(wrong))).toThrow(`jobs.${path}: expected`);
    expect(() => parseConfig(JSON.stringify(wrong))).toThrow(/jobs\.commit: expected a commit in hex, received "HEAD"/);
  });

  test("the inventory's digest is that of the model in canonical JSON, so that anybody can make it again", () => {
    expect(inventoryDigest(all)).toBe(sha256(canonicalJson(JSON.parse(JSON.stringify(all)))));
    expect(inventoryDigest({ ...all, hosts: [] })).toBe(inventoryDigest(JSON.parse(JSON.stringify(all))));
    expect(inventoryDigest(model)).not.toBe(inventoryDigest(all));
  });
});

describe("runbooks", () => {
  const placed = (site: SiteModel, kind: string) => site.workloads.find((workload) => workload.kind === kind);

  test("ops is told of both sites, the guards that it reaches, and who may approve", () => {
    const approvers = [{ role: "kepala", post: "Kepala", may: ["approve"] as const, publicKey: "PEM" }];
    const config = opsConfig(model, dc, { commit: "5f5b72f", approvers });
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
    const { runbooks } = config;
    expect(runbooks).toMatchObject({
      ...{ roster: approvers, commit: "5f5b72f", publicHost: "lumbungkab.go.id" },
      declared: {
        ...{ region: "lab", leaseSeconds: null, inventory: inventoryDigest(model) },
        sites: [
          { id: "dc", designation: "primary", addresses: [dc.publicAddress] },
          { id: "drc", designation: "recovery", addresses: [drc.publicAddress] },
        ],
        servers: [{ id: "postgresql:utama", workload: "postgres-utama", mode: "async" }],
      },
    });
    expect(runbooks?.guards.map(({ site, workload, server, port }) => `${site}/${workload} ${server} ${port}`)).toEqual(
      [
        "dc/postgres-utama postgresql:utama 8010",
        "dc/dns undefined 8010",
        "dc/gateway undefined 8010",
        "drc/postgres-utama postgresql:utama 8010",
        "drc/dns undefined 8010",
        "drc/gateway undefined 8010",
      ],
    );
    // The own site's on its network, the other one's across the backbone.
    const addresses = new Map(runbooks?.guards.map(({ site, kind, address }) => [`${site} ${kind}`, address]));
    expect(addresses.get("dc dns")).toBe(placed(dc, "dns")?.address);
    expect(addresses.get("drc dns")).toBe(placed(drc, "dns")?.backboneAddress);
  });

  test("ops is told where copiers of both sites are asked, of which copies each says how old they are, and who proves a write", async () => {
    const parsed = parseInventory(await readInventory(REPOSITORY, "lab"));
    if (!parsed.ok) throw new Error("the lab's inventory is invalid");
    const lab = deriveModel(parsed.inventory);
    const [primary, recovery] = lab.sites as readonly [SiteModel, SiteModel];
    const config = opsConfig(lab, recovery, { commit: "5f5b72f", approvers: [] });
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
    const { copiers = [], declared } = config.runbooks ?? {};
    const told = copiers.map(({ site, workload, port, copies }) => `${site}/${workload} ${port} ${copies.join()}`);
    expect(told).toEqual(expect.arrayContaining(["drc/app-ppid 8010 files:ppid", "dc/app-ppid 8446 files:ppid"]));
    expect(told).toEqual(expect.arrayContaining(["drc/code 8010 code", "dc/code 8010 code"]));
    // The application that proves that it writes, of the one server that it writes to.
    expect(config.runbooks?.provers).toEqual([{ host: "pengaduan.lumbungkab.go.id", server: "postgresql:utama" }]);
    const elsewhere = { ...lab, zones: lab.zones.map((zone) => ({ ...zone, name: `lain.${zone.name}` })) };
    expect(opsConfig(elsewhere, recovery).runbooks?.provers).toEqual([]);
    // Each copy at each site, once.
    const ids = declared?.copies.map(({ id }) => id).sort();
    for (const site of [primary, recovery])
      expect(
        copiers
          .filter((one) => one.site === site.id)
          .flatMap(({ copies }) => copies)
          .sort(),
      ).toEqual(ids);
    expect(copiers.find(({ port }) => port === 8446)).toMatchObject({
      address: placed(primary, "gateway")?.backboneAddress,
      host: "app-ppid.dc.lab.internal",
    });
  });

  test("an approver without a key is left out; a region of one site has no runbooks", () => {
    const keyless = {
      ...model,
      region: { ...model.region, approvers: [{ role: "kepala", post: "K", may: ["approve"] as const }] },
    };
    expect(opsConfig(keyless, dc).runbooks?.roster).toEqual([]);
    expect(opsConfig({ ...model, sites: [dc] }, dc)).not.toHaveProperty("runbooks");
    const wrong = { ...opsConfig(model, dc), runbooks: { declared: {}, publicHost: "", signer: {} } };
    for (const path of ["roster", "guards", "copiers", "provers", "declared.sites", "publicHost", "signer.host"])
      expect(() => parseConfig(JSON.stringify(wrong))).toThrow(`runbooks.${path}: expected`);
  });
});

describe("auditors", () => {
  const person = {
    ...{ id: "inspektorat", body: "Inspektorat Kabupaten", name: "auditor-inspektorat.lab.internal" },
    ...{ from: "2026-01-01T00:00:00.000Z", until: "2026-02-01T00:00:00.000Z" },
  };
  const audited: Model = { ...model, auditors: [person] };
  const configOf = (of: Model) =>
    JSON.parse(String(opsWorkload(of, dc, secrets).files.find(({ path }) => path === "ops.json")?.content));

  test("none declared: nothing is told of them", () => expect(configOf(model)).not.toHaveProperty("auditors"));

  test("are told by name and period, on a port of their own; they are no clients of any other", () => {
    const config = configOf(audited);
    expect(config.auditors).toMatchObject({
      ...{ port: 9445, people: [person], heapMiB: 64, signer: { host: "signer.dc.lab.internal", port: 9444 } },
      keys: secrets.evidenceKeys.map(({ site, publicKey }) => ({ site, publicKey })),
      printed: { name: "Kabupaten Lumbung", timezone: "Asia/Jakarta" },
    });
    expect(config.clients).toEqual(configOf(model).clients);
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
    expect(opsWorkload(audited, dc, secrets).reached.published).toBeUndefined();
  });

  test("every mistake in their configuration is named", () => {
    const wrong = {
      ...{ port: 0, heapMiB: -1, signer: {}, printed: { timezone: "UTC" } },
      ...{ people: [{ from: "soon" }], keys: [{}] },
    };
    const fields = ["port", "heapMiB", "people[0].id", "people[0].name", "people[0].from", "people[0].until"];
    for (const field of [...fields, "keys[0].publicKey", "printed.name", "printed.timezone", "signer.host"])
      expect(() => parseConfig(JSON.stringify({ ...opsConfig(model, dc), auditors: wrong }))).toThrow(
        `auditors.${field}: expected`,
      );
  });
});
