/** A drill of a whole application: the drill of its database, and on the engine that runs then its files and itself. */
import { drillWhole } from "../application/whole.ts";
import type { ToldApplication } from "../config.ts";
import type { Findings } from "../drill/course.ts";
import type { Room } from "../drill/room.ts";
import type { BackupFiles } from "../files.ts";
import type { DrillReport, OrderPart } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";
import { drillMariadbHere, drillPostgresHere } from "./databases.ts";
import { drillFiles } from "./files.ts";
import type { Repositories } from "./repositories.ts";

/** @throws WorkFault where the order or this site's configuration does not say what is needed. */
export async function drillApplication(
  work: Work,
  files: BackupFiles,
  room: Room,
  repositories: Repositories,
): Promise<DrillReport> {
  const told = toldOf(work, files);
  const { parts = [] } = work.order;
  const [database, kept] = parts;
  if (database === undefined) throw noDatabase(work);
  const ofDatabase = partOf(work, database);
  const afterProof = (socket: string, findings: Findings): Promise<void> =>
    drillWhole(
      {
        ...{ work, room, told, database },
        ...(kept ? { files: kept } : {}),
        drillFiles: (folder) => drillFiles(partOf(work, kept ?? database), files, folder, repositories.restic),
      },
      socket,
      findings,
    );
  const report = await restored(ofDatabase, database, files, room, repositories, afterProof);
  return { ...report, parts: parts.map(({ target, copy, apartSeconds }) => ({ target, copy, apartSeconds })) };
}

function restored(
  work: Work,
  { engine }: OrderPart,
  files: BackupFiles,
  room: Room,
  repositories: Repositories,
  afterProof: (socket: string, findings: Findings) => Promise<void>,
): Promise<DrillReport> {
  switch (engine) {
    case "pgbackrest":
      return drillPostgresHere(work, files, room, repositories, { afterProof });
    case "mariadb-backup":
      return drillMariadbHere(work, room, repositories, { afterProof });
    default:
      throw noDatabase(work);
  }
}

/** The same run, as if one part of it had been ordered by itself. */
export function partOf(work: Work, { target, engine, copy, proof }: OrderPart): Work {
  const { proof: _, parts: __, class: ___, ...order } = work.order;
  return {
    ...work,
    order: {
      ...order,
      target,
      engine,
      copy,
      ...(copy.class ? { class: copy.class } : {}),
      ...(proof ? { proof } : {}),
    },
  };
}

function toldOf({ order }: Work, { config }: BackupFiles): ToldApplication {
  const found = config.applications?.find(({ id }) => id === order.target);
  if (found) return found;
  throw new WorkFault({
    id: `${order.target}: ruang latihan situs ini tidak tahu aplikasi itu; jalankan \`lumbung up\``,
    en: `${order.target}: this site's drill room does not know that application; run \`lumbung up\``,
  });
}

const noDatabase = ({ order }: Work): WorkFault =>
  new WorkFault({
    id: `${order.target}: perintah latihan tidak menyebut salinan basis datanya`,
    en: `${order.target}: the drill's order names no copy of its database`,
  });
