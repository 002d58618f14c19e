/** Which files, objects and repositories the standby site keeps copies of, and whom to ask about them (model/copies.ts). */
import type { Model, SiteModel, WorkloadKind } from "../types.ts";

export interface CopyModel {
  /** As its copier names it. */
  readonly id: string;
  readonly rpoSeconds: number;
  /** The workload that keeps it, at each site. */
  readonly workload: string;
}

/** In order of kind, then of declaration; none in a region of one site. */
export function copiesOf({ sites, objects, applications, code }: Model): CopyModel[] {
  if (sites.length < 2) return [];
  const buckets = (objects?.buckets ?? []).filter(({ copied }) => copied !== false);
  return [
    ...buckets.map(({ id, rpoSeconds }) => ({
      ...{ id: `objects:${id}`, rpoSeconds },
      workload: objects?.workload ?? "objects",
    })),
    ...applications.flatMap(({ id, run }) =>
      run?.uploads === undefined
        ? []
        : [{ id: `files:${id}`, rpoSeconds: run.uploads.rpoSeconds, workload: run.workload }],
    ),
    ...(code === undefined ? [] : [{ id: "code", rpoSeconds: code.rpoSeconds, workload: code.workload }]),
  ];
}

/** How `ops` of a site gets to a workload's door: `address` on its own network or on the backbone; `passed`: through the other site's gateway, by name. */
export interface DoorPlace {
  readonly workload: string;
  readonly kind: WorkloadKind;
  readonly host: string;
  readonly address: string;
  readonly passed: boolean;
}

/** Doors of the copiers at a site, in order of placement; what is not reached at all is left out. @param isOwn whether it is the asking site itself. */
export function copyDoors(model: Model, site: SiteModel, isOwn: boolean): DoorPlace[] {
  const keeping = new Set(copiesOf(model).map(({ workload }) => workload));
  const gateway = site.workloads.find(({ kind }) => kind === "gateway")?.backboneAddress;
  return site.workloads.flatMap(({ name, kind, hostName, address, backboneAddress }) => {
    if (!keeping.has(name)) return [];
    const direct = isOwn ? (address ?? backboneAddress) : backboneAddress;
    const reached = direct ?? gateway;
    if (reached === undefined) return [];
    return [{ workload: name, kind, host: hostName, address: reached, passed: direct === undefined }];
  });
}
