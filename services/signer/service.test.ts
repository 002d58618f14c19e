import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signerWorkload } from "../../components/signer/workload.ts";
import { fixtureModel } from "../../custody/fixture.ts";
import { redact } from "../../custody/redact.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { RegionSecrets, SiteSecrets } from "../../custody/types.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { type KeyRing, keyRing } from "../../evidence/keys.ts";
import { observation } from "../../evidence/testing/made.ts";
import { verify } from "../../evidence/verify.ts";
import { parseWriter, recordId } from "../../evidence/writer.ts";
import { stoppedClock } from "../../io/clock.ts";
import { evidenceFolder } from "../../io/evidence-folder.ts";
import { createLogger } from "../../io/log.ts";
import type { Model } from "../../model/types.ts";
import { type Answer, ask } from "./ask.ts";
import type { SignerConfig } from "./config.ts";
import { readSignerFiles } from "./files.ts";
import { type SignerService, startSigner } from "./service.ts";
import type { Heads, Signed } from "./shapes.ts";

const model = backedUp(fixtureModel());
let secrets: RegionSecrets;
let strangers: RegionSecrets;
let root: string;
let logged = "";
const services: SignerService[] = [];
const clock = stoppedClock(new Date());
const log = createLogger({ name: "signer", redact, destination: { write: (line) => (logged += line) } });
/** Rounds are called by the tests alone. */
const timers = { setInterval: () => 0, clearInterval: () => {} } as unknown as typeof globalThis;

beforeAll(async () => {
  secrets = (await makeRegionSecrets(model, undefined, new Date())).secrets;
  strangers = (await makeRegionSecrets(model, undefined, new Date())).secrets;
});
beforeEach(async () => {
  logged = "";
  root = await mkdtemp(join(tmpdir(), "signer-"));
});
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  expect(logged).not.toContain("PRIVATE KEY");
  await rm(root, { recursive: true });
});
afterAll(() => expect(services).toEqual([]));

/** The region with a repository host at each site. */
function backedUp(plain: Model): Model {
  return {
    ...plain,
    sites: plain.sites.map((site) => ({
      ...site,
      workloads: [
        ...site.workloads,
        {
          name: "backup",
          kind: "backup" as const,
          address: site.network.gateway.replace(/\d+$/, "18"),
          hostName: `backup.${site.internalDomain}`,
          memoryBytes: 2 ** 27,
        },
      ],
    })),
  };
}

const of = (site: string, from = secrets): SiteSecrets => {
  const found = from.sites[site];
  if (found === undefined) throw new Error(`no secrets for ${site}`);
  return found;
};
const keys = (): KeyRing => keyRing(of("dc").evidenceKeys);
const dataOf = (site: string) => join(root, `${site}-data`);
const folderOf = (site: string) => evidenceFolder({ root: dataOf(site), region: "lab" });
const check = (site: string) => verify(folderOf(site).list(), { region: "lab", keys: keys(), site });

/** Writes what components render, but for ports and addresses. */
async function configure(
  site: string,
  from: SiteSecrets,
  change: (config: SignerConfig) => object = () => ({}),
): Promise<string> {
  const folder = join(root, site);
  await mkdir(join(folder, "tls"), { recursive: true });
  const place = model.sites.find(({ id }) => id === site);
  if (place === undefined) throw new Error(`no site ${site}`);
  for (const { path, content } of signerWorkload(model, place, from).files)
    await writeFile(join(folder, path), content);
  const file = join(folder, "signer.json");
  const rendered = JSON.parse(String(signerWorkload(model, place, from).files[0]?.content)) as SignerConfig;
  await writeFile(file, JSON.stringify({ ...rendered, ...change(rendered) }));
  return folder;
}

