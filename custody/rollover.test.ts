/** Rotations with an overlap, on disk, with a clock that a test moves: nobody is cut off at any step, and what was before goes in the end. */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stoppedClock } from "../io/clock.ts";
import { recordBroughtOut } from "./brought-out.ts";
import { dsRecord, keyTag } from "./dnskey.ts";
import { certificateFacts, certificatesIn, secretFacts } from "./facts.ts";
import { fixtureModel } from "./fixture.ts";
import { loadSite } from "./read.ts";
import type { RotationRequest } from "./rotation.ts";
import { ensureRegionSecrets, loadRegion, rotateRegionSecrets, type StoreOptions } from "./store.ts";
import type { SiteSecrets } from "./types.ts";

const model = fixtureModel();
const SITES = ["dc", "drc"];
const ZONE = "lumbungkab.go.id";
const DAY = 86_400;
let home: string;
let clock: ReturnType<typeof stoppedClock>;
let options: StoreOptions;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "custody-rollover-"));
  clock = stoppedClock(new Date("2026-03-01T00:00:00Z"));
  options = { env: { LUMBUNG_HOME: home }, clock };
  await ensureRegionSecrets(model, options);
  await up();
});
afterEach(() => rmSync(home, { recursive: true }));

/** What `lumbung up` does with secrets, a minute later; sites that it did not reach stay as they are. */
async function up(sites: readonly string[] = SITES): Promise<string[]> {
  clock.advance(60);
  const { changes } = await ensureRegionSecrets(model, options);
  await recordBroughtOut("lab", sites, clock.now(), options.env);
  return changes.map(({ what, action }) => `${action} ${what}`);
}
const rotate = (what: string, more: Partial<RotationRequest> = {}) => {
  clock.advance(1);
  return rotateRegionSecrets(model, { what, ...more }, options);
};
const site = (id: string): Promise<SiteSecrets> => loadSite("lab", id, options.env);
const stepOf = async (what: string) => {
  const { secrets } = await loadRegion("lab", SITES, options.env);
  const { allBroughtOut } = await import("./brought-out.ts");
  const broughtOut = await allBroughtOut("lab", SITES, options.env);
  return secretFacts(secrets, { broughtOut }).find((fact) => fact.what === what)?.step?.en;
};

/** Whether a leaf of one site is believed by the other, as each was last brought out. */
function believes(trusting: SiteSecrets, shown: SiteSecrets): boolean {
  const roots = certificatesIn(trusting.authority.root);
  return Object.values(shown.certificates).every(({ chain }) => {
    const [leaf, intermediate] = certificatesIn(chain);
    if (!leaf || !intermediate) return false;
    return (
      leaf.verify(intermediate.publicKey) &&
      roots.some((root) => intermediate.checkIssued(root) && intermediate.verify(root.publicKey))
    );
  });
}

