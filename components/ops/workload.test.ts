import { beforeAll, describe, expect, test } from "vitest";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { sha256 } from "../../evidence/dsse.ts";
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
  ]);
  expect(workload).toMatchObject({
    image: "node",
    user: { uid: 2006, gid: 2006 },
    reached: { address: "10.91.0.14", backboneAddress: "10.90.0.14" },
    volumes: [],
  });
  expect(workload.reached.published).toBeUndefined();
  for (const { content, secret } of workload.files) if (!secret) expect(String(content)).not.toContain("PRIVATE KEY");
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
      atOnce: 4,
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
