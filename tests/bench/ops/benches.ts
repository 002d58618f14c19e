/**
 * Resident memory of `ops` over 200 backups and drills: the image's own bundle under the image's own flags, with hosts that answer at once
 * with reports of 500 tables, so that what takes weeks takes minutes.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../../io/images-bundles.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import type { BackupReport } from "../../../services/backup/wire.ts";
import type { Target } from "../../../services/ops/config.ts";
import type { OpsFiles } from "../../../services/ops/files.ts";
import { call } from "../../../services/ops/jobs/call.ts";
import { Fake, type FakeSite, fakeSite, leaf, siteSecrets } from "../../../services/ops/jobs/testing/site.ts";
import type { JobsView } from "../../../services/ops/jobs/views.ts";
import { eventually } from "../../lab/support/eventually.ts";
import type { Bench } from "../bench.ts";
import { opsFigures } from "./figures.ts";
import { KEPT, madeBackup, madeBackups, madeDrill, TABLES, TARGETS, targetId } from "./made.ts";

const RUNS = 200;
const POLICY = "menerus";
/** Of images/node/usr/local/lib/lumbung/start, with what components/ops gives it where there are jobs. */
const FLAGS = ["--max-old-space-size=64", "--max-semi-space-size=1"];
const SECONDS = 60;

export const opsBench: Bench = {
  makes: ["ops.memory", "ops.growth"],
  measure: async (note) => {
    const folder = await mkdtemp(join(tmpdir(), "lumbung-bench-ops-"));
    try {
      return opsFigures(await measure(folder, note), { targets: TARGETS, tablesEach: TABLES, flags: FLAGS });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(folder: string, note: (text: string) => void): Promise<number[]> {
  const secrets = await siteSecrets();
  const site = await fakeSite(secrets);
  // By whom `ops` knows that its site is the active one.
  const primary = new Fake(secrets, await leaf(secrets, "postgres-utama"), "postgres-utama", (_, __, outgoing) =>
    outgoing.end(JSON.stringify({ state: "running", role: "primary", timeline: 3 })),
  );
  try {
    behave(site);
    const database = { site: "dc", workload: "postgres-utama", kind: "postgresql", probe: "patroni" } as const;
    const files = filesOf(site.files, { ...database, ...(await primary.listen()) }, await freePort());
    return await whileServing(folder, files, (pid) => followRuns(files, pid, note));
  } finally {
    primary.close();
    site.close();
  }
}

/** Every backup becomes a copy that is listed, and every run ends as soon as it begins. */
function behave({ repository, room }: FakeSite): void {
  let made = Date.now() - 86_400_000;
  const reports = new Map<string, BackupReport[]>();
  repository.ends = (order) => {
    if (order.action !== "full") return { report: { report: "care", figures: {} } };
    made += 1000;
    const report = madeBackup(order, new Date(made));
    reports.set(order.target, [...(reports.get(order.target) ?? []), report].slice(-KEPT));
    repository.copies = { copies: [...reports.values()].flat().map(({ copy }) => copy), unknown: {} };
    return { report };
  };
  room.ends = (order) =>
    order.action === "drill" ? { report: madeDrill(order) } : { report: { report: "care", figures: {} } };
}

type Files = FakeSite["files"];

function filesOf({ config, tls }: Files, target: Target, port: number): Files {
  const { jobs } = config;
  const backups = madeBackups(jobs.backups, POLICY);
  return { tls, config: { ...config, port, targets: [target], jobs: { ...jobs, backups } } };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("ops: expected a port, received none");
  return address.port;
}

/** Starts the bundle as the image does, and ends it. @throws what it said where it ended before. */
async function whileServing<Value>(
  folder: string,
  { config, tls }: OpsFiles,
  work: (pid: number) => Promise<Value>,
): Promise<Value> {
  const [program] = await bundle(REPOSITORY, { "ops.mjs": "services/ops/main.ts" });
  if (!program) throw new Error("ops: expected a bundle, received none");
  await mkdir(join(folder, "config", "tls"), { recursive: true });
  const files = {
    "ops.json": JSON.stringify(config),
    "tls/ca.crt": tls.ca,
    "tls/server.crt": tls.cert,
    "tls/server.key": tls.key,
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, "config", name), String(content), { mode: 0o600 });
  await writeFile(join(folder, "ops.mjs"), program.content);
  const child = spawn(process.execPath, [...FLAGS, join(folder, "ops.mjs")], {
    env: { PATH: process.env.PATH, LUMBUNG_CONFIG: join(folder, "config"), LUMBUNG_DATA: join(folder, "data") },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const ended = once(child, "close");
  const early = ended.then(([code]) => {
    throw new Error(`ops: ended with exit code ${code} in the middle of the bench\n${said.join("").slice(-2000)}`);
  });
  // It is in the race below; when that is over nobody waits for it any more.
  early.catch(() => undefined);
  try {
    return await Promise.race([work(child.pid ?? 0), early]);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

/** Begins backups and drills by turns, one after the other. @returns resident bytes after each. */
async function followRuns({ config, tls }: OpsFiles, pid: number, note: (text: string) => void): Promise<number[]> {
  const peer = { host: config.name, address: "127.0.0.1", port: config.port };
  const jobs = async (): Promise<JobsView> =>
    JSON.parse((await call(peer, tls, { method: "GET", path: "/jobs" })).text) as JobsView;
  await eventually("ops at its port, and its site's state", SECONDS, async () => {
    const status = JSON.parse((await call(peer, tls, { method: "GET", path: "/status" })).text) as { state: string };
    return status.state === "active" ? true : undefined;
  });
  const resident: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    if (run % 20 === 0) note(`run ${run} of ${RUNS}`);
    // Each target's backup, then each one's drill, and so on.
    const action = Math.floor(run / TARGETS) % 2 === 0 ? "full" : "drill";
    const body = JSON.stringify({ target: targetId((run % TARGETS) + 1), action });
    const id = await eventually(`${action} begins`, SECONDS, async () => {
      const { status, text } = await call(peer, tls, { method: "POST", path: "/runs", body });
      if (status !== 202) throw new Error(`${body}: ${status} ${text}`);
      return (JSON.parse(text) as { id: string }).id;
    });
    await eventually(`run ${id} ends`, SECONDS, async () => {
      const { status, text } = await call(peer, tls, { method: "GET", path: `/runs/${id}` });
      const { state } = JSON.parse(text) as { state: string };
      if (status !== 200 || (state !== "running" && state !== "succeeded"))
        throw new Error(`${body}: ${status} ${text.slice(0, 500)}`);
      return state === "succeeded" ? true : undefined;
    });
    resident.push(await residentBytes(pid));
  }
  await eventually("every statement is signed", SECONDS, async () =>
    (await jobs()).evidence.waiting === 0 ? true : undefined,
  );
  return resident;
}

/** `VmRSS` of proc(5). @throws where it is not told. */
async function residentBytes(pid: number): Promise<number> {
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);
  if (kibibytes > 0) return kibibytes * 1024;
  throw new Error(`/proc/${pid}/status: expected VmRSS, received none`);
}
