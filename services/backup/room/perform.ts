/** Which order is done how in the drill room. Whatever comes of it, the room is empty again afterwards. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../config.ts";
import { drillMariadb } from "../drill/mariadb.ts";
import type { MariadbDrill } from "../drill/mariadb-words.ts";
import { drillPostgres } from "../drill/postgres.ts";
import { Room } from "../drill/room.ts";
import { marksOf } from "../engines/restic.ts";
import type { BackupFiles } from "../files.ts";
import { stanzaOf } from "../host/perform.ts";
import { fetchSnapshot, type ResticSettings, snapshots } from "../keep.ts";
import { DATA } from "../manifest.ts";
import { atLowestPriority } from "../process.ts";
import type { DrillReport, Report } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";
import { drillFiles } from "./files.ts";
import { prune } from "./prune.ts";
import { type Repositories, repositoriesOf } from "./repositories.ts";
import { dumpMariadb, dumpPostgres, emptyRestored, keepFiles } from "./restore.ts";

/**
 * A drill goes behind everything else on the machine. A restore does not, as somebody waits for it, nor does pruning, which backups wait for.
 * @throws WorkFault, or whatever went wrong.
 */
export function performInRoom(work: Work, files: BackupFiles): Promise<Report> {
  return work.order.action === "drill" ? atLowestPriority(() => perform(work, files)) : perform(work, files);
}

async function perform(work: Work, files: BackupFiles): Promise<Report> {
  const { action, target, imported } = work.order;
  if (action === "prune") return prune(work, files);
  if (action !== "drill" && action !== "restore")
    throw new WorkFault({
      id: `${target}: "${action}" tidak dikerjakan di ruang latihan`,
      en: `${target}: "${action}" is not done in the drill room`,
    });
  const room = new Room(paths.scratch);
  const repositories = await repositoriesOf(imported);
  const keep = action === "restore" ? await emptyRestored(target) : undefined;
  await room.empty();
  try {
    const report = await drill(work, files, room, repositories, keep);
    await room.empty();
    return { ...report, left: await room.left() };
  } finally {
    await Promise.all([room.empty(), repositories.close()]);
  }
}

/** @param keep where what was restored is kept; a drill keeps nothing. */
async function drill(
  work: Work,
  files: BackupFiles,
  room: Room,
  { conf, restic }: Repositories,
  keep: string | undefined,
): Promise<DrillReport> {
  switch (work.order.engine) {
    case "pgbackrest": {
      const stanza = stanzaOf(work, files);
      const name = work.order.copy?.class ?? "base";
      const repository = stanza.repositories.find((one) => one.class === name)?.number ?? 1;
      const beforeProof = keep === undefined ? {} : { beforeProof: (at: string) => dumpPostgres(work, at, keep) };
      return drillPostgres(work, room, { conf, stanza: stanza.name, repository, ...beforeProof });
    }
    case "mariadb-backup": {
      const beforeProof = keep === undefined ? {} : { beforeProof: (at: string) => dumpMariadb(work, at, keep) };
      return drillMariadb(work, room, { ...mariadbCopies(work, restic), ...beforeProof });
    }
    default: {
      const report = await drillFiles(work, files, room.folder, restic);
      if (keep !== undefined) await keepFiles(room.path(DATA), keep);
      return report;
    }
  }
}

/** How a physical copy and the logs after it are brought, as `drillMariadb` wants them. */
function mariadbCopies(work: Work, restic: ResticSettings): Pick<MariadbDrill, "fetch" | "binlogs"> {
  const { target, copy, proof, until } = work.order;
  const place = async (id: string, folder: string): Promise<void> => {
    const whole = `${folder}.whole`;
    await mkdir(whole, { recursive: true });
    await fetchSnapshot(work, id, whole, restic);
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, ".."), { recursive: true });
    await rename(join(whole, DATA), folder);
    await rm(whole, { recursive: true });
  };
  return {
    fetch: async (id, folder) => {
      const [base] = copy?.needs ?? [];
      if (base === undefined) return place(id, folder);
      await place(base, join(folder, "full"));
      await place(id, join(folder, "incremental"));
    },
    binlogs: async (folder) => {
      const archives = (await snapshots(work, target, restic)).filter((one) => marksOf(one).type === "archive");
      // The first archive made after the checkpoint holds everything up to it; for anything later the newest is wanted.
      const after = until === undefined && proof ? Date.parse(proof.at) : Number.POSITIVE_INFINITY;
      const found = archives.find(({ time }) => Date.parse(time) >= after - 1000) ?? archives.at(-1);
      if (!found) return [];
      await mkdir(folder, { recursive: true });
      await fetchSnapshot(work, found.id, folder, restic);
      const names = (await readdir(folder)).filter((name) => /^binlog\.\d{6,9}$/.test(name)).sort();
      return names.map((name) => join(folder, name));
    },
  };
}
