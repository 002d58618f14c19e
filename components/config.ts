import type { Model, PlaceModel } from "../model/types.ts";
import type { Workload } from "./workload.ts";

/**
 * The carrier of a place's configuration files on docker. It starts as root with the few capabilities that giving files to
 * other users needs, has no network, and drops to nobody when it has written (images/config).
 */
export function configWorkload(_model: Model, site: PlaceModel): Workload {
  const placement = site.workloads.find((workload) => workload.kind === "config");
  if (!placement) throw new Error(`site ${site.id}: no place for the configuration carrier`);
  return {
    name: placement.name,
    kind: "config",
    image: "config",
    user: { uid: 0, gid: 0 },
    files: [],
    volumes: [],
    reached: {},
    limits: { memoryBytes: placement.memoryBytes },
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
  };
}
