/** A made region's backups and what its hosts report: as many targets and tables as a government of some dozen applications has. Pure. */
import type { BackupModel, BackupTarget } from "../../../model/types.ts";
import type { BackupReport, Copy, DrillReport, RunOrder, TableDigest } from "../../../services/backup/wire.ts";

/** Database servers, each a target. */
export const TARGETS = 20;
/** In each of them. */
export const TABLES = 500;
/** Copies of each target that stay listed. */
export const KEPT = 14;

export const targetId = (number: number): string => `postgresql:server-${number}`;

/** The model's own policies, over these targets at each site. */
export function madeBackups(backup: BackupModel, policy: string): BackupModel {
  const target = (number: number, site: string): BackupTarget => ({
    ...{ id: targetId(number), kind: "postgresql", site, policy, engine: "pgbackrest", rpoSeconds: 86_400 },
  });
  const numbers = Array.from({ length: TARGETS }, (_, index) => index + 1);
  return { ...backup, targets: ["dc", "drc"].flatMap((site) => numbers.map((number) => target(number, site))) };
}

const table = (target: string, number: number): TableDigest => ({
  name: `${target.replace(":", "_")}.public.tabel_layanan_${number}`,
  rows: number * 1000,
  sha256: number.toString(16).padStart(64, "0"),
});

const tables = (target: string): TableDigest[] =>
  Array.from({ length: TABLES }, (_, index) => table(target, index + 1));

/** @param at one moment for each copy: the newest is the last. */
export function madeBackup({ target }: Pick<RunOrder, "target">, at: Date): BackupReport {
  const moment = at.toISOString();
  const copy: Copy = {
    id: `${moment.replaceAll(/\D/g, "").slice(0, 17)}F`,
    ...{
      target,
      type: "full",
      class: "base",
      at: moment,
      bytes: 5e10,
      needs: [],
      stopPosition: "1A/2B000100",
      timeline: 3,
    },
  };
  const proof = {
    proof: "tables",
    engine: "postgresql",
    at: moment,
    position: "1A/2B000100",
    timeline: 3,
    tables: tables(target),
  } as const;
  return { report: "backup", copy, proof };
}

/** Everything as it was. @throws where the order names no copy. */
export function madeDrill({ target, copy, choice }: RunOrder): DrillReport {
  if (!copy) throw new Error(`${target}: expected a drill with a copy, received none`);
  return {
    ...{
      report: "drill",
      copy,
      proven: "exactly",
      passed: true,
      restoredTo: copy.at,
      bytes: copy.bytes,
      rtoSeconds: 640,
    },
    ...(choice ? { choice } : {}),
    seconds: { find: 1, fetch: 600, restore: 20, replay: 19, prove: 500 },
    compared: tables(target).map(({ name, rows, sha256 }) => ({
      ...{ name, rows, same: true, expected: sha256, received: sha256 },
    })),
    checks: [
      { name: "pg_amcheck", ok: true, detail: "all tables and indexes" },
      { name: "page checksums", ok: true, detail: "6553600 blocks" },
    ],
    left: [],
  };
}
