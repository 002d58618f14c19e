/** Jobs on the port of `ops`, and its command-line modes: who may see, who may begin, what a reload changes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { redact } from "../../custody/redact.ts";
import type { IssuedCertificate, SiteSecrets } from "../../custody/types.ts";
import { systemClock } from "../../io/clock.ts";
import { createLogger } from "../../io/log.ts";
import type { OpsFiles } from "./files.ts";
import { type FakeSite, fakeSite, leaf, siteSecrets } from "./jobs/testing/site.ts";
import type { RunDetailView } from "./jobs/views.ts";
import { type Mode, modeOf } from "./modes.ts";
import { type OpsService, startOps } from "./service.ts";

let secrets: SiteSecrets;
let site: FakeSite;
let folder: string;
const services: OpsService[] = [];
const log = createLogger({ name: "ops", redact, destination: { write: () => {} } });

beforeAll(async () => {
  secrets = await siteSecrets();
});
beforeEach(async () => {
  site = await fakeSite(secrets);
  folder = await mkdtemp(join(tmpdir(), "ops-port-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(services.splice(0).map((service) => service.close()));
  site.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(files: OpsFiles = site.files, data = join(folder, "data")): Promise<OpsService> {
  const jobs = { ticks: "0 0 29 2 *" };
  const service = await startOps(files, { clock: systemClock, log, address: "127.0.0.1", data, jobs });
  services.push(service);
  return service;
}

interface Told {
  readonly status: number;
  readonly text: string;
}

function ask({ port }: OpsService, path: string, as: IssuedCertificate, body?: string): Promise<Told> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...{ host: "127.0.0.1", port, servername: "ops.dc.lab.internal", ca: secrets.authority.root, agent: false, path },
      ...{ key: as.key, cert: as.chain, method: body === undefined ? "GET" : "POST" },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      text(response).then((all) => resolve({ status: response.statusCode ?? 0, text: all.trimEnd() }), reject);
    });
    outgoing.end(body);
  });
}

const FULL = JSON.stringify({ target: "files:ppid", action: "full" });

test("jobs, coverage and drills are there for whoever may see the status; only the own container and operators begin runs", async () => {
  const service = await start();
  const [own, other, web] = [await leaf(secrets, "ops"), await leaf(secrets, "web"), secrets.operator];
  const jobs = JSON.parse((await ask(service, "/jobs", own)).text);
  expect(jobs.jobs.map(({ id }: { id: string }) => id)).toContain("drill");
  expect(Date.parse(jobs.jobs[0].next)).toBeGreaterThan(Date.now());
  expect(JSON.parse((await ask(service, "/coverage", own)).text)).toMatchObject({
    site: "dc",
    declared: 3,
    covered: 0,
    facts: expect.any(Array),
  });
  expect(JSON.parse((await ask(service, "/drills", own)).text)).toEqual({
    ...{ region: "lab", site: "dc", items: [] },
    exposure: null,
  });
  expect(await ask(service, "/drills/x", own)).toEqual({ status: 404, text: "there is no /drills/x" });
  expect(await ask(service, "/runs", own)).toMatchObject({ status: 404, text: expect.stringContaining("POST /runs") });

  expect(await ask(service, "/runs", other, FULL)).toMatchObject({ status: 403 });
  const peer = { ...site.files.config, operators: [] };
  expect(peer.clients).toContain("ops.drc.lab.internal");
  expect(await ask(service, "/runs", own, "{")).toMatchObject({ status: 400 });
  expect(
    JSON.parse((await ask(service, "/runs", own, '{"target":1,"x":2}')).text).problems.map(
      ({ en }: { en: string }) => en,
    ),
  ).toEqual([
    'x: expected one of target, action, class, copy, choice, until, received "it"',
    "target: expected a text, received 1",
    "action: expected a text, received nothing",
  ]);
  const begun = await ask(service, "/runs", web, FULL);
  expect(begun.status).toBe(202);
  const { id } = JSON.parse(begun.text);
  expect(id).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/);
  expect(await ask(service, "/runs", own, FULL)).toMatchObject({ status: 409 });
  expect(JSON.parse((await ask(service, `/runs/${id}`, own)).text)).toMatchObject({ id, state: "running" });
});

test("the other site's ops sees and does not begin", async () => {
  const files = {
    ...site.files,
    config: { ...site.files.config, clients: ["ops.dc.lab.internal", "peer.dc.lab.internal"] },
  };
  const service = await start(files);
  const peer = await leaf(secrets, "peer");
  expect(await ask(service, "/drills", peer)).toMatchObject({ status: 200 });
  expect(await ask(service, "/runs", peer, FULL)).toEqual({
    status: 403,
    text: "peer.dc.lab.internal may not begin runs",
  });
});

test("metrics tell of runs, copies, coverage and what waits for the signer; health too", async () => {
  site.signer.fake.away = true;
  // No server of a database is watched here, so the state of the site is not known: care of repositories does not wait for it.
  site.repository.ends = () => ({ report: { report: "care", figures: { forgotten: 2 } } });
  const service = await start();
  const own = await leaf(secrets, "ops");
  const { id } = JSON.parse(
    (await ask(service, "/runs", own, JSON.stringify({ target: "files:ppid", action: "expire" }))).text,
  );
  await vi.waitFor(async () =>
    expect(JSON.parse((await ask(service, `/runs/${id}`, own)).text).state).toBe("succeeded"),
  );
  await vi.waitFor(async () =>
    expect((await ask(service, "/health", own)).text).toContain("1 statements wait for the signer ("),
  );
  const { text: metrics } = await ask(service, "/metrics", own);
  for (const line of [
    'lumbung_job_runs_total{target="files:ppid",action="expire",result="succeeded",site="dc",region="lab"} 1',
    'lumbung_backup_coverage_share{site="dc",region="lab"} 0',
    'lumbung_backup_targets{state="missing",site="dc",region="lab"} 3',
    'lumbung_backup_elsewhere{site="dc",region="lab"} 1',
    'lumbung_evidence_waiting{site="dc",region="lab"} 1',
    'lumbung_evidence_refused{site="dc",region="lab"} 0',
    'lumbung_jobs_under_way{site="dc",region="lab"} 0',
  ])
    expect(metrics.split("\n")).toContain(line);
  expect(metrics).toMatch(
    /^lumbung_job_last_success_timestamp_seconds\{target="files:ppid",action="expire",site="dc",region="lab"\} \d+/m,
  );
});

test("a reload begins jobs and ends them; a volume that cannot be written leaves the eyes open, and says so", async () => {
  const { jobs: _, ...config } = site.files.config;
  const without = { ...site.files, config };
  const service = await start(without);
  const own = await leaf(secrets, "ops");
  expect(await ask(service, "/jobs", own)).toEqual({ status: 404, text: "no backups are declared: ops runs no jobs" });
  await service.reload(async () => site.files);
  expect((await ask(service, "/jobs", own)).status).toBe(200);
  await service.reload(async () => without);
  expect((await ask(service, "/jobs", own)).status).toBe(404);

  await writeFile(join(folder, "file"), "");
  const blind = await start(site.files, join(folder, "file"));
  expect(await ask(blind, "/jobs", own)).toMatchObject({
    status: 503,
    text: expect.stringMatching(/^jobs do not run: E/),
  });
  expect(await ask(blind, "/health", own)).toMatchObject({ status: 503 });
  expect((await ask(blind, "/status", own)).status).toBe(200);
});

/** What a mode prints, and its exit code. */
async function printed(files: OpsFiles, ...words: string[]): Promise<{ code: number; out: string }> {
  const out: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => void out.push(String(line)));
  const code = await (modeOf(words) as Mode).run(files);
  return { code, out: out.join("\n") };
}

