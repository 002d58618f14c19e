import { containerName } from "../../components/runtime/docker/names.ts";
import { readRegionRecord } from "../../custody/founding.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { stackInputs } from "../../stacks/load.ts";
import { modelOf, siteOption } from "../context.ts";
import { engineOf } from "../engine.ts";
import { dataWorkloads, foundOnce } from "../founding.ts";
import { interruption } from "../interrupt.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { givePermit } from "../permit.ts";
import type { Observed } from "../status/assemble.ts";
import { observeWorkload } from "../status/observe.ts";
import { deployPart } from "./up.ts";

/** Fills one workload of a site anew from the other site. Its own data, if any are left, are not touched before the copy can begin. */
export async function reseed(options: Options): Promise<number> {
  const model = await modelOf(options);
  const site = siteOption(options, model);
  const workload = dataWorkload(options, model, site);
  const container = containerName({ region: model.region.id, site: site.id }, workload);
  refuseUnconfirmed(container, await observeWorkload(engineOf(site), container), options);
  const { signal, end } = interruption();
  try {
    const inputs = await stackInputs(model);
    await step(say({ id: `tumpukan ${site.stack}`, en: `stack ${site.stack}` }), (s) =>
      deployPart(inputs(site.id), s, signal, { acceptLost: workload }),
    );
    await step(say({ id: `izin mengisi ulang ${workload}`, en: `permit to reseed ${workload}` }), (s) =>
      givePermit(engineOf(site), container, "reseed", s, signal),
    );
    return 0;
  } finally {
    end();
  }
}

/** Founds what never was: `up` does it by itself; after `pulumi up` from a shell this goes on from there. */
export async function found(options: Options): Promise<number> {
  const model = await modelOf(options);
  await refuseSecondFounding(model);
  const { signal, end } = interruption();
  try {
    await foundOnce(model, signal);
    return 0;
  } finally {
    end();
  }
}

async function refuseSecondFounding(model: Model): Promise<void> {
  const sites = model.sites.map((site) => site.id);
  const record = await readRegionRecord(model.region.id, sites, process.env);
  const all = [...new Set(model.sites.flatMap((site) => dataWorkloads(model, site)))];
  if (!record?.founded || all.some((name) => record.workloads[name] === undefined)) return;
  const { at } = record.founded;
  throw refused(
    { id: `wilayah ini sudah didirikan pada ${at}`, en: `this region was founded on ${at}` },
    { id: "untuk mengisi situs yang kosong: lumbung reseed", en: "to fill a site that is empty: lumbung reseed" },
  );
}

/** A reseed discards what data the site still has. @throws LumbungError (4) where that was not confirmed. */
function refuseUnconfirmed(container: string, observed: Observed | undefined, options: Options): void {
  const healthy = observed?.kind === "running" && observed.health !== "no answer" && observed.health.ok;
  if (!healthy || options.confirm === container) return;
  throw refused(
    {
      id: `${container} masih sehat; mengisi ulang membuang data yang ada padanya`,
      en: `${container} is well; to reseed discards the data that it has`,
    },
    { id: `bila memang itu maksudnya: --confirm ${container}`, en: `if you mean it: --confirm ${container}` },
  );
}

function dataWorkload(options: Options, model: Model, site: SiteModel): string {
  const all = dataWorkloads(model, site);
  const only = all.length === 1 ? all[0] : undefined;
  const chosen = options.workload ?? only;
  if (chosen !== undefined && all.includes(chosen)) return chosen;
  throw wrongUse(
    {
      id: `--workload "${chosen ?? ""}" tidak menyimpan data`,
      en: `--workload "${chosen ?? ""}" keeps no data`,
    },
    { id: `salah satu dari: ${all.join(", ")}`, en: `one of: ${all.join(", ")}` },
  );
}
