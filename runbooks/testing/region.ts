/**
 * For tests only: a region in memory of two sites and a witness, with guards, lease, databases, names, copies, and clients at both sites that write
 * all the time. It moves when its clock does: with every question, order and pause of a runbook. It remembers every moment at which two sites took
 * writes.
 */
import { text } from "../../model/text.ts";
import type { Killer } from "../engine/testing/world.ts";
import type { Declared, Seen, ServerSeen, SiteSeen } from "../facts.ts";
import type { CopySeen, Divergence, LeaseSeen, Ports } from "../ports.ts";

export const TTL = 15;
export const MARGIN = 3;
const TICK = 0.5;
/** A round that was ordered is tried until it is whole, for so long. */
const ORDERED_SECONDS = 60;
const START = Date.parse("2026-03-01T03:00:00.000Z");

export type Place = "dc" | "drc" | "witness";
export type SiteName = Exclude<Place, "witness">;
const SITES: readonly SiteName[] = ["dc", "drc"];
const other = (site: SiteName): SiteName => (site === "dc" ? "drc" : "dc");

export interface Options {
  /** False: engines do not heed their guards. */
  readonly guards: boolean;
  readonly witness: boolean;
  /** Whether servers are declared `sync`. */
  readonly sync: boolean;
  /** Whether a diverged PostgreSQL can surely be rewound. */
  readonly rewind: boolean;
  /** Whether a site that ends its epoch in good order still gives its files to the other one. */
  readonly lastCopies: boolean;
}

interface Guard {
  /** Until when it is open by what it proved. */
  deadline: number;
  /** Epoch for which closing was ordered. */
  closing: number | null;
  /** Epoch that it is to raise once it may. */
  promote: number | null;
  /** Open in this epoch without the store. */
  alone: number | null;
  epoch: number;
  epochSite: SiteName;
}

interface Server {
  role: "primary" | "standby" | "closed";
  /** Killed while it was the primary: starts as one again when its guard is open. */
  wasPrimary: boolean;
  rows: string[];
  completeAt: number;
  waits: boolean;
  kept: string[] | null;
  /** When a copy that was begun is whole. */
  copiedAt: number | null;
}

interface Site {
  up: boolean;
  guard: Guard;
  servers: Record<string, Server>;
  names: { addresses: string[]; serial: number; ttlSeconds: number };
  /** What users left besides rows, and when the last whole round began that brought what the other site has. */
  copies: { completeAt: number; epoch: number; files: Set<string>; orderedUntil: number };
}

export interface Acknowledged {
  readonly row: string;
  readonly server: string;
  readonly site: SiteName;
  readonly at: number;
}

export const SERVERS = ["postgresql:utama", "mariadb:php"] as const;

export class Region {
  readonly options: Options;
  time = 0;
  readonly sites: Record<SiteName, Site>;
  witnessUp = true;
  /** Pairs of places that hear nothing of each other: `dc|drc`. */
  readonly cut = new Set<string>();
  readonly store: {
    epoch: number;
    site: SiteName;
    holder: { site: SiteName; until: number } | null;
    absentSince: number;
  };
  readonly acknowledged: Acknowledged[] = [];
  /** Every one that a user left. */
  readonly files: string[] = [];
  /** What the other site heard last of a server's waiting, and when, by site and server. */
  readonly #heard = new Map<string, { readonly waits: boolean; readonly at: number }>();
  /** Every moment at which two sites took writes. */
  readonly violations: string[] = [];
  /** What happens at a time, once, for example a site that comes back. */
  readonly events: { at: number; act: (region: Region) => void }[] = [];
  #rows = 0;
  #quiet = false;

