/** Transactions that are open while a site sleeps: asked to commit before it wakes, on connections straight to the engine, so that nothing answers but it. */

import { createConnection } from "mysql2/promise";
import pg from "pg";
import { mariadbOptions, postgresOptions, type Target } from "../ledger/connections.ts";
import { now } from "./client.ts";

export interface Open {
  /** Asks for the commit. Returns when it was acknowledged, on the clients' clock; null: it was not. */
  commit(): Promise<number | null>;
  end(): void;
}

export async function openPostgres(target: Target, insert: string): Promise<Open> {
  const client = new pg.Client(postgresOptions(target));
  client.on("error", () => {}); // the commit fails with it
  await client.connect();
  await client.query("begin");
  await client.query(insert);
  return { commit: () => acknowledged(client.query("commit")), end: () => void client.end().catch(() => {}) };
}

export async function openMariaDb(target: Target, insert: string): Promise<Open> {
  const client = await createConnection(mariadbOptions(target));
  client.on("error", () => {}); // the commit fails with it
  await client.query("start transaction");
  await client.query(insert);
  return { commit: () => acknowledged(client.query("commit")), end: () => client.destroy() };
}

/** A commit that fails, or whose connection ends, was not acknowledged: that is an answer, too. */
const acknowledged = (asked: Promise<unknown>): Promise<number | null> =>
  asked.then(
    () => now(),
    () => null,
  );
