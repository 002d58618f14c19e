import { beforeAll, expect, test } from "vitest";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { keyRing } from "../../evidence/keys.ts";
import type { SiteModel } from "../../model/types.ts";
import { parseConfig } from "../../services/signer/config.ts";
import { signerConfig, signerWorkload } from "./workload.ts";

const model = fixtureModel();
const [dc, drc] = model.sites as readonly [SiteModel, SiteModel];
let secrets: SiteSecrets;
beforeAll(async () => {
  secrets = (await makeRegionSecrets(model, undefined, new Date())).secrets.sites.dc as SiteSecrets;
});

test("files, and which of them are secret", () => {
  const workload = signerWorkload(model, dc, secrets);
  expect(workload.files.map(({ path, secret = false }) => `${path} ${secret}`)).toEqual([
    "signer.json false",
    "evidence-keys.json false",
    "evidence.key true",
    "tls/ca.crt false",
    "tls/server.crt false",
    "tls/server.key true",
  ]);
  for (const { content, secret } of workload.files) if (!secret) expect(String(content)).not.toContain("PRIVATE KEY");
  expect(workload).toMatchObject({
    image: "node",
    environment: { SERVICE: "signer" },
    volumes: [{ name: "data", path: "/data", keeps: "data" }],
    reached: { address: "10.91.0.17", backboneAddress: "10.90.0.17" },
  });
  expect(workload.reached.published).toBeUndefined();
});

test("the public keys of both sites are told, and nothing else of them", () => {
  const file = signerWorkload(model, dc, secrets).files.find(({ path }) => path === "evidence-keys.json");
  const keys = JSON.parse(String(file?.content));
  expect(keys.map((key: object) => Object.keys(key))).toEqual([
    ["site", "publicKey"],
    ["site", "publicKey"],
  ]);
  expect([...keyRing(keys).values()].map(({ site }) => site)).toEqual(["dc", "drc"]);
});

test("what is rendered is what the signer takes, at both sites: only the own ops has anything signed", () => {
  const [one, other] = [signerConfig(model, dc), signerConfig(model, drc)];
  expect(parseConfig(JSON.stringify(one))).toEqual(one);
  expect([one.ops, other.ops]).toEqual(["ops.dc.lab.internal", "ops.drc.lab.internal"]);
  expect(one.monitors).toEqual(["ops.dc.lab.internal", "ops.drc.lab.internal"]);
  expect(one.peer).toEqual({ site: "drc", name: "signer.drc.lab.internal", address: "10.90.0.145", port: 9444 });
  expect(one.headSeconds).toBe(3600);
});

test("the own site's repository host is told, and only where there is one", () => {
  const at = (site: SiteModel): SiteModel => ({
    ...site,
    workloads: [
      ...site.workloads,
      { name: "backup", kind: "backup", hostName: `backup.${site.internalDomain}`, memoryBytes: 2 ** 27 },
    ],
  });
  const backedUp = { ...model, sites: [dc, at(drc)] };
  expect(signerConfig(backedUp, dc)).toEqual(signerConfig(model, dc));
  expect(signerConfig(backedUp, dc).backup).toBeUndefined();
  const config = signerConfig(backedUp, at(drc));
  expect(config).toEqual({ ...signerConfig(model, drc), backup: "backup.drc.lab.internal" });
  expect(parseConfig(JSON.stringify(config))).toEqual(config);
  expect(() => parseConfig(JSON.stringify({ ...config, backup: "" }))).toThrow(/backup: expected a text, received ""/);
});

test("a region of one has no other to counter-sign", () => {
  expect(signerConfig({ ...model, sites: [dc] }, dc).peer).toBeUndefined();
});

test("a bundle without its key says what to do", () => {
  const { evidenceKey, ...without } = secrets;
  expect(evidenceKey).toBeDefined();
  expect(() => signerWorkload(model, dc, without)).toThrow(
    /evidenceKey: expected a key that signs evidence.*lumbung up/,
  );
});

test("the configuration's problems are told all at once", () => {
  expect(() => parseConfig("{}")).toThrow(
    /version:.*region:.*site:.*name:.*ops:.*port:.*monitors:.*copySeconds:.*headSeconds:/,
  );
  expect(() => parseConfig("no")).toThrow(/expected JSON/);
});
