/** Which order is done how in the drill room. Whatever comes of it, the room is empty again afterwards. */
import { paths } from "../config.ts";
import { Room } from "../drill/room.ts";
import type { BackupFiles } from "../files.ts";
import { GivingWay } from "../giving-way.ts";
import { DATA } from "../manifest.ts";
import { atLowestPriority } from "../process.ts";
import type { DrillReport, Report } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";
import { drillApplication } from "./application.ts";
import { drillMariadbHere, drillPostgresHere } from "./databases.ts";
import { drillFiles } from "./files.ts";
import { prune } from "./prune.ts";
import { type Repositories, repositoriesOf } from "./repositories.ts";
import { dumpMariadb, dumpPostgres, emptyRestored, keepFiles } from "./restore.ts";

/**
 * A drill goes behind everything else on the machine. A restore does not, as somebody waits for it, nor does pruning, which backups wait for.
 * @throws WorkFault, or whatever went wrong.
 */
export async function performInRoom(work: Work, files: BackupFiles): Promise<Report> {
  return work.order.action === "drill" ? behindOthers(work, (told) => perform(told, files)) : perform(work, files);
}

/** Nothing is restored while a drill stands still, and a restore never does: its figures are without that time, which is told besides. */
export async function behindOthers(
  work: Work,
  drilled: (work: Work) => Promise<Report>,
  giving = new GivingWay({ awaited: work.awaited }),
): Promise<Report> {
  const seconds = (): number => work.seconds() - giving.stoodMs / 1000;
  const report = await atLowestPriority(() => drilled({ ...work, seconds }), giving);
  return report.report === "drill" ? { ...report, standingSeconds: giving.stoodMs / 1000 } : report;
}

async function perform(work: Work, files: BackupFiles): Promise<Report> {
  const { action, target, imported } = work.order;
  if (action === "prune") return prune(work, files);
  // An application is handed out as what it consists of: its database and its files, each by itself.
  if ((action !== "drill" && action !== "restore") || (action === "restore" && work.order.engine === "application"))
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
  repositories: Repositories,
  keep: string | undefined,
): Promise<DrillReport> {
  switch (work.order.engine) {
    case "pgbackrest":
      return drillPostgresHere(
        work,
        files,
        room,
        repositories,
        keep === undefined ? {} : { beforeProof: (at) => dumpPostgres(work, at, keep) },
      );
    case "mariadb-backup":
      return drillMariadbHere(
        work,
        room,
        repositories,
        keep === undefined ? {} : { beforeProof: (at) => dumpMariadb(work, at, keep) },
      );
    case "application":
      return drillApplication(work, files, room, repositories);
    default: {
      const report = await drillFiles(work, files, room.folder, repositories.restic);
      if (keep !== undefined) await keepFiles(room.path(DATA), keep);
      return report;
    }
  }
}