async function start(site: string, peerPort?: number): Promise<{ service: SignerService; folder: string }> {
  const folder = await configure(site, of(site), ({ peer }) => ({
    ...(peerPort === undefined || peer === undefined
      ? { peer: undefined }
      : { peer: { ...peer, address: "127.0.0.1", port: peerPort } }),
  }));
  const files = await readSignerFiles(folder);
  const service = await startSigner(
    { ...files, config: { ...files.config, port: 0 } },
    { data: dataOf(site), clock, log, address: "127.0.0.1", timers },
  );
  services.push(service);
  return { service, folder };
}

function as(workload: string, site: string, service: SignerService, from = secrets) {
  const own = of(site, from);
  const certificate = own.certificates[workload] ?? own.operator;
  const tls = { ca: of("dc").authority.root, cert: certificate.chain, key: certificate.key };
  const at = (to: string) => ({ address: "127.0.0.1", port: service.port, name: `signer.${to}.lab.internal`, tls });
  return {
    get: (path: string, to = site): Promise<Answer> => ask(at(to), "GET", path),
    post: (path: string, body: string | Uint8Array, to = site): Promise<Answer> =>
      ask(at(to), "POST", path, Buffer.from(body)),
  };
}

const statement = (detail = "seen"): string => JSON.stringify(observation(detail));

test("what ops saw is signed, kept, and handed back with its name and digest", async () => {
  const { service } = await start("dc");
  const { status, text } = await as("ops", "dc", service).post("/statements", statement());
  expect(status).toBe(201);
  const { id, digest, envelope } = JSON.parse(text) as Signed;
  expect(id).toBe(`${service.writer()}/0000000002`);
  expect(sha256(canonicalJson(envelope))).toBe(digest);
  expect(sha256((await folderOf("dc").get(id)) ?? "")).toBe(digest);
  expect(await check("dc")).toMatchObject({ records: 2, verified: 2, broken: [] });
});

describe("who may do what", () => {
  test("nobody but the own site's ops has anything signed", async () => {
    const { service } = await start("dc", 1);
    for (const [workload, site] of [
      ["ops", "drc"],
      ["signer", "drc"],
      ["signer", "dc"],
      ["web", "dc"],
      ["operator", "dc"],
      ["backup", "dc"],
      ["backup", "drc"],
    ] as const) {
      const { status, text } = await as(workload, site, service).post("/statements", statement(), "dc");
      expect([workload, site, status, text]).toEqual([
        workload,
        site,
        403,
        expect.stringMatching(/not let in|may not/),
      ]);
    }
    expect((await check("dc")).records).toBe(1);
  });
  test("only the other site's signer may bring a head, and only it and the own ops read records", async () => {
    const { service } = await start("dc", 1);
    expect((await as("ops", "dc", service).post("/heads", "x")).status).toBe(403);
    expect((await as("signer", "drc", service).post("/heads", "x", "dc")).status).toBe(400);
    expect((await as("signer", "drc", service).get("/records", "dc")).status).toBe(200);
    expect((await as("ops", "drc", service).get("/records", "dc")).status).toBe(403);
    expect((await as("ops", "drc", service).get("/health", "dc")).status).toBe(200);
    expect((await as("web", "dc", service).get("/health")).status).toBe(403);
  });
  test("the own site's repository host reads records and heads, and may do nothing else", async () => {
    const { service } = await start("dc", 1);
    const backup = as("backup", "dc", service);
    expect((await backup.get("/records")).text).toContain(`${service.writer()}/0000000001`);
    expect((await backup.get("/heads")).status).toBe(200);
    expect((await backup.get("/health")).status).toBe(403);
    for (const path of ["/statements", "/heads"]) expect((await backup.post(path, statement())).status, path).toBe(403);
    expect((await backup.post("/records", "x")).status).toBe(405);
    for (const path of ["/records", "/heads", "/health"])
      expect((await as("backup", "drc", service).get(path, "dc")).status, path).toBe(403);
  });
  test("a certificate of another region is not let in at all", async () => {
    const { service } = await start("dc");
    await expect(as("ops", "dc", service, strangers).post("/statements", statement())).rejects.toThrow();
  });
  test("there is no way to change, remove or read the key", async () => {
    const { service } = await start("dc");
    const ops = as("ops", "dc", service);
    expect((await ops.get("/evidence.key")).status).toBe(404);
    expect((await ops.get("/records?writer=../../dc")).status).toBe(400);
    expect((await ops.post("/records", "x")).status).toBe(405);
    const everything = (await Promise.all(["/health", "/heads", "/records"].map((path) => ops.get(path))))
      .map(({ text }) => text)
      .join();
    expect(everything).not.toContain("PRIVATE");
    expect(everything).not.toContain((of("dc").evidenceKey?.key ?? "").split("\n")[1]);
  });
});

