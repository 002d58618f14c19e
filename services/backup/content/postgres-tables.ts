/** Which tables of a database are digested, and in which order their rows are read. */
import type pg from "pg";

export interface PostgresTable {
  readonly schema: string;
  readonly name: string;
  /** Columns of the primary key in order, empty where there is none; the type's name where PostgreSQL brings it along, else empty. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Ordinary tables, and partitions as such: each row is counted where it lies. Not: what is made of other tables (views, materialized
 * views), what a crash empties (unlogged, temporary), what lies elsewhere (foreign), and sequences. A sequence is logged 32 numbers ahead of
 * what was given out, and its page on the primary holds what was given out: a copy of the primary's files and one of the standby's
 * differ in it though nothing was lost.
 * Large objects are users' rows in a system table.
 */
const TABLES = `
  select n.nspname as schema, c.relname as name,
    coalesce((
      select json_agg(json_build_object('name', a.attname, 'type', case when y.typnamespace = 'pg_catalog'::regnamespace then y.typname else '' end)
        order by k.place)
      from unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      join pg_type y on y.oid = a.atttypid
      where k.place <= i.indnkeyatts), '[]') as key
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indrelid = c.oid and i.indisprimary and i.indisvalid
  where c.relkind = 'r' and c.relpersistence = 'p'
    and (n.nspname !~ '^pg_' and n.nspname <> 'information_schema' or c.oid = 'pg_catalog.pg_largeobject'::regclass)
  order by n.nspname collate "C", c.relname collate "C"`;

/** The tables as the connection's snapshot knows them. `pg_catalog.pg_largeobject` is among them where it has rows. */
export async function tablesOf(client: pg.Client): Promise<PostgresTable[]> {
  const { rows } = await client.query<PostgresTable>(TABLES);
  const { rows: large } = await client.query("select from pg_catalog.pg_largeobject limit 1");
  return rows.filter(({ schema }) => schema !== "pg_catalog" || large.length > 0);
}

/** Databases with data of ours. */
export async function databasesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datallowconn and not datistemplate order by datname collate "C"`,
  );
  return rows.map(({ name }) => name);
}

/** Types whose order no locale and no operator class of a user changes. */
const FIXED_ORDER: ReadonlySet<string> = new Set([
  "bool",
  "bytea",
  "date",
  "int2",
  "int4",
  "int8",
  "numeric",
  "oid",
  "time",
  "timestamp",
  "timestamptz",
  "uuid",
]);

const BYTES = '::pg_catalog.text COLLATE pg_catalog."C"';

/** An SQL name in quotes. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `"schema"."table"`. */
export const tableName = ({ schema, name }: PostgresTable): string => `${quoted(schema)}.${quoted(name)}`;

/**
 * Words after ORDER BY for rows called `r`. By the primary key where there is one, each column as text in the order of its bytes unless its
 * type has but one order. Else by the whole row as text: columns that compare equal can be written differently (1.0 and 1.00).
 */
export function orderOf(key: PostgresTable["key"]): string {
  if (key.length === 0) return `(r.*)${BYTES}`;
  return key.map(({ name, type }) => `r.${quoted(name)}${FIXED_ORDER.has(type) ? "" : BYTES}`).join(", ");
}

/** ONLY: the rows of tables that inherit are digested with those. */
export function copyStatement(table: PostgresTable): string {
  return `COPY (SELECT * FROM ONLY ${tableName(table)} AS r ORDER BY ${orderOf(table.key)}) TO STDOUT`;
}

/** One statement that keeps the tables as they are until the transaction ends; undefined where there are none. */
export function lockStatement(tables: readonly PostgresTable[]): string | undefined {
  if (tables.length === 0) return undefined;
  return `LOCK TABLE ${tables.map((table) => `ONLY ${tableName(table)}`).join(", ")} IN ACCESS SHARE MODE`;
}
