/** Rounds on schedule and out of turn, signed by a signer that answers over TLS; and a gateway that is looked at over TLS. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer as createPlain, type Server } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { redact } from "../../../custody/redact.ts";
import type { SiteSecrets } from "../../../custody/types.ts";
import { systemClock } from "../../../io/clock.ts";
import { createLogger } from "../../../io/log.ts";
import { createRegistry } from "../../../io/metrics.ts";
import { type Answer, ask as askServer, type Method } from "../../signer/ask.ts";
import type { ToldBundle } from "../checks/bundle.ts";
import type { GatewayPlace, RoundsConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import { Fake, type FakeSite, fakeSite, leaf, siteSecrets } from "../jobs/testing/site.ts";
import { startOps } from "../service.ts";
import { createRoundsExposition } from "./exposition.ts";
import type { Eyes } from "./eyes.ts";
import { openEyes } from "./eyes.ts";
import { type RoundsFiles, type RoundsService, startRounds } from "./service.ts";

const DOMAIN = "lumbungkab.go.id";
const SEEN = { status: 200, html: "<p>x", hsts: true, certificateExpires: "2027-01-01T00:00:00.000Z" };

let secrets: SiteSecrets;
let site: FakeSite;
let folder: string;
let files: RoundsFiles;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  secrets = await siteSecrets();
});
beforeEach(async () => {
  site = await fakeSite(secrets);
  folder = await mkdtemp(join(tmpdir(), "ops-probes-"));
  const { signer, commit = "", inventory } = site.files.config.jobs;
  const rounds: RoundsConfig = {
    ...{ everySeconds: 3600, offsetSeconds: 0, pauseMs: 0, domain: DOMAIN, signer, commit, inventory },
    hosts: [{ host: DOMAIN, serves: "portal" }],
    gateways: [{ site: "dc", publicAddresses: ["192.0.2.1"], address: "127.0.0.1", port: 1, plainPort: 1 }],
    grants: [],
  };
  const clients = [...site.files.config.clients, "reader.dc.lab.internal"];
  files = { ...site.files, config: { ...site.files.config, clients, rounds } };
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  site.close();
  await rm(folder, { recursive: true, force: true });
});

const eyes: Eyes = {
  addresses: async () => [["192.0.2.1"]],
  restrictsIssuers: async () => true,
  leadsToHttps: async () => true,
  refusesOldTls: async () => true,
  fetch: async () => SEEN,
};

describe("rounds", () => {
  let nowMs: number;
  let ready: boolean;
  let warnings: string[];
  beforeEach(() => {
    [nowMs, ready, warnings] = [Date.parse("2026-03-01T10:10:00Z"), true, []];
  });
  async function start(own: Eyes = eyes): Promise<RoundsService> {
    const service = await startRounds(() => files, {
      clock: { now: () => new Date(nowMs), monotonicMs: () => nowMs },
      log: { info: () => {}, warn: (told: unknown) => void warnings.push(JSON.stringify(told)) } as never,
      ...{ folder, workloads: () => [], ready: () => ready, eyes: () => own },
      timers: { setInterval: () => 0, clearInterval: () => {} } as never,
    });
    opened.push(service);
    return service;
  }
  const ended = (service: RoundsService) => expect.poll(() => service.view().underWay).toBeNull();

  test("begin when the site is up, and then once in a period; each is one signed record", async () => {
    ready = false;
    const service = await start();
    service.tick();
    expect(service.view()).toMatchObject({ underWay: null, last: null, next: "2026-03-01T11:00:00.000Z" });
    ready = true;
    service.tick();
    const { underWay: id } = service.view();
    // Whoever asks meanwhile joins it.
    nowMs += 1000;
    expect(service.begin()).toBe(id);
    await ended(service);
    expect(service.view().last).toMatchObject({ id, items: 4, records: ["dc-x/1"], waiting: 0, refused: [] });
    expect(site.signer.signed).toHaveLength(1);
    expect(site.signer.signed[0]).toMatchObject({
      ...{ kind: "probe", commit: "5f5b72f", observedAt: "2026-03-01T10:10:00.000Z" },
      observed: {
        region: "lab",
        site: "dc",
        items: { [`name:${DOMAIN}`]: { gateway: true, https: true, status: 200 } },
      },
    });
    nowMs = Date.parse("2026-03-01T10:59:00Z");
    service.tick();
    expect(service.view().underWay).toBeNull();
    nowMs = Date.parse("2026-03-01T11:00:00Z");
    service.tick();
    await ended(service);
    expect(site.signer.signed).toHaveLength(2);
    expect(service.remark()).toBeUndefined();
    expect(await readdir(join(folder, "probes", "waiting"))).toEqual([]);
  });

  test("do not wait for ever for a site that is not well", async () => {
    ready = false;
    const service = await start();
    nowMs += 300_000;
    service.tick();
    expect(service.view().underWay).not.toBeNull();
    await ended(service);
  });

  test("that the signer cannot take now wait on the volume, and are told", async () => {
    site.signer.fake.away = true;
    const service = await start();
    service.begin();
    await ended(service);
    expect(service.view().last).toMatchObject({ records: [], waiting: 1 });
    expect(service.remark()).toMatch(/^1 rounds of probes wait for the signer \(signer\.dc/);
    site.signer.fake.away = false;
    await service.close();
    const next = await start();
    next.tick();
    await expect.poll(() => site.signer.signed.length).toBe(2);
  });

  test("that are refused, or come to no end, are told", async () => {
    site.signer.refuses = true;
    const service = await start();
    service.begin();
    await ended(service);
    expect(service.view().last).toMatchObject({ records: [], waiting: 0, refused: ["refused"] });
    expect(service.remark()).toBe("the signer refused the last round of probes");
    const broken = await start({ ...eyes, addresses: async () => Promise.reject(new Error("broken eyes")) });
    broken.begin();
    await ended(broken);
    expect(broken.view()).toMatchObject({ last: null, fault: "broken eyes" });
    expect(broken.remark()).toBe("the last round of probes did not come to its end: broken eyes");
    expect(warnings).toHaveLength(2);
  });

  test("ask a database's guard what roles hold, by their own certificate; what does not answer is left out and said", async () => {
    const told = { databases: ["pajak"], grants: [["intip", "pajak", "CONNECT"]] };
    let status = 200;
    const guard = new Fake(secrets, await leaf(secrets, "postgres-utama"), "postgres-utama", (_, __, outgoing) => {
      outgoing.writeHead(status).end(JSON.stringify(told));
    });
    opened.push(guard);
    const grants = [{ server: "utama", guard: await guard.listen(), declared: [] }];
    files = { ...files, config: { ...files.config, rounds: { ...files.config.rounds, grants } } };
    const service = await start();
    const round = async () => {
      service.begin();
      await ended(service);
      return service.seen().last?.items.get("grants:utama");
    };
    expect(await round()).toEqual({ databases: ["pajak"], grants: 1, more: told.grants, untold: 0 });
    expect(guard.calls).toEqual(["GET /grants"]);
    expect(warnings).toEqual([]);
    const registry = createRegistry({ region: "lab" });
    createRoundsExposition(registry).show(service.seen());
    expect(await registry.metrics()).toContain('lumbung_grants_without_leave{server="utama",site="dc",region="lab"} 1');
    status = 409;
    expect(await round()).toBeUndefined();
    guard.away = true;
    expect(await round()).toBeUndefined();
    expect(warnings.filter((one) => one.includes("grants are not known"))).toHaveLength(2);
  });

  test("are measured", async () => {
    const registry = createRegistry({ region: "lab" });
    const exposition = createRoundsExposition(registry);
    const service = await start({ ...eyes, fetch: async () => ({ ...SEEN, html: "<p>slot gacor" }) });
    service.begin();
    await ended(service);
    exposition.show(service.seen());
    const text = await registry.metrics();
    expect(text).toContain(`lumbung_page_clean{page="page:${DOMAIN}",site="dc",region="lab"} 0`);
    expect(text).toContain(`lumbung_name_answers{host="${DOMAIN}",site="dc",region="lab"} 1`);
    expect(text).toContain('lumbung_probe_items{site="dc",region="lab"} 4');
    exposition.show(undefined);
    expect(await registry.metrics()).not.toContain("lumbung_page_clean{");
  });
});

describe("ops", () => {
  const ask = (port: number, method: Method, tls = site.files.tls, path = "/probes", body = ""): Promise<Answer> => {
    const { name } = site.files.config;
    const at = { address: "127.0.0.1", port, name, tls, timeoutSeconds: 60 };
    return askServer(at, method, path, Buffer.from(body));
  };
  async function start(own: OpsFiles): Promise<number> {
    const log = createLogger({ name: "ops", redact, destination: { write: () => {} } });
    const service = await startOps(own, { clock: systemClock, log, address: "127.0.0.1", data: folder });
    opened.push(service);
    return service.port;
  }
  const as = async (name: string) => {
    const { chain: cert, key } = await leaf(secrets, name);
    return { ...site.files.tls, cert, key };
  };

  test("makes a round for its own container and for operators, tells the other site, and no one else", async () => {
    const port = await start(files);
    const { status, text } = await ask(port, "POST");
    expect(status).toBe(202);
    const { id } = JSON.parse(text) as { id: string };
    await expect.poll(async () => JSON.parse((await ask(port, "GET")).text).last?.id).toBe(id);
    await expect.poll(() => site.signer.signed.length).toBe(1);
    // No name server answers and no gateway listens: nothing is said of them.
    const items = { ops: { health: "ok", certificateExpires: expect.any(String) } };
    expect(site.signer.signed[0]?.observed).toEqual({ region: "lab", site: "dc", items });
    expect(await ask(port, "POST", await as("operator"))).toMatchObject({ status: 202 });
    expect(await ask(port, "PUT", await as("operator"))).toMatchObject({ status: 405 });
    expect(await ask(port, "GET", await as("reader"))).toMatchObject({ status: 200 });
    expect(await ask(port, "POST", await as("reader"))).toMatchObject({ status: 403 });
    expect(await ask(port, "GET", await as("stranger"))).toMatchObject({ status: 403 });
  });

  test("has an assessment signed that is told inside its container, and says where it was not", async () => {
    const port = await start(files);
    const { commit, inventory } = files.config.rounds;
    const told = {
      region: { id: "lab" },
      at: "2026-03-01T10:00:00.000Z",
      commit,
      inventory,
      duties: [],
      findings: [],
      assessment: { digest: "e".repeat(64) },
    };
    const tell = (body: object, own = site.files.tls) => ask(port, "POST", own, "/checks", JSON.stringify(body));
    const record = `{"id":"dc-x/1","digest":"${"d".repeat(64)}","envelope":{}}`;
    expect(await tell(told)).toEqual({ status: 201, text: record });
    const subject = [{ name: "lab/duties" }, { name: "assessment.json", digest: { sha256: "e".repeat(64) } }];
    expect(site.signer.signed).toMatchObject([{ kind: "check", subject, observedAt: told.at, observed: told }]);
    expect(await tell(told, await as("operator"))).toMatchObject({ status: 403 });
    expect(await tell({ ...told, region: { id: "lain" } })).toMatchObject({ status: 400 });
    expect(await tell({ ...told, commit: null })).toMatchObject({
      ...{ status: 400, text: "commit: expected a value, received null" },
    });
    expect(await tell({ ...told, findings: ["x".repeat(250_000)] })).toMatchObject({ status: 413 });
    site.signer.fake.away = true;
    expect(await tell(told)).toMatchObject({ status: 503 });
  });

  test("has an auditor's bundle signed by the digests of its files, and names all that is wrong with one", async () => {
    const port = await start(files);
    const { commit, inventory } = files.config.rounds;
    const bundle: ToldBundle = {
      ...{ region: "lab", name: "auditor.lab.2026-03-01", at: "2026-03-01T10:00:00.000Z", count: 40, absent: 1 },
      ...{ assessedAt: "2026-03-01T09:00:00.000Z", commit: commit ?? null, inventory },
      files: [{ name: "MANIFEST.sha256", sha256: "e".repeat(64) }],
    };
    const tell = (body: object, own = site.files.tls) => ask(port, "POST", own, "/bundles", JSON.stringify(body));
    expect(await tell(bundle)).toMatchObject({ status: 201 });
    const subject = [
      { name: "lab/auditor.lab.2026-03-01" },
      { name: "MANIFEST.sha256", digest: { sha256: "e".repeat(64) } },
    ];
    expect(site.signer.signed).toMatchObject([
      { kind: "bundle", subject, observedAt: bundle.at, observed: { absent: 1 } },
    ]);
    expect(await tell(bundle, await as("operator"))).toMatchObject({ status: 403 });
    expect(await tell({ ...bundle, region: "lain", name: "../x", files: [], count: -1 })).toEqual({
      status: 400,
      text: 'region: expected lab, received "lain"; name: expected letters, digits, dots and hyphens, 120 at most, received "../x"; files: expected a list of { name, sha256 }, received []; count: expected a whole number, received -1',
    });
  });

  test("without a signer makes none, and says so", async () => {
    expect(await ask(await start(site.files), "POST")).toMatchObject({ status: 404 });
  });
});

describe("a gateway, looked at as the public would", () => {
  const ending = new AbortController();
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }
  async function gateway(options: ServerOptions = {}): Promise<GatewayPlace & { readonly told: string[] }> {
    const told: string[] = [];
    const { key, chain: cert } = secrets.publicCertificate;
    const port = await listen(
      createServer({ key, cert, ...options }, ({ url, headers }, outgoing) => {
        told.push(`${headers.host}${url} ${headers["user-agent"]}`);
        if (url === "/large") return void outgoing.writeHead(200, { "content-type": "text/html" }).end("x".repeat(3e6));
        outgoing.writeHead(200, {
          "content-type": "text/html; charset=utf-8",
          "strict-transport-security": "max-age=1",
        });
        outgoing.end("<p>halo");
      }),
    );
    const plainPort = await listen(
      createPlain(({ headers, url }, outgoing) =>
        outgoing.writeHead(301, { location: `https://${headers.host}${url}` }).end(),
      ),
    );
    return { site: "dc", publicAddresses: [], address: "127.0.0.1", port, plainPort, told };
  }
  const open = (ca = secrets.authority.root) => openEyes([], ca, ending.signal);

  test("gives its page, its certificate's end and its headers, to a search engine", async () => {
    const there = await gateway();
    const seen = await open().fetch(there, { host: DOMAIN, path: "/" });
    expect(seen).toMatchObject({ status: 200, html: "<p>halo", hsts: true });
    expect("status" in seen && Date.parse(seen.certificateExpires)).toBeGreaterThan(Date.now());
    expect(there.told[0]).toMatch(/^lumbungkab\.go\.id\/ .*bot/);
    const large = await open().fetch(there, { host: DOMAIN, path: "/large" });
    expect("html" in large && (large.html?.length ?? 0)).toBeGreaterThan(1e6);
    expect(await open().fetch(there, { host: "lain.example", servername: DOMAIN, path: "/" })).toMatchObject({
      status: 200,
    });
  });
  test("with a certificate that does not hold is untrusted; where nothing listens it is away", async () => {
    const there = await gateway();
    expect(await open().fetch(there, { host: "lain.example", path: "/" })).toEqual({ why: "untrusted" });
    const others = (await siteSecrets()).authority.root;
    expect(await open(others).fetch(there, { host: DOMAIN, path: "/" })).toEqual({ why: "untrusted" });
    expect(await open().fetch({ ...there, port: 1 }, { host: DOMAIN, path: "/" })).toEqual({ why: "away" });
  });
  test("leads from plain HTTP to https, or does not", async () => {
    const there = await gateway();
    expect(await open().leadsToHttps(there, DOMAIN)).toBe(true);
    const plainPort = await listen(createPlain((_, outgoing) => outgoing.end("halo")));
    expect(await open().leadsToHttps({ ...there, plainPort }, DOMAIN)).toBe(false);
    expect(await open().leadsToHttps({ ...there, plainPort: 1 }, DOMAIN)).toBeUndefined();
  });
  test("refuses TLS before 1.2, or does not", async () => {
    const old = { minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" } as const;
    expect(await open().refusesOldTls(await gateway({ minVersion: "TLSv1.2" }), DOMAIN)).toBe(true);
    expect(await open().refusesOldTls(await gateway(old), DOMAIN)).toBe(false);
    expect(await open().refusesOldTls({ ...(await gateway()), port: 1 }, DOMAIN)).toBeUndefined();
  });
  test("is not found by name where no name server answers", async () => {
    const silent = openEyes([{ host: "ns", address: "127.0.0.1", port: 1 }], secrets.authority.root, ending.signal);
    expect([await silent.addresses(DOMAIN), await silent.restrictsIssuers(DOMAIN)]).toEqual([[], undefined]);
  });
});
