/** Commands and files of a MariaDB drill. Pure. */
import type { Findings } from "./course.ts";

export interface MariadbDrill {
  /** Brings a copy into a folder, unpacked; of an incremental one `full` and `incremental` below it. @throws WorkFault. */
  readonly fetch: (copyId: string, folder: string) => Promise<void>;
  /** Brings the binary logs from the copy on into a folder; their paths in order. */
  readonly binlogs: (folder: string) => Promise<string[]>;
  /** For tests: done on the restored copy before it is compared. */
  readonly beforeProof?: (socket: string) => Promise<void>;
  /** Done once all is compared and checked, while the engine still takes questions: what writes changes nothing of the proof then. */
  readonly afterProof?: (socket: string, findings: Findings) => Promise<void>;
}

export interface Places {
  /** What was fetched. */
  readonly copy: string;
  /** What is prepared and started: the copy itself, or its `full`. */
  readonly data: string;
  /** Of an incremental copy. */
  readonly incremental?: string;
  readonly binlogs: string;
  readonly run: string;
  readonly tmp: string;
  readonly socket: string;
  readonly initFile: string;
}

/** Bytes: the longest event of a binary log. */
const PACKET = 1024 * 1024 * 1024;

/** One after another. An incremental copy is laid over the full one, which then is what it was made of. */
export function prepareWords({ data, incremental }: Places): string[][] {
  const prepare = ["mariadb-backup", "--no-defaults", "--prepare", "--use-memory=128M", `--target-dir=${data}`];
  return incremental === undefined ? [prepare] : [prepare, [...prepare, `--incremental-dir=${incremental}`]];
}

/** Settings without which InnoDB's files cannot be opened: they come along with the copy, all others stay behind. */
const OF_THE_COPY = ["innodb_data_file_path", "innodb_page_size", "innodb_undo_tablespaces"] as const;

/** From `backup-my.cnf`, as words. */
export function innodbWords(backupCnf: string): string[] {
  return OF_THE_COPY.flatMap((name) => {
    const value = new RegExp(`^${name}=(.+)$`, "m").exec(backupCnf)?.[1]?.trim();
    return value === undefined ? [] : [`--${name.replaceAll("_", "-")}=${value}`];
  });
}

/** No network, no log of its own, follows nobody, runs no events: what it says and does stays in the room. */
export const serverWords = (places: Places, innodb: readonly string[]): string[] => [
  "mariadbd",
  "--no-defaults",
  `--datadir=${places.data}`,
  `--socket=${places.socket}`,
  `--pid-file=${places.run}/mariadbd.pid`,
  `--tmpdir=${places.tmp}`,
  `--init-file=${places.initFile}`,
  `--secure-file-priv=${places.tmp}`,
  "--skip-networking",
  "--skip-slave-start",
  "--skip-log-bin",
  "--event-scheduler=OFF",
  "--local-infile=OFF",
  "--performance-schema=OFF",
  "--character-set-server=utf8mb4",
  "--collation-server=utf8mb4_unicode_ci",
  "--innodb-buffer-pool-size=64M",
  `--max-allowed-packet=${PACKET}`,
  ...innodb,
];

/**
 * Whoever runs the drill is let in by the kernel's word, and may do everything. Starting without accounts would be simpler, but statements about
 * accounts, which are in the log too, would fail then.
 */
export function initFile(systemUser: string): string {
  const account = `'${systemUser.replaceAll("'", "''")}'@'localhost'`;
  return [
    `CREATE OR REPLACE USER ${account} IDENTIFIED VIA unix_socket;`,
    `GRANT ALL PRIVILEGES ON *.* TO ${account} WITH GRANT OPTION;`,
    "",
  ].join("\n");
}

const client = ({ socket }: Places, user: string): string[] => [
  "--no-defaults",
  "--skip-ssl",
  `--socket=${socket}`,
  `--user=${user}`,
];

export interface Replay {
  /** GTID position of the copy, without what stays as it is. */
  readonly start: string;
  /** Up to and with it; empty: up to the end or the moment. */
  readonly stop: string;
  readonly until?: string;
}

export const binlogWords = ({ start, stop, until }: Replay, files: readonly string[]): string[] => [
  "mariadb-binlog",
  "--no-defaults",
  ...(start === "" ? [] : [`--start-position=${start}`]),
  ...(stop === "" ? [] : [`--stop-position=${stop}`]),
  ...(until === undefined ? [] : [`--stop-datetime=${secondOf(until)}`]),
  ...files,
];

/** As the program takes it, in UTC: it stops before the first transaction of that second. @throws RangeError where it is no moment. */
export const secondOf = (until: string): string => new Date(until).toISOString().slice(0, 19).replace("T", " ");

export const replayWords = (places: Places, user: string): string[] => [
  "mariadb",
  ...client(places, user),
  "--batch",
  "--binary-mode",
  `--max-allowed-packet=${PACKET}`,
];

export const checkWords = (places: Places, user: string): string[] => [
  "mariadb-check",
  ...client(places, user),
  "--all-databases",
  "--check",
  "--extended",
  "--silent",
];

/** Tables that the check complains of, each with what it says; its exit code is 0 also then. Notes are none: an engine that can't be checked. */
export function complaints(output: string): string[] {
  let table = "";
  const found: string[] = [];
  for (const line of output.split("\n")) {
    const said = /^(\w+) *: (.*)$/.exec(line);
    if (said === null) table = line.trim() === "" ? table : line.trim();
    else if (!/^(note|status|info)$/i.test(said[1] ?? "")) found.push(`${table}: ${said[2]}`);
  }
  return found;
}

/** Third column of what mariadb-backup noted; empty where nothing was logged. */
export const notedPosition = (info: string): string => (info.split("\n")[0] ?? "").split("\t")[2]?.trim() ?? "";
