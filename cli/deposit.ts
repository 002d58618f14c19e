/**
 * Hands what lies on this machine alone to each site's repository host, so that it is backed up like everything else: the site's state and
 * secrets, sealed to its custodians, and the inventory in clear.
 */
import { containerName } from "../components/runtime/docker/names.ts";
import type { DockerEngine } from "../io/docker-engine.ts";
import { type TarEntry, tarOf } from "../io/images-tar.ts";
import { readInventory } from "../io/inventory.ts";
import { REPOSITORY } from "../io/repository.ts";
import type { Model, SiteModel } from "../model/types.ts";
import { closedFiles, sealedHandover } from "./handover.ts";

const DEPOSIT = "/usr/local/lib/lumbung/deposit";

/** What is handed to a site, by target. */
async function depositsOf(model: Model, site: SiteModel): Promise<Readonly<Record<string, Buffer>>> {
  const region = model.region.id;
  const inventory = await readInventory(REPOSITORY, region);
  return {
    state: tarOf(await stateOf(region, site)),
    inventory: tarOf(
      inventory.map(({ name, text }) => ({ path: `${region}/${name}`, mode: 0o600, content: Buffer.from(text) })),
    ),
  };
}

/** Sealed to those who hold the site; where none of them has a key, everything but the passphrase, which is then theirs to keep. */
async function stateOf(region: string, site: SiteModel): Promise<TarEntry[]> {
  if (site.custodians.some(({ recipients }) => recipients.length > 0)) {
    const content = await sealedHandover(region, site.id, [site.custodians]);
    return [{ path: `${region}-${site.id}.handover`, mode: 0o600, content }];
  }
  const files = await closedFiles(region, site.id);
  return Object.entries(files).map(([path, content]) => ({ path, mode: 0o600, content }));
}

/** A line for each site that did not take it: its next backup of these says so, too. Sites without a repository host are left out. */
export async function depositAt(
  model: Model,
  sites: readonly SiteModel[],
  engine: (site: SiteModel) => Pick<DockerEngine, "exec">,
): Promise<string[]> {
  const failed: string[] = [];
  for (const site of sites.filter(({ workloads }) => workloads.some(({ kind }) => kind === "backup"))) {
    const container = containerName({ region: model.region.id, site: site.id }, "backup");
    for (const [target, tar] of Object.entries(await depositsOf(model, site))) {
      const why = await engine(site)
        .exec(container, [DEPOSIT, target], { stdin: tar })
        .then(
          ({ code, stderr }) => (code === 0 ? undefined : stderr.trim() || `exit code ${code}`),
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
      if (why !== undefined) failed.push(`${container}: deposit ${target}: ${why}`);
    }
  }
  return failed;
}
