/** A region whose wires can be cut, with clients beside both sites, and what an operator does in it. */

import { ensureImages } from "../../../io/images.ts";
import type { PlaceModel, SiteModel } from "../../../model/types.ts";
import { historyFrom, isOurHistory } from "../../../services/ops/runbooks/history.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { type Engine, Guards } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { type Altered, IMAGES, RegionStand, standModel } from "../guards/region-stand.ts";
import type { Target } from "../ledger/connections.ts";
import type { Row } from "../ledger/judge.ts";
import { sitesByServer } from "../ledger/servers.ts";
import type { Stream } from "./client.ts";
import { Clients } from "./clients.ts";
import { Wires } from "./wires.ts";

export type SiteId = "dc" | "drc";
export const SITES: readonly SiteId[] = ["dc", "drc"];
export const otherOf = (site: SiteId): SiteId => (site === "dc" ? "drc" : "dc");
/** Every guard of a site. */
export const GUARDED = ["gateway", "dns", ...ENGINES] as const;
/** Longest that anything of a busy machine may take, seconds. */
export const PATIENCE = 150;
const PREFIX = "putus";
const SECOND = 207;
/** Shorter than declared, so that more cuts fit into the time. */
const LEASE_SECONDS = 10;
/** Into which the clients write. */
export const TABLE = "lumbung_ledger";
/** A database of each engine in which the clients have a table. */
const DATABASES: Readonly<Record<Engine, string>> = { "postgres-utama": "pengaduan", "mariadb-php": "ppid" };

