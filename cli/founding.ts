/**
 * The one permit to initialise empty data, given to the designated primary for each workload of which no site ever had any (D3, decision 3).
 * Afterwards the region's record says so for ever, and an empty volume is refused.
 */
import { setTimeout as pause } from "node:timers/promises";
import { containerName } from "../components/runtime/docker/names.ts";
import { readRegionRecord, recordFounded } from "../custody/founding.ts";
import { systemClock } from "../io/clock.ts";
import { outOfReach, refused } from "../io/errors.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../model/types.ts";
import { engineOf } from "./engine.ts";
import { say } from "./output/language.ts";
import { type Step, step } from "./output/progress.ts";
import { givePermit, type Memory, memoryOf } from "./permit.ts";

const WITHIN_MS = 60_000;

/** Founds what the region's record does not know yet: all of a new region, or what was added to one. */
export async function foundOnce(model: Model, signal: AbortSignal): Promise<void> {
  const region = model.region.id;
  const sites = model.sites.map((site) => site.id);
  const primary = model.sites.find((site) => site.designation === "primary");
  if (!primary) throw new Error("no site is designated primary");
  const record = await readRegionRecord(region, sites, process.env);
  const due = dataWorkloads(model, primary).filter((name) => record?.workloads[name] === undefined);
  if (due.length === 0) return;
  await step(
    say({ id: `mendirikan (sekali saja): ${due.join(", ")}`, en: `founding (once only): ${due.join(", ")}` }),
    async (progress) => {
      for (const workload of due) {
        const by = await holderOf(model, workload);
        // A region whose record knows of no founding at all, beside data: the record was lost, and what else with it nobody knows.
        if (by !== undefined && !record?.founded) throw dataWithoutRecord(region, by, workload);
        if (by === undefined) await foundWorkload(region, primary, workload, progress, signal);
        await recordFounded(region, sites, workload, by ?? primary.id, { env: process.env, clock: systemClock });
      }
    },
  );
}

/** Names of a site's workloads that keep data under a guard of their own, which founds or copies only by permit. */
export function dataWorkloads(model: Model, site: SiteModel): string[] {
  return site.workloads.filter((placement) => keepsData(model, placement)).map(({ name }) => name);
}

function keepsData(model: Model, { kind, of }: WorkloadPlacement): boolean {
  switch (kind) {
    case "postgresql":
    case "mariadb":
    case "objects":
    case "code":
      return true;
    case "application":
      return model.applications.find(({ id }) => id === of)?.run?.uploads !== undefined;
    // Its repositories lie in the object store.
    case "backup":
    case "drill":
    case "config":
    case "etcd":
    // Its first epoch is founded by the guard of the primary's data.
    case "epoch":
    case "dns":
    case "gateway":
    case "web":
    // A signer without data begins a new chain, which says so.
    case "signer":
    case "ops":
      return false;
  }
}

/** A record can be lost, or be older than a workload's founding; what the sites' own volumes remember is asked as well. */
async function holderOf(model: Model, workload: string): Promise<string | undefined> {
  for (const site of model.sites) {
    const container = containerName({ region: model.region.id, site: site.id }, workload);
    if ((await memoryOf(engineOf(site), container)) === "data") return site.id;
  }
  return undefined;
}

function dataWithoutRecord(region: string, site: string, workload: string) {
  const container = containerName({ region, site }, workload);
  return refused(
    {
      id: `${container}: sudah pernah berisi data wilayah ini; tidak didirikan lagi`,
      en: `${container}: has had this region's data; it is not founded again`,
    },
    { id: "isi situs yang kosong dengan: lumbung reseed", en: "fill a site that is empty with: lumbung reseed" },
  );
}

/** What a guard remembers as long as it has not taken the permit. */
const WAITING: readonly Memory[] = ["nothing", "copy"];

/** Gives the permit and waits until the guard has taken it. */
async function foundWorkload(
  region: string,
  site: SiteModel,
  workload: string,
  progress: Step,
  signal: AbortSignal,
): Promise<void> {
  const engine = engineOf(site);
  const container = containerName({ region, site: site.id }, workload);
  progress.note(workload);
  await givePermit(engine, container, "found", progress, signal);
  const deadline = performance.now() + WITHIN_MS;
  while (WAITING.includes(await memoryOf(engine, container))) {
    if (performance.now() > deadline || signal.aborted) {
      throw outOfReach({
        id: `${container}: izin mendirikan tidak diambil`,
        en: `${container}: the founding permit was not taken`,
      });
    }
    await pause(500);
  }
}
