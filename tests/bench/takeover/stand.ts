/**
 * A region of its own to take over in: both sites and the witness with real engines under real guards (tests/faults/guards/region-stand.ts), raised when
 * the first bench wants it and taken away when the process ends.
 *
 * Not the lab: what is measured loses a site whole, some rounds of it by hand and past the guards' questions. An interrupted round would leave the lab
 * to be mended by people; here it leaves nothing. The steps, the ports, the guards, the engines and their settings are the same. What is not here:
 * the web server and applications behind the gateway, copies of files, `ops` in a container, and backups. A server without a repository host would
 * keep all of its WAL, and `pg_rewind` copies what WAL it finds.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureImages } from "../../../io/images.ts";
import type { Model, SiteModel } from "../../../model/types.ts";
import { type Altered, IMAGES, RegionStand, standModel } from "../../faults/guards/region-stand.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { type Engine, Guards } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { runProgram } from "../../lab/support/lumbung.ts";

export type Note = (text: string) => void;
export type SiteId = "dc" | "drc";

const PREFIX = "ambil";
const SECOND = 209;
/** Longest that anything of a busy machine may take, seconds. */
export const PATIENCE = 180;
export const SITES: readonly SiteId[] = ["dc", "drc"];
export const otherOf = (site: SiteId): SiteId => (site === "dc" ? "drc" : "dc");
export const POSTGRES: Engine = "postgres-utama";
const MARIADB: Engine = "mariadb-php";
/** Every guard of a site. */
const GUARDED = ["gateway", "dns", ...ENGINES] as const;
const FOLLOWS = /^standby of (?!.*not streaming)/;

/** Who is active, and since which epoch. */
export interface Standing {
  readonly active: SiteId;
  readonly other: SiteId;
  readonly epoch: number;
}

export class TakeoverStand {
  readonly guards = new Guards(PREFIX);
  readonly region: RegionStand;
  readonly #folder = mkdtempSync(join(tmpdir(), "lumbung-bench-"));
  readonly #altered = new Set<string>();

  constructor(model: Model, images: Readonly<Record<string, string>>) {
    this.region = new RegionStand(model, images, { prefix: PREFIX });
  }

  get model(): Model {
    return this.region.model;
  }

  site(id: SiteId): SiteModel {
    return required(this.model.sites.find((site) => site.id === id));
  }

  /** Founds the region at the primary; the recovery site copies it. */
  async raise(note: Note): Promise<void> {
    note("both sites and a witness: raising");
    await this.region.raise();
    for (const engine of ENGINES) await this.healthIs("dc", engine, /^wait \[wait-permit\]/);
    for (const engine of ENGINES) this.guards.exec("dc", engine, ["tee", "/identity/permit"], "found");
    for (const engine of ENGINES) await this.guards.writes("dc", engine, true, PATIENCE);
    await this.standsBy("drc");
  }

