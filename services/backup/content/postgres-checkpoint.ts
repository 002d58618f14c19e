/**
 * A digest checkpoint of a running PostgreSQL server. It is made on whichever site's server is standby: with `wal_level=replica` a primary gives no
 * snapshot whose log position is known, while a standby whose replay is paused stands at exactly one.
 */
import type pg from "pg";
import type { Reached } from "../config.ts";
import type { TablesProof } from "../wire.ts";
import { WorkFault } from "../work.ts";
import { type Checkpoint, TryAgain, tryCheckpoint } from "./checkpoint.ts";
import { liesBefore } from "./log-position.ts";
import { causeAmong, endQuietly, type OpenPostgres, overTls, sqlStateOf, type Tls } from "./postgres-connection.ts";
import { beginSnapshot, digestSeen, type SeenDatabase } from "./postgres-digest.ts";
import { withReplayPaused } from "./postgres-pause.ts";
import { databasesOf, lockStatement, tablesOf } from "./postgres-tables.ts";
import { TableUnread } from "./unread.ts";

export interface PostgresCheckpointOrder {
  /** The server at each site. Which is primary and which standby, they are asked. */
  readonly servers: readonly Reached[];
  readonly tls: Tls;
  /** `checkpointer`: reads everything, pauses replay, marks the log. */
  readonly user: string;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  /** Told each table that is digested, of how many. */
  readonly onTable?: (name: string, done: number, total: number) => void;
}

/** In the log behind each checkpoint's position. */
const RESTORE_POINT = "lumbung-checkpoint";

/** The proof, or why there is none. @throws the signal's reason alone. */
export function postgresCheckpoint(order: PostgresCheckpointOrder): Promise<Checkpoint> {
  return tryCheckpoint(() => attempt(order), isPassing, order.signal);
}

/** A snapshot or lock that the server took back as replay had to go on (25.4.2), a table that went away meanwhile, a connection that was lost. */
export function isPassing(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return /^(40...|57014|57P0[1-4]|55P03|55006|55000|42P01|08...)$/.test(state);
  return /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(
    (error as Error).message,
  );
}

async function attempt(order: PostgresCheckpointOrder): Promise<TablesProof> {
  const { standby, primary, problems } = await findRoles(order);
  try {
    if (!standby) throw unreached("standby", "siaga", problems);
    if (!primary) throw unreached("primary", "utama", problems);
    return await fromStandby(order, standby, primary);
  } finally {
    await Promise.all([standby, primary].map((found) => found && endQuietly(found.client)));
  }
}

interface Found {
  readonly client: pg.Client;
  readonly open: OpenPostgres;
}

async function findRoles({ servers, tls, user }: PostgresCheckpointOrder) {
  const found: { standby?: Found; primary?: Found } = {};
  const problems: string[] = [];
  for (const server of servers) {
    const open = overTls(server, tls, user);
    try {
      const client = await open("postgres");
      const { rows } = await client.query<{ standby: boolean }>("select pg_is_in_recovery() as standby");
      const role = rows[0]?.standby ? "standby" : "primary";
      if (found[role]) {
        await endQuietly(client);
        problems.push(`${server.host}: a second ${role}`);
      } else found[role] = { client, open };
    } catch (error) {
      problems.push(`${server.host}: ${(error as Error).message}`);
    }
  }
  return { ...found, problems };
}

function unreached(role: string, peran: string, problems: readonly string[]): WorkFault {
  const said = problems.length > 0 ? ` (${problems.join("; ")})` : "";
  return new WorkFault({
    id: `titik periksa isi memerlukan server siaga dan server utama; server ${peran} tidak terjangkau${said}`,
    en: `a digest checkpoint needs the standby and the primary; no ${role} is in reach${said}`,
  });
}

async function fromStandby(order: PostgresCheckpointOrder, standby: Found, primary: Found): Promise<TablesProof> {
  const { signal, onTable, now } = order;
  const timeline = await receivedTimeline(standby.client);
  const seen: SeenDatabase[] = [];
  try {
    // Connections are made before the pause, which then lasts as long as some statements do.
    for (const name of await databasesOf(standby.client)) {
      const client = await standby.open(name);
      seen.push({ name, client, tables: [] });
    }
    const position = await withReplayPaused(standby.open, () => lookAll(seen));
    const at = now().toISOString();
    await markBehind(primary.client, position, timeline);
    const tables = await digestSeen(seen, {
      ...(signal ? { signal } : {}),
      ...(onTable ? { onTable } : {}),
    });
    return { proof: "tables", engine: "postgresql", at, position, timeline, tables };
  } catch (error) {
    throw error instanceof TableUnread
      ? error
      : causeAmong(
          seen.map(({ client }) => client),
          error,
        );
  } finally {
    await Promise.all(seen.map(({ client }) => endQuietly(client)));
  }
}

/**
 * The timeline of the log that the standby receives. What it replays is on it or on one that it came from, so a restore along it passes
 * the position in any case; the control file's, of the last restart point, may be older.
 */
async function receivedTimeline(standby: pg.Client): Promise<number> {
  const { rows } = await standby.query<{ timeline: number | null }>(
    "select received_tli as timeline from pg_stat_wal_receiver",
  );
  const timeline = rows[0]?.timeline;
  if (typeof timeline === "number") return timeline;
  const en = rows[0] ? "shows its log's timeline to nobody without pg_read_all_stats" : "receives nothing";
  const id = rows[0] ? "tidak memperlihatkan garis waktu log tanpa pg_read_all_stats" : "tidak menerima apa pun";
  throw new WorkFault({
    id: `titik periksa isi tidak dibuat: server siaga ${id}`,
    en: `no digest checkpoint: the standby ${en}`,
  });
}

/** A snapshot of each database, and its tables held as they are: TRUNCATE and ALTER TABLE take no heed of snapshots, but of locks. */
async function lookAll(seen: SeenDatabase[]): Promise<void> {
  await Promise.all(
    seen.map(async ({ name, client }, index) => {
      await beginSnapshot(client);
      const tables = await tablesOf(client);
      const lock = lockStatement(tables);
      if (lock) await client.query(lock);
      seen[index] = { name, client, tables };
    }),
  );
}

/** A record behind the position, sent to the archives at once: a restore stops before the first record that begins there or later, and fails where there is none. */
async function markBehind(primary: pg.Client, position: string, timeline: number): Promise<void> {
  const { rows } = await primary.query<{ marked: string; timeline: string }>(
    `select pg_create_restore_point($1)::text as marked, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as timeline`,
    [RESTORE_POINT],
  );
  const { marked = "0/0", timeline: own = "0" } = rows[0] ?? {};
  // A server that stayed behind as primary after a switch writes a log of its own.
  if (Number.parseInt(own, 16) !== timeline || !liesBefore(position, marked))
    throw new TryAgain(
      `the primary writes at ${marked} of timeline ${Number.parseInt(own, 16)}; expected behind ${position} of timeline ${timeline}`,
    );
  await primary.query("select pg_switch_wal()");
}
