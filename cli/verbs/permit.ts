import { containerName } from "../../components/runtime/docker/names.ts";
import { readRegionRecord } from "../../custody/founding.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { modelOf, siteOption } from "../context.ts";
import { engineOf } from "../engine.ts";
import { interruption } from "../interrupt.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { deployPart, givePermit } from "./up.ts";

/** Fills one site's database server anew from the other site. Its own data, if any are left, are not touched. */
export async function reseed(options: Options): Promise<number> {
  const model = await modelOf(options);
  const site = siteOption(options, model);
  const workload = databaseWorkload(options, site);
  const { signal, end } = interruption();
  try {
    await step(say({ id: `tumpukan ${site.stack}`, en: `stack ${site.stack}` }), (s) =>
      deployPart(model, site.id, s, signal, { acceptLost: workload }),
    );
    await step(say({ id: `izin mengisi ulang ${workload}`, en: `permit to reseed ${workload}` }), (s) =>
      givePermit(
        engineOf(site),
        containerName({ region: model.region.id, site: site.id }, workload),
        "reseed",
        s,
        signal,
      ),
    );
    return 0;
  } finally {
    end();
  }
}

/** Permits the designated primary to initialise empty data, for a region that was never founded. `up` does it by itself. */
export async function found(options: Options): Promise<number> {
  const model = await modelOf(options);
  const site = siteOption(options, model);
  await refuseSecondFounding(model);
  const workload = databaseWorkload(options, site);
  const { signal, end } = interruption();
  try {
    await step(say({ id: `izin mendirikan ${workload}`, en: `permit to found ${workload}` }), (s) =>
      givePermit(
        engineOf(site),
        containerName({ region: model.region.id, site: site.id }, workload),
        "found",
        s,
        signal,
      ),
    );
    return 0;
  } finally {
    end();
  }
}

async function refuseSecondFounding(model: Model): Promise<void> {
  const record = await readRegionRecord(
    model.region.id,
    model.sites.map((site) => site.id),
    process.env,
  );
  const founded = record?.founded;
  if (!founded) return;
  throw refused(
    { id: `wilayah ini sudah didirikan pada ${founded.at}`, en: `this region was founded on ${founded.at}` },
    { id: "untuk mengisi situs yang kosong: lumbung reseed", en: "to fill a site that is empty: lumbung reseed" },
  );
}

function databaseWorkload(options: Options, site: SiteModel): string {
  const servers = site.workloads.filter((workload) => workload.kind === "postgresql").map((workload) => workload.name);
  const only = servers.length === 1 ? servers[0] : undefined;
  const chosen = options.workload ?? only;
  if (chosen !== undefined && servers.includes(chosen)) return chosen;
  throw wrongUse(
    {
      id: `--workload "${chosen ?? ""}" bukan peladen basis data`,
      en: `--workload "${chosen ?? ""}" is no database server`,
    },
    { id: `salah satu dari: ${servers.join(", ")}`, en: `one of: ${servers.join(", ")}` },
  );
}
