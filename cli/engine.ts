import { DockerEngine } from "../io/docker-engine.ts";
import type { SiteModel } from "../model/types.ts";

/** The container engine that a site runs on. */
export function engineOf(site: SiteModel): DockerEngine {
  return DockerEngine.at(site.runtime.kind === "docker" ? site.runtime.host : undefined);
}
