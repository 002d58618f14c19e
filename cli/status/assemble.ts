/** Status from what was observed: pure. What nobody saw is unknown, never ok. */
import type { Model, SiteModel, Text, WorkloadPlacement } from "../../model/types.ts";
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
  readonly workloads: Readonly<Record<string, OpsView>>;
}

/** What `ops` says of one workload: it compares the sites with each other, which no workload can do by itself. */
export interface OpsView {
  readonly health: Health;
  readonly detail: Text;
  readonly version: string | null;
  readonly certificateExpires: string | null;
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
  seen: OpsView | undefined,
): WorkloadStatus {
  return {
    name: placement.name,
    kind: placement.kind,
    ...healthOf(observed, seen),
    version: seen?.version ?? null,
    certificateExpires: seen?.certificateExpires ?? null,
    address: placement.address ?? null,
  };
}

function healthOf(observed: Observed | undefined, seen: OpsView | undefined): { health: Health; detail: Text } {
  if (observed === undefined) return { health: "unknown", detail: NO_ENGINE };
  switch (observed.kind) {
    case "removed":
      return { health: "failing", detail: REMOVED };
    case "stopped":
      return { health: "failing", detail: stopped(observed.status, observed.exitCode) };
    case "running":
      if (observed.health === "no answer") return { health: "unknown", detail: NO_ANSWER };
      if (observed.health.ok && seen?.health === "failing") return { health: "failing", detail: seen.detail };
      return { health: observed.health.ok ? "ok" : "failing", detail: sameInBoth(observed.health.line) };
  }
}

const NO_ENGINE: Text = { id: "mesin wadah tidak menjawab", en: "the engine does not answer" };
const REMOVED: Text = {
  id: "dihapus: `lumbung up` membuatnya kembali",
  en: "removed: `lumbung up` makes it again",
};
const NO_ANSWER: Text = { id: "perintah kesehatannya tidak menjawab", en: "its health command does not answer" };

function stopped(status: string, exitCode: number): Text {
  return {
    id: `berhenti (${status}, kode keluar ${exitCode}): \`lumbung up\` menjalankannya lagi`,
    en: `${status} (exit code ${exitCode}): \`lumbung up\` starts it again`,
  };
}

/** An engine's own words. */
function sameInBoth(line: string): Text {
  return { id: line, en: line };
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
