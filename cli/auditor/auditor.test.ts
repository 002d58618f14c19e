/** A certificate for an auditor: who gets one, what it is good for and until when, and that none is given that stands nowhere. */
import { X509Certificate } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { systemEntropy } from "../../custody/entropy.ts";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import { ensureRegionSecrets } from "../../custody/store.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import { MadeChain, newSite } from "../../evidence/testing/made.ts";
import { systemClock } from "../../io/clock.ts";
import { REPOSITORY } from "../../io/repository.ts";
import type { AuditorModel, Model } from "../../model/types.ts";
import { accessStatement } from "../../services/ops/checks/access.ts";
import { loadModel } from "../../stacks/load.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { chooseLanguage } from "../output/language.ts";
import { auditor as verb } from "../verbs/auditor.ts";
import { type Allowed, allowedOf, certificateFor } from "./grant.ts";
import { certificateFile, guideOf } from "./guide.ts";
import { auditorItems, auditorsText } from "./list.ts";
import { request } from "./testing/request.ts";

const NOW = new Date("2026-03-15T03:00:00.000Z");
const inspektorat: AuditorModel = {
  ...{ id: "inspektorat", body: "Inspektorat Kabupaten", name: "auditor-inspektorat.lab.internal" },
  ...{ from: "2026-02-28T17:00:00.000Z", until: "2026-03-31T17:00:00.000Z" },
};
const bpk: AuditorModel = {
  ...inspektorat,
  id: "bpk",
  name: "auditor-bpk.lab.internal",
  until: "2027-12-31T17:00:00.000Z",
};
const model: Model = { ...fixtureModel(), auditors: [inspektorat, bpk] };
const ROLES = ["kepala-diskominfo"];
let csr: string;
let dc: SiteSecrets;
beforeAll(async () => {
  csr = await request();
  dc = (await makeRegionSecrets(model, undefined, NOW)).secrets.sites.dc as SiteSecrets;
});
afterEach(() => chooseLanguage("id"));

const wish = { id: "inspektorat", csr: "", file: "a.csr", by: "kepala-diskominfo", out: "keluar" };
const allow = (change: object = {}, now = NOW) => allowedOf({ ...wish, csr, ...change }, model, ROLES, now);

async function allowed(id = "inspektorat", now = NOW): Promise<Allowed> {
  const found = await allow({ id }, now);
  if (!("auditor" in found)) throw new Error(found.map(({ path }) => path).join());
  return found;
}

describe("who gets one", () => {
  test("a declared auditor in its period, until its end and never for more than 90 days", async () => {
    expect((await allowed()).until.toISOString()).toBe(inspektorat.until);
    expect((await allowed("bpk")).until.toISOString()).toBe("2026-06-13T03:00:00.000Z");
  });

  test("every error is told at once", async () => {
    const wrong = await allow({ id: "inspektorad", csr: undefined, by: "kepala-diskominf", out: undefined });
    expect("auditor" in wrong || wrong.map(({ path, hint }) => [path, hint?.en])).toEqual([
      ["<auditor>", 'did you mean "inspektorat"?'],
      ["--csr", undefined],
      ["--by", 'did you mean "kepala-diskominfo"?'],
      ["--out", undefined],
    ]);
  });

  test.each([
    ["before its first day", "2026-02-28T16:59:59.000Z"],
    ["after its last day", "2026-03-31T17:00:00.000Z"],
  ])("nobody %s", async (_, moment) => {
    const wrong = await allow({}, new Date(moment));
    expect("auditor" in wrong || wrong.map(({ path, message }) => [path, message.en])).toEqual([
      ["<auditor>", "the period of the audit is not running"],
    ]);
  });

  test("nobody where none is declared", async () => {
    const wrong = await allowedOf({ ...wish, csr }, fixtureModel(), ROLES, NOW);
    expect("auditor" in wrong || wrong.map(({ path }) => path)).toEqual(["<auditor>"]);
  });
});

test("the certificate is of the brought key, for a client of that name alone, by the site's authority; the region holds no key", async () => {
  const origin = { region: "lab", inventory: "a".repeat(64), commit: "5f5b72f" };
  const granted = await certificateFor(await allowed(), dc, origin, { now: NOW, entropy: systemEntropy });
  const certificate = new X509Certificate(granted.chain);
  expect(certificate.subject).toBe("CN=auditor-inspektorat.lab.internal");
  expect(certificate.subjectAltName).toBe("DNS:auditor-inspektorat.lab.internal");
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(certificate.ca).toBe(false);
  expect(new Date(certificate.validTo).toISOString()).toBe("2026-03-31T17:00:00.000Z");
  expect(certificate.verify(new X509Certificate(dc.authority.intermediate.certificate).publicKey)).toBe(true);
  expect(granted.chain).not.toContain("PRIVATE KEY");
  expect(JSON.stringify(granted)).not.toContain("CERTIFICATE REQUEST");
  const statement = accessStatement(JSON.stringify(granted.told), "lab");
  expect(statement).toMatchObject({
    kind: "access",
    subject: [{ name: "lab/auditor/inspektorat" }, { name: "certificate" }],
    observed: { auditor: "inspektorat", issuer: "dc", by: "kepala-diskominfo", until: "2026-03-31T17:00:00.000Z" },
  });
  expect("kind" in statement && statement.subject[1]?.digest.sha256).toBe(
    certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  );
});

