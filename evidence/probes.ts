/**
 * What records of kind `probe` hold: the contract between the probes that `ops` runs on schedule (services/ops/probes) and the checks that
 * read them. A record is one round of probes at one site: `observed` is `{ region, site, items: { <name>: <item> } }`; of a round that is too
 * large for one record, each record holds some of the items. A name that a round did not look at is left out: nothing is made up. Two sites
 * may look at the same name; the newest counts. A round comes every hour, so that evidence of one may be two hours old.
 *
 * | name                     | item                                            | looked at                                     |
 * | ------------------------ | ----------------------------------------------- | --------------------------------------------- |
 * | `<workload>`             | `WorkloadItem`                                  | every round                                   |
 * | `name:<host>`            | `NameItem`                                      | every round                                   |
 * | `page:<host>`            | `PageItem`                                      | every round, where there is a page            |
 * | `services:<host>`        | `PageItem`, of the portal's page of services    | every round, where there is a portal          |
 * | `baseline`               | `BaselineItem`                                  | every round                                   |
 * | `grants:<server>`        | `GrantsItem`                                    | every round, of database servers that run     |
 * | `version:<application>`  | `VersionItem`                                   | not yet: nobody here knows what is newest     |
 * | `handover:<application>` | `HandoverItem`                                  | not yet: `ops` may not read the repositories  |
 * | `usage:<application>`    | `UsageItem`                                     | not yet: no figures are kept by agency        |
 * | `drift`                  | `DriftItem`                                     | by `lumbung preview --refresh --record` alone |
 */

/** A workload of the record's own site. */
export interface WorkloadItem {
  readonly health: "ok" | "failing" | "unknown";
  readonly detail?: string;
  /** Of the engine, where it tells it: `17.11`. */
  readonly version?: string;
  /** Of the certificate that it shows, ISO 8601; of a gateway, which shows two, the one that ends first. Absent where the public is shown none that holds. */
  readonly certificateExpires?: string;
  /** Of a gateway: whether a request that the rules refuse, for a name that nobody declared, was refused. */
  readonly filters?: boolean;
}

/** A name that the region publishes, asked as the public would. */
export interface NameItem {
  /** Resolves to a declared gateway and to nothing else. */
  readonly gateway: boolean;
  /** Answers over https with a certificate that holds. */
  readonly https: boolean;
  /** HTTP status; 0 where nothing answered. */
  readonly status: number;
}

/** A page as a search engine sees it. */
export interface PageItem {
  /** Kinds of content that are filled: ids of `web/contents.ts`. */
  readonly parts: readonly string[];
  /** Nothing that others put there. */
  readonly clean: boolean;
  /** What was found of others' where it is not clean: kinds of `services/ops/probes/injected.ts`, each with where it leads. */
  readonly found?: readonly string[];
}

export interface VersionItem {
  readonly version: string;
  /** False where an update that closes a hole is out and not installed. */
  readonly current: boolean;
}

/** What of a hand-over set lies in the repository. */
export interface HandoverItem {
  readonly files: readonly string[];
  readonly missing: readonly string[];
}

/** Which agencies used it in the last 30 days. */
export interface UsageItem {
  readonly opds: readonly string[];
}

/** What Pulumi found of a site's stack after it had looked at every resource that there is. */
export interface DriftItem {
  /** Resources that differ from what is declared, or are missing. */
  readonly changed: number;
  /** Resources that do not. */
  readonly same: number;
}

/** What roles hold in a database server of the record's own site, compared with what the platform makes and what leave is on record. */
export interface GrantsItem {
  /** Those that were looked into, by their names on the server. */
  readonly databases: readonly string[];
  /** How many grants were found. */
  readonly grants: number;
  /** Those that nothing on record accounts for, as model/lease.ts has them: role, database, privilege. */
  readonly more: readonly (readonly [role: string, database: string, privilege: string])[];
  /** How many more of these there are. */
  readonly untold: number;
}

/** By name of a rule, whether it holds at this site. */
export interface BaselineItem {
  readonly rules: Readonly<Record<string, boolean>>;
}

export const probeName = {
  name: (host: string): string => `name:${host}`,
  page: (host: string): string => `page:${host}`,
  services: (host: string): string => `services:${host}`,
  version: (application: string): string => `version:${application}`,
  handover: (application: string): string => `handover:${application}`,
  usage: (application: string): string => `usage:${application}`,
  grants: (server: string): string => `grants:${server}`,
  drift: "drift",
  baseline: "baseline",
} as const;
