/** What the repository host does with a MariaDB server: physical copies that its agent streams, and its binary logs. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { neededBackups } from "../../../model/derive/retention.ts";
import { AskError, ask, askText } from "../ask.ts";
import { type MariadbServer, paths, type ToldTarget } from "../config.ts";
import type { Checkpoint } from "../content/checkpoint.ts";
import { mariadbCheckpoint } from "../content/mariadb-checkpoint.ts";
import { copiesIn, marksOf, restic, snapshotsIn, snapshotsWords } from "../engines/restic.ts";
import type { BackupFiles } from "../files.ts";
import { keepFolder, stagingFolder } from "../keep.ts";
import { DATA } from "../manifest.ts";
import { must } from "../process.ts";
import type { BackupReport, CareReport } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";
import { letGo } from "./restic-target.ts";

/** What a physical copy says of itself; the second name is that of servers before 11. */
const CHECKPOINTS = ["mariadb_backup_checkpoints", "xtrabackup_checkpoints"];

export async function backupMariadb(work: Work, files: BackupFiles, server: MariadbServer): Promise<BackupReport> {
  const { action } = work.order;
  // A differential copy would be the same as an incremental one: each rests on the last full copy.
  const rests = action === "full" ? undefined : await lastFull(server.target, work.signal);
  const added = rests === undefined ? undefined : await copyNow(work, files, server, rests);
  // The data folder is another one than that of the last full copy: nothing can be added to that.
  return added ?? (await copyNow(work, files, server, undefined)) ?? failedToCopy(server);
}

function failedToCopy({ agent }: MariadbServer): never {
  throw new Error(`${agent.host}: a full copy has nothing to rest on, and yet was refused`);
}

interface Full {
  readonly id: string;
  readonly lsn: string;
  readonly lineage: string;
}

