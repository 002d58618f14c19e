import type { Text } from "../../model/types.ts";

/** `lumbung status --json` (design.md section 6). Times in ISO 8601, sizes in bytes, durations in seconds. */
export interface Status {
  readonly region: string;
  /** Number of the region's epoch; null: unknown (a region without lease and witness has none yet). */
  readonly epoch: number | null;
  readonly at: string;
  readonly toolchain: unknown;
  readonly sites: readonly SiteStatus[];
}

export type SiteState = "active" | "standby" | "closed" | "rebuilding" | "unknown";
export type Health = "ok" | "failing" | "unknown";

export interface SiteStatus {
  readonly id: string;
  readonly designation: "primary" | "recovery";
  readonly state: SiteState;
  readonly address: string;
  /** How far this site's data are behind the active site's; null: unknown. */
  readonly lagBytes: number | null;
  readonly workloads: readonly WorkloadStatus[];
}

export interface WorkloadStatus {
  readonly name: string;
  readonly kind: string;
  readonly health: Health;
  readonly detail: Text;
  readonly version: string | null;
  /** When the certificate that it shows ends; null: unknown. */
  readonly certificateExpires: string | null;
  readonly address: string | null;
}
