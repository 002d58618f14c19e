/** What a plan is made from: what the inventory declares and what was seen of the region. All of it stands in the plan, which can be made again from it. */
import type { DatabaseServerModel, Designation } from "../model/types.ts";
import type { SiteState } from "../services/ops/status.ts";

/** What the inventory says that a runbook needs. JSON. */
export interface Declared {
  readonly region: string;
  /** SHA-256 of the inventory, in hex. */
  readonly inventory: string;
  /** Two. */
  readonly sites: readonly DeclaredSite[];
  /** The longest time for which a site that was cut off takes writes; null: there is no witness, and nothing closes by itself. */
  readonly leaseSeconds: number | null;
  readonly servers: readonly DeclaredServer[];
  /** Files, objects and repositories that the standby site keeps copies of. */
  readonly copies: readonly { readonly id: string; readonly rpoSeconds: number }[];
}

export interface DeclaredSite {
  readonly id: string;
  readonly designation: Designation;
  /** Name of its stack, for what a person types. */
  readonly stack: string;
  /** Public addresses of its gateway, IPv4 and then IPv6. */
  readonly addresses: readonly string[];
}

export interface DeclaredServer {
  /** For example `postgresql:utama`, as backups name it. */
  readonly id: string;
  readonly engine: Exclude<DatabaseServerModel["engine"], "external">;
  readonly workload: string;
  readonly mode: DatabaseServerModel["replication"]["mode"];
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
}

/** What was seen, once, from the site where the runbook runs. JSON. */
export interface Seen {
  /** ISO 8601. */
  readonly at: string;
  readonly epoch: EpochSeen;
  readonly sites: readonly SiteSeen[];
}

export interface EpochSeen {
  /** Null where nobody could say. */
  readonly epoch: number | null;
  /** Whose it is. */
  readonly site: string | null;
  /** Whether a majority of the epoch store answered; false in a region without a witness. */
  readonly majority: boolean;
}

export interface SiteSeen {
  readonly site: string;
  /** Whether anything of it answered. */
  readonly reachable: boolean;
  readonly state: SiteState;
  readonly servers: readonly ServerSeen[];
  /** Of the name server; null where it did not answer. */
  readonly names: NamesSeen | null;
}

export type ServerRole = "primary" | "standby" | "closed" | "rebuilding" | "unknown";

export interface ServerSeen {
  readonly server: string;
  readonly role: ServerRole;
  /** Whether a standby receives what the other site writes. */
  readonly following: boolean;
  readonly version: string | null;
  /** ISO 8601: as of when a standby was complete; null where nobody can tell. */
  readonly completeAt: string | null;
  /** What it holds, in the engine's own words: an LSN, or a GTID position. */
  readonly position: string | null;
  /** Whether a commit of this primary waits for the other site; of one that does not answer, what it said last. Null: nobody knows. */
  readonly waits: boolean | null;
  /** ISO 8601: when it said so. */
  readonly waitsAt: string | null;
}

export interface NamesSeen {
  /** Of the gateway's name and of the apex, which must say the same. */
  readonly addresses: readonly string[];
  readonly serial: number;
  /** Longest of these addresses': for so long a cache may hold them. */
  readonly ttlSeconds: number;
}

/** A plan's whole origin. */
export interface Situation {
  readonly declared: Declared;
  readonly seen: Seen;
  /** Site that is to be active afterwards. */
  readonly to: string;
}

export function siteSeen({ sites }: Seen, site: string): SiteSeen {
  const found = sites.find((one) => one.site === site);
  return found ?? { site, reachable: false, state: "unknown", servers: [], names: null };
}

export function serverSeen(seen: Seen, site: string, server: string): ServerSeen {
  const found = siteSeen(seen, site).servers.find((one) => one.server === server);
  return found ?? unknownServer(server);
}

export const unknownServer = (server: string): ServerSeen => ({
  ...{ server, role: "unknown", following: false, version: null, completeAt: null, position: null },
  ...{ waits: null, waitsAt: null },
});

/** @throws RangeError where it is not declared. */
export function siteOf({ sites }: Declared, id: string): DeclaredSite {
  const found = sites.find((site) => site.id === id);
  if (found === undefined) throw new RangeError(`sites: expected ${sites.map((one) => one.id)}, received ${id}`);
  return found;
}

/** @throws RangeError where the region has no other. */
export function otherSite({ sites }: Declared, id: string): DeclaredSite {
  const found = sites.find((site) => site.id !== id);
  if (found === undefined) throw new RangeError(`sites: expected one besides ${id}, received none`);
  return found;
}
