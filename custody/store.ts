/** A region's secrets on disk: `<home>/<region>/<site>/secrets.age` and `<home>/<region>/root/root.age`, changed together or not at all. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../io/clock.ts";
import { refused } from "../io/errors.ts";
import { commitTogether, ensurePrivateFolder, type FileContent, finishCommit, readCommitted } from "../io/files.ts";
import { lumbungHome } from "../io/home.ts";
import { withLock } from "../io/locks.ts";
import { witnessId } from "../model/derive/names.ts";
import type { Model, Text } from "../model/types.ts";
import { allBroughtOut } from "./brought-out.ts";
import { openRoot, sealRoot, sealSite, sealWitness } from "./bundle.ts";
import { type Entropy, systemEntropy } from "./entropy.ts";
import { ensurePassphrase, findPassphrase } from "./passphrase.ts";
import { custodyPaths, type Environment, ROOT_PART, regionLock, regionMarker } from "./paths.ts";
import { findSite, findWitness } from "./read.ts";
import { readRecords } from "./record.ts";
import { noteInUse } from "./roll-zone.ts";
import { rotation } from "./rotate.ts";
import { isBroughtOut, type Rotation, type RotationRequest } from "./rotation.ts";
import { type MadeSecrets, makeRegionSecrets } from "./secrets.ts";
import type { RegionRecord, RegionSecrets, RootSecrets, SiteSecrets } from "./types.ts";

export interface StoreOptions {
  readonly env: Environment;
  readonly clock: Clock;
  /** Default: the operating system's. */
  readonly entropy?: Entropy;
  /** Sites whose bundle is lost for good and is to be made again. Default none. */
  readonly rebuild?: readonly string[];
}

export interface RotatedSecrets extends MadeSecrets {
  /** What was done and what a person does next. */
  readonly told: readonly Text[];
}

/** What was before is accepted this long by itself, for secondaries and handovers that learn of it late. `--finish` ends it earlier. */
const OVERLAP_MS = 7 * 86_400_000;

/** What is at hand of a region. */
export interface LoadedRegion {
  readonly secrets: RegionSecrets;
  /** Undefined before the first secrets were made. */
  readonly record: RegionRecord | undefined;
}

/** Everything that is at hand: the sites of the list that have a bundle here, the witness if it has, and the root where its file and passphrase are. */
export async function loadRegion(region: string, sites: readonly string[], env: Environment): Promise<LoadedRegion> {
  const found: Record<string, SiteSecrets> = {};
  for (const site of sites) {
    const secrets = await findSite(region, site, env);
    if (secrets !== undefined) found[site] = secrets;
  }
  const root = await findRoot(region, env);
  const witness = await findWitness(region, env);
  const record = await readRecords(region, sites, env);
  const secrets = { ...(root ? { root } : {}), ...(witness ? { witness } : {}), sites: found };
  const loaded = { secrets, record };
  requireSameRegion(region, loaded);
  return loaded;
}

/**
 * Makes, renews and drops what the model calls for, and keeps it. Safe to call at every `up`: without need nothing is written.
 * @throws LumbungError (3) where another process is at it.
 */
export async function ensureRegionSecrets(model: Model, options: StoreOptions): Promise<MadeSecrets> {
  return change(model, options, async (secrets, broughtOut) => ({
    secrets: noteInUse(secrets, { broughtOut }),
    renew: () => false,
    settle: (_, created) =>
      isBroughtOut(created, { broughtOut }) && options.clock.now().getTime() - Date.parse(created) > OVERLAP_MS,
    told: [],
  }));
}

/**
 * Renews one secret or class by name, or takes the next step of a rotation that has several; see `rotation`.
 * @throws LumbungError (2) for an unknown name or a step that is not due, (4) where the step would cut somebody off.
 */
export async function rotateRegionSecrets(
  model: Model,
  request: RotationRequest,
  options: StoreOptions,
): Promise<RotatedSecrets> {
  const making = { now: options.clock.now(), entropy: options.entropy ?? systemEntropy };
  return change(model, options, (secrets, broughtOut) => rotation(secrets, request, { model, broughtOut }, making));
}

/**
 * Seals and writes what differs from `before`: all files or none. The caller holds the region's lock.
 * Files that do not change are not touched; of those that do, the one before is kept as `.previous`.
 */
