/** What `ops` knows of its site's workloads anyway, as items. Pure. */
import type { WorkloadItem } from "../../../evidence/probes.ts";
import type { WorkloadStatus } from "../status.ts";

/** What the gateway shows besides, looked at from outside. */
export interface GatewaySeen {
  /** Of the certificate for the public; null: it was looked for, and none that holds was shown. Absent: nobody looked. */
  readonly certificateExpires?: string | null;
  readonly filters?: boolean;
}

/** @param gateway of the workload that is the gateway. */
export function workloadItem(
  { health, detail, certificateExpires, kind, version }: WorkloadStatus,
  gateway: GatewaySeen,
): WorkloadItem {
  const seen = kind === "gateway" ? gateway : {};
  const both = [certificateExpires, seen.certificateExpires];
  // Of a gateway whose certificate for the public nobody can see, the other one tells nothing.
  const expires = both.includes(null) ? undefined : both.flatMap((one) => one ?? []).sort()[0];
  return {
    health,
    // Read by people as it stands: in the language that they read by default.
    ...(health === "ok" ? {} : { detail: detail.id }),
    ...(version === undefined ? {} : { version }),
    ...(expires === undefined ? {} : { certificateExpires: expires }),
    ...(seen.filters === undefined ? {} : { filters: seen.filters }),
  };
}