  constructor(options: Partial<Options> = {}) {
    this.options = { guards: true, witness: true, sync: false, rewind: true, lastCopies: true, ...options };
    const site = (own: SiteName): Site => ({
      up: true,
      guard: {
        ...{ deadline: Number.NEGATIVE_INFINITY, closing: null, promote: null, alone: null },
        ...{ epoch: 7, epochSite: "dc" },
      },
      servers: Object.fromEntries(
        SERVERS.map((id): [string, Server] => [
          id,
          {
            ...{ role: own === "dc" ? "primary" : "standby", wasPrimary: false, rows: [], completeAt: 0 },
            ...{ waits: this.options.sync, kept: null, copiedAt: null },
          },
        ]),
      ),
      names: { addresses: ["198.51.100.1"], serial: 1000, ttlSeconds: 60 },
      copies: { completeAt: 0, epoch: 7, files: new Set(), orderedUntil: 0 },
    });
    this.sites = { dc: site("dc"), drc: site("drc") };
    this.store = { epoch: 7, site: "dc", holder: { site: "dc", until: TTL }, absentSince: 0 };
    this.sites.dc.guard.deadline = TTL - MARGIN;
    this.advance(5);
  }

  // --- what happens by itself -----------------------------------------------------------------------------------------------
  advance(seconds: number): void {
    for (let left = seconds; left > 0; left -= TICK) this.#tick(Math.min(TICK, left));
  }

  #tick(seconds: number): void {
    this.time += seconds;
    for (const event of this.events.filter(({ at }) => at <= this.time)) {
      this.events.splice(this.events.indexOf(event), 1);
      event.act(this);
    }
    const { store } = this;
    if (store.holder && this.time >= store.holder.until) {
      store.absentSince = store.holder.until;
      store.holder = null;
    }
    for (const site of SITES) if (this.sites[site].up) this.#guard(site);
    for (const site of SITES) if (this.sites[site].up) this.#engines(site);
    for (const site of SITES) if (this.sites[site].up) this.#replicate(site);
    for (const site of SITES)
      if (this.sites[site].up && this.time < this.sites[site].copies.orderedUntil) this.round(site);
    // Seldom enough that a long wait stays cheap.
    if (!this.#quiet && Math.floor(this.time) !== Math.floor(this.time - seconds))
      for (const site of SITES) if (this.sites[site].up) this.#clients(site);
    this.#hear();
    this.#judge();
  }

