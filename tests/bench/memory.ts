/**
 * What the running lab takes of memory (at most 3 GiB in all, by workload).
 * By the kernel's account of each container's cgroup: usage less the file cache that the kernel may drop at once (inactive_file), which
 * is the number that `docker stats` shows. So shared buffers, program text in use and socket buffers count; the engine's own
 * processes do not.
 */
import { LABEL } from "../../components/runtime/docker/names.ts";
import type { DockerEngine } from "../../io/docker-engine.ts";
import { readAll, send } from "../../io/docker-engine-transport.ts";
import { outOfReach } from "../../io/errors.ts";
import { engine, REGION } from "../lab/support/region.ts";
import type { Bench } from "./bench.ts";
import { type Figure, figureOf } from "./figure.ts";

const LIMIT_BYTES = 3 * 2 ** 30;

export const memoryBench: Bench = {
  makes: ["lab.memory"],
  measure: async () => [memoryFigure(await workloadBytes(engine, REGION))],
};

/** The sum against the limit. @throws where nothing runs: zero bytes would look like a success. */
export function memoryFigure(workloads: Readonly<Record<string, number>>): Figure {
  const all = Object.values(workloads);
  if (all.length === 0) throw labIsDown();
  return figureOf({
    name: "lab.memory",
    value: all.reduce((sum, bytes) => sum + bytes, 0),
    unit: "bytes",
    floor: LIMIT_BYTES,
    against: "3 GiB for all containers (usage - inactive_file)",
    bound: 1,
    detail: { workloads },
  });
}

/** By `<site>/<workload>`, in order of name. @throws LumbungError (3) where a container of the region does not run. */
async function workloadBytes(engine: DockerEngine, region: string): Promise<Record<string, number>> {
  const containers = await engine.listContainers({ [LABEL.region]: region });
  const found: [string, number][] = [];
  for (const { Id, Labels, State } of containers) {
    const name = `${Labels[LABEL.site]}/${Labels[LABEL.workload]}`;
    if (State !== "running") throw labIsDown(`${name} is ${State}`);
    found.push([name, residentBytes(name, await stats(engine, Id))]);
  }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the engine says of a container's memory: `total_inactive_file` under cgroup v1, `inactive_file` under v2. */
interface Stats {
  readonly memory_stats?: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
}

async function stats(engine: DockerEngine, id: string): Promise<Stats> {
  const response = await send(engine.endpoint, {
    method: "GET",
    path: `/containers/${id}/stats`,
    query: { stream: "false", "one-shot": "true" },
    signal: AbortSignal.timeout(30_000),
  });
  return JSON.parse((await readAll(response)).toString("utf8")) as Stats;
}

/** @throws where the engine gives no account: a zero would look like a success. */
export function residentBytes(name: string, { memory_stats: memory }: Stats): number {
  const inactive = memory?.stats?.total_inactive_file ?? memory?.stats?.inactive_file;
  if (memory?.usage === undefined || inactive === undefined)
    throw new Error(
      `memory of ${name}: expected usage and inactive_file, received ${JSON.stringify(memory)}; is the memory cgroup on?`,
    );
  return memory.usage - inactive;
}

export function labIsDown(why = "none of its containers is there"): Error {
  return outOfReach(
    { id: `lab tidak berjalan: ${why}`, en: `the lab does not run: ${why}` },
    { id: "jalankan: npm start", en: "run: npm start" },
  );
}
