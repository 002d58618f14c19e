/** One site's secrets, read from its own folder. What only opens a bundle needs no library that makes certificates. */
import { refused, wrongUse } from "../io/errors.ts";
import { readCommitted } from "../io/files.ts";
import { witnessId } from "../model/derive/names.ts";
import { openSite, openWitness } from "./bundle.ts";
import { findPassphrase } from "./passphrase.ts";
import { custodyPaths, type Environment, regionMarker } from "./paths.ts";
import type { PlaceSecrets, SiteSecrets } from "./types.ts";

/**
 * A site's secrets, from its own folder alone.
 * @throws LumbungError (2) where there are none yet or the passphrase is wrong or missing; (4) where the file is damaged or another site's.
 */
export async function loadSite(region: string, site: string, env: Environment): Promise<SiteSecrets> {
  return (await findSite(region, site, env)) ?? absent(region, site, env);
}

/** As `loadSite`; undefined where there is no bundle here. */
export function findSite(region: string, site: string, env: Environment): Promise<SiteSecrets | undefined> {
  return find(openSite, region, site, env);
}

/** As `loadSite`, for the witness. */
export async function loadWitness(region: string, env: Environment): Promise<PlaceSecrets> {
  return (await findWitness(region, env)) ?? absent(region, witnessId, env);
}

/** As `findSite`, for the witness. */
export function findWitness(region: string, env: Environment): Promise<PlaceSecrets | undefined> {
  return find(openWitness, region, witnessId, env);
}

async function find<T extends PlaceSecrets>(
  open: (sealed: Uint8Array, passphrase: string, path: string) => Promise<T>,
  region: string,
  site: string,
  env: Environment,
): Promise<T | undefined> {
  const { sealed } = custodyPaths(region, site, env);
  const bytes = await readCommitted(regionMarker(region, env), sealed);
  if (bytes === undefined) return undefined;
  const passphrase = await findPassphrase(region, site, env);
  if (passphrase === undefined) throw passphraseMissing(region, site, env);
  const secrets = await open(bytes, passphrase, sealed);
  if (secrets.region !== region || secrets.site !== site) {
    throw refused({
      id: `${sealed}: berisi rahasia ${secrets.region}/${secrets.site}, seharusnya ${region}/${site}`,
      en: `${sealed}: holds the secrets of ${secrets.region}/${secrets.site}, expected ${region}/${site}`,
    });
  }
  return secrets;
}

function absent(region: string, site: string, env: Environment): never {
  const { sealed } = custodyPaths(region, site, env);
  throw wrongUse(
    {
      id: `${sealed}: rahasia situs ${site} belum ada di mesin ini`,
      en: `${sealed}: site ${site} has no secrets on this machine`,
    },
    {
      id: `buat dengan "lumbung secrets --region ${region}", atau salin folder situs ini dari pemegangnya (LUMBUNG_HOME memilih foldernya)`,
      en: `make them with "lumbung secrets --region ${region}", or copy this site's folder from its holder (LUMBUNG_HOME chooses where)`,
    },
  );
}

function passphraseMissing(region: string, site: string, env: Environment) {
  const { passphrase, sealed } = custodyPaths(region, site, env);
  return wrongUse(
    {
      id: `${sealed}: frasa sandi tidak ada (${passphrase} tidak ditemukan)`,
      en: `${sealed}: no passphrase (${passphrase} is not there)`,
    },
    {
      id: "kembalikan berkas itu, atau beri PULUMI_CONFIG_PASSPHRASE_FILE atau PULUMI_CONFIG_PASSPHRASE",
      en: "put that file back, or set PULUMI_CONFIG_PASSPHRASE_FILE or PULUMI_CONFIG_PASSPHRASE",
    },
  );
}