test("what is wrong with a statement is told, all at once, and nothing is signed", async () => {
  const { service } = await start("dc");
  const ops = as("ops", "dc", service);
  const bad = [
    await ops.post("/statements", "no"),
    await ops.post("/statements", "[]"),
    await ops.post("/statements", JSON.stringify({ ...observation("x"), kind: "chain-start" })),
    await ops.post("/statements", JSON.stringify({ ...observation("x"), commit: null })),
    await ops.post("/statements", JSON.stringify({ ...observation("x"), observed: { text: "x".repeat(300_000) } })),
  ];
  expect(bad.map(({ status }) => status)).toEqual([400, 400, 400, 400, 413]);
  expect(bad[1]?.text.split("\n").length).toBeGreaterThan(5);
  expect(bad[2]?.text).toContain("written by the signer alone");
  expect((await check("dc")).records).toBe(1);
});

describe("two sites", () => {
  async function pair() {
    const drc = await start("drc", 1);
    const dc = await start("dc", drc.service.port);
    // One begins by itself at the start; after this one, all that was there is copied and the head counter-signed.
    await dc.service.round();
    return { dc: dc.service, drc: drc.service };
  }
  test("copy each other's records and counter-sign each other's heads", async () => {
    const { dc, drc } = await pair();
    for (const detail of ["a", "b"]) await as("ops", "drc", drc).post("/statements", statement(detail));
    await dc.round();
    expect(await folderOf("dc").writers()).toEqual([dc.writer(), drc.writer()].sort());
    const { broken, chains } = await verify(folderOf("drc").list(), { region: "lab", keys: keys() });
    // drc saw dc's head and copied nothing of it yet: what it has not is named as not copied where it is asked as drc's store.
    expect(broken.map(({ id, code }) => `${id} ${code}`)).toEqual([`${dc.writer()}/0000000001 cut-tail`]);
    expect((await check("drc")).broken.map(({ code }) => code)).toEqual(["not-copied"]);
    expect(chains.map(({ site, last }) => [site, last])).toEqual([["drc", 4]]);
    expect(await check("dc")).toMatchObject({ records: 5, verified: 5, broken: [] });
  });
  test("tell where each chain ends, by digest and key; an end that was altered is no head", async () => {
    const { dc } = await pair();
    await as("ops", "dc", dc).post("/statements", statement());
    await dc.round();
    const heads = async () => JSON.parse((await as("ops", "dc", dc).get("/heads")).text) as Heads;
    const { chains, copies } = await heads();
    for (const { writer, sequence, end } of [...chains, ...copies]) {
      const bytes = (await folderOf("dc").get(recordId(writer, sequence))) ?? "";
      expect(end?.digest).toBe(sha256(bytes));
      expect(keys().get(end?.keyid ?? "")?.site).toBe(parseWriter(writer)?.site);
    }
    expect([chains.length, copies.length]).toEqual([1, 1]);
    const [own] = chains;
    if (own === undefined) throw new Error("no chain");
    const file = join(dataOf("dc"), "lab", `${recordId(own.writer, own.sequence)}.json`);
    const content = await readFile(file, "utf8");
    await rm(file);
    await writeFile(file, content.replace('"sig":"', '"sig":"A'));
    expect((await heads()).chains).toEqual([{ writer: own.writer, sequence: own.sequence }]);
  });
  test("a head that is behind or another one is refused, and an alarm is raised that stays", async () => {
    const { dc, drc } = await pair();
    const ops = as("ops", "dc", dc);
    const first = await folderOf("dc").get(`${dc.writer()}/0000000001`);
    await ops.post("/statements", statement());
    const { sequence } = JSON.parse((await ops.get("/heads")).text).chains[0] as { sequence: number };
    const head = (await folderOf("dc").get(recordId(dc.writer(), sequence))) ?? "";
    const peer = as("signer", "dc", drc);
    // Counter-signed once; the same again is no news.
    expect((await peer.post("/heads", head, "drc")).status).toBe(201);
    expect((await peer.post("/heads", head, "drc")).status).toBe(200);
    const { status, text } = await peer.post("/heads", first ?? "", "drc");
    expect([status, text]).toEqual([409, expect.stringContaining("its end was cut off")]);
    const health = await as("ops", "drc", drc).get("/health");
    expect([health.status, health.text]).toEqual([503, expect.stringContaining("ALARM")]);
    expect(logged).toContain("THE OTHER SITE'S CHAIN IS NOT WHAT IT WAS");
  });
  test("a record of the other's that is damaged is not copied, and the reason is told", async () => {
    const { dc, drc } = await pair();
    for (const detail of ["a", "b"]) await as("ops", "drc", drc).post("/statements", statement(detail));
    await writeFile(join(dataOf("drc"), "lab", drc.writer(), "0000000003.json"), "forged");
    await expect(dc.round()).rejects.toThrow(`${drc.writer()}/0000000003: unreadable`);
    expect(await folderOf("dc").numbers(drc.writer())).toEqual([1, 2]);
    expect((await as("ops", "dc", dc).get("/health")).text).toContain("no exchange with drc: ");
  });
  test("when the other is gone, signing goes on; what is missing of a copy is filled again", async () => {
    const { dc, drc } = await pair();
    for (const detail of ["a", "b"]) await as("ops", "drc", drc).post("/statements", statement(detail));
    await dc.round();
    await rm(join(dataOf("dc"), "lab", drc.writer(), "0000000002.json"));
    await dc.round();
    expect(await folderOf("dc").numbers(drc.writer())).toContain(2);
    await drc.close();
    await expect(dc.round()).rejects.toThrow();
    expect((await as("ops", "dc", dc).post("/statements", statement())).status).toBe(201);
    expect((await as("ops", "dc", dc).get("/health")).status).toBe(200);
    services.splice(services.indexOf(drc), 1);
  });
  test("a site that lost its volume gets its records back, begins a new chain, and what was not copied is named", async () => {
    const { dc, drc } = await pair();
    const ops = as("ops", "drc", drc);
    for (const detail of ["a", "b", "c"]) await ops.post("/statements", statement(detail));
    await dc.round();
    // One more that dc counter-signs, but never copies.
    await ops.post("/statements", statement("d"));
    const former = drc.writer();
    const { sequence } = JSON.parse((await ops.get("/heads")).text).chains[0] as { sequence: number };
    const last = (await folderOf("drc").get(recordId(former, sequence))) ?? "";
    expect((await as("signer", "drc", dc).post("/heads", last, "dc")).status).toBe(201);
    await drc.close();
    services.splice(services.indexOf(drc), 1);
    await rm(dataOf("drc"), { recursive: true });
    const { service: again } = await start("drc", dc.port);
    expect(again.writer()).not.toBe(former);
    expect(await folderOf("drc").numbers(former)).toHaveLength(sequence - 1);
    expect(logged).toContain("RECORDS OF OUR OWN WERE NOT HERE");
    await again.round();
    expect((await check("drc")).broken.map(({ id, code }) => `${id} ${code}`)).toEqual([
      `${recordId(former, sequence)} cut-tail`,
    ]);
    const start1 = await folderOf("drc").get(recordId(again.writer(), 1));
    expect(Buffer.from(JSON.parse(Buffer.from(start1 ?? "").toString()).payload, "base64").toString()).toContain(
      '"reason":"restored"',
    );
  });
  test("a volume that was put back to an earlier state is noticed, and no number is given again", async () => {
    const { dc, drc } = await pair();
    const ops = as("ops", "drc", drc);
    await ops.post("/statements", statement("a"));
    await ops.post("/statements", statement("b"));
    await dc.round();
    const former = drc.writer();
    const own = (await folderOf("drc").numbers(former)).length;
    await drc.close();
    services.splice(services.indexOf(drc), 1);
    await rm(join(dataOf("drc"), "lab", `${recordId(former, own)}.json`));
    // Cut off at its start, it cannot know; it goes on with its chain until it hears of the other's copy.
    const { service: alone, folder } = await start("drc", 1);
    expect(alone.writer()).toBe(former);
    await configure("drc", of("drc"), ({ peer }) => ({ peer: { ...peer, address: "127.0.0.1", port: dc.port } }));
    await alone.reload(() => readSignerFiles(folder));
    await expect(alone.round()).rejects.toThrow(`we have ${own - 1} records, the other site has ${own} of them`);
    expect(alone.writer()).not.toBe(former);
    expect((await as("ops", "drc", alone).get("/health")).text).toContain("ALARM");
    expect((await as("ops", "drc", alone).post("/statements", statement())).status).toBe(201);
    expect(await folderOf("drc").numbers(former)).toHaveLength(own - 1);
  });
  test("heads are counter-signed once an hour, not at each round", async () => {
    const { dc, drc } = await pair();
    await dc.round();
    await dc.round();
    expect(await folderOf("drc").numbers(drc.writer())).toHaveLength(2);
    await as("ops", "dc", dc).post("/statements", statement());
    clock.advance(3601);
    await dc.round();
    expect(await folderOf("drc").numbers(drc.writer())).toHaveLength(3);
  });
});

