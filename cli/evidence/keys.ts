/** The public keys that evidence is checked by: of the bundles at hand, or of a folder with `<site>.<name>.pem`. */
import { createPublicKey } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findSite } from "../../custody/read.ts";
import { keyIdOf } from "../../evidence/dsse.ts";
import { type KeyRing, keyRing, type PublicEvidenceKey } from "../../evidence/keys.ts";
import { wrongUse } from "../../io/errors.ts";
import { modelOf, regionOf } from "../context.ts";
import type { Options } from "../options.ts";

/** @throws LumbungError (2) where there is none. */
export async function evidenceKeysOf(options: Options): Promise<readonly PublicEvidenceKey[]> {
  const keys = options.keys === undefined ? await keysOfBundles(options) : await keysInFolder(options.keys);
  if (keys.length > 0) return keys;
  throw wrongUse(
    { id: "tidak ada kunci publik untuk memeriksa bukti", en: "there is no public key to check evidence by" },
    {
      id: "--keys <folder berisi .pem>, atau buat rahasia wilayah dengan `lumbung up`",
      en: "--keys <folder with .pem>, or make the region's secrets with `lumbung up`",
    },
  );
}

/** As `evidenceKeysOf`, ready to check with. */
export async function ringOf(options: Options): Promise<KeyRing> {
  return keyRing(await evidenceKeysOf(options));
}

/** One that two sites know is there once. */
async function keysOfBundles(options: Options): Promise<PublicEvidenceKey[]> {
  const region = regionOf(options);
  const { sites } = await modelOf(options);
  const bundles = await Promise.all(sites.map(({ id }) => findSite(region, id, process.env)));
  const all = bundles.flatMap((bundle) => bundle?.evidenceKeys ?? []);
  return [...new Map(all.map(({ site, publicKey }) => [publicKey, { site, publicKey }])).values()];
}

async function keysInFolder(folder: string): Promise<PublicEvidenceKey[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".pem")).sort();
  return Promise.all(
    names.map(async (name) => {
      const publicKey = await readFile(join(folder, name), "utf8");
      try {
        createPublicKey(publicKey);
      } catch (cause) {
        const path = join(folder, name);
        throw wrongUse({ id: `${path}: bukan kunci publik`, en: `${path}: no public key` }, undefined, { cause });
      }
      return { site: name.split(".")[0] ?? "", publicKey };
    }),
  );
}

/** `<site>.<12 digits of its name>.pem` */
export function keyFileName({ site, publicKey }: PublicEvidenceKey): string {
  return `${site}.${keyIdOf(createPublicKey(publicKey)).slice(0, 12)}.pem`;
}

export async function writeKeys(folder: string, keys: readonly PublicEvidenceKey[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const key of keys) await writeFile(join(folder, keyFileName(key)), key.publicKey);
}
