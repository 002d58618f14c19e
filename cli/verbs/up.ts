import { siteWorkloads, witnessWorkloads } from "../../components/workloads.ts";
import { recordBroughtOut } from "../../custody/brought-out.ts";
import { loadSite, loadWitness } from "../../custody/read.ts";
import { systemClock } from "../../io/clock.ts";
import { writeDeployed } from "../../io/deployed-inventory.ts";
import { DockerEngine } from "../../io/docker-engine.ts";
import { outOfReach } from "../../io/errors.ts";
import { imageFolders } from "../../io/image-names.ts";
import { ensureReferences } from "../../io/image-references.ts";
import { ensureImages } from "../../io/images.ts";
import { readInventory } from "../../io/inventory.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { placesOf } from "../../model/places.ts";
import type { Model, PlaceModel, SiteModel } from "../../model/types.ts";
import { readToolchain } from "../../scripts/toolchain.ts";
import { guardDuties } from "../../stacks/duties.ts";
import { stackInputs } from "../../stacks/load.ts";
import { type StackInputs, stackProgram } from "../../stacks/program.ts";
import { BACKBONE, WITNESS } from "../../stacks/stack-name.ts";
import { openStack } from "../automation.ts";
import { awaitUntil, awaitWell } from "../await-health.ts";
import { beforeStop } from "../before-stop.ts";
import { changeSites, reasonsAgainst } from "../change-sites.ts";
import { modelOf, siteOption, withinOption } from "../context.ts";
import { type ChangeSummary, deployStack, previewStack, unchanged } from "../deploy.ts";
import { depositAt } from "../deposit.ts";
import { engineOf } from "../engine.ts";
import { foundOnce } from "../founding.ts";
import { interruption } from "../interrupt.ts";
import { DataLost, dataVolumes, lostVolumes, rememberedVolumes } from "../lost-data.ts";
import { observeMachine } from "../machine.ts";
import type { Options } from "../options.ts";
import { removeOrphans } from "../orphans.ts";
import { addresses } from "../output/addresses.ts";
import { say } from "../output/language.ts";
import { type Step, step } from "../output/progress.ts";
import { preflightProblems } from "../preflight.ts";
import { prepareSecrets } from "../prepare-secrets.ts";
import { PROJECT } from "../project.ts";
import { aloneInRegion } from "../region-lock.ts";
import { rollout } from "../rollout.ts";
import { liftStaleLock } from "../stack-lock.ts";
import { assembleStatus } from "../status/assemble.ts";
import { observe, observeClocks } from "../status/observe.ts";
import { renderStatus } from "../status/render.ts";
import type { Status } from "../status/types.ts";
import { stopText } from "../stops.ts";

const WELL_WITHIN_SECONDS = 300;
/** A site that is well for less may be one whose new container is about to fail. */
const STEADY_SECONDS = 5;

/**
 * Brings a region up and waits until all of it is well: the sites that stand by first, the active one when they are well; with `--site`, that site alone, from its own secrets and state, whatever became of
 * the other. Safe to run again at any time.
 */
export async function up(options: Options): Promise<number> {
  const model = await modelOf(options);
  const within = withinOption(options, WELL_WITHIN_SECONDS);
  await guardDuties(model.region.id);
  const { signal, end } = interruption();
  try {
    if (model.witness && options.site === model.witness.id) return await upWitness(model, signal);
    if (options.site !== undefined) return await upAlone(model, siteOption(options, model), signal);
    const status = await aloneInRegion(model.region.id, () => bringUp(model, within, signal));
    process.stdout.write(`${addresses(model, status)}\n`);
    return 0;
  } finally {
    end();
  }
}

async function bringUp(model: Model, within: number, signal: AbortSignal): Promise<Status> {
  await step(say({ id: "memeriksa mesin", en: "checking the machine" }), () => checkMachine(model));
  await step(say({ id: "rahasia dan sertifikat", en: "secrets and certificates" }), () => prepareSecrets(model));
  const read = systemClock.now();
  await ensureAllImages(model, signal);
  const part = await deployer(model, signal);
  await part.deploy(BACKBONE);
  // First and alone: while a site changes, its member of the epoch store is away, and the witness is needed for a majority.
  if (model.witness) await part.deploy(model.witness.id);
  await deploySites(model, part, within, signal);
  await foundOnce(model, signal);
  const status = await step(say({ id: "menunggu semua sehat", en: "waiting until all is well" }), async (s) =>
    awaitWell(await statusOf(model), s, within, signal),
  );
  for (const warning of status.warnings) process.stderr.write(`! ${say(warning)}\n`);
  const sites = model.sites.map((site) => site.id);
  await recordBroughtOut(model.region.id, sites, read, process.env);
  await handOver(model, model.sites);
  await rememberInventory(model);
  return status;
}

