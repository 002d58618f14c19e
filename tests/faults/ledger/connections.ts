/** How a client of the ledger reaches a database: through a gateway, over TLS verified for the server's service name, as an application's role. */
import { connect } from "node:net";
import {
  type ConnectionOptions,
  createConnection,
  type Connection as MariaDb,
  type RowDataPacket,
} from "mysql2/promise";
import pg from "pg";
import type { DatabaseModel, DatabaseServerModel } from "../../../model/types.ts";
import { Refused } from "./history.ts";

/** How long an answer is waited for. */
export const PATIENCE_MS = 3_000;

export interface Target {
  /** Of the gateway. */
  readonly address: string;
  readonly server: DatabaseServerModel;
  readonly database: DatabaseModel;
  /** PEM */
  readonly ca: string;
  readonly password: string;
  /** How long an answer is waited for. Default: three seconds. */
  readonly patienceMs?: number;
}

export interface Connection {
  /** What the server that answers calls itself: PostgreSQL the address at which it was reached, MariaDB its `server_id`. */
  readonly server: string;
  /** Returns when the server acknowledged the commit. @throws where nobody knows whether it did. */
  insert(id: number, value: string): Promise<void>;
  close(): Promise<void>;
}

/** How a client of node-postgres reaches the server: TLS, verified for its service name. */
export const postgresOptions = ({ address, server, database, ca, password }: Target): pg.ClientConfig => ({
  host: address,
  port: 5432,
  database: database.name,
  user: database.role,
  password,
  ssl: { ca, servername: server.serviceName },
});

/** The same of mysql2. */
export const mariadbOptions = ({ address, server, database, ca, password }: Target): ConnectionOptions => ({
  // Whose name is verified; where it is reached is the stream's matter.
  host: server.serviceName,
  stream: () => connect(3306, address),
  database: database.name,
  user: database.role,
  password,
  ssl: { ca, verifyIdentity: true },
});

/** @throws Refused: nothing was asked yet. */
export async function toPostgres(target: Target, table: string): Promise<Connection> {
  const { patienceMs = PATIENCE_MS } = target;
  const client = new pg.Client({
    ...postgresOptions(target),
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: patienceMs,
  });
  client.on("error", () => {}); // the next query fails with it
  let answers: string;
  try {
    await client.connect();
    const said = await client.query<{ readonly server: string }>("select host(inet_server_addr()) as server");
    answers = said.rows[0]?.server ?? "";
  } catch (error) {
    client.end().catch(() => {});
    throw refused(error);
  }
  return {
    server: answers,
    insert: async (id, value) => {
      await client.query(`insert into ${table} values ($1, $2)`, [id, value]);
    },
    close: () => client.end(),
  };
}

/** @throws Refused: nothing was asked yet. */
export async function toMariaDb(target: Target, table: string): Promise<Connection> {
  const client = await createConnection({ ...mariadbOptions(target), connectTimeout: PATIENCE_MS }).catch(
    (error: unknown) => {
      throw refused(error);
    },
  );
  client.on("error", () => {}); // the next query fails with it
  const answers = await serverId(client).catch((error: unknown) => {
    client.destroy();
    throw refused(error);
  });
  return {
    server: answers,
    insert: async (id, value) => {
      await client.query({ sql: `insert into ${table} values (?, ?)`, timeout: PATIENCE_MS, values: [id, value] });
    },
    close: async () => client.destroy(),
  };
}

async function serverId(client: MariaDb): Promise<string> {
  const [rows] = await client.query<RowDataPacket[]>({ sql: "select @@server_id as server", timeout: PATIENCE_MS });
  return String(rows[0]?.server);
}

const refused = (error: unknown): Refused => new Refused(error instanceof Error ? error.message : String(error));