  fell(): void {
    this.region.fell();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @throws unless one site is active and the other follows it. */
  async standing(): Promise<Standing> {
    const { epoch, epochSite } = this.guards.state("dc", "gateway");
    const active = SITES.find((site) => site === epochSite);
    if (active === undefined) throw new Error(`bench: epoch ${epoch} is of no site: ${epochSite}`);
    await this.isOpen(active, epoch);
    await Promise.all(ENGINES.map((engine) => this.guards.writes(active, engine, true, PATIENCE)));
    await this.standsBy(otherOf(active));
    return { active, other: otherOf(active), epoch };
  }

  healthIs(site: SiteId, engine: Engine, line: RegExp): Promise<string> {
    return eventually(`${site}/${engine}: ${line}`, PATIENCE, async () => {
      const { said } = this.guards.exec(site, engine, ["/usr/local/lib/lumbung/health"]);
      if (!line.test(said)) throw new Error(said);
      return said;
    });
  }

  standsBy(site: SiteId): Promise<unknown> {
    return Promise.all(ENGINES.map((engine) => this.healthIs(site, engine, FOLLOWS)));
  }

  /** What a program in a container says. @throws with its words where it ends badly. */
  async said(site: SiteId, workload: string, words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram("docker", ["exec", this.guards.name(site, workload), ...words]);
    if (code !== 0) throw new Error(`bench: ${words.slice(0, 8).join(" ")}: exit code ${code}\n${stderr}\n${stdout}`);
    return stdout;
  }

  /** One answer of PostgreSQL, however long it takes. */
  async sql(site: SiteId, database: string, statement: string): Promise<string> {
    const words = ["psql", "-XAtq", "-h", "/run/postgresql", "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1"];
    return (await this.said(site, POSTGRES, [...words, "-c", statement])).trim();
  }

  // --- what happens to sites, and what an operator does there --------------------------------------------------------------------
  /** All of a site's containers at once, in the middle of whatever they do. */
  lose(site: SiteId): void {
    this.guards.docker("kill", ...this.#containers(site));
  }

  /** Raises the epoch for a site once nobody holds the lease; its engines do not take writes yet. */
  async take(site: SiteId, epoch: number): Promise<void> {
    for (const name of GUARDED) this.guards.order(site, name, { verb: "promote", epoch, by: "bench" });
    await this.isOpen(site, epoch);
  }

  async isOpen(site: SiteId, epoch: number): Promise<void> {
    const open = { state: "open", epoch } as const;
    await Promise.all(GUARDED.map((name) => this.guards.until(site, name, open, PATIENCE)));
  }

  async open(site: SiteId, epoch: number, engines: readonly Engine[] = ENGINES): Promise<void> {
    for (const engine of engines) this.guards.order(site, engine, { verb: "open", epoch });
    await Promise.all(engines.map((engine) => this.guards.writes(site, engine, true, PATIENCE)));
  }

  /** Every name server that answers, by the order that runbooks give. */
  name(site: SiteId, at: readonly SiteId[]): void {
    for (const one of at) this.guards.order(one, "dns", { verb: "addresses", address: this.site(site).publicAddress });
  }

  /** A site that was lost starts again, and is closed. */
  async starts(site: SiteId): Promise<void> {
    this.#unaltered(site);
    this.guards.docker("start", ...this.#containers(site));
    await this.healthIs(site, POSTGRES, /wait \[wait-lease\].*other-site/);
    await this.healthIs(site, MARIADB, /^closed/);
  }

  /** A site that was lost comes back as a standby. */
  async returns(site: SiteId): Promise<void> {
    await this.starts(site);
    this.guards.order(site, POSTGRES, { verb: "rejoin" });
    this.guards.order(site, MARIADB, { verb: "reseed" });
    await this.standsBy(site);
  }

  /** Starts PostgreSQL of a site anew with files in place of its image's. None: with its own again. @param files by their path in the image. */
  restart(site: SiteId, files: Readonly<Record<string, string>>): void {
    const place = this.site(site);
    const workload = required(this.region.workloads(place).find(({ name }) => name === POSTGRES));
    this.guards.docker("stop", this.guards.name(site, POSTGRES));
    this.region.restart(place, workload, this.#written(files));
    if (Object.keys(files).length > 0) this.#altered.add(site);
    else this.#altered.delete(site);
  }

  /** Only what runs has its own files back at once; a container that was killed is made anew beforehand. */
  #unaltered(site: SiteId): void {
    if (!this.#altered.has(site)) return;
    this.restart(site, {});
  }

  #written(files: Readonly<Record<string, string>>): Altered {
    return Object.fromEntries(
      Object.entries(files).map(([path, content]) => {
        const file = join(this.#folder, path.replaceAll("/", "_"));
        writeFileSync(file, content);
        chmodSync(file, 0o755);
        return [path, file];
      }),
    );
  }

  #containers(site: SiteId): string[] {
    return this.region.workloads(this.site(site)).map(({ name }) => this.guards.name(site, name));
  }
}

export function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("bench: expected something, received nothing");
  return found;
}

let raised: Promise<TakeoverStand> | undefined;

/** The one of this process. */
export function takeoverStand(note: Note): Promise<TakeoverStand> {
  raised ??= raise(note);
  return raised;
}

async function raise(note: Note): Promise<TakeoverStand> {
  const images = await ensureImages([...IMAGES], { progress: ({ text }) => note(text.en) });
  const { backup: _, ...model } = await standModel(SECOND);
  const stand = new TakeoverStand(model, images);
  // All of it is synchronous, as nothing else is done any more by then.
  process.once("exit", () => stand.fell());
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => process.exit(130));
  await stand.raise(note);
  return stand;
}
