/** A site's secrets and state, and the inventory, in one sealed file: made here for `custody` and for what is handed to a repository host. */
import { join, relative } from "node:path";
import { sealHandover } from "../custody/handover.ts";
import { loadSite } from "../custody/read.ts";
import { withRegionLock } from "../custody/store.ts";
import { systemClock } from "../io/clock.ts";
import { filesBelow, readIfThere } from "../io/files.ts";
import { lumbungHome, partHome } from "../io/home.ts";
import { readInventory } from "../io/inventory.ts";
import { REPOSITORY } from "../io/repository.ts";
import type { SiteModel } from "../model/types.ts";
import { BACKBONE } from "../stacks/stack-name.ts";

/** Where a handover's copy of the inventory is put, below the region's folder. */
export const INVENTORY = "inventory";
/** Parts of Pulumi's state that the next machine does not need. */
const NOT_TAKEN = /\/\.pulumi\/(?:backups|history|locks|plugins)\//;

/** Sealed to one holder of each layer. @throws LumbungError where the site's bundle does not open here: what cannot be opened is no handover. */
export function sealedHandover(
  region: string,
  site: string,
  layers: readonly SiteModel["custodians"][],
): Promise<Uint8Array> {
  return withRegionLock(region, process.env, async () => {
    await loadSite(region, site, process.env);
    const files = {
      ...(await filesOf(region, site)),
      ...(await filesOf(region, BACKBONE)),
      ...(await inventoryOf(region)),
    };
    return sealHandover({ region, site, at: systemClock.now().toISOString(), files }, layers);
  });
}

/** What a handover holds, but for what opens it: for places that may keep it and must not be able to use it. */
export async function closedFiles(region: string, site: string): Promise<Record<string, Uint8Array>> {
  const files = { ...(await filesOf(region, site)), ...(await filesOf(region, BACKBONE)) };
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith("/passphrase")));
}

/** A part's folder, without what is only a trace of past work. */
async function filesOf(region: string, part: string): Promise<Record<string, Uint8Array>> {
  const root = join(lumbungHome(), region);
  const files: Record<string, Uint8Array> = {};
  for (const entry of await filesBelow(partHome(region, part))) {
    const path = relative(root, entry);
    if (NOT_TAKEN.test(path) || path.endsWith(".previous")) continue;
    const content = await readIfThere(entry);
    if (content !== undefined) files[path] = content;
  }
  return files;
}

/** By path below the region's folder. */
async function inventoryOf(region: string): Promise<Record<string, Uint8Array>> {
  const files = await readInventory(REPOSITORY, region);
  return Object.fromEntries(
    files.map(({ name, text }) => [`${INVENTORY}/${region}/${name}`, new TextEncoder().encode(text)]),
  );
}
