/** The auditors' door over real TLS, with a real signer behind it: who comes in, what is logged, and what a change of the list does at once. */

import { createPrivateKey } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemEntropy } from "../../../custody/entropy.ts";
import { fixtureModel } from "../../../custody/fixture.ts";
import { issueLeaf } from "../../../custody/pki.ts";
import { redact } from "../../../custody/redact.ts";
import { makeRegionSecrets } from "../../../custody/secrets.ts";
import type { IssuedCertificate, SiteSecrets } from "../../../custody/types.ts";
import { keyRing } from "../../../evidence/keys.ts";
import { observation } from "../../../evidence/testing/made.ts";
import { stoppedClock, systemClock } from "../../../io/clock.ts";
import { createLogger } from "../../../io/log.ts";
import type { AuditorModel, Model } from "../../../model/types.ts";
import { type SignerService, startSigner } from "../../signer/service.ts";
import type { OpsConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import { call } from "../jobs/call.ts";
import { type OpsService, startOps } from "../service.ts";

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const person = (id: string, from = inDays(-1), until = inDays(1)): AuditorModel => ({
  ...{ id, body: `Lembaga ${id}`, name: `auditor-${id}.lab.internal`, from, until },
});
const inspektorat = person("inspektorat");
const audited: Model = { ...fixtureModel(), auditors: [inspektorat] };

let dc: SiteSecrets;
let drc: SiteSecrets;
let stranger: SiteSecrets;
let folder: string;
let logged: string;
let signer: SignerService;
let service: OpsService;
const log = createLogger({ name: "ops", redact, destination: { write: (line) => (logged += line) } });

beforeAll(async () => {
  const make = async () => (await makeRegionSecrets(audited, undefined, new Date())).secrets.sites;
  const [own, others] = [await make(), await make()];
  [dc, drc, stranger] = [own.dc as SiteSecrets, own.drc as SiteSecrets, others.dc as SiteSecrets];
});
beforeEach(async () => {
  logged = "";
  folder = await mkdtemp(join(tmpdir(), "ops-auditors-"));
  const keys = dc.evidenceKeys.map(({ site, publicKey }) => ({ site, publicKey }));
  const config = {
    ...{ version: 1 as const, region: "lab", site: "dc", port: 0, name: "signer.dc.lab.internal" },
    ...{ ops: "ops.dc.lab.internal", monitors: [], copySeconds: 30, headSeconds: 3600 },
  };
  signer = await startSigner(
    { config, key: createPrivateKey(String(dc.evidenceKey?.key)), keys: keyRing(keys), tls: tlsOf(dc, "signer") },
    { data: folder, clock: systemClock, log, address: "127.0.0.1" },
  );
  service = await startOps(files([inspektorat]), {
    ...{ clock: systemClock, log, address: "127.0.0.1" },
    makeReport: async () => JSON.stringify({ page: "<p>laporan</p>" }),
  });
});
afterEach(async () => {
  await Promise.all([service.close(), signer.close()]);
  await rm(folder, { recursive: true });
  expect(logged).not.toContain("PRIVATE KEY");
});

function tlsOf(site: SiteSecrets, workload: string): OpsFiles["tls"] {
  const own = site.certificates[workload];
  if (own === undefined) throw new Error(`no certificate ${workload}`);
  return { ca: site.authority.root, cert: own.chain, key: own.key, minVersion: "TLSv1.3" };
}

function files(people: readonly AuditorModel[] | undefined): OpsFiles {
  const config: OpsConfig = {
    ...{ version: 1, region: "lab", site: "dc", peer: "drc", port: 0, name: "ops.dc.lab.internal" },
    clients: ["ops.dc.lab.internal", "operator.dc.lab.internal"],
    ...{ zones: [], probes: { periodSeconds: 10, timeoutSeconds: 3, concurrency: 4 }, targets: [] },
    ...(people === undefined ? {} : { auditors: auditorsOf(people) }),
  };
  return { config, tls: tlsOf(dc, "ops") };
}

const auditorsOf = (people: readonly AuditorModel[]): NonNullable<OpsConfig["auditors"]> => ({
  ...{ port: 0, people, heapMiB: 64 },
  signer: { host: "signer.dc.lab.internal", address: "127.0.0.1", port: signer.port },
  keys: dc.evidenceKeys.map(({ site, publicKey }) => ({ site, publicKey })),
  printed: { name: "Kabupaten Lumbung", government: "Pemerintah", timezone: "Asia/Jakarta" },
});

const certificateOf = (name: string, site = dc, now = new Date()): Promise<IssuedCertificate> =>
  issueLeaf(
    site.authority.intermediate,
    { commonName: name, names: [name], use: ["client"] },
    { now, entropy: systemEntropy },
  );

interface Asking {
  readonly method?: string;
  readonly as?: IssuedCertificate | undefined;
  readonly port?: number | undefined;
}

/** Status and body; or the code of the refusal. By the gateway's name, as from outside. */
function ask(
  path: string,
  { method = "GET", as, port = service.auditorsPort() }: Asking,
): Promise<[number | string, string]> {
  return new Promise((resolve) => {
    const own = as ? { key: as.key, cert: as.chain } : {};
    const outgoing = request({
      ...{ host: "127.0.0.1", port, servername: "gerbang.lumbungkab.go.id", ca: dc.authority.root },
      ...{ agent: false, path, method, ...own },
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => resolve([error.code ?? error.message, ""]));
    outgoing.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve([response.statusCode ?? 0, text]));
    });
    outgoing.end();
  });
}

