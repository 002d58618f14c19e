import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { fixtureModel } from "./fixture.ts";
import { type MadeSecrets, type MakeOptions, makeRegionSecrets } from "./secrets.ts";
import type { RegionSecrets, SiteSecrets } from "./types.ts";

const model = fixtureModel();
const NOW = new Date("2026-03-01T00:00:00Z");
const LATER = new Date("2026-06-01T00:00:00Z");
let first: MadeSecrets;
beforeAll(async () => {
  first = await makeRegionSecrets(model, undefined, NOW);
});
const site = ({ sites }: RegionSecrets, id: string): SiteSecrets => {
  const found = sites[id];
  if (found === undefined) throw new Error(`no secrets for ${id}`);
  return found;
};
const renew = (what: string): MakeOptions => ({ renew: (name) => name === what });
const without = (secrets: RegionSecrets): RegionSecrets => ({
  ...secrets,
  sites: Object.fromEntries(
    Object.entries(secrets.sites).map(([id, { evidenceKey, ...rest }]) => [id, { ...rest, evidenceKeys: [] }]),
  ),
});

test("each site has a key of its own, and both know both public halves", () => {
  const [dc, drc] = [site(first.secrets, "dc"), site(first.secrets, "drc")];
  expect(dc.evidenceKey?.key).not.toBe(drc.evidenceKey?.key);
  expect(dc.evidenceKeys).toEqual(drc.evidenceKeys);
  expect(dc.evidenceKeys.map((one) => one.site)).toEqual(["dc", "drc"]);
  const key = createPrivateKey(dc.evidenceKey?.key ?? "");
  expect(key.asymmetricKeyType).toBe("ed25519");
  const signature = sign(null, Buffer.from("x"), key);
  expect(verify(null, Buffer.from("x"), createPublicKey(dc.evidenceKeys[0]?.publicKey ?? ""), signature)).toBe(true);
  expect(JSON.stringify(dc.evidenceKeys)).not.toContain("PRIVATE");
});

test("a bundle from before there was evidence gets its key, once", async () => {
  const made = await makeRegionSecrets(model, without(first.secrets), LATER);
  expect(made.changes.map(({ what, action }) => `${action} ${what}`)).toEqual([
    "made evidence-key:dc",
    "made evidence-key:drc",
  ]);
  expect((await makeRegionSecrets(model, made.secrets, LATER)).changes).toEqual([]);
});

test("a rotated key leaves the former public half with both sites", async () => {
  const made = await makeRegionSecrets(model, first.secrets, LATER, renew("evidence-key:dc"));
  expect(made.changes.map(({ what, action }) => `${action} ${what}`)).toEqual(["renewed evidence-key:dc"]);
  for (const id of ["dc", "drc"]) {
    const { evidenceKeys } = site(made.secrets, id);
    expect(evidenceKeys.map((one) => `${one.site} ${one.created.slice(0, 10)}`)).toEqual([
      "dc 2026-03-01",
      "drc 2026-03-01",
      "dc 2026-06-01",
    ]);
  }
  expect(site(made.secrets, "drc").evidenceKey).toEqual(site(first.secrets, "drc").evidenceKey);
});

test("a key that was rotated while the other bundle was elsewhere is copied when both are at hand", async () => {
  const alone = await makeRegionSecrets(model, { sites: { dc: site(first.secrets, "dc") } }, LATER, {
    ...renew("evidence-key:dc"),
    known: ["dc", "drc"],
  });
  const both = await makeRegionSecrets(
    model,
    { ...first.secrets, sites: { ...first.secrets.sites, ...alone.secrets.sites } },
    LATER,
  );
  expect(both.changes.map(({ message }) => message.en)).toEqual(["evidence-key:dc: copied (from dc to drc)"]);
  expect(site(both.secrets, "drc").evidenceKeys).toHaveLength(3);
});

test("a site that is rebuilt gets a new key, and its old records stay verifiable", async () => {
  const made = await makeRegionSecrets(model, first.secrets, LATER, { rebuild: ["dc"] });
  expect(site(made.secrets, "dc").evidenceKeys.filter((one) => one.site === "dc")).toHaveLength(2);
  expect(site(made.secrets, "dc").evidenceKeys).toEqual(site(made.secrets, "drc").evidenceKeys);
});
