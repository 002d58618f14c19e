/** Digests of the content of MariaDB's tables: SHA-256 of each value with its length, rows in a fixed order. */
import { createHash } from "node:crypto";
import type { TableDigest } from "../wire.ts";
import type { Mariadb } from "./mariadb-connection.ts";
import { type MariadbTable, selectStatement, tablesOf } from "./mariadb-tables.ts";
import type { DigestOptions } from "./postgres-digest.ts";
import { unlessStopped, unread } from "./unread.ts";

/** Every table as the connection's transaction sees it. @throws the server's error; the signal's reason. */
export async function digestMariadb(
  connection: Mariadb,
  { signal, onTable }: DigestOptions = {},
): Promise<TableDigest[]> {
  const tables = await tablesOf(connection);
  const digests: TableDigest[] = [];
  for (const table of tables) {
    signal?.throwIfAborted();
    const name = `${table.database}.${table.name}`;
    const digest = await unlessStopped(digestTable(connection, table), signal).catch((error: unknown) => {
      throw unread(name, error, signal);
    });
    digests.push({ name, ...digest });
    onTable?.(name, digests.length, tables.length);
  }
  return digests;
}

async function digestTable(connection: Mariadb, table: MariadbTable): Promise<Omit<TableDigest, "name">> {
  const sql = selectStatement(table);
  const rows = connection.query({ sql, rowsAsArray: true, typeCast: (field) => field.buffer() }).stream();
  const hash = createHash("sha256");
  let count = 0;
  for await (const row of rows as AsyncIterable<readonly (Buffer | null)[]>) {
    for (const part of rowBytes(row)) hash.update(part);
    count++;
  }
  return { rows: count, sha256: hash.digest("hex") };
}

const NULL = Buffer.from([0]);

/** Of each value `0` for NULL, else `1`, its length in eight bytes, and its bytes: no two rows look the same that are not. */
export function rowBytes(row: readonly (Buffer | null)[]): Buffer[] {
  return row.flatMap((value) => {
    if (value === null) return [NULL];
    const head = Buffer.alloc(9, 1);
    head.writeBigUInt64BE(BigInt(value.length), 1);
    return [head, value];
  });
}
