/** Complaints in PostgreSQL, over TLS with the server's name verified (the equal of `verify-full`). */
import pg from "pg";
import { PROOF_SLOTS, type ProofRow } from "../../model/proof.ts";
import type { Complaint, ComplaintSummary, NewComplaint, Status } from "./complaint.ts";
import { Passwords, WRONG_PASSWORD } from "./passwords.ts";
import { isWritable, migrate, SCHEMA_VERSION } from "./schema.ts";
import { type Store, type StoreState, StoreUnavailable } from "./store.ts";

export interface PostgresSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  /** Newest first: the second is tried where the first is refused. */
  readonly passwords: readonly string[];
  /** PEM of the authority that the server's certificate must come from. */
  readonly ca: string;
  /** Our own certificate, shown to a server that asks for one. */
  readonly cert: string;
  readonly key: string;
}

const CONNECT_MS = 3_000;
const STATEMENT_MS = 5_000;
/** Connections may be stale after a switch of sites: each is thrown away on its first error, then a fresh one is tried. */
const MAX_CONNECTIONS = 4;
const DEADLINE_MS = 8_000;

/** SQLSTATE classes of mistakes in what we ask; anything else is the server's or the network's state, which passes. */
function isOurMistake(code: string | undefined): boolean {
  return code !== undefined && /^(22|23|42|0A)...$/.test(code) && code !== "42P01";
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? code : undefined;
}

/** Was the statement itself refused or lost on a connection that died, so that a fresh connection may do better? */
function mayHelpToReconnect(error: unknown): boolean {
  const code = codeOf(error);
  const message = (error as Error).message ?? "";
  return (
    code === "25006" ||
    /^(08|57P)/.test(code ?? "") ||
    /^(ECONN|EPIPE)/.test(code ?? "") ||
    message.startsWith("Connection terminated")
  );
}

const ADD = {
  name: "add",
  // A repeated request writes the row anew: its commit then waits for everything before it, so that "saved" is as true for the
  // second answer as for the first, also when replication is synchronous (D8).
  text: `WITH added AS (
           INSERT INTO complaint (reference, request_key, opd, name, contact, body) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (request_key) DO UPDATE SET request_key = excluded.request_key
           RETURNING id, reference, (xmax = 0) AS created),
         event AS (INSERT INTO complaint_event (complaint, status) SELECT id, 'diterima' FROM added WHERE created)
         SELECT reference, created FROM added`,
};
const FIND = {
  name: "find",
  text: `SELECT reference, opd, body, c.status, created_at,
           coalesce((SELECT json_agg(json_build_object('status', e.status, 'at', e.at) ORDER BY e.id)
                     FROM complaint_event e WHERE e.complaint = c.id), '[]') AS history
         FROM complaint c WHERE reference = $1`,
};
const LATEST = {
  name: "latest",
  text: "SELECT reference, opd, status, created_at FROM complaint ORDER BY created_at DESC, id DESC LIMIT $1",
};
const PROVE = {
  name: "prove",
  text: `INSERT INTO proof (slot, token, at) VALUES ($1, $2, clock_timestamp())
         ON CONFLICT (slot) DO UPDATE SET token = excluded.token, at = excluded.at`,
};
const PROVEN = { name: "proven", text: "SELECT slot, token, at FROM proof WHERE slot = $1" };

function summary(row: Readonly<Record<string, unknown>>): ComplaintSummary {
  return {
    reference: String(row.reference),
    opd: String(row.opd),
    status: row.status as Status,
    createdAt: row.created_at as Date,
  };
}

export class PostgresStore implements Store {
  readonly #pool: pg.Pool;
  readonly #passwords: Passwords;
  readonly #warn: (error: Error) => void;
  #schema = 0;