export async function saveRegion(before: LoadedRegion, after: LoadedRegion, options: StoreOptions): Promise<void> {
  const { env } = options;
  const record = after.record;
  if (record === undefined) throw new Error("saveRegion: a region's secrets are kept with its record");
  const files: FileContent[] = [];
  for (const [site, secrets] of Object.entries(after.secrets.sites)) {
    const { folder, sealed, record: recordPath } = custodyPaths(record.region, site, env);
    await ensurePrivateFolder(folder);
    if (differs(before.secrets.sites[site], secrets)) {
      files.push({ path: sealed, content: await sealSite(secrets, await passphraseFor(record.region, site, options)) });
    }
    if (differs(before.record, record) || before.secrets.sites[site] === undefined) {
      files.push({ path: recordPath, content: `${JSON.stringify(record, null, 2)}\n` });
    }
  }
  const { root, witness } = after.secrets;
  if (witness !== undefined && differs(before.secrets.witness, witness)) {
    const { folder, sealed } = custodyPaths(record.region, witnessId, env);
    await ensurePrivateFolder(folder);
    const passphrase = await passphraseFor(record.region, witnessId, options);
    files.push({ path: sealed, content: await sealWitness(witness, passphrase) });
  }
  if (root !== undefined && differs(before.secrets.root, root)) {
    const { folder, sealed } = custodyPaths(record.region, ROOT_PART, env);
    await ensurePrivateFolder(folder);
    files.push({ path: sealed, content: await sealRoot(root, await passphraseFor(record.region, ROOT_PART, options)) });
  }
  if (files.length > 0) await commitTogether(regionMarker(record.region, env), files);
}

/** Runs `work` while no other process may change this region's secrets, after completing a change that was cut short. */
export async function withRegionLock<T>(region: string, env: Environment, work: () => Promise<T>): Promise<T> {
  await ensurePrivateFolder(join(lumbungHome(env), region));
  return withLock(regionLock(region, env), async () => {
    await finishCommit(regionMarker(region, env));
    return work();
  });
}

async function change(
  model: Model,
  options: StoreOptions,
  plan: (secrets: RegionSecrets, broughtOut: string | undefined) => Promise<Rotation>,
): Promise<RotatedSecrets> {
  const region = model.region.id;
  return withRegionLock(region, options.env, async () => {
    const sites = model.sites.map((site) => site.id);
    const lost = options.rebuild ?? [];
    const before = await loadRegion(
      region,
      sites.filter((site) => !lost.includes(site)),
      options.env,
    );
    const { secrets, renew, settle, told } = await plan(
      before.secrets,
      await allBroughtOut(region, sites, options.env),
    );
    const made = await makeRegionSecrets(model, secrets, options.clock.now(), {
      known: before.record?.sites ?? [],
      ...(before.record ? { regionIdentity: before.record.regionIdentity } : {}),
      ...(options.rebuild ? { rebuild: options.rebuild } : {}),
      ...(options.entropy ? { entropy: options.entropy } : {}),
      renew,
      settle,
    });
    await saveRegion(before, { secrets: made.secrets, record: recordOf(model, made, before.record) }, options);
    return { ...made, told };
  });
}

function recordOf(model: Model, made: MadeSecrets, before: RegionRecord | undefined): RegionRecord | undefined {
  const regionIdentity = Object.values(made.secrets.sites)[0]?.regionIdentity ?? before?.regionIdentity;
  if (regionIdentity === undefined) return before;
  return {
    version: 1,
    region: model.region.id,
    regionIdentity,
    sites: model.sites.map((site) => site.id),
    founded: before?.founded ?? null,
    workloads: before?.workloads ?? {},
  };
}

/** The root is at hand only where both its file and its passphrase are: that they are not is how a real region keeps it. */
async function findRoot(region: string, env: Environment): Promise<RootSecrets | undefined> {
  const { sealed } = custodyPaths(region, ROOT_PART, env);
  const bytes = await readCommitted(regionMarker(region, env), sealed);
  const passphrase = bytes === undefined ? undefined : await findPassphrase(region, ROOT_PART, env);
  return bytes === undefined || passphrase === undefined ? undefined : openRoot(bytes, passphrase, sealed);
}

function requireSameRegion(region: string, { secrets, record }: LoadedRegion): void {
  const places = [...Object.values(secrets.sites), ...(secrets.witness ? [secrets.witness] : [])];
  for (const { site, regionIdentity } of places) {
    if (record === undefined || record.regionIdentity === regionIdentity) continue;
    throw refused({
      id: `${region}/${site}: identitas wilayah ${regionIdentity} pada rahasia, ${record.regionIdentity} pada region.json`,
      en: `${region}/${site}: region identity ${regionIdentity} in its secrets, ${record.regionIdentity} in region.json`,
    });
  }
}

async function passphraseFor(region: string, part: string, { env, entropy }: StoreOptions): Promise<string> {
  return ensurePassphrase(region, part, env, entropy ?? systemEntropy);
}

function differs(a: unknown, b: unknown): boolean {
  return !isDeepStrictEqual(a, b);
}
