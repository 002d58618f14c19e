/** A region whose wires can be cut, with clients beside both sites, and what an operator does in it. */
import { ensureImages } from "../../../io/images.ts";
import type { Model, PlaceModel, SiteModel } from "../../../model/types.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { type Engine, Guards } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { type Altered, IMAGES, RegionStand, standModel } from "../guards/region-stand.ts";
import type { Target } from "../ledger/connections.ts";
import type { History } from "../ledger/history.ts";
import type { Row } from "../ledger/judge.ts";
import { sitesByServer } from "../ledger/servers.ts";
import { type Kept, now, type Stream } from "./client.ts";
import { Clients } from "./clients.ts";
import { Operated } from "./operated.ts";
import { GUARDED, PATIENCE, required, SITES, type SiteId } from "./sites.ts";
import { Wires } from "./wires.ts";

const PREFIX = "putus";
const SECOND = 207;
/** Shorter than declared, so that more cuts fit into the time. */
const LEASE_SECONDS = 10;
/** Into which the clients write. */
export const TABLE = "lumbung_ledger";
/** Into which transactions write that are open while a server sleeps. */
export const ASLEEP = "lumbung_asleep";
/** A database of each engine in which the clients have a table. */
const DATABASES: Readonly<Record<Engine, string>> = { "postgres-utama": "pengaduan", "mariadb-php": "ppid" };

export interface TrialOptions {
  /**
   * Data volumes of databases are in memory and no larger, so that they can be filled. Backups are then not declared: no repository host runs here, and the log that
   * nobody fetches would fill them by itself. Default: as large as the machine's disk.
   */
  readonly dataBytes?: number;
}

export class RegionTrial extends Operated {
  readonly #options: TrialOptions;
  #stand: RegionStand | undefined;
  #wires: Wires | undefined;
  #clients: Clients | undefined;

  constructor(options: TrialOptions = {}) {
    super(new Guards(PREFIX));
    this.#options = options;
  }

