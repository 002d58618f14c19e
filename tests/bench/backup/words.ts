/** Commands of the floors: what a person would type in the drill room, without the drill around it. Pure. */
import { amcheckWords, type Places, restoreWords, serverWords } from "../../../services/backup/drill/postgres-words.ts";
import { restoreWords as resticRestoreWords } from "../../../services/backup/engines/restic.ts";
import { wordsAt } from "../../../services/backup/process.ts";
import type { Copy, TablesProof } from "../../../services/backup/wire.ts";

const CONF = "/run/backup/pgbackrest.conf";
const SCRATCH = "/scratch";

/** As a drill lays its room out. */
export const PLACES: Places = {
  data: `${SCRATCH}/data`,
  tablespaces: `${SCRATCH}/tablespaces`,
  run: `${SCRATCH}/run`,
  config: `${SCRATCH}/postgresql.conf`,
  hba: `${SCRATCH}/pg_hba.conf`,
  ident: `${SCRATCH}/pg_ident.conf`,
};

/** `lowest` is a drill's. */
export type Priority = "lowest" | "normal";

/** Measured inside the container, so that entering it is not. */
const TIMED = 'begun=$EPOCHREALTIME; "$@" >/dev/null || exit; echo "$begun $EPOCHREALTIME"';

/** Runs the words and says when they began and ended. */
export const timedWords = (words: readonly string[], priority: Priority): readonly string[] => [
  ...["bash", "-c", TIMED, "bash"],
  ...wordsAt(words, priority === "lowest" ? priority : undefined),
];

/** Seconds, from the last line of what `timedWords` said. @throws where it is another. */
export function secondsIn(said: string): number {
  const [, begun, ended] = /(\d+\.\d+) (\d+\.\d+)\s*$/.exec(said) ?? [];
  const seconds = Number(ended) - Number(begun);
  if (seconds > 0) return seconds;
  throw new Error(`bench: expected when it began and ended, received ${JSON.stringify(said.slice(-200))}`);
}

/** The same words as the drill's. @param processes Default: as the room's file says. */
export function plainRestoreWords(copy: Copy, { position, timeline = 1 }: TablesProof, processes?: number): string[] {
  const told = { conf: CONF, stanza: "utama", repository: 1, ...(processes === undefined ? {} : { processes }) };
  return restoreWords(told, copy, { kind: "position", position, timeline }, PLACES);
}

export const emptyRoomWords: readonly string[] = ["find", SCRATCH, "-mindepth", "1", "-delete"];
export const makeRoomWords: readonly string[] = ["mkdir", "-m", "0700", PLACES.data, PLACES.run];

/** Files and folders of the room, from tar on standard input. */
export const serverStartWords = (seconds: number): readonly string[] => {
  const [, ...options] = serverWords(PLACES);
  const config = options.slice(options.indexOf("-c")).join(" ");
  return [
    ...["pg_ctl", "start", "--pgdata", PLACES.data, "--options", config],
    ...["--wait", "--timeout", String(seconds), "--log", `${SCRATCH}/log`],
  ];
};

/** A server without hot standby takes none while it replays, which `pg_ctl` does not know. */
export const serverReadyWords: readonly string[] = ["pg_isready", "--quiet", "--host", PLACES.run];

export const serverStopWords: readonly string[] = [
  "pg_ctl",
  "stop",
  "--pgdata",
  PLACES.data,
  "--mode",
  "fast",
  "--wait",
];

/** Every table of every database through one pipe each; of what a drill digests, in the order in which it lies there. */
const SCAN = `
set -euo pipefail
ask() { psql -XAtq -v ON_ERROR_STOP=1 -h "$at" -U postgres -d "$1" -c "$2"; }
at=$1
names=$(ask postgres "select datname from pg_database where datallowconn and not datistemplate")
for name in $names; do
  tables=$(ask "$name" "select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'")
  for table in $tables; do ask "$name" "copy $table to stdout" | sha256sum; done
done`;

export const scanWords: readonly string[] = ["bash", "-c", SCAN, "bash", PLACES.run];
export const plainAmcheckWords: readonly string[] = amcheckWords(PLACES);

/** restic with the site's settings, which are files and addresses. */
export const plainResticWords = (snapshot: string, from: string): readonly string[] => [
  ...["bash", "-c", 'set -a; . /config/current/restic.env; exec "$@"', "bash"],
  ...resticRestoreWords(snapshot, from, SCRATCH),
];

const PGBENCH = ["--host=/run/postgresql", "--username=postgres"];

export const pgbenchLoadWords = (scale: number, database: string): readonly string[] => [
  ...["pgbench", "--initialize", "--quiet", `--scale=${scale}`, ...PGBENCH, database],
];

/** Clients enough that processor and disk have work all the time. */
export const pgbenchWords = (seconds: number, database: string): readonly string[] => [
  ...["pgbench", "--client=4", "--jobs=2", `--time=${seconds}`, "--no-vacuum", ...PGBENCH, database],
];

/** @throws where pgbench said another thing. */
export function transactionsPerSecond(said: string): number {
  const tps = Number(/^tps = ([\d.]+)/m.exec(said)?.[1]);
  if (tps > 0) return tps;
  throw new Error(`pgbench: expected a line "tps = …", received ${JSON.stringify(said.slice(-300))}`);
}

/** A whole copy of the running primary into a folder beside its own, by one process and without compression. */
export const baseBackupWords = (folder: string): readonly string[] => [
  ...["pg_basebackup", "--host=/run/postgresql", "--username=replicator", `--pgdata=${folder}`],
  ...["--format=plain", "--wal-method=fetch", "--checkpoint=fast"],
];
