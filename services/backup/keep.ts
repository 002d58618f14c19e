/** One folder becomes a snapshot in the site's restic repository. */
import { join } from "node:path";
import { paths } from "./config.ts";
import {
  backupWords,
  type Marks,
  progressIn,
  restic,
  restoreWords,
  type Snapshot,
  snapshotsIn,
  snapshotsWords,
} from "./engines/restic.ts";
import type { Copy } from "./wire.ts";
import type { Work } from "./work.ts";

/** Where a target's content lies before it is copied: `data/` and `manifest.json`, or what its engine makes. */
export const stagingFolder = (target: string, part = ""): string =>
  join(paths.cache, "staging", target.replaceAll(/[^A-Za-z0-9-]/g, "-"), part);

/** Backs up a folder. @returns the snapshot's id and what was read. @throws ProcessError. */
export async function keepFolder(
  work: Work,
  site: string,
  marks: Marks,
  at: string,
  folder: string,
): Promise<Pick<Copy, "id" | "bytes">> {
  let last: { id?: string; bytes?: number } = {};
  await restic(backupWords(site, marks, at, folder), {
    signal: work.signal,
    onLine: (line) => {
      const said = progressIn(line);
      if (said?.message_type === "status") work.phase(COPYING, said.bytes_done ?? 0, said.total_bytes ?? undefined);
      if (said?.message_type === "summary")
        last = { ...(said.snapshot_id ? { id: said.snapshot_id } : {}), bytes: said.total_bytes_processed ?? 0 };
    },
  });
  if (last.id === undefined) throw new Error("restic backup: ended well and named no snapshot");
  return { id: last.id, bytes: last.bytes ?? 0 };
}

const COPYING = { id: "menyalin ke repositori", en: "copying to the repository" };
const FETCHING = { id: "mengambil dari repositori", en: "fetching from the repository" };

/** Which repository is read: settings that take the place of the site's own. */
export type ResticSettings = Readonly<Record<string, string>>;

/** Snapshots of a target, oldest first; all without one. */
export async function snapshots(
  work: Pick<Work, "signal">,
  target?: string,
  env: ResticSettings = {},
): Promise<Snapshot[]> {
  const { stdout } = await restic(snapshotsWords(true, target), { signal: work.signal, env });
  return snapshotsIn(stdout);
}

/**
 * Restores what `keepFolder` kept into a folder: what was in the backed up one is then in it.
 * @param from the folder that was backed up. Default: as the snapshot says, for which the repository has to be opened once more.
 */
export async function fetchSnapshot(
  work: Work,
  id: string,
  to: string,
  env: ResticSettings = {},
  from?: string,
): Promise<void> {
  await restic(restoreWords(id, from ?? (await pathOf(work, id, env)), to), {
    signal: work.signal,
    env,
    onLine: (line) => {
      const said = progressIn(line);
      if (said?.message_type === "status")
        work.phase(FETCHING, said.bytes_restored ?? 0, said.total_bytes ?? undefined);
    },
  });
}

async function pathOf(work: Work, id: string, env: ResticSettings): Promise<string> {
  const found = (await snapshots(work, undefined, env)).find((one) => one.id === id);
  const [path] = found?.paths ?? [];
  if (path === undefined) throw new Error(`restic: snapshot ${id} is not in the repository`);
  return path;
}
