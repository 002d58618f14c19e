/** Which tables of a MariaDB server are digested, and how their rows are read. */
import { ask, type Mariadb } from "./mariadb-connection.ts";

export interface MariadbTable {
  readonly database: string;
  readonly name: string;
  /** Keeps every row's history. */
  readonly versioned: boolean;
  readonly columns: readonly MariadbColumn[];
  /** Names of the primary key's columns in order, empty where there is none. */
  readonly key: readonly string[];
}

export interface MariadbColumn {
  readonly name: string;
  /** `int`, `varchar`, … */
  readonly type: string;
}

const SYSTEM = "('mysql', 'information_schema', 'performance_schema', 'sys')";

/**
 * Tables whose rows lie here and stay. Not: views, sequences (which are logged ahead of what was given out), tables in memory, and engines that
 * show what lies elsewhere.
 */
const TABLES = `
  SELECT table_schema AS db, table_name AS name, table_type AS type FROM information_schema.tables
  WHERE table_schema NOT IN ${SYSTEM} AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
    AND engine NOT IN ('MEMORY', 'BLACKHOLE', 'FEDERATED', 'CONNECT', 'SPIDER', 'MRG_MyISAM', 'S3')
  ORDER BY BINARY table_schema, BINARY table_name`;
const COLUMNS = `
  SELECT table_schema AS db, table_name AS name, column_name AS col, data_type AS type FROM information_schema.columns
  WHERE table_schema NOT IN ${SYSTEM} ORDER BY ordinal_position`;
const KEYS = `
  SELECT table_schema AS db, table_name AS name, column_name AS col FROM information_schema.statistics
  WHERE table_schema NOT IN ${SYSTEM} AND index_name = 'PRIMARY' ORDER BY seq_in_index`;

export async function tablesOf(connection: Mariadb): Promise<MariadbTable[]> {
  const tables = await ask(connection, TABLES);
  const columns = groups(await ask(connection, COLUMNS));
  const keys = groups(await ask(connection, KEYS));
  return tables.map(({ db, name, type }) => {
    const id = JSON.stringify([db, name]);
    return {
      database: String(db),
      name: String(name),
      versioned: type === "SYSTEM VERSIONED",
      columns: (columns.get(id) ?? []).map((row) => ({ name: String(row.col), type: String(row.type).toLowerCase() })),
      key: (keys.get(id) ?? []).map((row) => String(row.col)),
    };
  });
}

function groups<One extends { readonly [name: string]: unknown }>(rows: readonly One[]): Map<string, One[]> {
  const map = new Map<string, One[]>();
  for (const row of rows) {
    const id = JSON.stringify([row.db, row.name]);
    const group = map.get(id);
    if (group) group.push(row);
    else map.set(id, [row]);
  }
  return map;
}

/** Types whose order no collation changes. */
const FIXED_ORDER: ReadonlySet<string> = new Set([
  "bigint",
  "bit",
  "date",
  "datetime",
  "decimal",
  "int",
  "mediumint",
  "smallint",
  "time",
  "timestamp",
  "tinyint",
  "year",
]);

export const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** A column as it is read. FLOAT is written with six digits, of what may be nine: as DOUBLE it is written in full. */
const value = ({ name, type }: MariadbColumn): string =>
  type === "float" ? `CAST(${quoted(name)} AS DOUBLE)` : quoted(name);

/**
 * Words after ORDER BY. By the primary key where there is one, texts by their bytes. Else by a digest of each column: long texts are
 * sorted by their beginnings only. The history of a versioned table has each key several times.
 */
export function orderOf({ columns, key, versioned }: MariadbTable): string {
  if (key.length === 0 || versioned) return columns.map((column) => `SHA2(${value(column)}, 256)`).join(", ");
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return key
    .map((name) => (FIXED_ORDER.has(types.get(name) ?? "") ? quoted(name) : `CAST(${quoted(name)} AS BINARY)`))
    .join(", ");
}

/** Every column by name: `*` leaves invisible ones out. */
export function selectStatement(table: MariadbTable): string {
  const from = `${quoted(table.database)}.${quoted(table.name)}${table.versioned ? " FOR SYSTEM_TIME ALL" : ""}`;
  return `SELECT ${table.columns.map(value).join(", ")} FROM ${from} ORDER BY ${orderOf(table)}`;
}
