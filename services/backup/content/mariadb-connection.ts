/** Connections to MariaDB whose answers look the same whoever asks: bytes as they are stored, times in UTC. */
import { connect } from "node:net";
import mysql from "mysql2";
import type { Reached } from "../config.ts";
import { RULES } from "../giving-way.ts";
import type { Tls } from "./postgres-connection.ts";

export type Mariadb = mysql.Connection;

const CONNECT_MS = 10_000;
/** Of an engine in the drill room, which stands still for most of each second while others need the machine. */
const ROOM_CONNECT_MS = RULES.mostTimes * CONNECT_MS;

/** Statements that fix a session, in order. */
export const sessionStatements: readonly string[] = [
  "SET NAMES utf8mb4",
  // No conversion: what comes is what is stored.
  "SET SESSION character_set_results = NULL",
  "SET SESSION time_zone = '+00:00'",
  "SET SESSION sql_mode = ''",
  // A table that someone else holds is an error after that many seconds, and never a wait without end.
  "SET SESSION lock_wait_timeout = 30",
  "SET SESSION max_statement_time = 0",
  "SET SESSION net_write_timeout = 3600",
  "SET SESSION wait_timeout = 28800",
  // Rows are sorted by whole keys: the longest has 3072 bytes.
  "SET SESSION max_sort_length = 4096",
];

/** Over the network by certificate and password; connected to by address, verified by name. Who opens it ends it. */
export function openOverTls(server: Reached, tls: Tls, user: string, password: string): Promise<Mariadb> {
  return open({
    host: server.host,
    port: server.port,
    stream: () => connect({ host: server.address, port: server.port, keepAlive: true, noDelay: true }),
    user,
    password,
    ssl: {
      ca: tls.ca as string,
      cert: tls.cert as string,
      key: tls.key as string,
      minVersion: "TLSv1.2",
      rejectUnauthorized: true,
      verifyIdentity: true,
    },
  });
}

/** Over a socket, as the operating system's user of that name. Who opens it ends it. */
export const openOverSocket = (socketPath: string, user: string): Promise<Mariadb> =>
  open({ socketPath, user, connectTimeout: ROOM_CONNECT_MS });

async function open(options: mysql.ConnectionOptions): Promise<Mariadb> {
  const connection = mysql.createConnection({
    connectTimeout: CONNECT_MS,
    ...options,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  });
  // The statement that is under way, or the next, fails with it.
  connection.on("error", () => {});
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
    for (const statement of sessionStatements) await ask(connection, statement);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

export type Row = Readonly<Record<string, string | number | null>>;

/** The rows of a statement's answer: names and numbers, as texts. */
export function ask(connection: Mariadb, sql: string, values: readonly (string | number)[] = []): Promise<Row[]> {
  return new Promise((resolve, reject) =>
    connection.query({ sql, values: [...values], typeCast: (field) => field.string() }, (error, rows) =>
      error ? reject(error) : resolve(Array.isArray(rows) ? (rows as Row[]) : []),
    ),
  );
}

/** MariaDB's number for what went wrong; undefined where it was no statement that failed. */
export function errorNumber(error: unknown): number | undefined {
  const { errno } = error as { errno?: unknown };
  return typeof errno === "number" && errno >= 1000 ? errno : undefined;
}
