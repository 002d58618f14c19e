/** Every table of a site's database servers, as a digest of its rows: what is equal at both sites at one position has equal digests. */
import type { DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";
import { mariadb, mariadbCaughtUp } from "./mariadb.ts";
import { caughtUp, sql } from "./sql.ts";

/** By `<server>/<database>.<table>`. */
export type Digests = Readonly<Record<string, string>>;

/** The digests at both sites, once the standby has all that the active site had at the call. Nobody may write meanwhile. */
export async function digestsOfBoth(
  model: Model,
  active: SiteModel,
  standby: SiteModel,
): Promise<readonly [Digests, Digests]> {
  for (const { engine, workload, running } of model.databaseServers) {
    if (!running) continue;
    if (engine === "postgresql") await caughtUp(active.id, standby.id, workload, 60);
    if (engine === "mariadb") await mariadbCaughtUp(active, standby, workload, 60);
  }
  return [await digestsOf(model, active.id), await digestsOf(model, standby.id)];
}

async function digestsOf(model: Model, site: string): Promise<Digests> {
  const all: Record<string, string> = {};
  for (const server of model.databaseServers) {
    if (!server.running) continue;
    if (server.engine === "postgresql") Object.assign(all, await ofPostgres(site, server));
    if (server.engine === "mariadb") Object.assign(all, await ofMariaDb(site, server));
  }
  return all;
}

const TABLES =
  "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1;";

async function ofPostgres(site: string, { id, workload, databases }: DatabaseServerModel): Promise<Digests> {
  const found: Record<string, string> = {};
  for (const database of ["postgres", ...databases.map(({ name }) => name)]) {
    for (const table of (await sql(site, workload, database, TABLES)).split("\n").filter(Boolean)) {
      const rows = `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '-') from ${table} t;`;
      found[`${id}/${database}.${table}`] = await sql(site, workload, database, rows);
    }
  }
  return found;
}

async function ofMariaDb(site: string, { id, workload, databases }: DatabaseServerModel): Promise<Digests> {
  const names = databases.map(({ name }) => `'${name}'`).join(", ");
  const list = `select concat('\`', table_schema, '\`.\`', table_name, '\`') from information_schema.tables where table_type = 'BASE TABLE' and table_schema in (${names}) order by 1;`;
  const tables = (await mariadb(site, workload, list)).split("\n").filter(Boolean);
  const lines = tables.length === 0 ? "" : await mariadb(site, workload, `checksum table ${tables.join(", ")};`);
  return Object.fromEntries(
    lines
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [table = "", sum = ""] = line.split("\t");
        return [`${id}/${table}`, sum];
      }),
  );
}