/** Nothing is made anew here, and nothing of another site is asked for: its bundle may be lost with it. */
async function upAlone(model: Model, site: SiteModel, signal: AbortSignal): Promise<number> {
  const status = await aloneInRegion(model.region.id, async () => {
    await step(say({ id: "rahasia situs", en: "the site's secrets" }), () =>
      loadSite(model.region.id, site.id, process.env),
    );
    await step(say({ id: "memeriksa mesin", en: "checking the machine" }), () =>
      checkMachine({ ...model, sites: [site] }),
    );
    const read = systemClock.now();
    await ensureAllImages(model, signal);
    const part = await deployer(model, signal);
    await part.deploy(BACKBONE);
    await part.beforeStop(site, await part.replaced(site));
    await part.deploy(site.id);
    const status = await (await statusOf(model))();
    const well = status.sites.find(({ id }) => id === site.id)?.workloads.every(({ health }) => health === "ok");
    if (well) await recordBroughtOut(model.region.id, [site.id], read, process.env);
    await handOver(model, [site]);
    return status;
  });
  process.stdout.write(renderStatus({ ...status, sites: status.sites.filter(({ id }) => id === site.id) }));
  return 0;
}

/** The witness alone, from its own secrets and state. */
async function upWitness(model: Model, signal: AbortSignal): Promise<number> {
  await aloneInRegion(model.region.id, async () => {
    await step(say({ id: "rahasia saksi", en: "the witness's secrets" }), () =>
      loadWitness(model.region.id, process.env),
    );
    await ensureAllImages(model, signal);
    const part = await deployer(model, signal);
    await part.deploy(BACKBONE);
    await part.deploy(WITNESS);
  });
  return 0;
}

/** What a later change is compared with. */
async function rememberInventory({ region }: Model): Promise<void> {
  await writeDeployed(region.id, await readInventory(REPOSITORY, region.id));
}

/** State and inventory to the repository hosts, which back them up. */
async function handOver(model: Model, sites: readonly SiteModel[]): Promise<void> {
  if (model.backup === undefined) return;
  await step(say({ id: "state dan inventaris ke cadangan", en: "state and inventory to the backups" }), async () => {
    for (const line of await depositAt(model, sites, engineOf)) process.stderr.write(`  ${line}\n`);
  });
}

/** Images of our folders are built where they lack; what the inventory names in their place is fetched. */
async function ensureAllImages(model: Model, signal: AbortSignal): Promise<void> {
  const replaced = model.region.images ?? {};
  const folders = (await imageFolders()).filter((folder) => replaced[folder] === undefined);
  await step(say({ id: "citra", en: "images" }), async (s) => {
    await ensureImages(folders, { progress: ({ image, text }) => s.note(`${image}: ${say(text)}`), signal });
    await ensureReferences(Object.values(replaced), DockerEngine.at(), signal);
  });
}

async function observer(model: Model) {
  const toolchain = await readToolchain();
  return () => observe(model, { engine: engineOf, now: systemClock.now, toolchain });
}

async function statusOf(model: Model): Promise<() => Promise<Status>> {
  const look = await observer(model);
  return async () => assembleStatus(model, await look());
}

async function checkMachine(model: Model): Promise<void> {
  const clocks = await observeClocks(model, { engine: engineOf, now: systemClock.now, toolchain: null });
  const problems = preflightProblems(model, { ...(await observeMachine(model, DockerEngine.at())), clocks });
  if (problems.length === 0) return;
  const list = (language: "id" | "en") =>
    problems.map(({ text, hint }) => `${text[language]}\n  → ${hint[language]}`).join("\n");
  throw outOfReach({ id: list("id"), en: list("en") });
}

