import { refused, wrongUse } from "../io/errors.ts";
import { loadRegion, type StoreOptions, saveRegion, withRegionLock } from "./store.ts";
import type { RegionRecord } from "./types.ts";

/** The region's record as far as it is at hand; undefined before its first secrets. */
export { readRecords as readRegionRecord } from "./record.ts";

/**
 * Writes down, at every site at hand, that this workload's data were first initialised, now, by this site, and with the first of them
 * the region's. Safe to repeat for the same site.
 * @param sites all sites of the region.
 * @throws LumbungError (2) where the region has no secrets yet; (4) where another site founded it already.
 */
export async function recordFounded(
  region: string,
  sites: readonly string[],
  workload: string,
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
    const held = record.workloads[workload];
    if (held !== undefined && held.by !== by) {
      throw refused({
        id: `${region}: ${workload} sudah didirikan oleh ${held.by} pada ${held.at}`,
        en: `${region}: ${workload} was already founded by ${held.by} at ${held.at}`,
      });
    }
    const now = { at: options.clock.now().toISOString(), by };
    const workloads = { ...record.workloads, [workload]: held ?? now };
    const after = { ...before, record: { ...record, founded: record.founded ?? now, workloads } };
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
    await saveRegion(before, { ...before, record: { ...before.record, founded: null, workloads: {} } }, options);
  });
}
