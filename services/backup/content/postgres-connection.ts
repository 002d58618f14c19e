/** Connections to PostgreSQL whose answers look the same whoever asks and wherever: every setting that changes how a value is written is fixed. */
import pg from "pg";
import type { Reached } from "../config.ts";
import type { BackupFiles } from "../files.ts";
import { RULES } from "../giving-way.ts";

export type Tls = Pick<BackupFiles["tls"], "ca" | "cert" | "key">;

/** Opens a connection to one database. Who opens it ends it. */
export type OpenPostgres = (database: string, application?: string) => Promise<pg.Client>;

const CONNECT_MS = 10_000;
/** Of an engine in the drill room, which stands still for most of each second while others need the machine. */
const ROOM_CONNECT_MS = RULES.mostTimes * CONNECT_MS;

/** Settings of a session, in order. Names are PostgreSQL 17's. */
export const sessionSettings: Readonly<Record<string, string>> = {
  search_path: "",
  client_encoding: "UTF8",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  timezone: "UTC",
  extra_float_digits: "3",
  bytea_output: "hex",
  lc_monetary: "C",
  xmlbinary: "base64",
  quote_all_identifiers: "off",
  // A policy that hides rows is an error, not a shorter table.
  row_security: "off",
  lock_timeout: "3s",
  statement_timeout: "0",
  transaction_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  idle_session_timeout: "0",
  // The site's day goes on beside it.
  max_parallel_workers_per_gather: "0",
  jit: "off",
};

/** Over the network by certificate; connected to by address, verified by name. */
export const overTls =
  (server: Reached, tls: Tls, user: string): OpenPostgres =>
  (database, application = "lumbung checkpoint") =>
    open({
      host: server.address,
      port: server.port,
      database,
      user,
      application_name: application,
      ssl: {
        ca: tls.ca,
        cert: tls.cert,
        key: tls.key,
        servername: server.host,
        rejectUnauthorized: true,
        minVersion: "TLSv1.2",
      } as pg.ClientConfig["ssl"] & object,
    });

/** Over the socket in a folder, as the operating system's user says. */
export const overSocket =
  (folder: string, user: string): OpenPostgres =>
  (database, application = "lumbung drill") =>
    open({ host: folder, port: 5432, database, user, application_name: application }, ROOM_CONNECT_MS);

const broken = new WeakMap<pg.Client, Error>();

/** Why a statement failed: what broke one of the connections that it needed, else what it says itself. */
export function causeAmong(clients: readonly pg.Client[], error: unknown): unknown {
  return clients.map((client) => broken.get(client)).find((cause) => cause !== undefined) ?? error;
}

async function open(config: pg.ClientConfig, connectionTimeoutMillis = CONNECT_MS): Promise<pg.Client> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis, keepAlive: true });
  // The next statement fails, and says only that the connection is broken.
  client.on("error", (error) => broken.set(client, error));
  try {
    await client.connect();
    for (const [name, value] of Object.entries(sessionSettings))
      await client.query("select pg_catalog.set_config($1, $2, false)", [name, value]);
    return client;
  } catch (error) {
    await endQuietly(client);
    throw error;
  }
}

/** Ends a connection, also one whose statement is under way. What a broken connection says when it ends adds nothing to why it broke. */
export async function endQuietly(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}

/** PostgreSQL's five letters for what went wrong; undefined where it was no statement that failed. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
