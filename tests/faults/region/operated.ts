/** A region as an operator sees it, and what an operator does in it: the orders of the runbooks, given to its guards. */
import type { LeaseOrder } from "../../../model/lease.ts";
import type { SiteModel } from "../../../model/types.ts";
import { historyFrom, isOurHistory } from "../../../services/ops/runbooks/history.ts";
import { eventually } from "../../lab/support/eventually.ts";
import type { Engine, Guards } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { GUARDED, otherOf, PATIENCE, required, type SiteId } from "./sites.ts";

export abstract class Operated {
  readonly guards: Guards;

  constructor(guards: Guards) {
    this.guards = guards;
  }

  abstract site(id: SiteId): SiteModel;

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

  /** Asks for the next epoch at a site: it comes once nobody holds the lease. Returns when each guard has taken it. */
  async askFor(site: SiteId, epoch: number): Promise<void> {
    await this.#toEach(site, { verb: "promote", epoch, by: "trial" });
  }

  /** Again where a guard does not answer: it may be starting. */
  async #toEach(site: SiteId, order: LeaseOrder): Promise<void> {
    await Promise.all(
      GUARDED.map((name) =>
        eventually(`${site}/${name} takes ${order.verb}`, PATIENCE, async () => this.guards.order(site, name, order)),
      ),
    );
  }

  async isOpen(site: SiteId, epoch: number, seconds = PATIENCE): Promise<void> {
    await Promise.all(GUARDED.map((name) => this.guards.until(site, name, { state: "open", epoch }, seconds)));
  }

  /** Waits for the epoch that was asked for, and has the engines take writes. */
  async open(site: SiteId, epoch: number): Promise<void> {
    await this.isOpen(site, epoch);
    await Promise.all(ENGINES.map((engine) => this.#openOne(site, engine, epoch)));
  }

  /** Told again where it failed, or where the guard that was told is another one now. */
  #openOne(site: SiteId, engine: Engine, epoch: number): Promise<unknown> {
    return eventually(`${site}/${engine} takes writes`, PATIENCE, async () => {
      if (this.guards.takesWrites(site, engine)) return true;
      const { work } = this.guards.state(site, engine);
      const told = work?.verb === "open" && work.epoch === epoch && work.state !== "failed";
      if (!told) this.guards.order(site, engine, { verb: "open", epoch });
      throw new Error(work?.said ?? "told to open");
    });
  }

  /** Ends a site's epoch in good order. */
  async close(site: SiteId, epoch: number): Promise<void> {
    await this.#toEach(site, { verb: "close", epoch });
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
}