describe("root", () => {
  test("in three steps, at each of which every mixture of sites before and after believes each other", async () => {
    let before = [await site("dc"), await site("drc")];
    const [oldRoot] = certificatesIn(before[0]?.authority.root ?? "");
    for (const finish of [false, true, true]) {
      await rotate("root", { finish });
      const after = [await site("dc"), await site("drc")];
      for (const trusting of [...before, ...after])
        for (const shown of [...before, ...after]) expect(believes(trusting, shown)).toBe(true);
      // Every leaf is another, so that engines which look at their own certificate take up the authority as well.
      for (const [index, one] of after.entries())
        for (const [name, { chain }] of Object.entries(one.certificates))
          expect(chain).not.toBe(before[index]?.certificates[name]?.chain);
      expect(await up()).toEqual([]);
      before = after;
    }
    const [newRoot, ...more] = certificatesIn((await site("dc")).authority.root);
    expect(more).toEqual([]);
    expect(newRoot?.fingerprint256).not.toBe(oldRoot?.fingerprint256);
    const { root } = (await loadRegion("lab", SITES, options.env)).secrets;
    expect([root?.next, root?.previous]).toEqual([undefined, undefined]);
    expect(new X509Certificate(root?.certificate ?? "").fingerprint256).toBe(newRoot?.fingerprint256);
  });

  test("the trusted bytes are the same before and after the second step, and the old key is gone after it", async () => {
    const old = (await loadRegion("lab", SITES, options.env)).secrets.root?.key;
    await rotate("root");
    const trusted = (await site("dc")).authority.root;
    await up();
    await rotate("root", { finish: true });
    expect((await site("drc")).authority.root).toBe(trusted);
    expect(JSON.stringify((await loadRegion("lab", SITES, options.env)).secrets)).not.toContain(JSON.stringify(old));
  });

  test.each([1, 2])("step %i must be in use at every site before the next one", async (step) => {
    await rotate("root");
    if (step === 2) {
      await up();
      await rotate("root", { finish: true });
    }
    expect(await stepOf("root")).toContain(`step ${step} of 3 made`);
    await expect(rotate("root", { finish: true })).rejects.toMatchObject({ exitCode: 4 });
    await up(["dc"]);
    await expect(rotate("root", { finish: true })).rejects.toThrow(/cut off/);
    await up();
    expect(await stepOf("root")).toContain(`step ${step} of 3 in use`);
    await rotate("root", { finish: true });
  });

  test("is not begun twice, not finished unbegun, not without the root key or a site's bundle", async () => {
    await expect(rotate("root", { finish: true })).rejects.toMatchObject({ exitCode: 2 });
    await rotate("root");
    await expect(rotate("root")).rejects.toThrow(/under way/);
    await up();
    rmSync(join(home, "lab", "drc", "secrets.age"));
    await expect(rotate("root", { finish: true })).rejects.toThrow(/bundle of site drc/);
    rmSync(join(home, "lab", "root"), { recursive: true });
    await expect(rotate("root", { finish: true })).rejects.toThrow(/root key is not at hand/);
  });
});

describe.each(["tsig:update", "tsig:transfer", "tsig:evidence", "database-role:utama/pengaduan"])("%s", (what) => {
  const pick = ({ tsig, databaseRoles }: SiteSecrets) => {
    const role = databaseRoles["utama/pengaduan"];
    if (what.startsWith("database-role"))
      return { value: role?.password, before: role?.previousPassword, name: "pengaduan" };
    const key = tsig[what.slice("tsig:".length) as keyof typeof tsig];
    return { value: key?.secret, before: key?.previous?.secret, name: key?.name };
  };

  test("the one before is kept beside it until a person ends that, once both are in use everywhere", async () => {
    const first = pick(await site("dc"));
    await rotate(what);
    const second = pick(await site("drc"));
    expect(second.before).toBe(first.value);
    expect(second.value).not.toBe(first.value);
    if (what.startsWith("tsig")) expect(second.name).not.toBe(first.name);
    expect(await stepOf(what)).toContain("made: run");
    for (const finish of [true, false]) await expect(rotate(what, { finish })).rejects.toMatchObject({ exitCode: 4 });
    await up(["drc"]);
    await expect(rotate(what)).rejects.toThrow(/cut off/);
    await up();
    expect(pick(await site("dc"))).toEqual(second);
    await rotate(what, { finish: true });
    expect(pick(await site("dc"))).toEqual({ ...second, before: undefined });
    await expect(rotate(what, { finish: true })).rejects.toMatchObject({ exitCode: 2 });
  });

  test("or by itself, a week after", async () => {
    await rotate(what);
    await up();
    clock.advance(6 * DAY);
    expect(await up()).toEqual([]);
    clock.advance(DAY);
    expect(await up()).toEqual([`settled ${what}`]);
    expect(pick(await site("drc")).before).toBeUndefined();
  });

  test("however late, nothing goes that a site has not been brought out with", async () => {
    await rotate(what);
    await up(["dc"]);
    clock.advance(30 * DAY);
    expect(await up(["dc"])).toEqual([]);
  });
});

