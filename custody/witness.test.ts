import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWitness, sealSite } from "./bundle.ts";
import { declaredConstraints } from "./declared.ts";
import { certificateFacts, secretFacts } from "./facts.ts";
import { fixtureModel, withWitness } from "./fixture.ts";
import { carriesConstraints } from "./pki.ts";
import { findWitness, loadWitness } from "./read.ts";
import { rotatable } from "./rotate.ts";
import { type MadeSecrets, makeRegionSecrets } from "./secrets.ts";
import { ensureRegionSecrets } from "./store.ts";

const NOW = new Date("2026-03-01T00:00:00Z");
const model = withWitness(fixtureModel());
const { witness } = model;
let made: MadeSecrets;
let home: string;

beforeAll(async () => {
  made = await makeRegionSecrets(model, undefined, NOW);
  home = await mkdtemp(join(tmpdir(), "lumbung-witness-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const bundle = () => {
  if (!made.secrets.witness) throw new Error("no bundle of the witness");
  return made.secrets.witness;
};

test("the witness has its own authority and certificate, and none of the region's secrets", () => {
  const keys = ["authority", "certificates", "region", "regionIdentity", "site", "version"];
  expect(Object.keys(bundle()).sort()).toEqual(keys);
  expect(Object.keys(bundle().certificates)).toEqual(["epoch"]);
  expect(bundle().regionIdentity).toBe(made.secrets.sites.dc?.regionIdentity);
  const leaf = new X509Certificate(bundle().certificates.epoch?.chain ?? "");
  expect(leaf.checkIssued(new X509Certificate(bundle().authority.intermediate.certificate))).toBe(true);
});

test("members carry the name by which they let each other in; nobody else does", () => {
  const holders = Object.entries(made.secrets.sites.dc?.certificates ?? {})
    .filter(([, { names }]) => names.includes(`epoch-member.${model.region.id}.internal`))
    .map(([name]) => name);
  expect(holders).toEqual(["epoch"]);
  expect(bundle().certificates.epoch?.names).toContain(`epoch-member.${model.region.id}.internal`);
});

test("a site's authority cannot sign for the witness, nor the witness's for a site", () => {
  const [dc] = model.sites;
  if (!dc || !witness) throw new Error("no site or no witness");
  expect(declaredConstraints(model, dc).excluded).toEqual([
    `drc.${model.region.id}.internal`,
    `witness.${model.region.id}.internal`,
  ]);
  expect(declaredConstraints(model, witness).excluded).toEqual([
    `dc.${model.region.id}.internal`,
    `drc.${model.region.id}.internal`,
  ]);
  const { certificate } = bundle().authority.intermediate;
  expect(carriesConstraints(certificate, declaredConstraints(model, witness))).toBe(true);
});

test("nothing is made twice, what is no longer declared is dropped, and its certificates are listed and renewed by name", async () => {
  const again = await makeRegionSecrets(model, made.secrets, NOW);
  expect([again.changes, again.secrets.witness]).toEqual([[], bundle()]);
  const dropped = await makeRegionSecrets(fixtureModel(), made.secrets, NOW);
  expect(dropped.secrets.witness).toBeUndefined();
  expect(dropped.changes.map(({ what, action }) => `${action} ${what}`)).toContain("dropped site:witness");
  for (const what of ["intermediate:witness", "certificate:witness/epoch"]) {
    expect(rotatable(made.secrets)).toContain(what);
    expect(secretFacts(made.secrets, { broughtOut: undefined }).map((fact) => fact.what)).toContain(what);
  }
  expect(made.secrets.sites.dc && certificateFacts(made.secrets.sites.dc).length).toBeGreaterThan(5);
  const renewed = await makeRegionSecrets(model, made.secrets, NOW, {
    renew: (what) => what === "certificate:witness/epoch",
  });
  expect(renewed.changes.map(({ what }) => what)).toEqual(["certificate:witness/epoch"]);
});

test("its bundle is a file of its own with a passphrase of its own, and one that holds more is refused", async () => {
  const env = { LUMBUNG_HOME: home };
  const clock = { now: () => NOW };
  expect(await findWitness(model.region.id, env)).toBeUndefined();
  await expect(loadWitness(model.region.id, env)).rejects.toThrow();
  const stored = await ensureRegionSecrets(model, { env, clock: clock as never });
  expect(await loadWitness(model.region.id, env)).toEqual(stored.secrets.witness);
  const site = made.secrets.sites.dc;
  if (!site) throw new Error("no bundle of dc");
  await expect(openWitness(await sealSite(site, "lumbung-x"), "lumbung-x", "x")).rejects.toThrow(/isinya|holds/);
});
