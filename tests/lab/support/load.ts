/**
 * Light load as people make it, through the active site's public gateway: rows written to PostgreSQL, complaints handed in, pages read.
 * What was acknowledged, and when, is kept in ledgers on one monotonic clock (tests/faults/ledger).
 */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { DatabaseModel, DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";
import { type History, Recorder, Refused } from "../../faults/ledger/history.ts";
import { judge, type Row, type Verdict } from "../../faults/ledger/judge.ts";
import { secretsOf } from "./region.ts";
import { sql } from "./sql.ts";
import { ask } from "./web.ts";

const TABLE = "lumbung_ledger";
const WRITERS = 2;
const EACH_MS = 25;
/** A person hands in a complaint or opens a page less often than a program writes. */
const PERSON_MS = 100;
const PATIENCE_MS = 3_000;

export interface Loaded {
  readonly rows: History;
  readonly complaints: History;
  /** By host: pages asked for, acknowledged by 200. */
  readonly pages: Readonly<Record<string, History>>;
}

export interface Load {
  readonly run: string;
  stop(): Promise<Loaded>;
}

interface Target {
  readonly model: Model;
  readonly site: SiteModel;
  readonly server: DatabaseServerModel;
  readonly database: DatabaseModel;
  readonly ca: string;
  readonly password: string;
}

/** The lab's database server and the database of its complaints. @throws where the lab declares none. */
export function complaintsDatabase(model: Model): { server: DatabaseServerModel; database: DatabaseModel } {
  const id = model.applications.find((one) => one.id === "pengaduan")?.run?.database;
  for (const server of model.databaseServers) {
    const database = server.databases.find((one) => one.id === id);
    if (database) return { server, database };
  }
  throw new Error("the lab declares no database for its complaints");
}

/** Begins to write and read through the gateway of `active`, until it is told to stop. */
export async function startLoad(model: Model, active: SiteModel): Promise<Load> {
  const { server, database } = complaintsDatabase(model);
  const secrets = await secretsOf(active.id);
  const password = secrets.databaseRoles[`${server.id}/${database.role}`]?.password;
  if (password === undefined) throw new Error(`no password for ${server.id}/${database.role}`);
  const target = { model, site: active, server, database, ca: secrets.authority.root, password };
  const run = crypto.randomUUID();
  const table = `drop table if exists ${TABLE}; create table ${TABLE} (id bigint primary key, value text not null); alter table ${TABLE} owner to ${database.role};`;
  await sql(active.id, server.workload, database.name, table);
  const now = () => performance.now();
  const [rows, complaints] = [new Recorder(now), new Recorder(now)];
  const pages = Object.fromEntries(pageHosts(model).map((host) => [host, new Recorder(now)]));
  const going = new AbortController();
  const work = [
    ...Array.from({ length: WRITERS }, () => writeRows(target, rows, going.signal)),
    repeat(going.signal, PERSON_MS, () => complaints.attempt((_, value) => complain(target, `${run} ${value}`))),
    ...Object.entries(pages).map(([host, recorder]) =>
      repeat(going.signal, PERSON_MS, () => recorder.attempt(() => open(target, host))),
    ),
  ];
  return {
    run,
    stop: async () => {
      going.abort();
      await Promise.all(work);
      return {
        rows: rows.history(),
        complaints: complaints.history(),
        pages: Object.fromEntries(Object.entries(pages).map(([host, recorder]) => [host, recorder.history()])),
      };
    },
  };
}

/** One host of each kind of page: an agency's, from the web workload, and the application's. */
function pageHosts(model: Model): string[] {
  const opd = model.hosts.find(({ serves }) => serves.kind === "opd")?.host;
  return [opd, complaintsHost(model)].filter((host) => host !== undefined);
}

const complaintsHost = ({ hosts }: Model): string => {
  const found = hosts.find(({ serves }) => serves.kind === "application" && serves.application === "pengaduan");
  if (!found) throw new Error("the lab serves no host for its complaints");
  return found.host;
};

async function repeat(signal: AbortSignal, everyMs: number, once: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await once();
    await pause(everyMs);
  }
}

/** One client with one connection, made anew when it breaks, as an application's pool does. */
async function writeRows(target: Target, recorder: Recorder, signal: AbortSignal): Promise<void> {
  let client: pg.Client | undefined;
  await repeat(signal, EACH_MS, async () => {
    const outcome = await recorder.attempt(async (id, value) => {
      client ??= await connect(target);
      await client.query(`insert into ${TABLE} values ($1, $2)`, [id, value]);
    });
    if (outcome === "acknowledged") return;
    client?.end().catch(() => {}); // it is broken: nobody waits for its goodbye
    client = undefined;
  });
  await client?.end();
}

/** TLS to the server itself through the gateway, verified by the server's name. @throws Refused: nothing was asked yet. */
async function connect({ site, server, database, ca, password }: Target): Promise<pg.Client> {
  const client = new pg.Client({
    host: site.publicAddress,
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
    return client;
  } catch (error) {
    client.end().catch(() => {});
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}

async function complain({ model, site, ca }: Target, text: string): Promise<void> {
  const answer = await ask({
    address: site.publicAddress,
    host: complaintsHost(model),
    path: "/api/complaints",
    ca,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ opd: model.opds[0]?.id, text: `Laporan uji ${text}` }),
  });
  if (answer.status !== 201) throw new Error(`status ${answer.status}`);
}

async function open({ site, ca }: Target, host: string): Promise<void> {
  const { status } = await ask({ address: site.publicAddress, host, ca });
  if (status !== 200) throw new Refused(`status ${status}`);
}

export interface Judged {
  readonly rows: Verdict;
  readonly complaints: Verdict;
}

/** What of a load is in a site's database. */
export async function judgeAt(site: string, model: Model, run: string, loaded: Loaded): Promise<Judged> {
  const { server, database } = complaintsDatabase(model);
  const read = async (statement: string): Promise<Row[]> => {
    const lines = (await sql(site, server.workload, database.name, statement))
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => {
      const bar = line.indexOf("|");
      return { id: Number(line.slice(0, bar)), value: line.slice(bar + 1) };
    });
  };
  const mark = `Laporan uji ${run} `;
  return {
    rows: judge(loaded.rows, await read(`select id, value from ${TABLE};`)),
    complaints: judge(
      loaded.complaints,
      await read(
        `select substring(body from 'row (\\d+)$'), substr(body, ${mark.length + 1}) from complaint where body like '${mark}%';`,
      ),
    ),
  };
}

/** What a load left behind. */
export async function clearLoad(site: string, model: Model): Promise<void> {
  const { server, database } = complaintsDatabase(model);
  const ours = "select id from complaint where body like 'Laporan uji %'";
  await sql(
    site,
    server.workload,
    database.name,
    `drop table if exists ${TABLE}; delete from complaint_event where complaint in (${ours}); delete from complaint where id in (${ours});`,
  );
}
