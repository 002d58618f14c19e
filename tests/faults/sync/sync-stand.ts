/** Two sites and a witness with one PostgreSQL server that is declared `sync`, and clients of it that keep what was acknowledged. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Workload } from "../../../components/workload.ts";
import type { LeaseData, LeaseSync } from "../../../model/lease.ts";
import type { DatabaseModel, DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";
import { historyFrom, isOurHistory, writtenLsn } from "../../../services/ops/runbooks/history.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { Guards } from "../../lab/support/guards.ts";
import { nameOf, RegionStand, STAND, standModel } from "../guards/region-stand.ts";
import { type Connection, toPostgres } from "../ledger/connections.ts";
import { type History, Recorder } from "../ledger/history.ts";
import { judge, type Verdict } from "../ledger/judge.ts";

export const SERVER = "postgres-utama";
export const TABLE = "ledger";
export const PATIENCE = 150;
const CLIENTS = 4;

/** The lab's model at the stand's addresses, with its PostgreSQL server declared `sync`: the inventory itself says `async`. */
export async function syncModel(): Promise<Model> {
  const model = await standModel();
  const databaseServers = model.databaseServers.map((one) =>
    one.workload === SERVER ? { ...one, replication: { mode: "sync" as const, rpoSeconds: 0 } } : one,
  );
  return { ...model, databaseServers };
}

export class SyncStand extends RegionStand {
  readonly guards = new Guards(STAND);

  constructor(model: Model, images: Readonly<Record<string, string>>) {
    super(model, images, { kinds: ["epoch", "etcd", "postgresql"] });
  }

  site(id: string): SiteModel {
    return found(this.model.sites.find((one) => one.id === id));
  }

  workload(site: string): Workload {
    return found(this.workloads(this.site(site)).find(({ name }) => name === SERVER));
  }

  declared(): { readonly server: DatabaseServerModel; readonly database: DatabaseModel } {
    const server = found(this.model.databaseServers.find(({ workload }) => workload === SERVER));
    return { server, database: found(server.databases[0]) };
  }

  // --- clients ----------------------------------------------------------------------------------------------------------------
  connect(site: string, patienceMs?: number): Promise<Connection> {
    const { server, database } = this.declared();
    const secrets = this.secretsOf(site);
    const { password } = found(secrets.databaseRoles[`${server.id}/${database.role}`]);
    const address = found(this.workload(site).reached.address);
    const patience = patienceMs === undefined ? {} : { patienceMs };
    return toPostgres({ address, server, database, ca: secrets.authority.root, password, ...patience }, TABLE);
  }

  /** Four clients that write without a pause, each until it is told to stop or hears no acknowledgement. */
  write(site: string): { stop(): Promise<History> } {
    const recorder = new Recorder(() => performance.now());
    let going = true;
    const one = async () => {
      const client = await this.connect(site);
      while (going && (await recorder.attempt((id, value) => client.insert(id, value))) === "acknowledged");
      await client.close().catch(() => {});
    };
    const all = Promise.all(Array.from({ length: CLIENTS }, one));
    return {
      stop: async () => {
        going = false;
        await all;
        return recorder.history();
      },
    };
  }

  /** As the server's own user, in the application's database. @throws what the server said. */
  sql(site: string, statements: string): string {
    const { database } = this.declared();
    const words = ["psql", "-XAtq", "-h", "/run/postgresql", "-U", "postgres", "-d", database.name];
    const { code, said } = this.guards.exec(
      site,
      SERVER,
      ["timeout", "20", ...words, "-v", "ON_ERROR_STOP=1"],
      statements,
    );
    if (code !== 0) throw new Error(`${site}: ${said}`);
    return said;
  }

  emptyTable(site: string): void {
    const { database } = this.declared();
    this.sql(
      site,
      `drop table if exists ${TABLE}; create table ${TABLE} (id bigint primary key, value text not null);
       alter table ${TABLE} owner to "${database.role}";`,
    );
  }

  judgeAt(site: string, history: History): Verdict {
    const rows = this.sql(site, `select id, value from ${TABLE};`).split("\n").filter(Boolean);
    return judge(
      history,
      rows.map((line) => ({ id: Number(line.split("|")[0]), value: line.slice(line.indexOf("|") + 1) })),
    );
  }

  // --- what is seen -----------------------------------------------------------------------------------------------------------
  healthIs(site: string, line: RegExp, seconds = PATIENCE): Promise<string> {
    return eventually(`${site}: ${line}`, seconds, async () => {
      const { said } = this.guards.exec(site, SERVER, ["/usr/local/lib/lumbung/health"]);
      if (!line.test(said)) throw new Error(said);
      return said;
    });
  }