describe("a zone's key", () => {
  const what = `dnssec:${ZONE}`;
  const held = async () => (await site("dc")).dnssec[ZONE];
  const ds = (key: string | undefined) => dsRecord(ZONE, key ?? "");

  test("both sign until the parent has the new DS record and nobody can have the old one; then the old is named to be forgotten", async () => {
    const first = await held();
    const { told } = await rotate(what);
    const both = await held();
    expect(both?.key).toBe(first?.key);
    expect(told[0]?.en).toContain(ds(both?.next?.key));
    expect((await site("drc")).dnssec[ZONE]).toEqual(both);
    await expect(rotate(what, { dsPublished: true })).rejects.toThrow(/cut off/);
    await up();
    await expect(rotate(what, { dsPublished: true })).rejects.toThrow(/wait \d+ seconds/);
    await expect(rotate(what, { finish: true })).rejects.toThrow(/nobody has confirmed/);
    clock.advance(300);
    expect(await stepOf(what)).toContain(ds(both?.next?.key));
    await rotate(what, { dsPublished: true });
    await expect(rotate(what, { finish: true })).rejects.toThrow(/wait \d+ seconds/);
    expect(await stepOf(what)).toContain("step 2 of 3");
    clock.advance(DAY);
    await rotate(what, { finish: true });
    expect(await held()).toEqual({
      key: both?.next?.key,
      algorithm: "ecdsap256sha256",
      created: both?.next?.created,
      retired: [keyTag(first?.key ?? "")],
    });
    expect(await up()).toEqual([]);
  });

  test("an `up` in between does not make the wait begin anew", async () => {
    await rotate(what);
    await up();
    clock.advance(200);
    expect(await up()).toEqual([]);
    clock.advance(50);
    await rotate(what, { dsPublished: true });
    expect((await held())?.next?.dsPublished).toBeDefined();
  });

  test("a parent with another TTL is taken at its word", async () => {
    await rotate(what);
    await up();
    clock.advance(301);
    await rotate(what, { dsPublished: true });
    await expect(rotate(what, { finish: true, dsTtlSeconds: 3600 })).rejects.toThrow(/wait 3599 seconds/);
    clock.advance(3600);
    await rotate(what, { finish: true, dsTtlSeconds: 3600 });
    expect((await held())?.next).toBeUndefined();
  });

  test("not begun twice, not for an undeclared zone, and nothing else has a DS record", async () => {
    await rotate(what);
    await expect(rotate(what)).rejects.toThrow(/under way/);
    await expect(rotate("dnssec:example.id")).rejects.toThrow(`there are: dnssec:${ZONE}`);
    await expect(rotate("tsig:update", { dsPublished: true })).rejects.toMatchObject({ exitCode: 2 });
  });
});

test("every secret has its line, none shows a value, and the signing root is the one that counts", async () => {
  await rotate("root");
  const { secrets } = await loadRegion("lab", SITES, options.env);
  const facts = secretFacts(secrets, { broughtOut: undefined });
  const names = facts.map(({ what }) => what);
  expect(new Set(names).size).toBe(names.length);
  for (const what of ["root", "intermediate:dc", "certificate:drc/ops", "public-certificate:dc", "operator:drc"])
    expect(facts.find((fact) => fact.what === what)?.expires).toMatch(/^20\d\d-/);
  expect(names).toContain("database-role:utama/pengaduan");
  expect(names).toContain(what(ZONE));
  const [signing, next] = certificatesIn((await site("dc")).authority.root);
  expect(next).toBeDefined();
  expect(certificateFacts(await site("dc"))[0]?.expires).toBe(new Date(signing?.validTo ?? "").toISOString());
  expect(JSON.stringify(facts)).not.toMatch(/PRIVATE KEY|SCRAM/);
});
const what = (zone: string) => `dnssec:${zone}`;
