/** Restoring a database and files in a drill against the same programs typed by hand, and proving it against the least that could prove it. */
import { stagingFolder } from "../../../services/backup/keep.ts";
import { depositFolder } from "../../../services/backup/sources/deposit.ts";
import type { Bench } from "../bench.ts";
import { parallelFigure, proofFigure, restoreFigure } from "./figures.ts";
import { benchMebibytes, mixedFiles, pgbenchScale } from "./size.ts";
import { type BenchStand, benchStand, FILES_TARGET, type Note, PRIMARY, RECOVERY } from "./stand.ts";
import {
  baseBackupWords,
  emptyRoomWords,
  plainAmcheckWords,
  plainResticWords,
  scanWords,
  secondsIn,
  serverStopWords,
  timedWords,
} from "./words.ts";

const ROUNDS = 3;
const PARALLEL = 4;
/** On the primary's data volume, beside its own folder. */
const BASE_BACKUP = "/var/lib/postgresql/bench-copy";

/** Runs parts of a round the one way and the other by turns: what the first one leaves in the file cache helps each as often. */
async function byTurns(round: number, parts: readonly (() => Promise<void>)[]): Promise<void> {
  for (const part of round % 2 === 0 ? parts : [...parts].reverse()) await part();
}

export const databaseBench: Bench = {
  makes: ["backup.restore.postgresql", "backup.restore.parallel", "backup.proof"],
  measure: async (note) => {
    const bench = await benchStand(note);
    const database = await bench.database(note);
    const seen = { drill: [], plain: [], prove: [], scan: [], amcheck: [], parallel: [], baseBackup: [] } as Record<
      "drill" | "plain" | "prove" | "scan" | "amcheck" | "parallel" | "baseBackup",
      number[]
    >;
    const drills: unknown[] = [];
    let restoredBytes = 0;
    const byHand = async (): Promise<void> => {
      seen.plain.push(await bench.restore(database));
      await bench.startEngine();
      seen.scan.push(await bench.seconds(RECOVERY, scanWords));
      seen.amcheck.push(await bench.seconds(RECOVERY, plainAmcheckWords));
      await bench.inRoom(RECOVERY, serverStopWords);
      await bench.inRoom(RECOVERY, emptyRoomWords);
    };
    const byDrill = async (): Promise<void> => {
      const { copy } = database.report;
      const found = await bench.drill(RECOVERY, bench.databaseOrder({ action: "drill", copy, proof: database.proof }));
      seen.drill.push(found.seconds.fetch);
      seen.prove.push(found.seconds.prove);
      drills.push({ ...found.seconds, rto: found.rtoSeconds });
      restoredBytes = found.bytes;
    };
    const inParallel = async (): Promise<void> => {
      seen.parallel.push(await bench.restore(database, PARALLEL));
      await bench.inRoom(RECOVERY, emptyRoomWords);
    };
    const baseBackup = async (): Promise<void> => void seen.baseBackup.push(await copyPrimary(bench));
    for (let round = 1; round <= ROUNDS; round += 1) {
      note(`round ${round} of ${ROUNDS}: a drill, and its floors`);
      await byTurns(round, [byHand, byDrill]);
      note(`round ${round} of ${ROUNDS}: in parallel, and pg_basebackup`);
      await byTurns(round, [inParallel, baseBackup]);
    }
    // What the lowest priority costs on a machine where others have work, for a reader to see.
    const atNormal = await bench.restore(database, undefined, "normal");
    await bench.inRoom(RECOVERY, emptyRoomWords);
    const { drill, plain, prove, scan, amcheck, parallel } = seen;
    const copiedBytes = Number(
      bench.stand.sql(PRIMARY, "postgres", "select sum(pg_database_size(oid)) from pg_database"),
    );
    const size = { mebibytes: benchMebibytes(), scale: pgbenchScale(benchMebibytes()) };
    return [
      restoreFigure("postgresql", "pgbackrest restore", {
        ...{ drill, plain, bytes: restoredBytes },
        detail: { ...size, plainAtNormalPriority: atNormal, drills },
      }),
      parallelFigure(parallel, seen.baseBackup, { restoredBytes, copiedBytes }),
      proofFigure({ prove, scan, amcheck }, size),
    ];
  },
};

async function copyPrimary(bench: BenchStand): Promise<number> {
  const remove = () => bench.said(PRIMARY, "postgres-utama", ["rm", "-rf", BASE_BACKUP]);
  await remove();
  const seconds = secondsIn(
    await bench.said(PRIMARY, "postgres-utama", timedWords(baseBackupWords(BASE_BACKUP), "normal")),
  );
  await remove();
  return seconds;
}

export const filesBench: Bench = {
  makes: ["backup.restore.files"],
  measure: async (note) => {
    const bench = await benchStand(note);
    const files = mixedFiles(benchMebibytes());
    await makeFiles(bench, files, note);
    note("a backup");
    const { copy, proof } = await bench.backup(PRIMARY, bench.filesOrder({ action: "full" }));
    const [drill, plain, prove]: [number[], number[], number[]] = [[], [], []];
    const byHand = async (): Promise<void> => {
      await bench.inRoom(PRIMARY, emptyRoomWords);
      plain.push(await bench.seconds(PRIMARY, plainResticWords(copy.id, stagingFolder(FILES_TARGET))));
      await bench.inRoom(PRIMARY, emptyRoomWords);
    };
    const byDrill = async (): Promise<void> => {
      const order = bench.filesOrder({ action: "drill", copy, ...(proof ? { proof } : {}) });
      const { seconds } = await bench.drill(PRIMARY, order);
      drill.push(seconds.fetch);
      prove.push(seconds.prove);
    };
    // restic then knows the repository's index, as it does from the second drill on.
    await byHand();
    plain.length = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      note(`round ${round} of ${ROUNDS}`);
      await byTurns(round, [byHand, byDrill]);
    }
    const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
    const detail = { mebibytes: benchMebibytes(), files: files.size, prove };
    return [restoreFigure("files", "restic restore", { drill, plain, bytes, detail })];
  },
};

/** Random content, as what is compressed already or is encrypted: nothing of it is stored twice. */
const MAKE = `
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { randomBytes } = require("node:crypto");
for (const [path, bytes] of JSON.parse(readFileSync(0, "utf8"))) {
  const at = join(process.argv[1], path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, randomBytes(bytes));
}`;

async function makeFiles({ stand }: BenchStand, files: ReadonlyMap<string, number>, note: Note): Promise<void> {
  note(`${files.size} files`);
  const words = ["node", "-e", MAKE, depositFolder(FILES_TARGET)];
  const { code, said } = stand.inside(PRIMARY, "backup", words, JSON.stringify([...files]));
  if (code !== 0) throw new Error(`bench: files at the repository host: ${said}`);
}