test("a new key begins a new chain without a restart, and old records stay verifiable", async () => {
  const { service } = await start("dc");
  const former = service.writer();
  await as("ops", "dc", service).post("/statements", statement());
  const rotated = (await makeRegionSecrets(model, secrets, new Date(), { renew: (what) => what === "evidence-key:dc" }))
    .secrets;
  const folder = await configure("dc", of("dc", rotated), () => ({ peer: undefined }));
  await service.reload(() => readSignerFiles(folder));
  expect(service.writer()).not.toBe(former);
  const { status } = await as("ops", "dc", service).post("/statements", statement());
  expect(status).toBe(201);
  const result = await verify(folderOf("dc").list(), { region: "lab", keys: keyRing(of("dc", rotated).evidenceKeys) });
  expect(result).toMatchObject({ records: 4, verified: 4, broken: [] });
  const { chains } = JSON.parse((await as("ops", "dc", service).get("/heads")).text) as Heads;
  expect(chains.map(({ sequence }) => sequence)).toEqual([2, 2]);
});

test("a bad new configuration leaves what was in force, and says so", async () => {
  const { service, folder } = await start("dc");
  await writeFile(join(folder, "evidence-keys.json"), "[]");
  await service.reload(() => readSignerFiles(folder));
  const ops = as("ops", "dc", service);
  expect(await ops.get("/health")).toEqual({
    status: 503,
    text: expect.stringContaining("expected the public half of evidence.key"),
  });
  expect((await ops.post("/statements", statement())).status).toBe(201);
});

test("a damaged chain is said loudly at start, in the health and in the new chain", async () => {
  const { service } = await start("dc");
  const former = service.writer();
  await as("ops", "dc", service).post("/statements", statement());
  await service.close();
  services.splice(0);
  await writeFile(join(dataOf("dc"), "lab", former, "0000000002.json"), "forged");
  const { service: again } = await start("dc");
  expect(again.writer()).not.toBe(former);
  expect(logged).toContain("THE CHAIN IS DAMAGED");
  expect((await as("ops", "dc", again).get("/health")).text).toContain(`damaged (${former}/0000000002: unreadable)`);
  expect((await check("dc")).broken.map(({ id, code }) => `${id} ${code}`)).toEqual([
    `${former}/0000000002 unreadable`,
  ]);
});
