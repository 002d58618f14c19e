/** Digests of the content of PostgreSQL's tables: SHA-256 of what `COPY … TO STDOUT` says, rows in a fixed order. */
import { createHash } from "node:crypto";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { TableDigest } from "../wire.ts";
import { causeAmong, endQuietly, type OpenPostgres } from "./postgres-connection.ts";
import { copyStatement, databasesOf, type PostgresTable, tablesOf } from "./postgres-tables.ts";
import { unlessStopped, unread } from "./unread.ts";

export interface DigestOptions {
  readonly signal?: AbortSignal;
  /** Told each table that is done, of how many. */
  readonly onTable?: (name: string, done: number, total: number) => void;
}

/** A database with its tables, as one connection sees them. */
export interface SeenDatabase {
  readonly name: string;
  readonly client: pg.Client;
  readonly tables: readonly PostgresTable[];
}

/** Every table of every database of a server that nobody writes to. @throws the server's error; the signal's reason. */
export async function digestPostgres(open: OpenPostgres, options: DigestOptions = {}): Promise<TableDigest[]> {
  const seen: SeenDatabase[] = [];
  try {
    const first = await open("postgres");
    const names = await databasesOf(first).finally(() => endQuietly(first));
    for (const name of names) {
      const client = await open(name);
      seen.push({ name, client, tables: [] });
      await beginSnapshot(client);
      seen[seen.length - 1] = { name, client, tables: await tablesOf(client) };
    }
    return await digestSeen(seen, options);
  } finally {
    await Promise.all(seen.map(({ client }) => endQuietly(client)));
  }
}

/** Begins a transaction that sees what is there now, whatever comes after. */
export async function beginSnapshot(client: pg.Client): Promise<void> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  // The snapshot is taken by the first statement, not by BEGIN.
  await client.query("select pg_catalog.pg_current_snapshot()");
}

/** One table after another, within what the connections see. */
export async function digestSeen(
  seen: readonly SeenDatabase[],
  { signal, onTable }: DigestOptions = {},
): Promise<TableDigest[]> {
  const total = seen.reduce((sum, { tables }) => sum + tables.length, 0);
  const digests: TableDigest[] = [];
  for (const { name: database, client, tables } of seen)
    for (const table of tables) {
      signal?.throwIfAborted();
      const name = `${database}.${table.schema}.${table.name}`;
      const digest = await unlessStopped(digestTable(client, table), signal).catch((error: unknown) => {
        throw unread(name, causeAmong([client], error), signal);
      });
      digests.push({ name, ...digest });
      onTable?.(name, digests.length, total);
    }
  return digests;
}

async function digestTable(client: pg.Client, table: PostgresTable): Promise<Omit<TableDigest, "name">> {
  const stream = client.query(copyTo(copyStatement(table)));
  const hash = createHash("sha256");
  // Counted here: how many there were, the server says only after the stream's end.
  let rows = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    rows += linesIn(chunk);
  }
  return { rows, sha256: hash.digest("hex") };
}

const NEWLINE = 0x0a;

/** Each row is a line: COPY writes a newline within a value as two letters. */
export function linesIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
