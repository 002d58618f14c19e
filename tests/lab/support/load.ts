/**
 * Light load as people make it, through the active site's public gateway: rows written to PostgreSQL and MariaDB, complaints handed in, pages read.
 * What was acknowledged, and when, is kept in ledgers on one monotonic clock (tests/faults/ledger).
 */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { DatabaseModel, DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";
import { type Connection, type Target, toMariaDb, toPostgres } from "../../faults/ledger/connections.ts";
import { type History, Recorder, Refused } from "../../faults/ledger/history.ts";
import { judge, type Row, type Verdict } from "../../faults/ledger/judge.ts";
import { sitesByServer } from "../../faults/ledger/servers.ts";
import { mariadb, mariadbCaughtUp } from "./mariadb.ts";
import { secretsOf } from "./region.ts";
import { caughtUp, isStandby, sql } from "./sql.ts";
import { ask } from "./web.ts";

const TABLE = "lumbung_ledger";
const WRITERS = 2;
const EACH_MS = 25;
/** A person hands in a complaint or opens a page less often than a program writes. */
const PERSON_MS = 100;

export interface Loaded {
  /** Written to PostgreSQL. */
  readonly rows: History;
  readonly mariadbRows: History;
  readonly complaints: History;
  /** By host: pages asked for, acknowledged by 200. */
  readonly pages: Readonly<Record<string, History>>;
}

/** All that was asked, whatever of. */
export const historiesOf = ({ pages, ...written }: Loaded): History[] => [
  ...Object.values(written),
  ...Object.values(pages),
];

/** Why what was asked was not done, one line each. */
export const failuresOf = (loaded: Loaded): string[] =>
  historiesOf(loaded).flatMap(({ attempts }) =>
    attempts.filter(({ outcome }) => outcome !== "acknowledged").map(({ reason }) => reason ?? ""),
  );

export interface Load {
  readonly run: string;
  stop(): Promise<Loaded>;
}

/** Who opens pages and hands in complaints, and where. */
interface Public {
  readonly model: Model;
  readonly reach: Reach;
  readonly ca: string;
}

/** The lab's database server and the database of its complaints. @throws where the lab declares none. */
export const complaintsDatabase = (model: Model): Declared => declared(model, "pengaduan");

interface Declared {
  readonly server: DatabaseServerModel;
  readonly database: DatabaseModel;
}

function declared(model: Model, application: string): Declared {
  const id = model.applications.find((one) => one.id === application)?.run?.database;
  for (const server of model.databaseServers) {
    const database = server.databases.find((one) => one.id === id);
    if (database) return { server, database };
  }
  throw new Error(`the lab declares no database for ${application}`);
}

/** A database of MariaDB in which the load has a table. */
const phpDatabase = (model: Model): Declared => declared(model, "ppid");

/** How a client finds out to which gateway it goes. Asked before each connection, as name caches are not what is tested. */
export type Reach = () => Promise<SiteModel>;

/**
 * Begins to write and read, until it is told to stop.
 * @param reaches one for each client; default: one that goes to the gateway of `active`. Each attempt says which site acknowledged.
 */
export async function startLoad(
  model: Model,
  active: SiteModel,
  reaches: readonly [Reach, ...Reach[]] = [async () => active],
): Promise<Load> {
  const [postgres, maria] = [complaintsDatabase(model), phpDatabase(model)];
  const secrets = await secretsOf(active.id);
  const ca = secrets.authority.root;
  const target = ({ server, database }: Declared, { publicAddress: address }: SiteModel): Target => {
    const password = secrets.databaseRoles[`${server.id}/${database.role}`]?.password;
    if (password === undefined) throw new Error(`no password for ${server.id}/${database.role}`);
    return { address, server, database, ca, password };
  };
  const named = ({ server }: Declared, connection: Connection): Writer => ({
    connection,
    site: sitesByServer(model, server)[connection.server] ?? `unknown ${connection.server}`,
  });
  const run = crypto.randomUUID();
  const table = `drop table if exists ${TABLE}; create table ${TABLE} (id bigint primary key, value text not null);`;
  const owner = `alter table ${TABLE} owner to ${postgres.database.role};`;
  await sql(active.id, postgres.server.workload, postgres.database.name, table + owner);
  await mariadb(active.id, maria.server.workload, `use ${maria.database.name}; ${table}`);
  const now = () => performance.now();
  const [rows, mariadbRows, complaints] = [new Recorder(now), new Recorder(now), new Recorder(now)];
  const pages = Object.fromEntries(pageHosts(model).map((host) => [host, new Recorder(now)]));
  const people: Public = { model, reach: reaches[0], ca };
  const going = new AbortController();
  const work = [
    ...reaches.flatMap((reach) => [
      ...Array.from({ length: WRITERS }, () =>
        writeRows(
          async () => named(postgres, await toPostgres(target(postgres, await reach()), TABLE)),
          rows,
          going.signal,
        ),
      ),
      writeRows(
        async () => named(maria, await toMariaDb(target(maria, await reach()), TABLE)),
        mariadbRows,
        going.signal,
      ),
    ]),
    repeat(going.signal, PERSON_MS, () =>
      complaints.attempt((_, value, asks) => complain(people, `${run} ${value}`, asks)),
    ),
    ...Object.entries(pages).map(([host, recorder]) =>
      repeat(going.signal, PERSON_MS, () => recorder.attempt((_, __, asks) => open(people, host, asks))),
    ),
  ];
  return {
    run,
    stop: async () => {
      going.abort();
      await Promise.all(work);
      return {
        rows: rows.history(),
        mariadbRows: mariadbRows.history(),
        complaints: complaints.history(),
        pages: Object.fromEntries(Object.entries(pages).map(([host, recorder]) => [host, recorder.history()])),
      };
    },
  };
}

/** One host of each kind of page: an agency's, from the web workload, our own application's, and one of PHP. */
function pageHosts(model: Model): string[] {
  const opd = model.hosts.find(({ serves }) => serves.kind === "opd")?.host;
  return [opd, hostOf(model, "pengaduan"), hostOf(model, "ppid")].filter((host) => host !== undefined);
}

function hostOf({ hosts }: Model, application: string): string {
  const found = hosts.find(({ serves }) => serves.kind === "application" && serves.application === application);
  if (!found) throw new Error(`the lab serves no host for ${application}`);
  return found.host;
}

async function repeat(signal: AbortSignal, everyMs: number, once: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await once();
    await pause(everyMs);
  }
}