  #hear(): void {
    for (const site of SITES)
      if (this.hears(other(site), site))
        for (const id of SERVERS)
          this.#heard.set(`${site}/${id}`, { waits: this.server(site, id).waits, at: this.time });
  }

  linked(a: Place, b: Place): boolean {
    return a === b || !(this.cut.has(`${a}|${b}`) || this.cut.has(`${b}|${a}`));
  }

  #up(place: Place): boolean {
    return place === "witness" ? this.witnessUp && this.options.witness : this.sites[place].up;
  }

  hears(from: SiteName, to: Place): boolean {
    return this.#up(from) && this.#up(to) && this.linked(from, to);
  }

  /** Whether a guard of this site reads the store. */
  hasMajority(site: SiteName): boolean {
    if (!this.options.witness) return false;
    return (["dc", "drc", "witness"] as const).filter((member) => this.hears(site, member)).length >= 2;
  }

  #guard(site: SiteName): void {
    const { guard } = this.sites[site];
    const { store } = this;
    if (!this.options.witness) {
      this.#weakGuard(site, guard);
      return;
    }
    if (!this.hasMajority(site)) {
      if (guard.alone === guard.epoch && guard.epochSite === site) guard.deadline = this.time + TTL;
      return;
    }
    if (guard.alone !== null) this.#takeUp(site, guard);
    if (guard.promote !== null && guard.promote <= store.epoch) guard.promote = null;
    if (guard.promote === store.epoch + 1 && store.holder === null && this.time >= store.absentSince + MARGIN) {
      [store.epoch, store.site] = [guard.promote, site];
      store.holder = { site, until: this.time + TTL };
      guard.promote = null;
    }
    [guard.epoch, guard.epochSite] = [store.epoch, store.site];
    const mayHold = store.site === site && guard.closing !== store.epoch;
    if (mayHold && store.holder === null && this.time >= store.absentSince + TTL + MARGIN)
      store.holder = { site, until: this.time + TTL };
    if (mayHold && store.holder?.site === site) {
      store.holder.until = this.time + TTL;
      guard.deadline = this.time + TTL - MARGIN;
    } else guard.deadline = Number.NEGATIVE_INFINITY;
  }

  /** The store answers again to a site that went on alone: its epoch counts there from now on. */
  #takeUp(site: SiteName, guard: Guard): void {
    if (guard.epoch > this.store.epoch)
      Object.assign(this.store, { epoch: guard.epoch, site, holder: { site, until: this.time + TTL } });
    guard.alone = null;
  }

  /** Without a witness: open while nobody says otherwise. */
  #weakGuard(site: SiteName, guard: Guard): void {
    const peer = this.sites[other(site)].guard;
    if (this.hears(site, other(site)) && peer.epoch > guard.epoch)
      [guard.epoch, guard.epochSite] = [peer.epoch, peer.epochSite];
    const opened = guard.epochSite === site && guard.closing !== guard.epoch;
    guard.deadline = opened ? this.time + TTL : Number.NEGATIVE_INFINITY;
  }

  isOpen(site: SiteName): boolean {
    return !this.options.guards || this.time < this.sites[site].guard.deadline;
  }

  takesWrites(site: SiteName, id: string): boolean {
    return this.sites[site].up && this.sites[site].servers[id]?.role === "primary" && this.isOpen(site);
  }

  #engines(site: SiteName): void {
    for (const server of this.#serversOf(site)) {
      if (server.role === "primary" && !this.isOpen(site)) Object.assign(server, { role: "closed", wasPrimary: true });
      if (server.role === "closed" && server.wasPrimary && this.isOpen(site)) {
        // As any engine does that finds itself whole.
        Object.assign(server, { role: "primary", wasPrimary: false });
      }
    }
  }

  #serversOf(site: SiteName): Server[] {
    return Object.values(this.sites[site].servers);
  }

  server(site: SiteName, id: string): Server {
    const found = this.sites[site].servers[id];
    if (found === undefined) throw new RangeError(`servers: received ${id}`);
    return found;
  }

  #replicate(site: SiteName): void {
    const twin = other(site);
    for (const id of SERVERS) {
      const [own, source] = [this.server(site, id), this.server(twin, id)];
      if (!this.hears(site, twin)) continue;
      if (own.copiedAt !== null && this.time >= own.copiedAt && source.role === "primary")
        Object.assign(own, { role: "standby", wasPrimary: false, rows: [...source.rows], copiedAt: null });
      if (own.role !== "standby" || !isPrefix(own.rows, source.rows)) continue;
      own.rows.push(...source.rows.slice(own.rows.length));
      own.completeAt = this.time;
    }
  }

  #clients(site: SiteName): void {
    for (const id of SERVERS) this.write(site, id);
    if (!this.isActive(site)) return;
    const file = `berkas-${site}-${++this.#rows}`;
    this.sites[site].copies.files.add(file);
    this.files.push(file);
  }

  // --- copies: only a standby takes, only an active or a closing site gives ---------------------------------------------------
  isActive(site: SiteName): boolean {
    return SERVERS.every((id) => this.takesWrites(site, id));
  }

  isClosing(site: SiteName): boolean {
    const { closing, epoch, epochSite } = this.sites[site].guard;
    return this.options.lastCopies && closing === epoch && epochSite === site && !this.isOpen(site);
  }

  gives(site: SiteName): boolean {
    return this.isActive(site) || this.isClosing(site);
  }

  takes(site: SiteName): boolean {
    return !this.gives(site);
  }

  /** Whole where the other site gives; a round that finds nobody who gives leaves the age as it was. */
  round(site: SiteName): void {
    const source = other(site);
    if (!(this.takes(site) && this.hears(site, source) && this.gives(source))) return;
    const { copies } = this.sites[site];
    for (const file of this.sites[source].copies.files) copies.files.add(file);
    Object.assign(copies, { completeAt: this.time, orderedUntil: 0 });
  }

  /** One row, if the site takes it. */
  write(site: SiteName, id: string): boolean {
    if (!this.takesWrites(site, id)) return false;
    const [own, twin] = [this.server(site, id), this.server(other(site), id)];
    const row = `${site}-${++this.#rows}`;
    if (own.waits) {
      if (!(this.hears(site, other(site)) && twin.role === "standby" && isPrefix(twin.rows, own.rows))) return false;
      twin.rows.push(...own.rows.slice(twin.rows.length), row);
    }
    own.rows.push(row);
    this.acknowledged.push({ row, server: id, site, at: this.time });
    return true;
  }

  #judge(): void {
    for (const id of SERVERS)
      if (SITES.every((site) => this.takesWrites(site, id))) this.violations.push(`${id} at ${this.time}`);
    const ways = SITES.filter((site) => this.sites[site].up && this.takes(site) && this.gives(other(site)));
    if (ways.length > 1) this.violations.push(`copies both ways at ${this.time}`);
  }

  /** Clients stop, and what is on its way arrives. */
  settle(seconds: number): void {
    this.advance(seconds);
    this.#quiet = true;
    this.advance(2);
  }

  // --- faults ---------------------------------------------------------------------------------------------------------------
  stop(site: SiteName): void {
    this.sites[site].up = false;
    for (const server of this.#serversOf(site))
      if (server.role === "primary") Object.assign(server, { role: "closed", wasPrimary: true });
    this.sites[site].guard.deadline = Number.NEGATIVE_INFINITY;
  }

  start(site: SiteName): void {
    this.sites[site].up = true;
  }

  /** A place that neither hears nor is heard. */
  isolate(place: Place): void {
    for (const one of ["dc", "drc", "witness"] as const) if (one !== place) this.cut.add(`${place}|${one}`);
  }

  /** Built anew from nothing: knows what the region is, has no data. */
  rebuild(site: SiteName): void {
    this.start(site);
    for (const server of this.#serversOf(site))
      Object.assign(server, { role: "closed", wasPrimary: false, rows: [], completeAt: 0, kept: null, copiedAt: null });
    this.sites[site].copies = {
      completeAt: Number.NEGATIVE_INFINITY,
      epoch: this.store.epoch,
      files: new Set(),
      orderedUntil: 0,
    };
  }

  // --- what an auditor sees -------------------------------------------------------------------------------------------------
  /** Rows that were acknowledged and are nowhere at the site that is active, by server. */
  missing(active: SiteName): string[] {
    const held = new Map(SERVERS.map((id) => [id as string, new Set(this.server(active, id).rows)]));
    return this.acknowledged.filter(({ server, row }) => !held.get(server)?.has(row)).map(({ row }) => row);
  }

  /** Files that a user left and that are not at the site that is active. */
  missingFiles(active: SiteName): string[] {
    return this.files.filter((file) => !this.sites[active].copies.files.has(file));
  }

  /** All that must be the same after an unbroken run and after one that was cut off: no times, no counts. */
  verdict() {
    const sites = SITES.map((site) => {
      const { up, names, copies, guard } = this.sites[site];
      return {
        ...{
          site,
          up,
          addresses: names.addresses,
          copiesEpoch: copies.epoch,
          open: this.isOpen(site),
          closing: guard.closing,
        },
        servers: SERVERS.map((id) => {
          const { role, waits, kept } = this.server(site, id);
          return {
            id,
            role,
            waits,
            kept: kept !== null,
            same: same(this.server(site, id).rows, this.server(other(site), id).rows),
          };
        }),
      };
    });
    const { epoch, site, holder } = this.store;
    return { epoch, site, holder: holder?.site ?? null, sites, violations: this.violations };
  }

  // --- facts ----------------------------------------------------------------------------------------------------------------
  now(): Date {
    return new Date(START + Math.round(this.time * 1000));
  }

  iso(time: number): string {
    return new Date(START + Math.round(time * 1000)).toISOString();
  }

  declared(): Declared {
    const { sync, witness } = this.options;
    const server = (id: string, engine: "postgresql" | "mariadb") => ({
      ...{ id, engine, workload: id.replace(":", "-"), mode: sync ? ("sync" as const) : ("async" as const) },
      ...{ rpoSeconds: sync ? 0 : 300, rtoSeconds: 900 },
    });
    return {
      ...{ region: "lab", inventory: "a".repeat(64), leaseSeconds: witness ? TTL : null },
      sites: [
        { id: "dc", designation: "primary", stack: "lab-dc", addresses: ["198.51.100.1"] },
        { id: "drc", designation: "recovery", stack: "lab-drc", addresses: ["198.51.100.129"] },
      ],
      servers: [server("postgresql:utama", "postgresql"), server("mariadb:php", "mariadb")],
      copies: [{ id: "files:ppid", rpoSeconds: 900 }],
    };
  }

  serverSeen(from: SiteName, site: SiteName, id: string): ServerSeen {
    // Of one that does not answer, what it said last.
    const heard = this.#heard.get(`${site}/${id}`);
    const last = { waits: heard?.waits ?? null, waitsAt: heard === undefined ? null : this.iso(heard.at) };
    const unknown = { server: id, version: null, completeAt: null, position: null, ...last, following: false };
    if (!this.hears(from, site)) return { ...unknown, role: "unknown" };
    const [own, source] = [this.server(site, id), this.server(other(site), id)];
    const role =
      own.copiedAt !== null ? "rebuilding" : own.role === "primary" && !this.isOpen(site) ? "closed" : own.role;
    const following = own.role === "standby" && isPrefix(own.rows, source.rows) && this.hears(site, other(site));
    return {
      ...{ server: id, role, following, version: "17.11", waits: own.waits, waitsAt: this.iso(this.time) },
      completeAt: own.role === "standby" ? this.iso(own.completeAt) : null,
      position: `${own.rows.length}:${own.rows.at(-1) ?? ""}`,
    };
  }

  siteSeen(from: SiteName, site: SiteName): SiteSeen {
    const reachable = this.hears(from, site);
    const servers = SERVERS.map((id) => this.serverSeen(from, site, id));
    const roles = new Set(servers.map(({ role, following }) => (role === "standby" && !following ? "unknown" : role)));
    const [role] = roles;
    const state = roles.size > 1 || role === undefined ? "unknown" : role === "primary" ? "active" : role;
    return { site, reachable, state, servers, names: reachable ? { ...this.sites[site].names } : null };
  }

  seen(from: SiteName): Seen {
    const majority = this.hasMajority(from);
    const { guard } = this.sites[from];
    const [epoch, site] = majority ? [this.store.epoch, this.store.site] : [guard.epoch, guard.epochSite];
    return {
      at: this.now().toISOString(),
      epoch: { epoch, site, majority },
      sites: SITES.map((one) => this.siteSeen(from, one)),
    };
  }
}

/** What a runbook that runs at a site does to the region. At every question and order time passes, and the process may die. */
export function portsOf(region: Region, at: SiteName, killer: Killer): Ports {
  const hear = (site: string): SiteName => {
    const name = site as SiteName;
    if (!region.hears(at, name)) throw new Error(`${site}: no answer`);
    return name;
  };
  const guardOf = (site: string) => region.sites[hear(site)].guard;
  const opens = async (server: string, site: string, epoch: number): Promise<void> => {
    const name = hear(site);
    const { guard } = region.sites[name];
    if (region.options.guards && !(region.isOpen(name) && guard.epoch === epoch && guard.epochSite === site))
      throw new Error(`${site}: the lease is not in force`);
    Object.assign(region.server(name, server), { role: "primary", wasPrimary: false });
  };
  const follow = (site: string, server: string, rows: readonly string[]): void => {
    Object.assign(region.server(hear(site), server), { role: "standby", wasPrimary: false, rows: [...rows] });
  };
  const ports: Ports = {
    clock: { now: () => region.now() },
    pause: async (seconds) => region.advance(seconds),
    lease: {
      seen: async () => leaseSeen(region, at),
      close: async (site, epoch) => {
        const guard = guardOf(site);
        if (guard.epoch !== epoch) throw new Error(`409 ${site}: epoch ${guard.epoch}`);
        guard.closing = epoch;
        for (const id of SERVERS) {
          const server = region.server(site as SiteName, id);
          if (server.role === "primary" || server.wasPrimary)
            Object.assign(server, { role: "standby", wasPrimary: false });
        }
        guard.deadline = Number.NEGATIVE_INFINITY;
      },
      reopen: async (site) => {
        guardOf(site).closing = null;
      },
      resign: async (site, epoch) => {
        const { store } = region;
        if (guardOf(site).closing !== epoch) throw new Error(`409 ${site} is not closed by order`);
        if (store.holder?.site !== site) return;
        [store.holder, store.absentSince] = [null, region.time];
      },
      promote: async ({ epoch, site }) => {
        const guard = guardOf(site);
        if (region.options.witness) guard.promote = epoch;
        else confirmAt(region, at, epoch, site);
      },
      confirm: async ({ epoch, site }) => {
        const guard = guardOf(site);
        if (!region.options.witness) return confirmAt(region, at, epoch, site);
        Object.assign(guard, { epoch, epochSite: site, alone: epoch });
      },
    },
    databases: {
      seen: async (server, site) => region.serverSeen(at, site as SiteName, server),
      has: async (server, site, position) => {
        const { rows } = region.server(hear(site), server);
        const [count, last] = [Number(position.split(":")[0]), position.slice(position.indexOf(":") + 1)];
        return count === 0 || rows[count - 1] === last;
      },
      open: opens,
      wait: async (server, site, waits) => {
        const name = hear(site);
        if (!waits && region.options.guards && !region.isOpen(name))
          throw new Error(`409 ${site}: the lease is not in force`);
        region.server(name, server).waits = waits;
      },
      divergence: async (server, site) => divergenceOf(region, hear(site), server),
      keepAside: async (server, site) => {
        const own = region.server(hear(site), server);
        own.kept ??= own.rows.filter((row) => !region.server(other(site as SiteName), server).rows.includes(row));
      },
      rewind: async (server, site) => follow(site, server, region.server(other(site as SiteName), server).rows),
      reseed: async (server, site) => {
        const own = region.server(hear(site), server);
        if (own.copiedAt === null) own.copiedAt = region.time + 20;
      },
    },
    names: {
      seen: async (site) => ({ ...region.sites[hear(site)].names }),
      set: async (site, addresses) => {
        const name = hear(site);
        const owner = region.declared().sites.find((one) => same(one.addresses, addresses))?.id as SiteName;
        if (region.options.guards && !region.isOpen(owner))
          throw new Error(`409 ${site}: ${owner} does not hold the lease`);
        const { names } = region.sites[name];
        if (!same(names.addresses, addresses))
          Object.assign(names, { addresses: [...addresses], serial: names.serial + 1 });
      },
    },
    gateway: {
      seen: async (site) =>
        region.hears(at, site as SiteName) ? (region.isActive(site as SiteName) ? "active" : "standby") : "unknown",
    },
    copies: {
      seen: async (site): Promise<CopySeen[]> => {
        const { completeAt, epoch } = region.sites[hear(site)].copies;
        return [{ id: "files:ppid", completeAt: Number.isFinite(completeAt) ? region.iso(completeAt) : null, epoch }];
      },
      round: async (site) => {
        const { copies } = region.sites[hear(site)];
        copies.orderedUntil = region.time + ORDERED_SECONDS;
      },
      raise: async (site, epoch) => {
        const { copies } = region.sites[hear(site)];
        copies.epoch = Math.max(copies.epoch, epoch);
      },
    },
    probe: {
      write: async (site) => {
        const { addresses } = region.sites[hear(site)].names;
        const target = region.declared().sites.find((one) => same(one.addresses, addresses))?.id as SiteName;
        if (!region.hears(at, target)) throw new Error("no answer");
        const written = SERVERS.filter((id) => region.write(target, id));
        const proof = { at: region.now().toISOString(), row: `lumbung.epoch = ${region.store.epoch}`, through: null };
        return Object.fromEntries(written.map((id) => [id, proof]));
      },
    },
    sites: {
      reachable: async (site) => region.hears(at, site as SiteName),
      lacking: async (site) => (region.hears(at, site as SiteName) ? [] : undefined),
    },
  };
  return killable(ports, region, killer);
}

function confirmAt(region: Region, at: SiteName, epoch: number, site: string): void {
  for (const one of SITES)
    if (region.hears(at, one)) Object.assign(region.sites[one].guard, { epoch, epochSite: site });
  Object.assign(region.store, { epoch, site, holder: null });
}

function leaseSeen(region: Region, at: SiteName): LeaseSeen {
  const said = (site: SiteName) => (!region.hears(at, site) ? "unknown" : region.isOpen(site) ? "open" : "closed");
  const guards = { dc: said("dc"), drc: said("drc") } as const;
  const reader = SITES.find((site) => region.hears(at, site) && region.hasMajority(site));
  const { store } = region;
  if (reader !== undefined)
    return {
      ...{ epoch: store.epoch, site: store.site, holder: store.holder?.site ?? null, guards },
      closedBy: store.holder === null ? region.iso(store.absentSince) : null,
    };
  const { guard } = region.sites[at];
  if (!region.hears(at, at)) throw new Error("nobody says");
  const holder = guards[guard.epochSite] === "closed" ? null : guard.epochSite;
  return {
    epoch: guard.epoch,
    site: guard.epochSite,
    holder,
    closedBy: holder === null ? region.iso(0) : null,
    guards,
  };
}

function divergenceOf(region: Region, site: SiteName, id: string): Divergence {
  const [own, source] = [region.server(site, id), region.server(other(site), id)];
  const kept = own.kept === null ? null : { where: `/kept/${id}`, transactions: own.kept.length };
  const follows = own.role === "standby" && isPrefix(own.rows, source.rows);
  if (follows) return { way: "none", why: text("mengikuti", "follows"), onlyHere: false, kept };
  const diverged = !isPrefix(own.rows, source.rows);
  const sure = !diverged || (id.startsWith("postgresql") && region.options.rewind);
  return {
    way: sure ? "rewind" : "reseed",
    why: text("riwayat berpisah", "the histories part"),
    onlyHere: diverged,
    kept,
  };
}

/** Before and after each question and order the process may be killed; time passes in between. */
function killable<T extends object>(ports: T, region: Region, killer: Killer): T {
  const entries = Object.entries(ports).map(([name, port]) => {
    if (typeof port === "object" && name !== "clock") return [name, killable(port as object, region, killer)];
    if (typeof port !== "function") return [name, port];
    const wrapped = async (...words: unknown[]) => {
      killer.moment();
      region.advance(0.1);
      const answer = await (port as (...all: unknown[]) => Promise<unknown>)(...words);
      killer.moment();
      return answer;
    };
    return [name, wrapped];
  });
  return Object.fromEntries(entries) as T;
}

function isPrefix(short: readonly string[], long: readonly string[]): boolean {
  // Rows are unique, and histories grow at their ends only: the last one and its place tell.
  return short.length === 0 || (short.length <= long.length && long[short.length - 1] === short.at(-1));
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index]);
