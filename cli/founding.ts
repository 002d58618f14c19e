/**
 * The one permit to initialise empty data, given to the designated primary if no site of this region ever had any (D3, decision 3).
 * Afterwards the region's record says so for ever, and an empty volume is refused.
 */
import { setTimeout as pause } from "node:timers/promises";
import { containerName } from "../components/runtime/docker/names.ts";
import { readRegionRecord, recordFounded } from "../custody/founding.ts";
import { systemClock } from "../io/clock.ts";
import { outOfReach, refused } from "../io/errors.ts";
import type { Model, SiteModel } from "../model/types.ts";
import { engineOf } from "./engine.ts";
import { say } from "./output/language.ts";
import { type Step, step } from "./output/progress.ts";
import { givePermit, memoryOf } from "./permit.ts";

const WITHIN_MS = 60_000;

/** Founds the region unless its record says that it was. */
export async function foundOnce(model: Model, signal: AbortSignal): Promise<void> {
  const region = model.region.id;
  const sites = model.sites.map((site) => site.id);
  if ((await readRegionRecord(region, sites, process.env))?.founded) return;
  const primary = model.sites.find((site) => site.designation === "primary");
  if (!primary) throw new Error("no site is designated primary");
  await step(
    say({ id: "mendirikan wilayah (sekali saja)", en: "founding the region (once only)" }),
    async (progress) => {
      await refuseWhereDataWere(model);
      for (const server of databaseWorkloads(primary)) await foundServer(region, primary, server, progress, signal);
      await recordFounded(region, sites, primary.id, { env: process.env, clock: systemClock });
    },
  );
}

/** Names of a site's database workloads. */
export function databaseWorkloads(site: SiteModel): string[] {
  return site.workloads.filter((workload) => workload.kind === "postgresql").map((workload) => workload.name);
}

/** A record can be lost; what the sites' own volumes remember is asked as well. @throws LumbungError (4) */
async function refuseWhereDataWere(model: Model): Promise<void> {
  for (const site of model.sites) {
    for (const server of databaseWorkloads(site)) {
      const container = containerName({ region: model.region.id, site: site.id }, server);
      if ((await memoryOf(engineOf(site), container)) !== "data") continue;
      throw refused(
        {
          id: `${container}: sudah pernah berisi data wilayah ini; tidak didirikan lagi`,
          en: `${container}: has had this region's data; it is not founded again`,
        },
        { id: "isi situs yang kosong dengan: lumbung reseed", en: "fill a site that is empty with: lumbung reseed" },
      );
    }
  }
}

/** Gives the permit and waits until the guard has taken it. */
async function foundServer(
  region: string,
  site: SiteModel,
  server: string,
  progress: Step,
  signal: AbortSignal,
): Promise<void> {
  const engine = engineOf(site);
  const container = containerName({ region, site: site.id }, server);
  await givePermit(engine, container, "found", progress, signal);
  const deadline = performance.now() + WITHIN_MS;
  while ((await memoryOf(engine, container)) === "nothing") {
    if (performance.now() > deadline || signal.aborted) {
      throw outOfReach({
        id: `${container}: izin mendirikan tidak diambil`,
        en: `${container}: the founding permit was not taken`,
      });
    }
    await pause(500);
  }
}
