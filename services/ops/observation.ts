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
  readonly systemIdentifier?: string;
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
  /** For how long the standby may not have been complete, and what is declared. */
  readonly lagSeconds?: number;
  readonly rpoSeconds?: number;
  readonly version?: string;
  readonly gtid?: string;
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
