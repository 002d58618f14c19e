/** Secrets of a site or of the witness for a preview. A region that was never made has none, and what it would be made of can be shown all the same. */

import type { Clock } from "../io/clock.ts";
import type { Model, Text } from "../model/types.ts";
import type { Environment } from "./paths.ts";
import { findSite, findWitness, loadSite, loadWitness } from "./read.ts";
import { readRecords } from "./record.ts";
import { type MadeSecrets, makeRegionSecrets } from "./secrets.ts";
import type { PlaceSecrets, SiteSecrets } from "./types.ts";

export interface PreviewSecretsOptions {
  readonly env: Environment;
  readonly clock: Clock;
  /** Told once, where secrets were made for this preview alone. */
  readonly tell: (text: Text) => void;
}

/** `resources` counts what the place's stack has. All throw LumbungError, see `previewSecrets`. */
export interface PreviewSecrets {
  readonly site: (site: string, resources: () => Promise<number>) => Promise<SiteSecrets>;
  readonly witness: (resources: () => Promise<number>) => Promise<PlaceSecrets>;
}

/**
 * Where a region has secrets, those. Where it never had any and its stack has no resources, throwaway ones that are kept nowhere:
 * every resource is new then, whatever its secrets. Anywhere else they would show changes that nobody declared, so they are refused.
 * @throws LumbungError (2) where the region's secrets are elsewhere; what `loadSite` throws.
 */
export function previewSecrets(model: Model, { env, clock, tell }: PreviewSecretsOptions): PreviewSecrets {
  const region = model.region.id;
  const sites = model.sites.map(({ id }) => id);
  let thrownAway: Promise<MadeSecrets> | undefined;
  const madeBefore = async (resources: () => Promise<number>) =>
    (await readRecords(region, sites, env)) !== undefined || (await resources()) > 0;
  const throwaway = async () => {
    if (thrownAway === undefined) tell(THROWN_AWAY);
    thrownAway ??= makeRegionSecrets(model, undefined, clock.now());
    return (await thrownAway).secrets;
  };
  const made = <T>(found: T | undefined, place: string): T => {
    if (found === undefined) throw new Error(`previewSecrets: expected a place of ${region}, received "${place}"`);
    return found;
  };
  return {
    site: async (site, resources) => {
      const found = await findSite(region, site, env);
      if (found !== undefined) return found;
      if (await madeBefore(resources)) return loadSite(region, site, env);
      return made((await throwaway()).sites[site], site);
    },
    witness: async (resources) => {
      const found = await findWitness(region, env);
      if (found !== undefined) return found;
      if (await madeBefore(resources)) return loadWitness(region, env);
      return made((await throwaway()).witness, "witness");
    },
  };
}

const THROWN_AWAY: Text = {
  id: "daerah ini belum punya rahasia: pratinjau memakai rahasia sekali pakai yang tidak disimpan",
  en: "this region has no secrets yet: the preview uses throwaway ones that are kept nowhere",
};
