/** Looks at the running sites: the engine for what runs, each workload's own health command, each site's `ops`. */

import { containerName, LABEL } from "../../components/runtime/docker/names.ts";
import { type CertificateFact, certificateFacts, placeCertificates } from "../../custody/facts.ts";
import type { Environment } from "../../custody/paths.ts";
import { findSite, findWitness } from "../../custody/read.ts";
import { type DockerEngine, DockerUnreachableError } from "../../io/docker-engine.ts";
import { LumbungError } from "../../io/errors.ts";
import type { LeaseState } from "../../model/lease.ts";
import { placesOf } from "../../model/places.ts";
import type { Model, PlaceModel, Text, WorkloadKind } from "../../model/types.ts";
import type { ClockOffsets } from "../clocks.ts";
import type { Observations, Observed, OpsReport } from "./assemble.ts";
import { parseLease } from "./lease-report.ts";
import { parseOpsReport } from "./ops-report.ts";

const HEALTH = ["/usr/local/lib/lumbung/health"];
const OPS_STATUS = ["/usr/local/lib/lumbung/status"];
const LEASE = ["/usr/local/lib/lumbung/lease"];
/** Whose guards are asked for the lease: what takes writes, and what passes them on. A name server only asks it now and then. */
const GUARDED: readonly WorkloadKind[] = ["postgresql", "mariadb", "gateway"];
const HEALTH_LIMIT_MS = 15_000;

export interface Observer {
  /** The engine of a place. */
  readonly engine: (place: PlaceModel) => DockerEngine;
  readonly now: () => Date;
  readonly toolchain: unknown;
  /** Where bundles and passphrases are. Default: the process's own environment. */
  readonly env?: Environment;
}

/** A bundle that is not here says nothing; one that does not open is told of. */
async function heldCertificates(
  model: Model,
  env: Environment,
): Promise<Required<Pick<Observations, "certificates" | "unopened">>> {
  const certificates: CertificateFact[] = [];
  const unopened: Text[] = [];
  const region = model.region.id;
  for (const { id } of placesOf(model)) {
    try {
      const [site, witness] =
        id === model.witness?.id
          ? [undefined, await findWitness(region, env)]
          : [await findSite(region, id, env), undefined];
      if (site !== undefined) certificates.push(...certificateFacts(site));
      if (witness !== undefined) certificates.push(...placeCertificates(witness));
    } catch (error) {
      if (!(error instanceof LumbungError)) throw error;
      unopened.push(error.text);
    }
  }
  return { certificates, unopened };
}

/** How far the engine's clock is ahead of ours, seconds, to a tenth. What the question itself took is no difference. */
async function clockOffset(engine: DockerEngine, now: () => Date): Promise<number | null> {
  const before = now().getTime();
  const { SystemTime } = await engine.info();
  const after = now().getTime();
  const theirs = Date.parse(SystemTime);
  if (Number.isNaN(theirs)) return null;
  const off = theirs < before ? theirs - before : Math.max(0, theirs - after);
  return Math.round(off / 100) / 10;
}

/** By site: how far its engine's clock is ahead of this machine's. An engine that is away says nothing. */
export async function observeClocks(model: Model, { engine, now }: Observer): Promise<ClockOffsets> {
  const offsets = await Promise.all(
    model.sites.map(async (site) => {
      try {
        return [site.id, await clockOffset(engine(site), now)] as const;
      } catch (error) {
        if (error instanceof DockerUnreachableError) return [site.id, null] as const;
        throw error;
      }
    }),
  );
  return Object.fromEntries(offsets);
}

/** Never throws for what does not answer: that is `unknown`. */
export async function observe(model: Model, observer: Observer): Promise<Observations> {
  const [sites, clocks, held] = await Promise.all([
    Promise.all(placesOf(model).map((place) => observePlace(model, place, observer.engine(place)))),
    observeClocks(model, observer),
    heldCertificates(model, observer.env ?? process.env),
  ]);
  return {
    ...held,
    clocks,
    at: observer.now().toISOString(),
    toolchain: observer.toolchain,
    workloads: Object.assign({}, ...sites.map((site) => site.workloads)),
    ops: Object.fromEntries(sites.map((site) => [site.id, site.ops])),
    leases: sites.flatMap((site) => site.leases),
  };
}

interface SeenSite {
  readonly id: string;
  readonly workloads: Record<string, Observed>;
  readonly ops: OpsReport | undefined;
  readonly leases: readonly LeaseState[];
}

async function observePlace(model: Model, site: PlaceModel, engine: DockerEngine): Promise<SeenSite> {
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
    const [ops, leases] = await Promise.all([
      opsReport(engine, site, containerName(at, "ops"), seen),
      leaseReports(engine, model.region.id, site, seen),
    ]);
    return { id: site.id, workloads: seen, ops, leases };
  } catch (error) {
    if (error instanceof DockerUnreachableError) return { id: site.id, workloads: {}, ops: undefined, leases: [] };
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
  site: PlaceModel,
  container: string,
  seen: Readonly<Record<string, Observed>>,
): Promise<OpsReport | undefined> {
  if (seen[`${site.id}/ops`]?.kind !== "running") return undefined;
  const answer = await quickly(engine, container, OPS_STATUS);
  return answer?.code === 0 ? parseOpsReport(answer.stdout) : undefined;
}

/** What the guards of a site that answer say of the lease. */
async function leaseReports(
  engine: DockerEngine,
  region: string,
  site: PlaceModel,
  seen: Readonly<Record<string, Observed>>,
): Promise<LeaseState[]> {
  const guarded = site.workloads.filter(
    ({ kind, name }) => GUARDED.includes(kind) && seen[`${site.id}/${name}`]?.kind === "running",
  );
  const answers = await Promise.all(
    guarded.map(({ name }) => quickly(engine, containerName({ region, site: site.id }, name), LEASE)),
  );
  return answers.flatMap((answer) => (answer?.code === 0 ? [parseLease(answer.stdout)] : []));
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
