/** Looks at the running sites: the engine for what runs, each workload's own health command, each site's `ops`. */
import { containerName, LABEL } from "../../components/runtime/docker/names.ts";
import { type DockerEngine, DockerUnreachableError } from "../../io/docker-engine.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { Observations, Observed, OpsReport } from "./assemble.ts";
import { parseOpsReport } from "./ops-report.ts";

const HEALTH = ["/usr/local/lib/lumbung/health"];
const OPS_STATUS = ["/usr/local/lib/lumbung/status"];
const HEALTH_LIMIT_MS = 15_000;

export interface Observer {
  /** The engine of a site. */
  readonly engine: (site: SiteModel) => DockerEngine;
  readonly now: () => Date;
  readonly toolchain: unknown;
}

/** Never throws for what does not answer: that is `unknown`. */
export async function observe(model: Model, observer: Observer): Promise<Observations> {
  const sites = await Promise.all(model.sites.map((site) => observeSite(model, site, observer.engine(site))));
  return {
    at: observer.now().toISOString(),
    toolchain: observer.toolchain,
    workloads: Object.assign({}, ...sites.map((site) => site.workloads)),
    ops: Object.fromEntries(sites.map((site) => [site.id, site.ops])),
  };
}

interface SeenSite {
  readonly id: string;
  readonly workloads: Record<string, Observed>;
  readonly ops: OpsReport | undefined;
}

async function observeSite(model: Model, site: SiteModel, engine: DockerEngine): Promise<SeenSite> {
  const at = { region: model.region.id, site: site.id };
  try {
    const containers = await engine.listContainers({ [LABEL.region]: at.region, [LABEL.site]: at.site });
    const there = new Set(containers.flatMap((container) => container.Names.map((name) => name.replace(/^\//, ""))));
    const workloads = await Promise.all(
      site.workloads.map(async ({ name }) => {
        const container = containerName(at, name);
        const observed: Observed = there.has(container)
          ? await observeWorkload(engine, container)
          : { kind: "removed" };
        return [`${site.id}/${name}`, observed] as const;
      }),
    );
    const seen: Record<string, Observed> = Object.fromEntries(workloads);
    return { id: site.id, workloads: seen, ops: await opsReport(engine, site, containerName(at, "ops"), seen) };
  } catch (error) {
    if (error instanceof DockerUnreachableError) return { id: site.id, workloads: {}, ops: undefined };
    throw error;
  }
}

/** What the engine and the workload itself say of one container. */
export async function observeWorkload(engine: DockerEngine, container: string): Promise<Observed> {
  const inspect = await engine.inspectContainer(container);
  if (inspect === undefined) return { kind: "removed" };
  if (inspect.State.Status !== "running") {
    return { kind: "stopped", status: inspect.State.Status, exitCode: inspect.State.ExitCode };
  }
  const answer = await quickly(engine, container, HEALTH);
  if (answer === undefined) return { kind: "running", health: "no answer" };
  return { kind: "running", health: { ok: answer.code === 0, line: answer.stdout.trim().split("\n")[0] ?? "" } };
}

async function opsReport(
  engine: DockerEngine,
  site: SiteModel,
  container: string,
  seen: Readonly<Record<string, Observed>>,
): Promise<OpsReport | undefined> {
  if (seen[`${site.id}/ops`]?.kind !== "running") return undefined;
  const answer = await quickly(engine, container, OPS_STATUS);
  return answer?.code === 0 ? parseOpsReport(answer.stdout) : undefined;
}

/** Runs a command in a container within the time that a status may take; undefined: it did not answer. */
async function quickly(engine: DockerEngine, container: string, words: readonly string[]) {
  const signal = AbortSignal.timeout(HEALTH_LIMIT_MS);
  try {
    return await engine.exec(container, words, { signal });
  } catch (error) {
    // A container that stopped or hangs between two questions is exactly what "no answer" means.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
