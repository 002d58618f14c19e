/**
 * Containers that an interrupted `up` made and could not write down. They stand in the way of the next `up` (their names are taken),
 * so they are removed; their volumes stay.
 */
import { LABEL } from "../components/runtime/docker/names.ts";
import type { DockerEngine } from "../io/docker-engine.ts";

/** Ids of the docker containers in an exported deployment of Pulumi's. */
export function rememberedContainers(deployment: unknown): Set<string> {
  const resources = (deployment as { resources?: { type?: string; id?: string }[] } | null)?.resources ?? [];
  return new Set(resources.flatMap(({ type, id }) => (type === "docker:index/container:Container" && id ? [id] : [])));
}

/** Removes the site's containers that Pulumi's state does not know. Returns their names. */
export async function removeOrphans(
  engine: DockerEngine,
  region: string,
  site: string,
  deployment: unknown,
): Promise<string[]> {
  const remembered = rememberedContainers(deployment);
  const there = await engine.listContainers({ [LABEL.region]: region, [LABEL.site]: site });
  const orphans = there.filter((container) => !remembered.has(container.Id));
  for (const orphan of orphans) await engine.removeContainer(orphan.Id);
  return orphans.map((orphan) => orphan.Names[0]?.replace(/^\//, "") ?? orphan.Id);
}
