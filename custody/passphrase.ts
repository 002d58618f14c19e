import { readFile } from "node:fs/promises";
import { wrongUse } from "../io/errors.ts";
import { createPrivate, ensurePrivateFolder, isAbsence, readCommitted, readPrivate } from "../io/files.ts";
import { newPassphrase } from "./bundle.ts";
import type { Entropy } from "./entropy.ts";
import { custodyPaths, type Environment, ROOT_PART, regionMarker } from "./paths.ts";

/**
 * The passphrase of a part: its own file `passphrase`; where that was taken away to a safe, what the environment hands in
 * (PULUMI_CONFIG_PASSPHRASE_FILE, then PULUMI_CONFIG_PASSPHRASE; for the root LUMBUNG_ROOT_PASSPHRASE_FILE). Undefined where
 * there is none. The file comes first because a shell's variables may belong to another site's stack.
 * @throws LumbungError (4) where others may read the file; (2) where a file that the environment names is not there.
 */
export async function findPassphrase(region: string, part: string, env: Environment): Promise<string | undefined> {
  const { passphrase } = custodyPaths(region, part, env);
  try {
    const own = await readPrivate(passphrase);
    // Where a change of it was cut short, the bundle is read as it will be, and so is this.
    const committed = await readCommitted(regionMarker(region, env), passphrase);
    return (committed === undefined ? own : Buffer.from(committed).toString("utf8")).trim();
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
  const variable = part === ROOT_PART ? "LUMBUNG_ROOT_PASSPHRASE_FILE" : "PULUMI_CONFIG_PASSPHRASE_FILE";
  const file = env[variable];
  if (file) return readNamed(variable, file);
  return (part === ROOT_PART ? undefined : env.PULUMI_CONFIG_PASSPHRASE) || undefined;
}

/** As `findPassphrase`, but a part that has none gets a new one, kept in its file of mode 0600. */
export async function ensurePassphrase(
  region: string,
  part: string,
  env: Environment,
  entropy: Entropy,
): Promise<string> {
  const found = await findPassphrase(region, part, env);
  if (found !== undefined) return found;
  const { folder, passphrase } = custodyPaths(region, part, env);
  await ensurePrivateFolder(folder);
  const made = newPassphrase(entropy);
  await createPrivate(passphrase, `${made}\n`);
  return made;
}

/** May be a pipe of a password manager, so its mode is its owner's business. */
async function readNamed(variable: string, file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    if (!isAbsence(cause)) throw cause;
    throw wrongUse(
      { id: `${variable}: berkas ${file} tidak ada`, en: `${variable}: there is no file ${file}` },
      undefined,
      { cause },
    );
  }
}
