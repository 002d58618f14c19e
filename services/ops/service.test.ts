import { createSocket, type Socket } from "node:dgram";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemEntropy } from "../../custody/entropy.ts";
import { fixtureModel } from "../../custody/fixture.ts";
import { issueLeaf } from "../../custody/pki.ts";
import { redact } from "../../custody/redact.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { IssuedCertificate, SiteSecrets } from "../../custody/types.ts";
import { systemClock } from "../../io/clock.ts";
import { createLogger } from "../../io/log.ts";
import type { OpsConfig, Target } from "./config.ts";
import { readOpsFiles } from "./files.ts";
import { type OpsService, startOps } from "./service.ts";
import type { OpsStatus } from "./status.ts";

let dc: SiteSecrets;
let drc: SiteSecrets;
let stranger: SiteSecrets;
let folder: string;
let logged: string;
const servers: (Server | Socket)[] = [];
const services: OpsService[] = [];
const log = createLogger({ name: "ops", redact, destination: { write: (line) => (logged += line) } });

beforeAll(async () => {
  const make = async () => (await makeRegionSecrets(fixtureModel(), undefined, new Date())).secrets.sites;
  const [sites, others] = [await make(), await make()];
  [dc, drc, stranger] = [sites.dc as SiteSecrets, sites.drc as SiteSecrets, others.dc as SiteSecrets];
});
beforeEach(() => {
  logged = "";
  folder = mkdtempSync(join(tmpdir(), "ops-"));
  mkdirSync(join(folder, "tls"));
});
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true });
});
afterAll(() => expect(logged).not.toContain("PRIVATE KEY"));

const certificate = (site: SiteSecrets, name: string): IssuedCertificate => {
  const found = site.certificates[name];
  if (found === undefined) throw new Error(`no certificate ${name}`);
  return found;
};

/** An engine that answers every GET with this, asks for a certificate of the region, and remembers who came. */
async function engine(of: IssuedCertificate, body: string, status = 200): Promise<{ port: number; callers: string[] }> {
  const callers: string[] = [];
  const server = createServer(
    { key: of.key, cert: of.chain, ca: dc.authority.root, requestCert: true, rejectUnauthorized: true },
    (incoming, outgoing) => {
      callers.push((incoming.socket as import("node:tls").TLSSocket).getPeerCertificate().subject.CN as string);
      outgoing.writeHead(status).end(body);
    },
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, callers };
}

