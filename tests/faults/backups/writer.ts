/** A client that writes numbered rows as an application does, and keeps what was acknowledged. */
import { setTimeout as pause } from "node:timers/promises";
import type { BackupStand } from "../../lab/support/backup-stand.ts";
import { type Connection, toPostgres } from "../ledger/connections.ts";
import { type History, Recorder, Refused } from "../ledger/history.ts";
import { DATABASE } from "./trial.ts";

const EACH_MS = 25;
const AGAIN_MS = 250;

export class Writer {
  readonly #recorder = new Recorder(() => performance.now());
  readonly #going = new AbortController();
  readonly #work: Promise<void>;

  private constructor(connect: () => Promise<Connection>) {
    this.#work = this.#write(connect);
  }

  /** Makes the table, and writes into it until it is told to stop. */
  static async start(stand: BackupStand, table: string): Promise<Writer> {
    const server = stand.server();
    const database = server.databases.find(({ name }) => name === DATABASE);
    if (!database) throw new Error(`no database ${DATABASE}`);
    const secrets = stand.secrets("dc");
    const placement = stand.site("dc").workloads.find(({ name }) => name === server.workload);
    const password = secrets.databaseRoles[`${server.id}/${database.role}`]?.password;
    if (!placement?.address || password === undefined) throw new Error(`no way to ${server.id}`);
    const made = `create table ${table} (id bigint primary key, value text not null); alter table ${table} owner to "${database.role}";`;
    stand.sql("dc", database.name, made);
    const target = { address: placement.address, server, database, ca: secrets.authority.root, password };
    return new Writer(() => toPostgres(target, table));
  }

  get acknowledged(): number {
    return this.#recorder.history().attempts.filter(({ outcome }) => outcome === "acknowledged").length;
  }

  async stop(): Promise<History> {
    this.#going.abort();
    await this.#work;
    return this.#recorder.history();
  }

  /** A connection that was lost is made anew with the next attempt. */
  async #write(connect: () => Promise<Connection>): Promise<void> {
    let connection: Connection | undefined;
    while (!this.#going.signal.aborted) {
      const outcome = await this.#recorder.attempt(async (id, value) => {
        connection ??= await connect();
        await connection.insert(id, value);
      });
      if (outcome !== "acknowledged") {
        // It is broken already; what its end says is known.
        await connection?.close().catch((error: unknown) => new Refused(String(error)));
        connection = undefined;
      }
      await pause(outcome === "acknowledged" ? EACH_MS : AGAIN_MS);
    }
    await connection?.close();
  }
}
