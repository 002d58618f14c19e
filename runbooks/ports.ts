/**
 * What runbooks do to a region, as small interfaces: the real ones are in services/ops/runbooks, a simulated region in runbooks/testing. Every
 * question looks at the region itself; every order is safe to repeat. What does not answer throws, unless said otherwise.
 */
import type { Text } from "../model/types.ts";
import type { NamesSeen, ServerSeen } from "./facts.ts";

export interface Ports {
  readonly lease: Lease;
  readonly databases: Databases;
  readonly names: Names;
  readonly gateway: Gateway;
  readonly copies: Copies;
  readonly probe: Probe;
  readonly sites: Sites;
  readonly clock: { now(): Date };
  pause(seconds: number): Promise<void>;
}

/** Epoch, lease and guards (docs/adr/0015-epoch.md). */
export interface Lease {
  /** Asked of the store's majority; where there is none, of the guards' volumes and of what they know. @throws where nobody can say. */
  seen(): Promise<LeaseSeen>;
  /** A site ends this epoch in good order: its engines stop taking writes and follow the other site, then its guards are closed and renew nothing. @throws where a guard does not answer; the others were told. */
  close(site: string, epoch: number): Promise<void>;
  /** Takes `close` back: the site's guards take the lease again by themselves. @throws as `close`. */
  reopen(site: string, epoch: number): Promise<void>;
  /** Ends the lease of a site all of whose guards are closed. @throws where one is not. */
  resign(site: string, epoch: number): Promise<void>;
  /** Orders the epoch after this one for this site: raised once nobody else holds the lease or can still use it. @throws where that may not be. */
  promote(next: { readonly epoch: number; readonly site: string }): Promise<void>;
  /** Sets the epoch where no majority can say: what two people confirmed, who attest that the other site is switched off. Asks nobody. */
  confirm(next: { readonly epoch: number; readonly site: string }): Promise<void>;
}

export interface LeaseSeen {
  readonly epoch: number;
  /** Whose epoch it is. */
  readonly site: string;
  /** Who holds the lease; null: nobody. */
  readonly holder: string | null;
  /** ISO 8601: by when nobody can take writes by what was proven before the lease ended; null while it is held. */
  readonly closedBy: string | null;
  /** `open`, `closed`: every guard of the site says so. `unknown`: one does not answer. */
  readonly guards: Readonly<Record<string, "open" | "closed" | "mixed" | "unknown">>;
}

/** Database servers of all engines, by the ids of `Declared`. */
export interface Databases {
  /** Never throws: what does not answer is unknown. */
  seen(server: string, site: string): Promise<ServerSeen>;
  /** Whether it has applied everything up to a position, in the words of `ServerSeen.position`. */
  has(server: string, site: string, position: string): Promise<boolean>;
  /** Takes writes, in this epoch. @throws where the site's guard does not let it. */
  open(server: string, site: string, epoch: number): Promise<void>;
  /** Whether commits of this site's server wait for the other site; counts from when it is the primary. */
  wait(server: string, site: string, waits: boolean): Promise<void>;
  /** What this site's server has that the primary at the other site lacks, and how it can come back. */
  divergence(server: string, site: string): Promise<Divergence>;
  /** Keeps a copy of what only this site has, beside the data, and a list of it; overwrites none that is there. */
  keepAside(server: string, site: string): Promise<void>;
  /** Back to where the two parted, then follows. */
  rewind(server: string, site: string): Promise<void>;
  /** Thrown away and copied anew, then follows. */
  reseed(server: string, site: string): Promise<void>;
}

export interface Divergence {
  /** `none`: it follows, or can without more. */
  readonly way: "none" | "rewind" | "reseed";
  readonly why: Text;
  /** Whether it holds writes that the primary lacks; null: nobody can tell, which counts as yes. */
  readonly onlyHere: boolean | null;
  /** Where they were kept, and how many transactions were listed (null: not counted); null: they were not. */
  readonly kept: { readonly where: string; readonly transactions: number | null } | null;
}

/** The addresses of the gateway's name and the apex, which runbooks alone change (D3), at each site's own name server. */
export interface Names {
  seen(site: string): Promise<NamesSeen>;
  /** The serial rises. @throws where these are not the addresses of the site that holds the lease. */
  set(site: string, addresses: readonly string[]): Promise<void>;
}

export interface Gateway {
  /** As it says itself; unknown where it does not answer. */
  seen(site: string): Promise<"active" | "standby" | "unknown">;
}

/** Files, objects and repositories: the standby site fetches from the active one. */
export interface Copies {
  /** Of a site; `completeAt`: the beginning of the last round that was whole, null where there was none. */
  seen(site: string): Promise<readonly CopySeen[]>;
  /** Begins a round of every copy at this site now. */
  round(site: string): Promise<void>;
  /** Credentials of this epoch count at this site from now on, and older ones no more. */
  raise(site: string, epoch: number): Promise<void>;
}

export interface CopySeen {
  readonly id: string;
  readonly completeAt: string | null;
  /** Of the credentials that this site's store takes; null where it has none of its own. */
  readonly epoch: number | null;
}

/** A real write, as a user makes it. */
export interface Probe {
  /** Through the public name, as this site's name server says it, to every database server. @returns what was written and read back, by server; nothing of those that did not take it. */
  write(site: string): Promise<Readonly<Record<string, Proof>>>;
}

export interface Proof {
  /** ISO 8601: when it was seen to be acknowledged. */
  readonly at: string;
  /** Which row, and what it says: `proof[17] = 3f2a…`. */
  readonly row: string;
  /** Host name of the application that wrote it and read it back, asked through the gateway; null: the server's own row, by its guard. */
  readonly through: string | null;
}

export interface Sites {
  /** Whether anything of a site answers. Never throws. */
  reachable(site: string): Promise<boolean>;
  /** Workloads that are declared and do not run well, of a site that was built; undefined where the site does not answer. */
  lacking(site: string): Promise<readonly string[] | undefined>;
}
