/** Who writes: clients that go where the public name sends them, with a connection of their own to each database server, over verified TLS. */
import { setTimeout as pause } from "node:timers/promises";
import type { DatabaseModel, DatabaseServerModel } from "../../../model/types.ts";
import { resolverAt } from "../../../services/ops/resolve.ts";
import { PATIENCE } from "../../../services/ops/runbooks/names.ts";
import { type Connection, type Target, toMariaDb, toPostgres } from "../../faults/ledger/connections.ts";
import { type History, Recorder, Refused } from "../../faults/ledger/history.ts";
import { sitesByServer } from "../../faults/ledger/servers.ts";
import type { Engine } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { otherOf, required, SITES, type SiteId, type TakeoverStand } from "./stand.ts";

/** Where a name server answers, inside its container. */
const DNS_PORT = 5353;
const TABLE = "lumbung_ledger";
/** A database of each engine in which the clients have their table. */
const DATABASES: Readonly<Record<Engine, string>> = { "postgres-utama": "pengaduan", "mariadb-php": "ppid" };
const EACH_MS = 25;

interface Declared {
  readonly server: DatabaseServerModel;
  readonly database: DatabaseModel;
}

export interface Ledger {
  /** Ends what is under way. Returns what was asked and answered, by engine. */
  stop(): Promise<Readonly<Record<Engine, History>>>;
}

export class Users {
  readonly #stand: TakeoverStand;
  #rows = 0;

  constructor(stand: TakeoverStand) {
    this.#stand = stand;
  }

  /** Their tables, empty, at the active site. */
  prepare(active: SiteId): void {
    for (const engine of ENGINES) {
      const { name, role } = this.#declared(engine).database;
      const [enter, owner] =
        engine === "postgres-utama"
          ? [`\\connect ${name}\n`, `alter table ${TABLE} owner to ${role};`]
          : [`use ${name};\n`, ""];
      const table = `drop table if exists ${TABLE}; create table ${TABLE} (id bigint primary key, value text not null);`;
      const { code, said } = this.#stand.guards.sql(active, engine, enter + table + owner);
      if (code !== 0) throw new Error(`bench: ${active}/${engine}: ${said}`);
    }
    this.#rows = 0;
  }

  /** To which site the public name leads: by this site's name server; where that does not answer, by the other's, as any resolver asks it. */
  async named(first: SiteId): Promise<SiteId> {
    return this.#namedBy(first).catch(() => this.#namedBy(otherOf(first)));
  }

  async #namedBy(at: SiteId): Promise<SiteId> {
    const { model } = this.#stand;
    const addresses = await resolverAt(this.#placed(at, "dns"), DNS_PORT, PATIENCE).resolve4(model.region.gatewayName);
    const found = SITES.find((id) => addresses.length === 1 && addresses[0] === this.#stand.site(id).publicAddress);
    if (found === undefined) throw new Error(`${at}: ${model.region.gatewayName} is ${addresses.join(" ")}`);
    return found;
  }

  /** One row through the public name. @throws unless `site`'s own server acknowledged it: the name, its gateway and its server are one site's. */
  async writes(site: SiteId, engine: Engine): Promise<void> {
    const named = await this.#namedBy(site);
    if (named !== site) throw new Error(`bench: the public name leads to ${named}`);
    const connection = await this.#connect(named, engine);
    try {
      const by = this.#whose(engine, connection);
      if (by !== site) throw new Error(`bench: ${engine} of ${by} answers`);
      this.#rows += 1;
      // Away from the numbers of a ledger.
      await connection.insert(-this.#rows, "bench");
    } finally {
      connection.close().catch(() => {}); // the server ends it in any case
    }
  }

  /** Clients beside both sites that write all the time, each to each engine; a connection that breaks is made anew where the name leads then. */
  ledger(): Ledger {
    const going = new AbortController();
    const recorders = ENGINES.map((engine) => [engine, new Recorder(() => performance.now())] as const);
    const work = recorders.flatMap(([engine, recorder]) =>
      SITES.map((beside) => this.#write(beside, engine, recorder, going.signal)),
    );
    return {
      stop: async () => {
        going.abort();
        await Promise.all(work);
        const kept = recorders.map(([engine, recorder]) => [engine, recorder.history()] as const);
        return Object.fromEntries(kept) as Record<Engine, History>;
      },
    };
  }

  async #write(beside: SiteId, engine: Engine, recorder: Recorder, signal: AbortSignal): Promise<void> {
    let client: Connection | undefined;
    while (!signal.aborted) {
      const outcome = await recorder.attempt(async (id, value, asks) => {
        client ??= await this.#reached(beside, engine);
        asks(this.#whose(engine, client));
        await client.insert(id, value);
      });
      if (outcome !== "acknowledged") {
        client?.close().catch(() => {}); // it is broken: nobody waits for its goodbye
        client = undefined;
      }
      await pause(EACH_MS);
    }
    client?.close().catch(() => {});
  }

  /** @throws Refused: nothing was asked yet. */
  async #reached(beside: SiteId, engine: Engine): Promise<Connection> {
    try {
      return await this.#connect(await this.named(beside), engine);
    } catch (error) {
      throw new Refused(error instanceof Error ? error.message : String(error));
    }
  }

  /** At the gateway's own address: its public one is of the lab's machine. */
  #connect(site: SiteId, engine: Engine): Promise<Connection> {
    const { server, database } = this.#declared(engine);
    const secrets = this.#stand.region.secretsOf(site);
    const password = required(secrets.databaseRoles[`${server.id}/${database.role}`]?.password);
    const target: Target = {
      address: this.#placed(site, "gateway"),
      ...{ server, database, ca: secrets.authority.root, password },
    };
    return (server.engine === "mariadb" ? toMariaDb : toPostgres)(target, TABLE);
  }

  #whose(engine: Engine, { server }: Connection): string {
    return sitesByServer(this.#stand.model, this.#declared(engine).server)[server] ?? `unknown ${server}`;
  }

  #placed(site: SiteId, workload: string): string {
    const placed = this.#stand.site(site).workloads.find(({ name }) => name === workload);
    return required(placed?.address ?? placed?.backboneAddress);
  }

  #declared(engine: Engine): Declared {
    const server = required(this.#stand.model.databaseServers.find(({ workload }) => workload === engine));
    return { server, database: required(server.databases.find(({ id }) => id === DATABASES[engine])) };
  }
}