const lines = () =>
  logged
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("an auditor reads, with a certificate of either site's authority, and every visit is logged with who and what", async () => {
  await call({ host: "signer.dc.lab.internal", address: "127.0.0.1", port: signer.port }, tlsOf(dc, "ops"), {
    ...{ method: "POST", path: "/statements", body: JSON.stringify(observation("x")) },
  });
  for (const site of [dc, drc]) {
    const as = await certificateOf(inspektorat.name, site);
    expect((await ask("/", { as }))[0]).toBe(200);
    const [status, body] = await ask("/evidence", { as });
    expect([status, JSON.parse(body).items[0]]).toEqual([
      200,
      expect.objectContaining({ writer: signer.writer(), sequence: 2 }),
    ]);
    expect(JSON.parse((await ask(`/evidence/${signer.writer()}?x=1`, { as }))[1]).items[0]).toMatchObject({
      kind: "state",
      fault: null,
    });
  }
  expect(
    lines()
      .filter(({ msg }) => msg === "an auditor reads")
      .slice(0, 3),
  ).toMatchObject([
    { auditor: "inspektorat", method: "GET", route: "/", status: 200 },
    { auditor: "inspektorat", method: "GET", route: "/evidence", status: 200 },
    { auditor: "inspektorat", method: "GET", route: `/evidence/${signer.writer()}`, status: 200 },
  ]);
});

test("an auditor only reads, and only what is listed: anything else is refused, and logged", async () => {
  const as = await certificateOf(inspektorat.name);
  expect((await ask("/drills", { method: "POST", as }))[0]).toBe(403);
  expect((await ask("/jobs?token=abc", { as }))[0]).toBe(403);
  expect(lines().filter(({ msg }) => msg === "an auditor was refused")).toMatchObject([
    { auditor: "inspektorat", method: "POST", route: "/drills", status: 403 },
    { auditor: "inspektorat", method: "GET", route: "/jobs", status: 403 },
  ]);
});

test("nobody else of the region comes in by this door, and an auditor by no other", async () => {
  for (const as of [
    dc.operator,
    dc.certificates.ops,
    dc.certificates["app-pengaduan"],
    await certificateOf("auditor-lain.lab.internal"),
  ])
    expect((await ask("/", { as }))[0]).toBe(403);
  expect(
    lines()
      .filter(({ msg }) => msg === "no auditor is let in")
      .map(({ name }) => name),
  ).toEqual([
    ...[
      "operator.dc.lab.internal",
      "ops.dc.lab.internal",
      "app-pengaduan.dc.lab.internal",
      "auditor-lain.lab.internal",
    ],
  ]);
  const as = await certificateOf(inspektorat.name);
  for (const path of ["/status", "/metrics", "/health", "/probes", "/restores"]) {
    const [status] = await ask(path, { as, port: service.port });
    expect([403, "ERR_TLS_CERT_ALTNAME_INVALID"]).toContain(status);
  }
});

test("without a certificate, with one of another authority, or with one that ended, the handshake fails", async () => {
  const ended = await certificateOf(inspektorat.name, dc, new Date(Date.now() - 400 * DAY_MS));
  for (const as of [undefined, await certificateOf(inspektorat.name, stranger), ended]) {
    const [status] = await ask("/", { as });
    expect(String(status)).toMatch(/^(ERR_SSL|ECONNRESET|EPROTO)/);
  }
  expect(logged).not.toContain("an auditor reads");
});

test("whoever is taken out of the list, or whose period there ended, is refused at the next question; without any the door is closed", async () => {
  const as = await certificateOf(inspektorat.name);
  const reload = (people: readonly AuditorModel[] | undefined) => service.reload(async () => files(people));
  expect((await ask("/", { as }))[0]).toBe(200);
  const port = service.auditorsPort();
  await reload([person("lain")]);
  expect(service.auditorsPort()).toBe(port);
  expect(await ask("/", { as })).toEqual([403, expect.stringContaining("is not among the auditors")]);
  await reload([person("inspektorat", inDays(-3), inDays(-2))]);
  expect(await ask("/", { as })).toEqual([403, expect.stringContaining("the period of the audit ended")]);
  await reload([inspektorat]);
  expect((await ask("/", { as }))[0]).toBe(200);
  await reload(undefined);
  expect(service.auditorsPort()).toBeUndefined();
  expect((await ask("/", { as, port }))[0]).toBe("ECONNREFUSED");
});

test("a period that ends while ops runs ends access by the clock alone", async () => {
  await service.close();
  const later = stoppedClock(new Date(Date.parse(inspektorat.until)));
  service = await startOps(files([inspektorat]), { clock: later, log, address: "127.0.0.1" });
  expect((await ask("/", { as: await certificateOf(inspektorat.name) }))[0]).toBe(403);
});

test("an open connection does not outlive the list", async () => {
  const as = await certificateOf(inspektorat.name);
  const { Agent } = await import("node:https");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<unknown>();
  const again = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = request({
        ...{ host: "127.0.0.1", port: service.auditorsPort(), servername: "gerbang.lumbungkab.go.id", path: "/" },
        ...{ ca: dc.authority.root, key: as.key, cert: as.chain, agent },
      });
      outgoing.on("socket", (socket) => sockets.add(socket));
      outgoing.on("error", reject);
      outgoing.on("response", (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      outgoing.end();
    });
  expect(await again()).toBe(200);
  expect(await again()).toBe(200);
  await service.reload(async () => files([person("lain")]));
  expect(await again()).toBe(403);
  expect(sockets.size).toBe(1);
  agent.destroy();
});