/** A name server that answers any question with one SOA record. */
async function nameServer(serial: number): Promise<number> {
  const socket = createSocket("udp4");
  servers.push(socket);
  socket.on("message", (question, from) => {
    const end = question.indexOf(0, 12) + 5;
    const header = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
    const numbers = Buffer.alloc(20);
    numbers.writeUInt32BE(serial, 0);
    const data = Buffer.concat([Buffer.from([0xc0, 12, 0xc0, 12]), numbers]);
    const record = Buffer.from([0xc0, 12, 0, 6, 0, 1, 0, 0, 0, 60, 0, data.length]);
    socket.send(Buffer.concat([header, question.subarray(12, end), record, data]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return socket.address().port;
}

const target = (site: string, workload: string, probe: Target["probe"], port: number): Target => ({
  site,
  workload,
  kind: probe === "patroni" ? "postgresql" : probe === "http" ? "web" : (probe as "etcd"),
  probe,
  host: `${workload}.${site}.lab.internal`,
  port,
  address: "127.0.0.1",
});

function write(targets: readonly Target[], own = certificate(dc, "ops")): void {
  const config: OpsConfig = {
    version: 1,
    region: "lab",
    site: "dc",
    peer: "drc",
    port: 1,
    name: "ops.dc.lab.internal",
    clients: ["ops.drc.lab.internal", "ops.dc.lab.internal", "operator.dc.lab.internal"],
    zones: ["lumbungkab.go.id"],
    probes: { periodSeconds: 2, timeoutSeconds: 1.5, concurrency: 4 },
    targets,
  };
  writeFileSync(join(folder, "ops.json"), JSON.stringify(config));
  writeFileSync(join(folder, "tls", "ca.crt"), dc.authority.root);
  writeFileSync(join(folder, "tls", "server.crt"), own.chain);
  writeFileSync(join(folder, "tls", "server.key"), own.key);
}

async function start(): Promise<OpsService> {
  const files = await readOpsFiles(folder);
  const anyPort = { ...files, config: { ...files.config, port: 0 } };
  const service = await startOps(anyPort, { clock: systemClock, log, address: "127.0.0.1" });
  services.push(service);
  return service;
}

/** Status and text of an answer, or the code of the refusal. */
function ask(
  service: OpsService,
  path: string,
  as: IssuedCertificate | undefined,
  servername = "ops.dc.lab.internal",
): Promise<{ status?: number; text: string }> {
  const own = as ? { key: as.key, cert: as.chain } : {};
  return new Promise((resolve) => {
    const outgoing = request({
      host: "127.0.0.1",
      port: service.port,
      servername,
      ca: dc.authority.root,
      agent: false,
      path,
      ...own,
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => resolve({ text: error.code ?? error.message }));
    outgoing.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.end();
  });
}

/** Waits for a status of which the predicate holds. */
async function until(service: OpsService, holds: (status: OpsStatus) => boolean): Promise<OpsStatus> {
  for (let tries = 0; tries < 800; tries++) {
    const status = service.status();
    if (holds(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not within 20 s: ${JSON.stringify(service.status())}`);
}

const health = (status: OpsStatus): Record<string, string> =>
  Object.fromEntries(
    [...status.workloads, ...(status.peer?.workloads ?? [])].map(({ name, health, detail }) => [
      name,
      `${health}: ${detail.en}`,
    ]),
  );
const asked = (status: OpsStatus): boolean =>
  [...status.workloads, ...(status.peer?.workloads ?? [])].every(
    ({ name, asked }) => name === "ops" || asked !== undefined,
  );

test("real probes over TLS: names verified, own certificate shown, expiry seen", async () => {
  const etcd = await engine(certificate(dc, "etcd"), '{"health":"true"}');
  const patroni = await engine(
    certificate(drc, "postgres-utama"),
    '{"state":"running","role":"standby_leader","replication_state":"streaming"}',
  );
  const impostor = await engine(certificate(dc, "etcd"), "ok");
  const foreign = await engine(certificate(stranger, "gateway"), "ok");
  const dns = await nameServer(2026030101);
  write([
    target("dc", "etcd", "etcd", etcd.port),
    target("drc", "postgres-utama", "patroni", patroni.port),
    target("dc", "web", "http", impostor.port),
    target("dc", "gateway", "gateway", foreign.port),
    target("dc", "dns", "dns", dns),
    target("dc", "app-pengaduan", "http", 1),
  ]);
  const status = await until(await start(), asked);
  expect(health(status)).toMatchObject({
    etcd: "ok: healthy",
    "postgres-utama": "ok: standby_leader",
    web: "failing: its certificate is for another name",
    gateway: "failing: its certificate is not of this region",
    dns: "ok: 1 zone",
    "app-pengaduan": "failing: refuses connections",
  });
  expect(etcd.callers[0]).toBe("ops.dc.lab.internal");
  expect([impostor.callers, foreign.callers]).toEqual([[], []]);
  const expires = Date.parse(certificate(dc, "etcd").notAfter);
  expect(Date.parse(status.workloads[0]?.certificateExpires ?? "")).toBe(expires);
  expect(status.workloads.find(({ name }) => name === "dns")).toMatchObject({ serial: 2026030101 });
});

test("a certificate that has ended, or does not hold yet, is told of in words, with the command that repairs it", async () => {
  const issuedAt = async (workload: string, days: number) => {
    const now = new Date(Date.now() + days * 86_400_000);
    const name = `${workload}.dc.lab.internal`;
    const request = { commonName: name, names: [name], use: ["server", "client"] } as const;
    return engine(await issueLeaf(dc.authority.intermediate, request, { now, entropy: systemEntropy }), "ok");
  };
  const [ended, early] = [await issuedAt("web", -500), await issuedAt("gateway", 10)];
  write([target("dc", "web", "http", ended.port), target("dc", "gateway", "gateway", early.port)]);
  const status = await until(await start(), asked);
  expect(health(status)).toMatchObject({
    web: "failing: its certificate has ended: `lumbung secrets rotate certificate:dc/web`, then `lumbung up`",
    gateway: "failing: its certificate is not valid yet: check the clocks of both machines",
  });
});

test("an engine that takes the call and says nothing is given up after the time limit, or after one of its own", async () => {
  const quiet: Server[] = [];
  const silent = async (workload: string) => {
    const { key, chain } = certificate(dc, workload);
    const server = createServer({ key, cert: chain }, () => {});
    servers.push(server);
    quiet.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return target("dc", workload, "http", (server.address() as AddressInfo).port);
  };
  write([await silent("web"), { ...(await silent("gateway")), timeoutSeconds: 0.5 }]);
  const status = await until(await start(), asked);
  expect(health(status)).toMatchObject({
    web: "failing: no answer within 1.5 s",
    gateway: "failing: no answer within 0.5 s",
  });
  for (const server of quiet) server.closeAllConnections();
});

test("who may ask: certificate of the region and a name on the list, nobody else", async () => {
  write([]);
  const service = await start();
  expect(await ask(service, "/health", certificate(drc, "ops"))).toEqual({
    status: 200,
    text: "watching: 0 of 0 targets answer\n",
  });
  expect(await ask(service, "/health", dc.operator)).toMatchObject({ status: 200 });
  expect(await ask(service, "/health", certificate(dc, "web"))).toEqual({
    status: 403,
    text: "web.dc.lab.internal is not let in\n",
  });
  expect((await ask(service, "/health", undefined)).status).toBeUndefined();
  expect((await ask(service, "/health", certificate(stranger, "ops"))).status).toBeUndefined();
  expect(await ask(service, "/health", dc.operator, "gateway.dc.lab.internal")).toEqual({
    text: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
  expect(await ask(service, "/rahasia", dc.operator)).toMatchObject({ status: 404 });
});

test("/status is JSON, /metrics is Prometheus' text", async () => {
  const etcd = await engine(certificate(dc, "etcd"), '{"health":"true"}');
  write([target("dc", "etcd", "etcd", etcd.port)]);
  const service = await start();
  await until(service, asked);
  const status = JSON.parse((await ask(service, "/status", dc.operator)).text) as OpsStatus;
  expect(status).toMatchObject({
    site: "dc",
    workloads: [
      { name: "etcd", health: "ok" },
      { name: "ops", health: "ok" },
    ],
  });
  const metrics = await ask(service, "/metrics", dc.operator);
  expect(metrics.text).toContain('lumbung_workload_health{workload="etcd",site="dc",region="lab"} 1\n');
  expect(metrics.text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{/m);
});

test("a reload takes new targets and a new certificate, without a gap; a bad one changes nothing and shows in health", async () => {
  const etcd = await engine(certificate(dc, "etcd"), '{"health":"true"}');
  write([]);
  const service = await start();
  const files = () => readOpsFiles(folder);
  write([target("dc", "etcd", "etcd", etcd.port)], certificate(drc, "ops"));
  await service.reload(files);
  expect(health(await until(service, asked))).toMatchObject({ etcd: "ok: healthy" });
  expect(etcd.callers.at(-1)).toBe("ops.drc.lab.internal");
  expect(await ask(service, "/health", dc.operator)).toEqual({ text: "ERR_TLS_CERT_ALTNAME_INVALID" });
  expect(await ask(service, "/health", dc.operator, "ops.drc.lab.internal")).toMatchObject({ status: 200 });

  writeFileSync(join(folder, "ops.json"), "{}");
  await service.reload(files);
  const refusal = await ask(service, "/health", dc.operator, "ops.drc.lab.internal");
  expect(refusal.status).toBe(503);
  expect(refusal.text).toMatch(/^new configuration refused: ops\.json: version: expected 1/);
  expect(health(service.status())).toMatchObject({ etcd: "ok: healthy" });
  write([]);
  await service.reload(files);
  expect(await ask(service, "/health", dc.operator)).toMatchObject({ status: 200 });
});

test("a certificate and a key that do not belong together are refused before anything starts", async () => {
  write([]);
  writeFileSync(join(folder, "tls", "server.key"), dc.operator.key);
  await expect(readOpsFiles(folder)).rejects.toThrow(/key values mismatch/);
});