  standsBy = (site: string): Promise<string> => this.healthIs(site, /^standby of (?!.*not streaming)/);

  syncIs(site: string, wanted: Partial<LeaseSync>, seconds = 30): Promise<LeaseSync> {
    return eventually(`${site}: sync ${JSON.stringify(wanted)}`, seconds, async () => {
      const { sync } = this.guards.state(site, SERVER);
      const differs = Object.entries(wanted).some(([key, value]) => sync?.[key as keyof LeaseSync] !== value);
      if (sync === null || differs) throw new Error(JSON.stringify(sync));
      return sync;
    });
  }

  /** What `ops` asks: Patroni. */
  patroni(site: string, path = "/patroni"): string {
    const { hostName } = found(this.site(site).workloads.find(({ name }) => name === SERVER));
    const tls = "/config/current/tls";
    const proof = ["--cacert", `${tls}/ca.crt`, "--cert", `${tls}/server.crt`, "--key", `${tls}/server.key`];
    const where = ["--connect-to", "::127.0.0.1:8008", `https://${hostName}:8008${path}`];
    return this.guards.exec(site, SERVER, ["curl", "--silent", "--max-time", "5", "--noproxy", "*", ...proof, ...where])
      .said;
  }

  // --- what is done -----------------------------------------------------------------------------------------------------------
  pause(site: string): void {
    this.guards.docker("pause", nameOf(site, SERVER));
  }

  resume(site: string): void {
    this.guards.docker("unpause", nameOf(site, SERVER));
  }

  containersOf(site: string): string[] {
    return this.guards
      .docker("ps", "--all", "--format", "{{.Names}}", "--filter", `name=^${nameOf(site, "")}`)
      .split("\n");
  }

  /** All of a site at once, while this process goes on: its clients keep writing. */
  async kill(site: string): Promise<void> {
    await promisify(execFile)("docker", ["kill", ...this.containersOf(site)]);
  }

  /** As the runbook does it. */
  async takeOver(site: string, epoch: number): Promise<void> {
    const { guards } = this;
    guards.order(site, SERVER, { verb: "promote", epoch, by: "trial" });
    await guards.until(site, SERVER, { state: "open", epoch }, PATIENCE);
    guards.order(site, SERVER, { verb: "wait", waits: false });
    guards.order(site, SERVER, { verb: "open", epoch });
    await eventually(`${site} takes writes`, PATIENCE, async () =>
      guards.sql(site, SERVER, "create table if not exists lumbung.tried ();").code === 0 ? true : undefined,
    );
  }

  /** The old site's containers again: its guard keeps it closed. */
  async comesBack(old: string): Promise<void> {
    this.guards.docker("start", ...this.containersOf(old));
    await this.healthIs(old, /wait \[wait-lease\].*other-site/);
  }

  data(site: string): LeaseData {
    return this.guards.data(site, SERVER);
  }

  /** As the runbook does it: what only the old site has, from where the two parted. */
  async keepAside(old: string, active: string): Promise<NonNullable<LeaseData["kept"]>> {
    const history = historyFrom(
      JSON.parse(this.patroni(active)),
      JSON.parse(this.patroni(active, "/history")),
      this.data(active).begun,
    );
    const judged = isOurHistory(this.data(old), history);
    if (judged.part || judged.at === undefined) throw new Error(`${old}: nothing that only it has`);
    this.guards.order(old, SERVER, { verb: "keep-aside", since: writtenLsn(Number(judged.at)) });
    return eventually(`${old}: kept`, PATIENCE, async () => {
      const { work } = this.guards.state(old, SERVER);
      if (work?.verb !== "keep" || work.state !== "done") throw new Error(JSON.stringify(work));
      return this.data(old).kept ?? undefined;
    });
  }

  /** Made anew from the new active site; then commits wait for it as declared. */
  async giveBack(old: string, active: string): Promise<void> {
    const { guards } = this;
    guards.order(old, SERVER, { verb: "reseed" });
    await this.standsBy(old);
    // What people let in the epoch before is not let in this one.
    await this.syncIs(old, { mode: "required" });
    guards.order(active, SERVER, { verb: "wait", waits: true });
    await this.syncIs(active, { mode: "required", waits: true, satisfied: true });
  }
}

function found<T>(one: T | undefined): T {
  if (one === undefined) throw new Error("expected something, received nothing");
  return one;
}
