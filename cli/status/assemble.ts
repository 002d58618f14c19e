/** Status from what was observed: pure. What nobody saw is unknown, never ok. */
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import type { Health, SiteStatus, Status, WorkloadStatus } from "./types.ts";

/** What the container engine says of one workload. */
export type Observed =
  | { readonly kind: "removed" }
  | { readonly kind: "stopped"; readonly status: string; readonly exitCode: number }
  | { readonly kind: "running"; readonly health: { readonly ok: boolean; readonly line: string } | "no answer" };

/** What a site's `ops` says; absent where it does not answer. */
export interface OpsReport {
  readonly state: SiteStatus["state"];
  readonly lagBytes: number | null;
  readonly workloads: Readonly<
    Record<string, { readonly version: string | null; readonly certificateExpires: string | null }>
  >;
}

export interface Observations {
  readonly at: string;
  readonly toolchain: unknown;
  /** By `<site>/<workload>`; absent: the engine did not answer. */
  readonly workloads: Readonly<Record<string, Observed>>;
  /** By site. */
  readonly ops: Readonly<Record<string, OpsReport | undefined>>;
}

export function assembleStatus(model: Model, observations: Observations): Status {
  return {
    region: model.region.id,
    epoch: null,
    at: observations.at,
    toolchain: observations.toolchain,
    sites: model.sites.map((site) => siteStatus(site, observations)),
  };
}

function siteStatus(site: SiteModel, { workloads, ops }: Observations): SiteStatus {
  const report = ops[site.id];
  return {
    id: site.id,
    designation: site.designation,
    state: report?.state ?? "unknown",
    address: site.publicAddress,
    lagBytes: report?.lagBytes ?? null,
    workloads: site.workloads.map((placement) =>
      workloadStatus(placement, workloads[`${site.id}/${placement.name}`], report?.workloads[placement.name]),
    ),
  };
}

function workloadStatus(
  placement: WorkloadPlacement,
  observed: Observed | undefined,
  seen: OpsReport["workloads"][string] | undefined,
): WorkloadStatus {
  return {
    name: placement.name,
    kind: placement.kind,
    ...healthOf(observed),
    version: seen?.version ?? null,
    certificateExpires: seen?.certificateExpires ?? null,
    address: placement.address ?? null,
  };
}

function healthOf(observed: Observed | undefined): { health: Health; detail: string } {
  if (observed === undefined) return { health: "unknown", detail: "the engine does not answer" };
  switch (observed.kind) {
    case "removed":
      return { health: "failing", detail: "removed: `lumbung up` makes it again" };
    case "stopped":
      return {
        health: "failing",
        detail: `${observed.status} (exit code ${observed.exitCode}): \`lumbung up\` starts it again`,
      };
    case "running":
      if (observed.health === "no answer") return { health: "unknown", detail: "its health command does not answer" };
      return { health: observed.health.ok ? "ok" : "failing", detail: observed.health.line };
  }
}

/** Whether every workload of every site is ok, one site is active and the others stand by. */
export function allWell(status: Status): boolean {
  const states = status.sites.map((site) => site.state);
  return (
    status.sites.every((site) => site.workloads.every((workload) => workload.health === "ok")) &&
    states.filter((state) => state === "active").length === 1 &&
    states.every((state) => state === "active" || state === "standby")
  );
}
