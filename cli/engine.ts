import { DockerEngine } from "../io/docker-engine.ts";
import type { PlaceModel } from "../model/types.ts";

/** The container engine that a place runs on. */
export function engineOf(site: PlaceModel): DockerEngine {
  return DockerEngine.at(site.runtime.kind === "docker" ? site.runtime.host : undefined);
}
