/** Commands and files of a PostgreSQL drill. Pure. */
import type { Copy, RunOrder } from "../wire.ts";
import type { Findings } from "./course.ts";

export interface PostgresDrill {
  /** pgbackrest.conf of the drill room: repositories alone, as a server in it would be taken for the one to restore to. */
  readonly conf: string;
  readonly stanza: string;
  /** pgBackRest's number of the repository. */
  readonly repository: number;
  /** Files that are fetched at the same time. Default: as the file says. */
  readonly processes?: number;
  /** Folder of PostgreSQL's programs. Default: `/usr/lib/postgresql/17/bin`. */
  readonly programs?: string;
  /** For tests: done on the restored copy before it is compared. */
  readonly beforeProof?: (socketFolder: string) => Promise<void>;
  /** Done once all is compared and checked, while the engine still takes questions: what writes changes nothing of the proof then. */
  readonly afterProof?: (socketFolder: string, findings: Findings) => Promise<void>;
}

export const PROGRAMS = "/usr/lib/postgresql/17/bin";

/** What the copy is restored to. */
export type Target =
  | { readonly kind: "position"; readonly position: string; readonly timeline: number }
  | { readonly kind: "moment"; readonly until: string }
  | { readonly kind: "end" };

/** A moment that was asked for goes before a proof, which stands at another. */
export function targetOf({ until, proof }: Pick<RunOrder, "until" | "proof">): Target {
  if (until !== undefined) return { kind: "moment", until };
  if (proof?.proof === "tables" && proof.engine === "postgresql" && proof.timeline !== undefined)
    return { kind: "position", position: proof.position, timeline: proof.timeline };
  return { kind: "end" };
}

export interface Places {
  readonly data: string;
  readonly tablespaces: string;
  readonly run: string;
  readonly config: string;
  readonly hba: string;
  readonly ident: string;
}

export function restoreWords(told: PostgresDrill, copy: Pick<Copy, "id">, target: Target, places: Places): string[] {
  return [
    "pgbackrest",
    `--config=${told.conf}`,
    `--stanza=${told.stanza}`,
    `--repo=${told.repository}`,
    `--set=${copy.id}`,
    `--pg1-path=${places.data}`,
    `--tablespace-map-all=${places.tablespaces}`,
    "--archive-mode=off",
    "--log-level-console=warn",
    "--log-level-file=off",
    ...(told.processes === undefined ? [] : [`--process-max=${told.processes}`]),
    ...targetWords(target),
    "restore",
  ];
}

function targetWords(target: Target): string[] {
  switch (target.kind) {
    case "position":
      // Exclusive: the position is the end of the last record that is wanted.
      return [
        "--type=lsn",
        `--target=${target.position}`,
        "--target-exclusive",
        `--target-timeline=${target.timeline}`,
        "--target-action=promote",
      ];
    case "moment":
      return ["--type=time", `--target=${momentOf(target.until)}`, "--target-action=promote"];
    case "end":
      return ["--type=default"];
  }
}

/** As pgBackRest and PostgreSQL take it: `2026-11-25 18:53:46.420+00`. @throws RangeError where it is no moment. */
export const momentOf = (until: string): string => new Date(until).toISOString().replace("T", " ").replace("Z", "+00");

/** Settings that a restored copy must have as the copied server had them, or more. From `pg_controldata`. */
export interface ControlData {
  readonly checksums: boolean;
  readonly commitTimestamps: boolean;
  readonly maxPreparedTransactions: number;
  readonly maxLocksPerTransaction: number;
}

/** @throws Error where a line is missing. */
export function readControlData(output: string): ControlData {
  const value = (label: string): string => {
    const line = output.split("\n").find((one) => one.startsWith(`${label}:`));
    if (line === undefined) throw new Error(`pg_controldata: expected a line "${label}:", received none`);
    return line.slice(label.length + 1).trim();
  };
  return {
    checksums: value("Data page checksum version") !== "0",
    commitTimestamps: value("track_commit_timestamp setting") === "on",
    maxPreparedTransactions: Number(value("max_prepared_xacts setting")),
    maxLocksPerTransaction: Number(value("max_locks_per_xact setting")),
  };
}

/**
 * The whole postgresql.conf of a restored copy: it listens to its own folder alone, sends and archives nothing, follows nobody,
 * loads nothing and runs nothing by itself. Without hot standby it takes questions when it is promoted and not before, and needs no more connections
 * than it has.
 */
export function roomConf(control: ControlData, places: Places): string {
  const settings: Readonly<Record<string, string | number>> = {
    archive_command: "",
    archive_library: "",
    archive_mode: "off",
    autovacuum: "off",
    event_triggers: "off",
    external_pid_file: "",
    hba_file: places.hba,
    hot_standby: "off",
    ident_file: places.ident,
    jit: "off",
    lc_messages: "C",
    listen_addresses: "",
    local_preload_libraries: "",
    log_destination: "stderr",
    log_startup_progress_interval: "10s",
    logging_collector: "off",
    max_connections: 20,
    max_locks_per_transaction: Math.max(256, control.maxLocksPerTransaction),
    // Subscriptions come along in the copy, and would connect to where they come from.
    max_logical_replication_workers: 0,
    max_parallel_workers: 0,
    max_prepared_transactions: control.maxPreparedTransactions,
    max_wal_senders: 0,
    max_wal_size: "256MB",
    max_worker_processes: 2,
    primary_conninfo: "",
    primary_slot_name: "",
    session_preload_libraries: "",
    shared_buffers: "64MB",
    shared_preload_libraries: "",
    ssl: "off",
    timezone: "UTC",
    track_commit_timestamp: control.commitTimestamps ? "on" : "off",
    unix_socket_directories: places.run,
    unix_socket_permissions: "0700",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${literal(value)}`);
  return [...lines, ""].join("\n");
}

const literal = (value: string | number): string =>
  typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;

/** Whoever runs the drill may be the superuser and any other role, as an application that is started is its own; nobody else is anyone. */
export const roomHba = "local all all peer map=room\n";
export const roomIdent = (systemUser: string): string => `room "${systemUser}" all\n`;

/** Of postgresql.auto.conf what pgBackRest wrote: how the log is fetched and up to where. What ALTER SYSTEM set on the copied server goes. */
export function recoveryLines(autoConf: string): string {
  const lines = autoConf.split("\n").filter((line) => /^(restore_command|recovery_target\w*)\s*=/.test(line));
  return [...lines, ""].join("\n");
}

export const serverWords = ({ data, config }: Places, programs = PROGRAMS): string[] => [
  `${programs}/postgres`,
  "-D",
  data,
  "-c",
  `config_file=${config}`,
];

export const controlDataWords = ({ data }: Places, programs = PROGRAMS): string[] => [
  `${programs}/pg_controldata`,
  data,
];

/** Indexes against their tables, and tables for themselves. The extension that it needs is made in the restored copy alone. */
export const amcheckWords = ({ run }: Places, programs = PROGRAMS): string[] => [
  `${programs}/pg_amcheck`,
  `--host=${run}`,
  "--username=postgres",
  "--no-password",
  "--all",
  "--install-missing",
  "--heapallindexed",
];

export const checksumWords = ({ data }: Places, programs = PROGRAMS): string[] => [
  `${programs}/pg_checksums`,
  "--check",
  "-D",
  data,
];
