/**
 * Takes away what is no longer in force and whose lock has ended, as the one identity that may. It can write nothing, and the store refuses
 * it any version that is locked.
 */
import { versionsBelow } from "../../../io/object-versions.ts";
import type { BackupFiles } from "../files.ts";
import { bucketClient } from "../store.ts";
import type { CareReport } from "../wire.ts";
import type { Work } from "../work.ts";

const DAY_MS = 86_400_000;

export async function prune(work: Work, files: BackupFiles): Promise<CareReport> {
  const { bucket, lockDays } = files.config.store;
  const client = await bucketClient(files, bucket, "prune");
  const reader = await bucketClient(files, bucket);
  const before = work.now().getTime() - lockDays * DAY_MS;
  const figures = { removed: 0, held: 0, versions: 0 };
  // Names that have nothing but their mark left are seen by the next round.
  for await (const { name = "", versionId, lastModified, isLatest, isDeleteMarker } of versionsBelow(
    reader,
    bucket,
    "",
  )) {
    work.signal.throwIfAborted();
    figures.versions += 1;
    const inForce = isLatest === true;
    if (inForce || typeof versionId !== "string") continue;
    if ((lastModified?.getTime() ?? Number.POSITIVE_INFINITY) > before) {
      figures.held += 1;
      continue;
    }
    try {
      await client.removeObject(bucket, name, { versionId });
      figures.removed += isDeleteMarker === true ? 0 : 1;
    } catch (error) {
      // Its lock was extended while it was in force: it goes when that has ended.
      if ((error as { code?: string }).code !== "AccessDenied") throw error;
      figures.held += 1;
    }
    work.phase({ id: `${figures.removed} versi dihapus`, en: `${figures.removed} versions removed` });
  }
  return { report: "care", figures };
}
