/** `region.json`, beside every site's bundle so that each site knows by itself whether the region has been founded. */
import { refused } from "../io/errors.ts";
import { readCommitted } from "../io/files.ts";
import { custodyPaths, type Environment, regionMarker } from "./paths.ts";
import { regionRecordSchema } from "./schema.ts";
import type { Founding, RegionRecord } from "./types.ts";

/**
 * What the records of these sites say together: founded as soon as one says so. Undefined where there is none.
 * @throws LumbungError (4) where a record is unreadable, or two tell of different regions.
 */
export async function readRecords(
  region: string,
  sites: readonly string[],
  env: Environment,
): Promise<RegionRecord | undefined> {
  const found: RegionRecord[] = [];
  for (const site of sites) {
    const { record } = custodyPaths(region, site, env);
    const bytes = await readCommitted(regionMarker(region, env), record);
    if (bytes !== undefined) found.push(parse(record, Buffer.from(bytes).toString("utf8")));
  }
  const [first] = found;
  if (first === undefined) return undefined;
  const stranger = found.find(({ regionIdentity }) => regionIdentity !== first.regionIdentity);
  if (stranger !== undefined) throw contradiction(region, first, stranger);
  const sitesOfAll = [...new Set(found.flatMap((record) => record.sites))];
  const names = [...new Set(found.flatMap(({ workloads }) => Object.keys(workloads)))].sort();
  return {
    ...first,
    sites: sitesOfAll,
    founded: earliest(found.map((record) => record.founded)),
    workloads: Object.fromEntries(
      names.flatMap((name) => {
        const founding = earliest(found.map(({ workloads }) => workloads[name]));
        return founding === null ? [] : [[name, founding]];
      }),
    ),
  };
}

function earliest(foundings: readonly (Founding | null | undefined)[]): Founding | null {
  const known = foundings.filter((one) => one !== null && one !== undefined);
  return known.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null;
}

function parse(path: string, text: string): RegionRecord {
  try {
    return regionRecordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw refused(
      { id: `${path}: bukan catatan wilayah yang dikenal`, en: `${path}: not a region's record that we know` },
      { id: `pulihkan dari ${path}.previous`, en: `put it back from ${path}.previous` },
      { cause },
    );
  }
}

function contradiction(region: string, one: RegionRecord, other: RegionRecord) {
  return refused({
    id: `${region}: region.json kedua situs menyebut identitas berbeda (${one.regionIdentity}, ${other.regionIdentity})`,
    en: `${region}: the sites' region.json name different identities (${one.regionIdentity}, ${other.regionIdentity})`,
  });
}
