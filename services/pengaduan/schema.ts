/** The database's shape, as numbered steps that are only ever added to. */
import { PROOF_SLOTS } from "../../model/proof.ts";
import { StoreUnavailable } from "./store.ts";

/** What is asked of a connection. */
export interface Queryable {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    statements: [
      `CREATE TABLE complaint (
         id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         reference text NOT NULL UNIQUE,
         request_key text NOT NULL UNIQUE,
         opd text NOT NULL,
         name text NOT NULL,
         contact text NOT NULL,
         body text NOT NULL,
         status text NOT NULL DEFAULT 'diterima' CHECK (status IN ('diterima', 'diteruskan', 'ditindaklanjuti', 'selesai')),
         created_at timestamptz NOT NULL DEFAULT now())`,
      "CREATE INDEX complaint_newest ON complaint (created_at DESC, id DESC)",
      `CREATE TABLE complaint_event (
         id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         complaint bigint NOT NULL REFERENCES complaint (id),
         status text NOT NULL,
         at timestamptz NOT NULL DEFAULT now())`,
      "CREATE INDEX complaint_event_of ON complaint_event (complaint, id)",
    ],
  },
  {
    version: 2,
    statements: [
      `CREATE TABLE proof (
         slot int PRIMARY KEY CHECK (slot >= 0 AND slot < ${PROOF_SLOTS}),
         token text NOT NULL,
         at timestamptz NOT NULL)`,
    ],
  },
];

export const SCHEMA_VERSION = MIGRATIONS.at(-1)?.version ?? 0;
/** Key of the advisory lock: "lumbung" as the sites' programs know it. Both sites may start at once. */
const LOCK = 7_586_236_901;

async function versionOf(client: Queryable): Promise<number> {
  const { rows } = await client.query("SELECT coalesce(max(version), 0)::int AS version FROM schema_version");
  return Number(rows[0]?.version ?? 0);
}

/** Is this server open for writes? A standby is not, and neither is a primary that was told to be read-only. */
export async function isWritable(client: Queryable): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable",
  );
  return rows[0]?.writable === true;
}

/**
 * Brings the schema to the newest version, in one transaction under a lock; answers the version it is then at. A schema that is newer than
 * this program knows is left alone: steps only add. Throws {@link StoreUnavailable} while the server takes no writes.
 */
export async function migrate(client: Queryable, migrations: readonly Migration[] = MIGRATIONS): Promise<number> {
  if (!(await isWritable(client))) throw new StoreUnavailable("the database takes no writes (standby)");
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    await client.query(
      "CREATE TABLE IF NOT EXISTS schema_version (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const from = await versionOf(client);
    for (const step of migrations.filter(({ version }) => version > from)) {
      for (const statement of step.statements) await client.query(statement);
      await client.query("INSERT INTO schema_version (version) VALUES ($1)", [step.version]);
    }
    const now = await versionOf(client);
    await client.query("COMMIT");
    return now;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {
      // The connection itself is gone: the server rolls back, and `error` says why.
    });
    throw error;
  }
}
