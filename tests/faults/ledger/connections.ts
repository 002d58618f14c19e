/** How a client of the ledger reaches a database: through a gateway, over TLS verified for the server's service name, as an application's role. */
import { connect } from "node:net";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import type { DatabaseModel, DatabaseServerModel } from "../../../model/types.ts";
import { Refused } from "./history.ts";

const PATIENCE_MS = 3_000;

export interface Target {
  /** Of the gateway. */
  readonly address: string;
  readonly server: DatabaseServerModel;
  readonly database: DatabaseModel;
  /** PEM */
  readonly ca: string;
  readonly password: string;
}

export interface Connection {
  /** Returns when the server acknowledged the commit. @throws where nobody knows whether it did. */
  insert(id: number, value: string): Promise<void>;
  close(): Promise<void>;
}

/** @throws Refused: nothing was asked yet. */
export async function toPostgres(target: Target, table: string): Promise<Connection> {
  const { address, server, database, ca, password } = target;
  const client = new pg.Client({
    host: address,
    port: 5432,
    database: database.name,
    user: database.role,
    password,
    ssl: { ca, servername: server.serviceName },
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  client.on("error", () => {}); // the next query fails with it
  try {
    await client.connect();
  } catch (error) {
    client.end().catch(() => {});
    throw refused(error);
  }
  return {
    insert: async (id, value) => {
      await client.query(`insert into ${table} values ($1, $2)`, [id, value]);
    },
    close: () => client.end(),
  };
}

/** @throws Refused: nothing was asked yet. */
export async function toMariaDb(target: Target, table: string): Promise<Connection> {
  const { address, server, database, ca, password } = target;
  const client = await createConnection({
    // Whose name is verified; where it is reached is the stream's matter.
    host: server.serviceName,
    stream: () => connect(3306, address),
    database: database.name,
    user: database.role,
    password,
    ssl: { ca, verifyIdentity: true },
    connectTimeout: PATIENCE_MS,
  }).catch((error: unknown) => {
    throw refused(error);
  });
  client.on("error", () => {}); // the next query fails with it
  return {
    insert: async (id, value) => {
      await client.query({ sql: `insert into ${table} values (?, ?)`, timeout: PATIENCE_MS, values: [id, value] });
    },
    close: async () => client.destroy(),
  };
}

const refused = (error: unknown): Refused => new Refused(error instanceof Error ? error.message : String(error));
