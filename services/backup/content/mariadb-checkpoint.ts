/** A digest checkpoint of a running MariaDB server, in whatever role: its consistent snapshot knows its position in the binary log. */
import { readFile } from "node:fs/promises";
import type { Reached } from "../config.ts";
import type { TablesProof } from "../wire.ts";
import { type Checkpoint, TryAgain, tryCheckpoint } from "./checkpoint.ts";
import { furthest } from "./gtid.ts";
import { ask, errorNumber, type Mariadb, openOverTls } from "./mariadb-connection.ts";
import { digestMariadb } from "./mariadb-digest.ts";
import type { Tls } from "./postgres-connection.ts";

export interface MariadbCheckpointOrder {
  readonly server: Reached;
  readonly tls: Tls;
  /** `checkpointer`: reads everything. */
  readonly user: string;
  /** Its first line is the password. */
  readonly passwordFile: string;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  /** Told each table that is digested, of how many. */
  readonly onTable?: (name: string, done: number, total: number) => void;
}

/** The proof, or why there is none. @throws the signal's reason alone. */
export function mariadbCheckpoint(order: MariadbCheckpointOrder): Promise<Checkpoint> {
  return tryCheckpoint(() => attempt(order), isPassing, order.signal);
}

/** A table that was changed or went away after the snapshot, a wait that was too long, a connection that was lost. */
const PASSING: ReadonlySet<number> = new Set([1020, 1053, 1146, 1205, 1213, 1317, 1412, 1927, 1969, 2006, 2013]);

export function isPassing(error: unknown): boolean {
  const number = errorNumber(error);
  if (number !== undefined) return PASSING.has(number);
  const { code } = error as { code?: unknown };
  return code === "PROTOCOL_CONNECTION_LOST" || code === "ECONNRESET" || code === "EPIPE";
}

async function attempt({ now, signal, onTable, ...order }: MariadbCheckpointOrder): Promise<TablesProof> {
  const [password = ""] = (await readFile(order.passwordFile, "utf8")).split("\n");
  const connection = await openOverTls(order.server, order.tls, order.user, password);
  try {
    await ask(connection, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    const [begun] = await ask(connection, "SELECT SYSDATE() AS moment");
    await ask(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    const at = now().toISOString();
    const position = await snapshotPosition(connection);
    const tables = await digestMariadb(connection, {
      ...(signal ? { signal } : {}),
      ...(onTable ? { onTable } : {}),
    });
    await requireStill(connection, String(begun?.moment));
    return { proof: "tables", engine: "mariadb", at, position, tables };
  } finally {
    connection.destroy();
  }
}

/**
 * Where the snapshot stands: in the server's own binary log, and, for what came before that log's beginning (a server that was made from a copy), in the
 * table of what was replicated, which is part of the snapshot.
 */
async function snapshotPosition(connection: Mariadb): Promise<string> {
  const status = await ask(connection, "SHOW STATUS LIKE 'binlog_snapshot_%'");
  const value = (name: string): string =>
    String(status.find((row) => String(row.Variable_name).toLowerCase() === name)?.Value ?? "");
  const [file, offset] = [value("binlog_snapshot_file"), Number(value("binlog_snapshot_position"))];
  if (file === "") throw new TryAgain("the server says no binlog_snapshot_file: expected a binary log (log_bin)");
  const [logged] = await ask(connection, "SELECT BINLOG_GTID_POS(?, ?) AS position", [file, offset]);
  const replicated = await ask(
    connection,
    "SELECT CONCAT(domain_id, '-', server_id, '-', seq_no) AS gtid FROM mysql.gtid_slave_pos",
  );
  const position = furthest(String(logged?.position ?? ""), ...replicated.map(({ gtid }) => String(gtid)));
  if (position === "") throw new TryAgain(`the server says no GTID position at ${file} ${offset}`);
  return position;
}

/**
 * Engines without transactions show their tables as they are when they are read: they must not have been written to since. Asked by name: a look at
 * every table's time of change opens those in memory too, which a server that was restarted empties then, in its own binary log; a standby
 * that logs something of its own is no copy any more.
 */
async function requireStill(connection: Mariadb, since: string): Promise<void> {
  const tables = await ask(
    connection,
    `SELECT table_schema AS db, table_name AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') AND table_type = 'BASE TABLE'
       AND engine IN ('MyISAM', 'Aria', 'CSV', 'ARCHIVE')`,
  );
  const written: string[] = [];
  for (const { db, name } of tables) {
    const changed = await ask(
      connection,
      `SELECT 1 AS one FROM information_schema.tables WHERE table_schema = ? AND table_name = ? AND update_time >= ?`,
      [String(db), String(name), since],
    );
    if (changed.length > 0) written.push(`${db}.${name}`);
  }
  if (written.length > 0)
    throw new TryAgain(
      `written to during the checkpoint, and of an engine without snapshots: ${written.join(", ")}; ALTER TABLE … ENGINE=InnoDB helps`,
    );
}
