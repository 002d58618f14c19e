/** What the repository host does with a target that restic keeps. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { neededBackups } from "../../../model/derive/retention.ts";
import type { ToldTarget } from "../config.ts";
import { checkWords, copiesIn, forgetWords, pruneWords, restic, snapshotsWords } from "../engines/restic.ts";
import type { BackupFiles } from "../files.ts";
import { keepFolder, stagingFolder } from "../keep.ts";
import { DATA, writeManifest } from "../manifest.ts";
import { bring } from "../sources/index.ts";
import type { BackupReport, CareReport } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";

/** Brings everything, writes down what there is, and copies that. Every copy of files is whole by itself. */
export async function backupFiles(work: Work, files: BackupFiles): Promise<BackupReport> {
  const { target, action } = work.order;
  const source = files.config.sources.find((one) => one.target === target);
  if (!source)
    throw new WorkFault({
      id: `${target}: tidak ada sumbernya di konfigurasi situs ini`,
      en: `${target}: this site's configuration names no source of it`,
    });
  const at = work.now().toISOString();
  const folder = stagingFolder(target);
  await mkdir(join(folder, DATA), { recursive: true });
  work.phase({ id: `mengambil ${target}`, en: `bringing ${target}` });
  await bring({ source, folder: join(folder, DATA), files, work });
  work.phase({ id: "mencatat isi", en: "writing down what there is" });
  const proof = await writeManifest(folder, at, work.signal);
  const type = action === "full" || action === "differential" ? action : "incremental";
  const { id } = await keepFolder(work, files.config.site, { target, type }, at, folder);
  return { report: "backup", copy: { id, target, type, at, bytes: proof.bytes, needs: [] }, proof };
}

/** Lets go what the retention does not keep, and frees what nothing rests on any more. */
export async function expireSnapshots(work: Work, files: BackupFiles, told: ToldTarget): Promise<CareReport> {
  const { stdout } = await restic(snapshotsWords(false, told.id), { signal: work.signal });
  const copies = copiesIn(stdout);
  const needed = new Set(neededBackups(copies, told.retention, files.config.timezone, work.now()).map(({ id }) => id));
  const old = copies.filter(({ id }) => !needed.has(id)).map(({ id }) => id);
  return letGo(work, copies.length, old);
}

/** Forgets snapshots by name. What they alone hold is marked as deleted; locked versions of it stay until their lock ends. */
export async function letGo(work: Work, all: number, old: readonly string[]): Promise<CareReport> {
  if (old.length > 0) {
    await restic(forgetWords(old), { signal: work.signal });
    work.phase({ id: "membebaskan ruang", en: "freeing room" });
    await restic(pruneWords(), { signal: work.signal });
  }
  return { report: "care", figures: { forgotten: old.length, kept: all - old.length } };
}

/** Reads one slice of everything again. @throws ProcessError with what restic found. */
export async function readRestic(work: Work): Promise<CareReport> {
  const { slice = 1, slices = 1 } = work.order;
  await restic(checkWords(slice, slices), { signal: work.signal });
  return { report: "care", figures: { slice, slices } };
}
