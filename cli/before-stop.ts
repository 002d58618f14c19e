/** Makes a database's stop short: what it would write when it ends is written before, while it still serves. */
import { containerName } from "../components/runtime/docker/names.ts";
import type { DockerEngine } from "../io/docker-engine.ts";
import { within } from "../io/within.ts";
import type { Model, SiteModel, WorkloadKind } from "../model/types.ts";

/** By kind: the command in the running container. A kind without one ends at once, or has nothing to write. */
export const BEFORE_STOP: Readonly<Partial<Record<WorkloadKind, readonly string[]>>> = {
  postgresql: ["psql", "-Xqw", "-h", "/run/postgresql", "-U", "postgres", "-d", "postgres", "-c", "checkpoint"],
};

/** After which the stop goes ahead without it. */
const LIMIT_MS = 120_000;

/**
 * Runs the command of each workload that is about to be replaced. Returns a line for each that failed: its stop may take longer, and
 * a database that does not answer may be the very reason for the change.
 */
export async function beforeStop(
  model: Model,
  site: SiteModel,
  replaced: readonly string[],
  engine: Pick<DockerEngine, "exec">,
  signal: AbortSignal,
): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, kind } of site.workloads) {
    const words = BEFORE_STOP[kind];
    if (words === undefined || !replaced.includes(name)) continue;
    const container = containerName({ region: model.region.id, site: site.id }, name);
    const why = await within(LIMIT_MS, signal, (bounded) => failure(engine, container, words, bounded));
    signal.throwIfAborted();
    if (why !== undefined) failed.push(`${container}: ${words.join(" ")}: ${why}`);
  }
  return failed;
}

async function failure(
  engine: Pick<DockerEngine, "exec">,
  container: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { code, stderr } = await engine.exec(container, words, { signal });
    return code === 0 ? undefined : stderr.trim() || `exit code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
