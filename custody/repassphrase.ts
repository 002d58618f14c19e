/**
 * A part's new passphrase put in place together with everything that it opens: the bundle, and what else the caller has locked anew with it
 * (Pulumi's state). All files change at once or none, also across a crash; until then the old passphrase opens everything.
 */
import { rm } from "node:fs/promises";
import { refused } from "../io/errors.ts";
import { commitTogether, type FileContent, isAbsence, readIfThere, readPrivate } from "../io/files.ts";
import { witnessId } from "../model/derive/names.ts";
import { newPassphrase, openRoot, openSite, openWitness, sealRoot, sealSite, sealWitness } from "./bundle.ts";
import type { Entropy } from "./entropy.ts";
import { custodyPaths, type Environment, ROOT_PART, regionMarker } from "./paths.ts";

/**
 * The caller holds the region's lock.
 * @param lockAnew makes what else the passphrase opens anew, without touching what is in force; returns the files to put in place.
 * @throws LumbungError (4) where the passphrase is not in its file: one that is kept elsewhere is changed where it is kept.
 */
export async function replacePassphrase(
  region: string,
  part: string,
  env: Environment,
  entropy: Entropy,
  lockAnew: (before: string, after: string) => Promise<readonly FileContent[]>,
): Promise<void> {
  const { passphrase, sealed } = custodyPaths(region, part, env);
  const before = await ownPassphrase(passphrase);
  const after = newPassphrase(entropy);
  const files = [
    ...(await lockAnew(before, after)),
    ...(await bundleAnew(part, sealed, before, after)),
    { path: passphrase, content: `${after}\n` },
  ];
  await commitTogether(regionMarker(region, env), files);
  // What the old passphrase opens shall be nowhere here any more.
  for (const { path } of files) await rm(`${path}.previous`, { force: true });
}

async function bundleAnew(part: string, sealed: string, before: string, after: string): Promise<FileContent[]> {
  const bytes = await readIfThere(sealed);
  if (bytes === undefined) return [];
  return [{ path: sealed, content: await sealedAnew(part, bytes, sealed, before, after) }];
}

async function sealedAnew(part: string, bytes: Uint8Array, path: string, before: string, after: string) {
  if (part === ROOT_PART) return sealRoot(await openRoot(bytes, before, path), after);
  if (part === witnessId) return sealWitness(await openWitness(bytes, before, path), after);
  return sealSite(await openSite(bytes, before, path), after);
}

async function ownPassphrase(path: string): Promise<string> {
  try {
    return (await readPrivate(path)).trim();
  } catch (error) {
    if (!isAbsence(error)) throw error;
    throw refused(
      { id: `${path}: tidak ada di mesin ini`, en: `${path}: not on this machine` },
      {
        id: "kembalikan berkas frasa sandi itu ke tempatnya dahulu; yang baru ditulis di sana",
        en: "put that passphrase file back in its place first; the new one is written there",
      },
    );
  }
}