test("modes print what the server says, and their exit codes tell whether it could", async () => {
  const service = await start();
  const files = { ...site.files, config: { ...site.files.config, port: service.port } };
  for (const name of ["jobs", "coverage", "drills"]) {
    const { code, out } = await printed(files, name);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ region: "lab", site: "dc" });
  }
  expect(await printed(files, "drill", "nobody")).toEqual({ code: 1, out: "there is no /drills/nobody" });
  expect(await printed(files, "watch", "nobody")).toMatchObject({ code: 1 });
  for (const words of [["drill"], ["watch"], ["watch", "x", "soon"], ["dance"]])
    expect(modeOf(words)).toContain("watch <id> [seconds]");

  // As the operator's command line does it: in a process of its own, asked on standard input.
  const config = join(folder, "config");
  await mkdir(join(config, "tls"), { recursive: true });
  const { tls } = site.files;
  for (const [name, content] of [
    ["ops.json", JSON.stringify(files.config)],
    ["tls/ca.crt", tls.ca],
    ["tls/server.crt", tls.cert],
    ["tls/server.key", tls.key],
  ] as const)
    await writeFile(join(config, name), String(content));
  const run = async (stdin: string, ...words: string[]) => {
    const main = fileURLToPath(new URL("./main.ts", import.meta.url));
    const env = { ...process.env, LUMBUNG_CONFIG: config };
    const child = spawn(process.execPath, ["--import", "tsx", main, ...words], { env });
    child.stdin.end(stdin);
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    return { code: code as number, out: out.trimEnd() };
  };
  expect(await run('{"target":"nobody","action":"full"}', "run")).toMatchObject({
    code: 2,
    out: expect.stringContaining("problems"),
  });
  site.repository.ends = () => ({ report: { report: "care", figures: {} } });
  const begun = await run('{"target":"files:ppid","action":"extend-locks"}', "run");
  expect(begun.code).toBe(0);
  const { id } = JSON.parse(begun.out);
  const watched = await run("", "watch", id);
  expect(watched.code).toBe(0);
  expect(JSON.parse(watched.out.split("\n").at(-1) ?? "") as RunDetailView).toMatchObject({
    ...{ id, action: "extend-locks", state: "succeeded", report: { report: "care" } },
  });
  await service.close();
  services.length = 0;
  expect(await run("", "jobs")).toMatchObject({ code: 3, out: expect.stringContaining("ops does not answer") });
}, 60_000);