  /** @param warn Told of connections that end while nobody uses them. */
  constructor(settings: PostgresSettings, warn: (error: Error) => void) {
    this.#warn = warn;
    const server = {
      host: settings.host,
      port: settings.port,
      database: settings.name,
      user: settings.user,
      ssl: { ca: settings.ca, cert: settings.cert, key: settings.key, minVersion: "TLSv1.2", rejectUnauthorized: true },
      enableChannelBinding: true,
      connectionTimeoutMillis: CONNECT_MS,
    } as const;
    const passwords = new Passwords(settings.passwords, (password) => letsIn({ ...server, password }));
    this.#passwords = passwords;
    this.#pool = new pg.Pool({
      ...server,
      password: () => passwords.current,
      max: MAX_CONNECTIONS,
      idleTimeoutMillis: 30_000,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + 1_000,
      keepAlive: true,
      application_name: "lumbung-pengaduan",
    });
    this.#pool.on("error", warn);
  }

  /** Runs on a connection, on a fresh one if a stale one failed. Every statement of ours may be repeated. */
  async #run<Result>(action: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const deadline = performance.now() + DEADLINE_MS;
    for (let attempt = 0; ; attempt++) {
      let client: pg.PoolClient;
      try {
        client = await this.#connect();
      } catch (cause) {
        throw new StoreUnavailable(`no connection: ${(cause as Error).message}`, { cause });
      }
      try {
        const result = await action(client);
        client.release();
        return result;
      } catch (error) {
        client.release(!isOurMistake(codeOf(error)));
        if (isOurMistake(codeOf(error))) throw error;
        const again = attempt < MAX_CONNECTIONS && mayHelpToReconnect(error) && performance.now() < deadline;
        if (!again)
          throw error instanceof StoreUnavailable
            ? error
            : new StoreUnavailable((error as Error).message, { cause: error });
      }
    }
  }

  /** Where the password is refused and there is another, once more with the one that the server takes. */
  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (codeOf(error) !== WRONG_PASSWORD || !this.#passwords.several) throw error;
      await this.#passwords.choose();
      return this.#pool.connect();
    }
  }

  /** Brings the schema up to date; throws {@link StoreUnavailable} while that can't be done. */
  async prepare(): Promise<number> {
    this.#schema = await this.#run((client) => migrate(client));
    return this.#schema;
  }

  async add(complaint: NewComplaint, makeReference: () => string): Promise<{ reference: string; created: boolean }> {
    for (let attempt = 0; ; attempt++) {
      const values = [
        makeReference(),
        complaint.requestKey,
        complaint.opd,
        complaint.name,
        complaint.contact,
        complaint.text,
      ];
      try {
        return await this.#run((client) => addOn(client, values));
      } catch (error) {
        const taken =
          codeOf(error) === "23505" && (error as { constraint?: string }).constraint === "complaint_reference_key";
        if (!taken || attempt === 3) throw error;
      }
    }
  }

  async find(reference: string): Promise<Complaint | undefined> {
    const { rows } = await this.#run((client) => client.query({ ...FIND, values: [reference] }));
    const row: Record<string, unknown> | undefined = rows[0];
    if (row === undefined) return undefined;
    const history = row.history as readonly { status: Status; at: string }[];
    return {
      ...summary(row),
      text: String(row.body),
      history: history.map(({ status, at }) => ({ status, at: new Date(at) })),
    };
  }

  async latest(count: number): Promise<readonly ComplaintSummary[]> {
    const { rows } = await this.#run((client) => client.query({ ...LATEST, values: [count] }));
    return rows.map(summary);
  }

  async prove(token: string): Promise<ProofRow> {
    // The token is of random digits: so are its first ones.
    const slot = Number.parseInt(token.slice(0, 8), 16) % PROOF_SLOTS;
    const { rows } = await this.#run(async (client) => {
      await acknowledged(client, { ...PROVE, values: [slot, token] });
      return client.query({ ...PROVEN, values: [slot] });
    });
    const row: Record<string, unknown> | undefined = rows[0];
    // Somebody else's was written to the same row in between: ours was there, and nobody can show it any more.
    if (row?.token !== token) throw new StoreUnavailable("another proof took the row's place");
    return { table: "proof", slot, token, at: (row.at as Date).toISOString() };
  }

  /** Asked by the health command: never throws, answers within the time given. */
  async state(withinMs: number): Promise<StoreState> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<StoreState>((resolve) => {
      timer = setTimeout(
        () => resolve({ ok: false, detail: `database does not answer within ${withinMs} ms` }),
        withinMs,
      );
    });
    const asked = this.#run(isWritable).then(
      (writable): StoreState => {
        if (!writable)
          return { ok: false, detail: "database is read-only (standby): complaints can be read, not written" };
        if (this.#schema < SCHEMA_VERSION) return { ok: false, detail: "database schema is not ready yet" };
        return { ok: true, detail: `database takes writes, schema ${this.#schema}` };
      },
      (error: Error): StoreState => ({ ok: false, detail: `database out of reach: ${error.message}` }),
    );
    const state = await Promise.race([asked, late]);
    clearTimeout(timer);
    return state;
  }

  async close(): Promise<void> {
    await this.#pool.end().catch(this.#warn);
  }
}

/** Whether the server lets us in with these words; throws where it does not say. */
async function letsIn(config: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(config);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (codeOf(error) === WRONG_PASSWORD) return false;
    throw error;
  } finally {
    // A connection that was refused is closed already; what closing it says adds nothing.
    await client.end().catch(() => undefined);
  }
}

async function addOn(
  client: pg.PoolClient,
  values: readonly unknown[],
): Promise<{ reference: string; created: boolean }> {
  const { rows } = await acknowledged(client, { ...ADD, values: [...values] });
  const row: Record<string, unknown> | undefined = rows[0];
  if (row === undefined) throw new Error("the insert answered no row; this is a bug of ours");
  return { reference: String(row.reference), created: row.created === true };
}

/**
 * A write. A warning during it means that a wait for the synchronous standby was cancelled: PostgreSQL then says "committed here" and no more,
 * which counts as not acknowledged (D8).
 */
async function acknowledged(client: pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult> {
  const warnings: string[] = [];
  const listen = (notice: { severity?: string | undefined; message?: string | undefined }) => {
    if (notice.severity !== "NOTICE" && notice.severity !== "INFO") warnings.push(notice.message ?? "warning");
  };
  client.on("notice", listen);
  try {
    const result = await client.query(query);
    if (warnings.length > 0) throw new StoreUnavailable(`not acknowledged: ${warnings.join("; ")}`);
    return result;
  } finally {
    client.removeListener("notice", listen);
  }
}
