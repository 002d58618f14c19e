/** Drills of databases in the room: which repository each reads, and how its copies are brought. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { drillMariadb } from "../drill/mariadb.ts";
import type { MariadbDrill } from "../drill/mariadb-words.ts";
import { drillPostgres } from "../drill/postgres.ts";
import type { PostgresDrill } from "../drill/postgres-words.ts";
import type { Room } from "../drill/room.ts";
import { marksOf } from "../engines/restic.ts";
import type { BackupFiles } from "../files.ts";
import { stanzaOf } from "../host/perform.ts";
import { fetchSnapshot, type ResticSettings, snapshots } from "../keep.ts";
import { DATA } from "../manifest.ts";
import type { DrillReport } from "../wire.ts";
import type { Work } from "../work.ts";
import type { Repositories } from "./repositories.ts";

/** What is done while the restored engine takes questions. */
export type PostgresHooks = Pick<PostgresDrill, "beforeProof" | "afterProof">;
export type MariadbHooks = Pick<MariadbDrill, "beforeProof" | "afterProof">;

export function drillPostgresHere(
  work: Work,
  files: BackupFiles,
  room: Room,
  { conf }: Repositories,
  hooks: PostgresHooks,
): Promise<DrillReport> {
  const stanza = stanzaOf(work, files);
  const name = work.order.copy?.class ?? "base";
  const repository = stanza.repositories.find((one) => one.class === name)?.number ?? 1;
  return drillPostgres(work, room, { conf, stanza: stanza.name, repository, ...hooks });
}

export const drillMariadbHere = (
  work: Work,
  room: Room,
  { restic }: Repositories,
  hooks: MariadbHooks,
): Promise<DrillReport> => drillMariadb(work, room, { ...mariadbCopies(work, restic), ...hooks });

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
