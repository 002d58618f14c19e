/** What `ops` knows of its site's workloads anyway, as items. Pure. */
import type { WorkloadItem } from "../../../evidence/probes.ts";
import type { WorkloadStatus } from "../status.ts";

/** What the gateway shows besides, looked at from outside. */
export interface GatewaySeen {
  /** Of the certificate for the public. */
  readonly certificateExpires?: string;
  readonly filters?: boolean;
}

/** @param gateway of the workload that is the gateway. */
export function workloadItem(
  { health, detail, certificateExpires, kind, version }: WorkloadStatus,
  gateway: GatewaySeen,
): WorkloadItem {
  const seen = kind === "gateway" ? gateway : {};
  const expires = [certificateExpires, seen.certificateExpires].filter((one) => one !== undefined).sort()[0];
  return {
    health,
    // Read by people as it stands: in the language that they read by default.
    ...(health === "ok" ? {} : { detail: detail.id }),
    ...(version === undefined ? {} : { version }),
    ...(expires === undefined ? {} : { certificateExpires: expires }),
    ...(seen.filters === undefined ? {} : { filters: seen.filters }),
  };
}