  get stand(): RegionStand {
    return required(this.#stand);
  }

  get wires(): Wires {
    return required(this.#wires);
  }

  get clients(): Clients {
    return required(this.#clients);
  }

  /** Seconds. */
  get lease(): { readonly ttl: number; readonly margin: number } {
    return { ttl: LEASE_SECONDS, margin: Math.max(2, LEASE_SECONDS / 5) };
  }

  /** Both sites and the witness, founded at the primary and copied, without clients yet. */
  async raise(): Promise<void> {
    this.#clients?.end();
    const images = await ensureImages([...IMAGES, "toolbox"], {
      progress: ({ text }) => process.stderr.write(`${text.en}\n`),
    });
    const model = await this.#model();
    const stand = new RegionStand(model, images, { prefix: PREFIX, cuttable: true, ...this.#options });
    this.#stand = stand;
    await stand.raise();
    const runs = (place: PlaceModel) => new Set(stand.workloads(place).map(({ name }) => name));
    this.#wires = new Wires(model, (place, workload) => stand.name(place, workload), runs);
    for (const engine of ENGINES) await this.healthIs("dc", engine, /^wait \[wait-permit\]/);
    for (const engine of ENGINES) this.guards.exec("dc", engine, ["tee", "/identity/permit"], "found");
    for (const engine of ENGINES) await this.guards.writes("dc", engine, true, PATIENCE);
    await this.standsBy("drc");
  }

  async #model(): Promise<Model> {
    const declared = await standModel(SECOND, LEASE_SECONDS);
    if (this.#options.dataBytes === undefined) return declared;
    const { backup: _, ...model } = declared;
    return model;
  }

  fell(): void {
    this.#clients?.end();
    if (process.env.LUMBUNG_KEEP_STAND === undefined) this.#stand?.fell();
  }

  site(id: SiteId): SiteModel {
    return required(this.stand.model.sites.find((site) => site.id === id));
  }

  /** The tables, and a client beside each site for each engine, which wait for `go`. */
  async load(): Promise<void> {
    for (const engine of ENGINES) {
      const { role } = this.#database(engine).database;
      const made = [TABLE, ASLEEP].map((table) => {
        const owner = engine === "postgres-utama" ? `alter table ${table} owner to ${role};` : "";
        return `drop table if exists ${table}; create table ${table} (id bigint primary key, value text not null);${owner}`;
      });
      await eventually(`tables in ${engine}`, PATIENCE, async () => this.sql("dc", engine, made.join("\n")) || true);
    }
    this.#clients = new Clients(SITES.flatMap((site) => ENGINES.map((engine) => this.#stream(site, engine))));
  }

  /** In the database of the clients. @throws what the server said. */
  sql(site: SiteId, engine: Engine, statements: string): string {
    const { name } = this.#database(engine).database;
    const enter = engine === "postgres-utama" ? `\\connect ${name}\n` : `use ${name};\n`;
    const { code, said } = this.guards.sql(site, engine, enter + statements);
    if (code !== 0) throw new Error(`${site}/${engine}: ${said}`);
    return said;
  }

  /** What is there above a number. */
  rows(site: SiteId, engine: Engine, above: number, table = TABLE): Row[] {
    const said = this.sql(site, engine, `select id, value from ${table} where id > ${above} order by id;`);
    return said
      .split("\n")
      .filter((line) => /^\d+[|\t]/.test(line))
      .map((line) => {
        const [id = "", value = ""] = line.split(/[|\t]/);
        return { id: Number(id), value };
      });
  }

  /** How many sessions of clients are at work: what one asked before it gave up may still be carried out. */
  busySessions(site: SiteId, engine: Engine): number {
    const { role } = this.#database(engine).database;
    const busy =
      engine === "postgres-utama"
        ? `pg_stat_activity where usename = '${role}' and state <> 'idle'`
        : `information_schema.processlist where user = '${role}' and command <> 'Sleep'`;
    const said = this.sql(site, engine, `select count(*) from ${busy};`);
    return Number(said.split("\n").at(-1));
  }

  /** What the clients kept since a moment on their clock, by engine. */
  histories(kept: Kept, from: number): Record<Engine, History> {
    const of = (engine: Engine): History => ({ from, to: now(), attempts: kept[engine] ?? [] });
    return { "postgres-utama": of("postgres-utama"), "mariadb-php": of("mariadb-php") };
  }

  /** The name of the database in which the clients have their tables. */
  databaseOf(engine: Engine): string {
    return this.#database(engine).database.name;
  }

  #database(engine: Engine) {
    const server = required(this.stand.model.databaseServers.find(({ workload }) => workload === engine));
    const database = required(server.databases.find(({ id }) => id === DATABASES[engine]));
    return { server, database };
  }

  /** A user of the public name beside that site: to its gateway's port, which leads to whichever server the gateway sees as primary. */
  #stream(site: SiteId, engine: Engine): Stream {
    const target = this.#target(site, engine, this.site(site).publicAddress);
    const { server } = target;
    const kind = server.engine === "mariadb" ? "mariadb" : "postgresql";
    return { engine, kind, target, table: TABLE, sites: sitesByServer(this.stand.model, server) };
  }

  /** An engine itself, as it is reached in its site's network. */
  directly(site: SiteId, engine: Engine): Target {
    const { address } = required(this.site(site).workloads.find(({ name }) => name === engine));
    return this.#target(site, engine, required(address));
  }

  #target(site: SiteId, engine: Engine, address: string): Target {
    const { server, database } = this.#database(engine);
    const secrets = this.stand.secretsOf(site);
    const password = required(secrets.databaseRoles[`${server.id}/${database.role}`]?.password);
    return { address, server, database, ca: secrets.authority.root, password };
  }

  /** Containers of a site, as they are named; not those that keep a network. */
  containersOf(site: SiteId): string[] {
    return this.guards
      .docker("ps", "--all", "--format", "{{.Names}}", "--filter", `name=^${this.guards.name(site, "")}`)
      .split("\n")
      .filter((name) => name !== "" && !name.endsWith("-net"));
  }

  /** Starts what is guarded at a site anew, with files of its image that others take the place of. */
  alter(site: SiteId, altered: Altered): void {
    for (const workload of this.stand.workloads(this.site(site)))
      if ((GUARDED as readonly string[]).includes(workload.name))
        this.stand.restart(this.site(site), workload, altered);
  }
}