/** A connection, and the site whose server answers there. */
interface Writer {
  readonly connection: Connection;
  readonly site: string;
}

/** One client with one connection, made anew when it breaks, as an application's pool does. */
async function writeRows(open: () => Promise<Writer>, recorder: Recorder, signal: AbortSignal): Promise<void> {
  let client: Writer | undefined;
  await repeat(signal, EACH_MS, async () => {
    const outcome = await recorder.attempt(async (id, value, asks) => {
      client ??= await open().catch((error: unknown) => {
        // Nothing was asked yet.
        throw new Refused(error instanceof Error ? error.message : String(error));
      });
      asks(client.site);
      await client.connection.insert(id, value);
    });
    if (outcome === "acknowledged") return;
    client?.connection.close().catch(() => {}); // it is broken: nobody waits for its goodbye
    client = undefined;
  });
  await client?.connection.close();
}

async function complain({ model, reach, ca }: Public, text: string, asks: (site: string) => void): Promise<void> {
  const site = await reach();
  asks(site.id);
  const answer = await ask({
    address: site.publicAddress,
    host: hostOf(model, "pengaduan"),
    path: "/api/complaints",
    ca,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ opd: model.opds[0]?.id, text: `Laporan uji ${text}` }),
  });
  if (answer.status !== 201) throw new Error(`status ${answer.status}`);
}

async function open({ reach, ca }: Public, host: string, asks: (site: string) => void): Promise<void> {
  const site = await reach();
  asks(site.id);
  const { status } = await ask({ address: site.publicAddress, host, ca });
  if (status !== 200) throw new Refused(`status ${status}`);
}

export interface Judged {
  readonly rows: Verdict;
  readonly mariadbRows: Verdict;
  readonly complaints: Verdict;
}

/**
 * Demands that each site has all that was acknowledged and nothing else, once the standby has what the active site has. Returns what was
 * judged at the active site.
 */
export async function expectNothingLost(
  model: Model,
  [active, standby]: readonly [SiteModel, SiteModel],
  run: string,
  loaded: Loaded,
): Promise<Judged> {
  await caughtUp(active.id, standby.id, complaintsDatabase(model).server.workload, 30);
  await mariadbCaughtUp(active, standby, phpDatabase(model).server.workload, 60);
  const [judged, copy] = [await judgeAt(active.id, model, run, loaded), await judgeAt(standby.id, model, run, loaded)];
  for (const verdict of [...Object.values(judged), ...Object.values(copy)])
    expect(verdict).toMatchObject({ missing: [], neverAsked: [], refusedButThere: [], changed: [], doubled: [] });
  return judged;
}

/** What of a load is in a site's database. */
export async function judgeAt(site: string, model: Model, run: string, loaded: Loaded): Promise<Judged> {
  const { server, database } = complaintsDatabase(model);
  const maria = phpDatabase(model);
  const read = async (statement: string) => parsed(await sql(site, server.workload, database.name, statement), "|");
  const select = `select id, value from ${TABLE};`;
  const there = await mariadb(site, maria.server.workload, `use ${maria.database.name}; ${select}`);
  const mark = `Laporan uji ${run} `;
  return {
    rows: judge(loaded.rows, await read(select)),
    mariadbRows: judge(loaded.mariadbRows, parsed(there, "\t")),
    complaints: judge(
      loaded.complaints,
      await read(
        `select substring(body from 'row (\\d+)$'), substr(body, ${mark.length + 1}) from complaint where body like '${mark}%';`,
      ),
    ),
  };
}

function parsed(lines: string, separator: string): Row[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const at = line.indexOf(separator);
      return { id: Number(line.slice(0, at)), value: line.slice(at + 1) };
    });
}

/** How often each outcome came, by whom, and why: for who wonders at a history. */
export function tally({ attempts }: History): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, by = "nobody", reason = "" } of attempts) {
    const kind = `${outcome} by ${by} ${reason}`.trim();
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** What a load left behind, taken away at the site that is active. @throws where none is. */
export async function clearLoad(model: Model): Promise<void> {
  const { server, database } = complaintsDatabase(model);
  const site = (await activeOf(model, server)).id;
  const maria = phpDatabase(model);
  await mariadb(site, maria.server.workload, `drop table if exists ${maria.database.name}.${TABLE};`);
  const ours = "select id from complaint where body like 'Laporan uji %'";
  await sql(
    site,
    server.workload,
    database.name,
    `drop table if exists ${TABLE}; delete from complaint_event where complaint in (${ours}); delete from complaint where id in (${ours});`,
  );
}

async function activeOf({ sites }: Model, { workload }: DatabaseServerModel): Promise<SiteModel> {
  for (const site of sites) if (!(await isStandby(site.id, workload))) return site;
  throw new Error(`${workload}: both sites stand by`);
}
