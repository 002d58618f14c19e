import type { LeaseState } from "../../model/lease.ts";
import type { Text } from "../../model/types.ts";

/** `lumbung status --json` (design.md section 6). Times in ISO 8601, sizes in bytes, durations in seconds. */
export interface Status {
  readonly region: string;
  /** Number of the region's epoch; null: unknown, or none has begun. */
  readonly epoch: number | null;
  /** What the guards say of the lease; null: none answered. */
  readonly lease: LeaseStatus | null;
  readonly at: string;
  readonly toolchain: unknown;
  readonly sites: readonly SiteStatus[];
  /** The third place that holds the epoch; null: the region has none. */
  readonly witness: WitnessStatus | null;
  /** What is well now and will not stay so, or what a person should look at. */
  readonly warnings: readonly Text[];
  /** Certificates that no workload's own row shows, as the bundles at hand hold them. */
  readonly certificates: readonly CertificateStatus[];
}

export interface LeaseStatus {
  /** False: the region has no witness that runs, and the weaker promise holds. */
  readonly witness: boolean;
  /** 0: none has begun. */
  readonly epoch: number;
  readonly site: string;
  /** The site that holds the lease, as a guard just read in the store; null: nobody, or nobody could read it. */
  readonly holder: string | null;
  /** Sites of which a guard is open. */
  readonly open: readonly string[];
  /** How long the first of the open guards stays so if nothing renews it; 0: none is open. */
  readonly leftSeconds: number;
  readonly guards: readonly GuardStatus[];
}

/** As `LeaseState` (model/lease.ts) has it. */
export type GuardStatus = Pick<
  LeaseState,
  "site" | "workload" | "state" | "code" | "message" | "engine" | "epoch" | "leftSeconds" | "closing"
>;

export interface CertificateStatus {
  /** The name that `secrets rotate` takes. */
  readonly name: string;
  readonly expires: string;
  /** Whole days; negative: it has ended. */
  readonly expiresInDays: number;
  readonly level: "ok" | "soon" | "expired";
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
  /** How far its engine's clock is ahead of this machine's; null: it did not say. */
  readonly clockOffsetSeconds: number | null;
  readonly workloads: readonly WorkloadStatus[];
}

export interface WitnessStatus {
  readonly id: string;
  readonly address: string;
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
  /** Whole days until then; negative: it has ended; null: unknown. */
  readonly expiresInDays: number | null;
  readonly address: string | null;
}
