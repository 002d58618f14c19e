/** Where a workload runs at a site. */
import type { SiteModel, WorkloadPlacement } from "../model/types.ts";

/** Of a kind of which a site has one. @throws where it has none. */
export function placementOfKind(site: SiteModel, kind: WorkloadPlacement["kind"]): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.kind === kind);
  if (!placement) throw new Error(`site ${site.id}: no place for the workload of kind "${kind}"`);
  return placement;
}

/** By the workload's own name. @throws where the site has none of this name. */
export function placementNamed(site: SiteModel, name: string): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.name === name);
  if (!placement) throw new Error(`site ${site.id}: no place for ${name}`);
  return placement;
}