/** One copy, whole or of what changed since another. Undefined where the server's data are not those that the other was made of. */
async function copyNow(
  work: Work,
  files: BackupFiles,
  server: MariadbServer,
  rests: Full | undefined,
): Promise<BackupReport | undefined> {
  const { target, agent } = server;
  const { signal } = work;
  const type = rests === undefined ? "full" : work.order.action === "differential" ? "differential" : "incremental";
  const at = await stateOf(work, files, server);
  const folder = stagingFolder(target, rests === undefined ? "full" : "incremental");
  const data = join(folder, DATA);
  await rm(folder, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  work.phase({ id: "salinan fisik dari server", en: "physical copy from the server" });
  const path = rests === undefined ? "/clone" : `/clone?since=${rests.lsn}`;
  const stream = await ask({ at: agent, tls: files.tls, method: "POST", path, signal });
  const lineage = lineageOf(stream);
  if (rests !== undefined && rests.lineage !== lineage) {
    stream.destroy();
    return undefined;
  }
  await must(["mbstream", "-x", "-C", data], { signal, stdin: stream });
  if (!stream.complete) throw new Error(`${agent.host}${path}: the copy was cut off`);
  const lsn = await endOf(data);
  const needs = rests === undefined ? [] : [rests.id];
  const { id, bytes } = await keepFolder(work, files.config.site, { target, type, needs, lsn, lineage }, at, folder);
  const checked = await checkpoint(work, files, server);
  // The logs up to the checkpoint: without them the copy could not be restored to it.
  await keepLogs(work, files, server);
  await rm(folder, { recursive: true, force: true });
  return { report: "backup", copy: { id, target, type, at, bytes, needs }, ...checked };
}

/** Of which data folder an answer is: another one after a server was made anew, whose pages and log numbers are others. */
const lineageOf = ({ headers }: IncomingMessage): string => String(headers["x-lumbung-lineage"] ?? "founded");

/** State of the data that is copied now: of a standby that lags, so much earlier. */
async function stateOf(work: Work, files: BackupFiles, { agent }: MariadbServer): Promise<string> {
  const now = work.now();
  const text = await askText({ at: agent, tls: files.tls, method: "GET", path: "/mariadb", signal: work.signal });
  const { lag_seconds: lag = 0 } = JSON.parse(text) as { lag_seconds?: number | null };
  return new Date(now.getTime() - (lag ?? 0) * 1000).toISOString();
}

/** The newest full copy, on which an incremental one rests; undefined: there is none, so a full one is made. */
async function lastFull(target: string, signal: AbortSignal): Promise<Full | undefined> {
  const { stdout } = await restic(snapshotsWords(false, target), { signal });
  const last = snapshotsIn(stdout)
    .filter((one) => marksOf(one).type === "full")
    .at(-1);
  const { lsn, lineage } = last === undefined ? {} : marksOf(last);
  return last && lsn && lineage ? { id: last.id, lsn, lineage } : undefined;
}

async function endOf(data: string): Promise<string> {
  const name = await nameIn(data);
  const text = await readFile(join(data, name), "utf8");
  const [, lsn] = /^to_lsn\s*=\s*(\d+)/m.exec(text) ?? [];
  if (lsn === undefined) throw new Error(`${name}: expected to_lsn, received "${text.slice(0, 100)}"`);
  return lsn;
}

async function nameIn(data: string): Promise<string> {
  const names = await readdir(data);
  const found = CHECKPOINTS.find((one) => names.includes(one));
  if (found === undefined)
    throw new Error(`the physical copy holds none of ${CHECKPOINTS.join(", ")}: it is not whole`);
  return found;
}

function checkpoint(work: Work, { tls }: BackupFiles, { id, server }: MariadbServer): Promise<Checkpoint> {
  const { now, signal, phase } = work;
  const passwordFile = `${paths.config}/mariadb/${id}.password`;
  const onTable = (name: string, done: number, total: number): void =>
    phase({ id: `titik uji: ${name} (${done}/${total} tabel)`, en: `checkpoint: ${name} (${done}/${total} tables)` });
  return mariadbCheckpoint({ server, tls, user: "checkpointer", passwordFile, now, signal, onTable });
}

/** Binary logs up to now: everything that was written before is then in the repository. */
export async function archiveLogs(work: Work, files: BackupFiles, server: MariadbServer): Promise<CareReport> {
  const archivedTo = await stateOf(work, files, server);
  const count = await keepLogs(work, files, server);
  return { report: "care", archivedTo, figures: { logs: count } };
}

/** In the folder of logs: of which data folder they are. */
const LINEAGE = "lineage";

/** @returns how many log files the archive has. @throws WorkFault where logs are missing in between. */
async function keepLogs(work: Work, files: BackupFiles, server: MariadbServer): Promise<number> {
  const folder = stagingFolder(server.target, "logs");
  await mkdir(folder, { recursive: true });
  const at = work.now().toISOString();
  work.phase({ id: "mengambil log biner", en: "bringing binary logs" });
  await bringLogs(work, files, server, folder);
  const names = await logsIn(folder);
  await keepFolder(work, files.config.site, { target: server.target, type: "archive" }, at, folder);
  await forgetOld(folder, names, server.logDays, work.now());
  return names.length;
}

async function bringLogs(work: Work, files: BackupFiles, server: MariadbServer, folder: string): Promise<void> {
  const { agent, id, target } = server;
  const { signal } = work;
  const bring = async (after: string): Promise<string> => {
    const path = `/binlogs?after=${after}`;
    const stream = await ask({ at: agent, tls: files.tls, method: "GET", path, signal });
    const lineage = lineageOf(stream);
    if (after !== "" && lineage !== (await readIfThere(join(folder, LINEAGE)))) {
      stream.destroy();
      throw new OtherLogs(`the server's data were made anew after ${after}`);
    }
    await must(["tar", "-x", "-C", folder], { signal, stdin: stream });
    if (!stream.complete) throw new Error(`${agent.host}${path}: the logs were cut off`);
    return lineage;
  };
  const last = (await logsIn(folder)).at(-1) ?? "";
  try {
    await writeFile(join(folder, LINEAGE), await bring(last));
  } catch (error) {
    const gone = error instanceof OtherLogs || (error instanceof AskError && error.status === 410);
    if (!gone) throw error;
    // Begun again and said; a full copy closes the gap.
    await rm(folder, { recursive: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, LINEAGE), await bring(""));
    if (work.order.action === "full") return;
    const { message } = error as Error;
    throw new WorkFault(
      {
        id: `log biner ${id} terputus (${message}): arsip dimulai lagi; buat salinan penuh: \`lumbung backup run --target ${target} --type full\``,
        en: `binary logs of ${id} have a gap (${message}): the archive begins again; take a full copy: \`lumbung backup run --target ${target} --type full\``,
      },
      { cause: error },
    );
  }
}

class OtherLogs extends Error {
  override readonly name = "OtherLogs";
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

export async function logsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^binlog\.\d{6,9}$/.test(name)).sort();
}

/** By the time of their last change; the newest stays always. */
async function forgetOld(folder: string, names: readonly string[], days: number, now: Date): Promise<void> {
  for (const name of names.slice(0, -1)) {
    const { mtimeMs } = await stat(join(folder, name));
    if (mtimeMs < now.getTime() - days * 86_400_000) await rm(join(folder, name));
  }
}

/** Copies by the declared classes; of the archive one snapshot a day is enough, as each holds all logs that are kept. */
export async function expireMariadb(work: Work, files: BackupFiles, told: ToldTarget): Promise<CareReport> {
  const { stdout } = await restic(snapshotsWords(false, told.id), { signal: work.signal });
  const copies = copiesIn(stdout);
  const archives = snapshotsIn(stdout).filter((one) => marksOf(one).type === "archive");
  const { timezone } = files.config;
  const now = work.now();
  const kept = neededBackups(copies, told.retention, timezone, now).map(({ id }) => id);
  const daily = { daily: Math.max(1, told.retention.daily), weekly: told.retention.weekly, monthly: 0, yearly: 0 };
  const logs = neededBackups(
    archives.map(({ id, time }) => ({ id, at: time })),
    daily,
    timezone,
    now,
  ).map(({ id }) => id);
  const needed = new Set([...kept, ...logs]);
  const all = [...copies, ...archives].map(({ id }) => id);
  return letGo(
    work,
    all.length,
    all.filter((id) => !needed.has(id)),
  );
}