test("what ops is told is held against rules, every mistake named", () => {
  expect(accessStatement('{"region":"lain"}', "lab")).toEqual([
    'region: expected lab, received "lain"',
    ...["auditor", "body", "name", "certificate", "publicKey", "until", "issuer", "by", "at"].map((field) =>
      expect.stringContaining(`${field}: expected`),
    ),
  ]);
});

test("the guide names address, end and commands in both languages", () => {
  const guide = guideOf(model.region, inspektorat, inspektorat.until);
  for (const text of [guide.id, guide.en]) {
    for (const part of [
      ...[
        "https://gerbang.lumbungkab.go.id:9445/",
        "2026-04-01 00:00 WIB",
        "openssl pkcs12 -export -inkey auditor.key",
      ],
      ...["curl --cacert authority.pem --cert auditor-inspektorat.pem", "Inspektorat Kabupaten"],
    ])
      expect(text).toContain(part);
  }
});

test("the list shows declared auditors, certificates that were given, and those of auditors who are gone", () => {
  const chain = new MadeChain(newSite("dc"));
  const given = (auditor: string, until: string) => {
    const statement = accessStatement(
      JSON.stringify({
        ...{ region: "lab", auditor, body: `Lembaga ${auditor}`, name: `auditor-${auditor}.lab.internal` },
        ...{ certificate: "c".repeat(64), publicKey: "d".repeat(64), until, issuer: "dc", by: "kepala-diskominfo" },
        ...{ at: "2026-03-01T00:00:00.000Z", commit: "5f5b72f", inventory: "a".repeat(64) },
      }),
      "lab",
    );
    if (!("kind" in statement)) throw new Error(statement.join());
    chain.add(statement);
  };
  given("inspektorat", "2026-03-31T17:00:00.000Z");
  given("pergi", "2026-03-02T00:00:00.000Z");
  const items = auditorItems(model, chain.records.slice(1), NOW);
  expect(items.map(({ auditor, period, certificate }) => [auditor, period?.state, certificate?.holds])).toEqual([
    ["inspektorat", "running", true],
    ["bpk", "running", undefined],
    ["pergi", undefined, false],
  ]);
  chooseLanguage("en");
  const shown = auditorsText(items, model.region);
  for (const part of ["inspektorat", "no longer declared: refused", "2026-04-01 00:00 WIB", "dc-"])
    expect(shown).toContain(part);
  expect(auditorsText([], model.region)).toBe("there are no auditors\n");
});

describe("lumbung auditor grant", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lumbung-auditor-"));
    vi.stubEnv("LUMBUNG_CACHE", join(folder, "cache"));
    vi.stubEnv("LUMBUNG_HOME", join(folder, "home"));
    vi.stubEnv("LUMBUNG_INVENTORY", join(folder, "inventory"));
    await cp(join(REPOSITORY, "inventory", "lab"), join(folder, "inventory", "lab"), { recursive: true });
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const declared = `auditors:\n  - { id: inspektorat, body: Inspektorat, from: ${day(-2)}, until: ${day(30)} }\n`;
    await writeFile(join(folder, "inventory", "lab", "auditors.yaml"), declared);
    await writeFile(join(folder, "a.csr"), csr);
    await ensureRegionSecrets(await loadModel("lab"), { env: process.env, clock: systemClock });
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  const options = () => ({
    ...{ words: ["grant", "inspektorat"], region: "lab", csr: join(folder, "a.csr") },
    ...{ by: "kepala-diskominfo", out: join(folder, "out"), json: true },
  });

  test("hands over a certificate, the authority and the guides, once a site has signed that it does", async () => {
    const asked: unknown[] = [];
    const ask: AskOps = async (site, words, stdin) => {
      asked.push([site.id, words, JSON.parse(stdin ?? "").auditor]);
      // Nothing lies there before it is signed.
      await expect(readdir(join(folder, "out"))).rejects.toThrow("ENOENT");
      return { code: 0, text: JSON.stringify({ id: "dc-x/1", digest: "", envelope: {} }) };
    };
    expect(await verb(options(), ask)).toBe(0);
    expect(asked).toEqual([["dc", ["access"], "inspektorat"]]);
    expect((await readdir(join(folder, "out"))).sort()).toEqual([
      ...["auditor-inspektorat.pem", "authority.pem", "guide.txt", "petunjuk.txt"],
    ]);
    const certificate = new X509Certificate(await readFile(join(folder, "out", certificateFile(inspektorat))));
    expect(certificate.subject).toBe("CN=auditor-inspektorat.lab.internal");
    for (const name of await readdir(join(folder, "out")))
      expect(await readFile(join(folder, "out", name), "utf8")).not.toContain("PRIVATE KEY-----");
  });

  test("without a signature there is no certificate", async () => {
    const refused = verb(options(), async () => ({ code: 1, text: "signer away" }));
    await expect(refused).rejects.toMatchObject({ exitCode: 3 });
    expect(await readdir(folder)).not.toContain("out");
  });

  test("a wrong verb is told with what there is", async () => {
    await expect(verb({ words: ["revoke"], region: "lab" })).rejects.toMatchObject({ exitCode: 2 });
  });
});
