import { refused, wrongUse } from "../io/errors.ts";
import { loadRegion, type StoreOptions, saveRegion, withRegionLock } from "./store.ts";
import type { RegionRecord } from "./types.ts";

/** The region's record as far as it is at hand; undefined before its first secrets. */
export { readRecords as readRegionRecord } from "./record.ts";

/**
 * Writes down, at every site at hand, that the region's data were first initialised, now, by this site. Safe to repeat for the same site.
 * @param sites all sites of the region.
 * @throws LumbungError (2) where the region has no secrets yet; (4) where another site founded it already.
 */
export async function recordFounded(
  region: string,
  sites: readonly string[],
  by: string,
  options: StoreOptions,
): Promise<RegionRecord> {
  return withRegionLock(region, options.env, async () => {
    const before = await loadRegion(region, sites, options.env);
    const { record } = before;
    if (record === undefined) {
      throw wrongUse({
        id: `${region}: wilayah ini belum memiliki rahasia`,
        en: `${region}: this region has no secrets yet`,
      });
    }
    if (record.founded !== null && record.founded.by !== by) {
      throw refused({
        id: `${region}: sudah didirikan oleh ${record.founded.by} pada ${record.founded.at}`,
        en: `${region}: already founded by ${record.founded.by} at ${record.founded.at}`,
      });
    }
    const founded = record.founded ?? { at: options.clock.now().toISOString(), by };
    const after = { ...before, record: { ...record, founded } };
    await saveRegion(before, after, options);
    return after.record;
  });
}

/**
 * Writes down that the region has no data any more, after all of them were removed on purpose: it may be founded again.
 * @param sites all sites of the region.
 */
export async function forgetFounding(region: string, sites: readonly string[], options: StoreOptions): Promise<void> {
  await withRegionLock(region, options.env, async () => {
    const before = await loadRegion(region, sites, options.env);
    if (before.record === undefined) return;
    await saveRegion(before, { ...before, record: { ...before.record, founded: null } }, options);
  });
}
