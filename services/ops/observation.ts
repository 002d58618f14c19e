/** What a probe saw, in our words: engines' own answers are read in `read-*.ts`, once. */
import type { Text } from "../../model/types.ts";

export type Observation =
  | { readonly probe: "etcd"; readonly healthy: boolean; readonly reason?: string }
  | DatabaseObservation
  | { readonly probe: "dns"; readonly serials: Readonly<Record<string, number>> }
  | { readonly probe: "gateway"; readonly up: number; readonly down: readonly string[] }
  | { readonly probe: "http" | "ops"; readonly status: number };

export interface PatroniObservation {
  readonly probe: "patroni";
  /** Patroni's word for the process: `running`, `starting`, `creating replica`, ... */
  readonly state: string;
  readonly role: "primary" | "standby_leader" | "replica" | "uninitialized" | "unknown";
  /** Whether WAL flows in. */
  readonly streaming: boolean;
  readonly version?: string;
  readonly timeline?: number;
  /** Write position of a primary; replayed position of anything else. Bytes. */
  readonly position?: number;
  /** ISO 8601: when the last commit that a standby replayed was made, by its primary's clock. */
  readonly replayedAt?: string;
  readonly systemIdentifier?: string;
  /** Of a server that is declared `sync`. */
  readonly sync?: {
    /** Whether Patroni was told that commits wait for the other site, or would if this were the primary. */
    readonly waits: boolean;
    /** Whether a synchronous standby streams from here. */
    readonly satisfied: boolean;
  };
}

/** What the agent beside MariaDB says of it. */
export interface MariadbObservation {
  readonly probe: "mariadb";
  /** The agent's word for the server: `running`, `starting`, `founding`, `cloning`, `waiting`, `refused`, `stopping`, `silent`. */
  readonly state: string;
  readonly role: "primary" | "standby" | "closed" | "uninitialized" | "unknown";
  /** The agent's own verdict, and its line. */
  readonly healthy: boolean;
  readonly line: string;
  /** Whether a standby receives and applies. */
  readonly replicating: boolean;
  readonly reason?: string;
  /** Whether commits of this server wait for the other site, or would if it were the primary. */
  readonly waits?: boolean;
  /** For how long the standby may not have been complete, and what is declared. */
  readonly lagSeconds?: number;
  readonly rpoSeconds?: number;
  readonly version?: string;
  readonly gtid?: string;
  /** The last transaction of each server, in each domain, that this one has logged (`gtid_binlog_state`). */
  readonly gtidState?: string;
  /** What was kept aside of exactly these data. */
  readonly kept?: { readonly where: string; readonly transactions: number | null };
  readonly systemIdentifier?: string;
}

/** A database server of whatever engine. */
export type DatabaseObservation = PatroniObservation | MariadbObservation;

/** One answer, or why there was none. */
export interface ProbeResult {
  readonly at: Date;
  /** On the monotonic clock, when the probe ended. */
  readonly atMs: number;
  readonly outcome:
    | { readonly ok: true; readonly observation: Observation }
    | { readonly ok: false; readonly reason: Text };
  /** ISO 8601, of the certificate that was shown. */
  readonly certificateExpires?: string;
}
