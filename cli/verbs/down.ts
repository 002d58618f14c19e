import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LABEL } from "../../components/runtime/docker/names.ts";
import { forgetFounding } from "../../custody/founding.ts";
import { systemClock } from "../../io/clock.ts";
import { DockerEngine } from "../../io/docker-engine.ts";
import { refused } from "../../io/errors.ts";
import { run } from "../../io/shell.ts";
import { placesOf } from "../../model/places.ts";
import type { Model } from "../../model/types.ts";
import { BACKBONE } from "../../stacks/stack-name.ts";
import { openStack } from "../automation.ts";
import { modelOf } from "../context.ts";
import { engineOf } from "../engine.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { PROJECT } from "../project.ts";
import { aloneInRegion } from "../region-lock.ts";
import { liftStaleLock } from "../stack-lock.ts";

/** Removes a region with all its data. Nothing of it is left behind: no container, volume, network or process. */
export async function down(options: Options): Promise<number> {
  const model = await modelOf(options);
  refuseUnconfirmed(model, options);
  const region = model.region.id;
  await aloneInRegion(region, async () => {
    for (const part of [
      ...placesOf(model)
        .map(({ id }) => id)
        .reverse(),
      BACKBONE,
    ]) {
      await step(say({ id: `menghapus tumpukan ${region}-${part}`, en: `removing stack ${region}-${part}` }), () =>
        destroyPart(region, part),
      );
    }
    await step(say({ id: "menghapus volume data", en: "removing data volumes" }), () => removeLabelled(model));
    await forgetFounding(
      region,
      model.sites.map((site) => site.id),
      { env: process.env, clock: systemClock },
    );
  });
  return 0;
}

/** Guards against the wrong region and against a region that is not a lab. @throws LumbungError (4) */
function refuseUnconfirmed(model: Model, options: Options): void {
  const { id, lab } = model.region;
  if (options.confirm !== id) {
    throw refused(
      {
        id: `ini menghapus wilayah "${id}" beserta SELURUH datanya`,
        en: `this removes region "${id}" with ALL its data`,
      },
      { id: `bila memang itu maksudnya: --confirm ${id}`, en: `if you mean it: --confirm ${id}` },
    );
  }
  if (!lab && !options["not-a-lab"]) {
    throw refused(
      {
        id: `wilayah "${id}" bukan lab: datanya milik warga`,
        en: `region "${id}" is not a lab: its data are its people's`,
      },
      { id: "bila memang itu maksudnya: tambahkan --not-a-lab", en: "if you mean it: add --not-a-lab" },
    );
  }
}

async function destroyPart(region: string, part: string): Promise<void> {
  const stack = await openStack(region, part, async () => {});
  await liftStaleLock(region, part, PROJECT, stack);
  await unprotect(stack);
  await stack.destroy({ color: "never", refresh: true });
}

/** Lifts the protection of the data volumes: the name was confirmed. */
async function unprotect(stack: Stack): Promise<void> {
  const { deployment } = await stack.exportStack();
  const resources = (deployment as { resources?: { protect?: boolean }[] } | null)?.resources ?? [];
  if (!resources.some((resource) => resource.protect)) return;
  const { workDir, envVars } = stack.workspace;
  await run(["pulumi", "state", "unprotect", "--all", "--yes", "--stack", stack.name], { cwd: workDir, env: envVars });
}

/** What was retained, and what an interrupted run left: by label. */
async function removeLabelled(model: Model): Promise<void> {
  const engines = new Map(
    [DockerEngine.at(), ...placesOf(model).map(engineOf)].map((engine) => [engine.describe(), engine]),
  );
  const label = { [LABEL.region]: model.region.id };
  for (const engine of engines.values()) {
    for (const container of await engine.listContainers(label)) await engine.removeContainer(container.Id);
    for (const volume of await engine.listVolumes(label)) await engine.removeVolume(volume.Name);
    for (const network of await engine.listNetworks(label)) await engine.removeNetwork(network.Id);
  }
}
