import { beforeAll, expect, test } from "vitest";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import type { SiteModel } from "../../model/types.ts";
import { parseConfig } from "../../services/ops/config.ts";
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