export class CutTrial {
  readonly guards = new Guards(PREFIX);
  #stand: RegionStand | undefined;
  #wires: Wires | undefined;
  #clients: Clients | undefined;

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
    const images = await ensureImages([...IMAGES, "toolbox"], {
      progress: ({ text }) => process.stderr.write(`${text.en}\n`),
    });
    const model = await standModel(SECOND, LEASE_SECONDS);
    const stand = new RegionStand(model, images, { prefix: PREFIX, cuttable: true });
    this.#stand = stand;
    await stand.raise();
    const runs = (place: PlaceModel) => new Set(stand.workloads(place).map(({ name }) => name));
    this.#wires = new Wires(model, (place, workload) => stand.name(place, workload), runs);
    for (const engine of ENGINES) await this.healthIs("dc", engine, /^wait \[wait-permit\]/);
    for (const engine of ENGINES) this.guards.exec("dc", engine, ["tee", "/identity/permit"], "found");
    for (const engine of ENGINES) await this.guards.writes("dc", engine, true, PATIENCE);
    await this.standsBy("drc");
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
      const table = `drop table if exists ${TABLE}; create table ${TABLE} (id bigint primary key, value text not null);`;
      const { role } = this.#database(engine).database;
      const owner = engine === "postgres-utama" ? `alter table ${TABLE} owner to ${role};` : "";
      await eventually(`a table in ${engine}`, PATIENCE, async () => this.sql("dc", engine, table + owner) || true);
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
  rows(site: SiteId, engine: Engine, above: number): Row[] {
    const said = this.sql(site, engine, `select id, value from ${TABLE} where id > ${above} order by id;`);
    return said
      .split("\n")
      .filter((line) => /^\d+[|\t]/.test(line))
      .map((line) => {
        const [id = "", value = ""] = line.split(/[|\t]/);
        return { id: Number(id), value };
      });
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

  healthIs(site: SiteId, engine: Engine, line: RegExp, seconds = PATIENCE): Promise<string> {
    return eventually(`${site}/${engine}: ${line}`, seconds, async () => {
      const said = this.health(site, engine);
      if (!line.test(said)) throw new Error(said);
      return said;
    });
  }

  health(site: SiteId, engine: Engine): string {
    return this.guards.exec(site, engine, ["/usr/local/lib/lumbung/health"]).said;
  }

  standsBy(site: SiteId): Promise<unknown> {
    return Promise.all(ENGINES.map((engine) => this.healthIs(site, engine, /^standby of .*, lag [\d.]+ (B|s)$/)));
  }

  takesWrites(site: SiteId): Promise<unknown> {
    return Promise.all(ENGINES.map((engine) => this.guards.writes(site, engine, true, PATIENCE)));
  }

  /** The highest epoch that a site's guards remember, and whose it is. */
  epoch(site: SiteId): { readonly epoch: number; readonly site: string } {
    const { epoch, epochSite } = this.guards.state(site, "gateway");
    return { epoch, site: epochSite };
  }

  // --- what an operator does -----------------------------------------------------------------------------------------------------
  /** Asks for the next epoch at a site: it comes once nobody holds the lease. */
  askFor(site: SiteId, epoch: number): void {
    for (const workload of GUARDED) this.guards.order(site, workload, { verb: "promote", epoch, by: "trial" });
  }

  async isOpen(site: SiteId, epoch: number, seconds = PATIENCE): Promise<void> {
    await Promise.all(GUARDED.map((name) => this.guards.until(site, name, { state: "open", epoch }, seconds)));
  }

  /** Waits for the epoch that was asked for, and has the engines take writes. */
  async open(site: SiteId, epoch: number): Promise<void> {
    await this.isOpen(site, epoch);
    for (const engine of ENGINES) this.guards.order(site, engine, { verb: "open", epoch });
    await this.takesWrites(site);
  }

  /** Ends a site's epoch in good order. */
  async close(site: SiteId, epoch: number): Promise<void> {
    for (const workload of GUARDED) this.guards.order(site, workload, { verb: "close", epoch });
    const closed = { code: "closed-by-order" } as const;
    await Promise.all(GUARDED.map((name) => this.guards.until(site, name, closed, PATIENCE)));
    this.guards.order(site, "gateway", { verb: "resign", epoch });
  }

  /** A site that is active no more stands by for the other one: as it is, rewound, or anew, by the runbook's own rule. */
  async join(site: SiteId): Promise<string[]> {
    const ways = await Promise.all(ENGINES.map((engine) => this.#joinOne(site, engine)));
    await this.standsBy(site);
    return ways;
  }

  async #joinOne(site: SiteId, engine: Engine): Promise<string> {
    const waits = /^(standby of .*, lag [\d.]+ (B|s)$|wait \[wait-lease\].*other-site|wait \[wait-diverged\]|closed)/;
    const line = await this.healthIs(site, engine, waits);
    if (line.startsWith("standby")) return "follows";
    const way = engine === "postgres-utama" ? this.#wayBack(site) : "reseed";
    this.guards.order(site, engine, { verb: way });
    return way;
  }

  /** As failback decides it (services/ops/runbooks/history.ts): rewound where both know the place at which they parted. */
  #wayBack(site: SiteId): "rejoin" | "reseed" {
    const engine = "postgres-utama";
    const other = otherOf(site);
    const judged = isOurHistory(
      this.guards.data(site, engine),
      historyFrom(
        this.#patroni(other, "/patroni") as Record<string, unknown>,
        this.#patroni(other, "/history"),
        this.guards.data(other, engine).begun,
      ),
    );
    return judged.part || judged.sure ? "rejoin" : "reseed";
  }

  #patroni(site: SiteId, path: string): unknown {
    const tls = "/config/current/tls";
    const { hostName } = required(this.site(site).workloads.find(({ name }) => name === "postgres-utama"));
    const proof = ["--cacert", `${tls}/ca.crt`, "--cert", `${tls}/server.crt`, "--key", `${tls}/server.key`];
    const words = ["curl", "--silent", "--show-error", "--fail", "--max-time", "10", "--noproxy", "*", ...proof];
    const there = ["--connect-to", "::127.0.0.1:8008", `https://${hostName}:8008${path}`];
    return JSON.parse(this.guards.exec(site, "postgres-utama", [...words, ...there]).said);
  }

  /** Starts what is guarded at a site anew, with files of its image that others take the place of. */
  alter(site: SiteId, altered: Altered): void {
    for (const workload of this.stand.workloads(this.site(site)))
      if ((GUARDED as readonly string[]).includes(workload.name))
        this.stand.restart(this.site(site), workload, altered);
  }
}

export function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("expected something, received nothing");
  return found;
}