/** Deploys each site; with one known as active, the others first (cli/rollout.ts). */
async function deploySites(model: Model, part: PartDeployer, within: number, signal: AbortSignal): Promise<void> {
  const look = await observer(model);
  const ask = async () => assembleStatus(model, await look());
  const planned = rollout(model, await look());
  await changeSites(model, planned, {
    replaced: part.replaced,
    beforeStop: part.beforeStop,
    deploy: ({ id }) => part.deploy(id),
    awaitReady: (site) =>
      step(say({ id: `menunggu ${site.id} sehat`, en: `waiting until ${site.id} is well` }), (s) =>
        awaitUntil(
          ask,
          (status) => reasonsAgainst(site, status, planned.fresh).map(say),
          s,
          within,
          signal,
          STEADY_SECONDS,
        ),
      ),
  });
}

interface PartDeployer {
  /** Workloads of the site whose containers the change replaces; says what that stops. */
  readonly replaced: (site: SiteModel) => Promise<readonly string[]>;
  readonly beforeStop: (site: SiteModel, replaced: readonly string[]) => Promise<void>;
  readonly deploy: (part: string) => Promise<void>;
}

async function deployer(model: Model, signal: AbortSignal): Promise<PartDeployer> {
  const inputs = await stackInputs(model);
  const named = (part: string) => `${model.region.id}-${part}`;
  return {
    replaced: async (site) => {
      const stack = await openStack(model.region.id, site.id, () => stackProgram(inputs(site.id)));
      const { replaced } = await previewStack(stack, false, signal);
      const text = stopText(model, site, replaced);
      if (text) process.stderr.write(`  ${say(text)}\n`);
      return replaced;
    },
    beforeStop: async (site, replaced) => {
      const failed = await beforeStop(model, site, replaced, engineOf(site), signal);
      for (const line of failed) process.stderr.write(`  ${line}\n`);
    },
    deploy: async (part) => {
      const name = named(part);
      const summary = await step(say({ id: `tumpukan ${name}`, en: `stack ${name}` }), (s) =>
        deployPart(inputs(part), s, signal),
      );
      if (unchanged(summary)) return;
      const { create, update, replace, same } = summary;
      process.stderr.write(`  ${name}: +${create} ~${update} ±${replace} -${summary.delete} (${same} =)\n`);
    },
  };
}

/** Deploys one part: what an interrupted run left is cleared first; data that are gone are not replaced by an empty volume. */
export async function deployPart(
  inputs: StackInputs,
  progress: Step,
  signal: AbortSignal,
  options: { readonly acceptLost?: string } = {},
): Promise<ChangeSummary> {
  const { model, part } = inputs;
  const region = model.region.id;
  const stack = await openStack(region, part, () => stackProgram(inputs));
  await liftStaleLock(region, part, PROJECT, stack);
  const place = placesOf(model).find((one) => one.id === part);
  if (place?.runtime.kind === "docker") {
    const { deployment } = await stack.exportStack();
    await refuseLostData(model, place, deployment, options.acceptLost);
    const removed = await removeOrphans(engineOf(place), region, part, deployment);
    if (removed.length > 0) progress.note(`- ${removed.join(", ")}`);
  }
  return deployStack(stack, progress, signal);
}

async function refuseLostData(
  model: Model,
  place: PlaceModel,
  deployment: unknown,
  accepted: string | undefined,
): Promise<void> {
  const workloads = await workloadsAt(model, place);
  const remembered = rememberedVolumes(deployment);
  const declared = dataVolumes(model.region.id, place.id, workloads).filter(({ workload }) => workload !== accepted);
  const there = new Set<string>();
  for (const { volume } of declared) {
    if ((await engineOf(place).inspectVolume(volume)) !== undefined) there.add(volume);
  }
  const lost = lostVolumes(declared, remembered, there);
  if (lost.length > 0) throw new DataLost(model.region.id, lost);
}

async function workloadsAt(model: Model, place: PlaceModel) {
  const region = model.region.id;
  const site = model.sites.find(({ id }) => id === place.id);
  if (!site) return witnessWorkloads(model, await loadWitness(region, process.env));
  const secrets = await loadSite(region, site.id, process.env);
  return siteWorkloads({ model, site, secrets, sites: new Uint8Array() });
}
