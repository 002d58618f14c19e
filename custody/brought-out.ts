/** Which secrets are in use: each site's note of when what was last brought out there had been read. In clear, beside its bundle. */
import { z } from "zod";
import { ensurePrivateFolder, readIfThere, writeAtomically } from "../io/files.ts";
import { custodyPaths, type Environment } from "./paths.ts";

const note = z.object({ version: z.literal(1), at: z.iso.datetime() });

/** Notes that these sites use what was there at this time, and are well with it. */
export async function recordBroughtOut(
  region: string,
  sites: readonly string[],
  at: Date,
  env: Environment,
): Promise<void> {
  for (const site of sites) {
    const { folder, broughtOut } = custodyPaths(region, site, env);
    await ensurePrivateFolder(folder);
    await writeAtomically(broughtOut, noteText(at));
  }
}

/** The earliest of the sites' notes; undefined as long as one has none: then nothing is known to be in use everywhere. */
export async function allBroughtOut(
  region: string,
  sites: readonly string[],
  env: Environment,
): Promise<string | undefined> {
  const notes = await Promise.all(sites.map((site) => readNote(custodyPaths(region, site, env).broughtOut)));
  return notes.includes(undefined) ? undefined : notes.sort()[0];
}

/** Notes that a handover of this site was made. */
export async function recordHandedOver(region: string, site: string, at: Date, env: Environment): Promise<void> {
  await writeAtomically(custodyPaths(region, site, env).handedOver, noteText(at));
}

/** When a handover of this site was last made from this machine; undefined: never. */
export function handedOver(region: string, site: string, env: Environment): Promise<string | undefined> {
  return readNote(custodyPaths(region, site, env).handedOver);
}

function noteText(at: Date): string {
  return `${JSON.stringify({ version: 1, at: at.toISOString() })}\n`;
}

/** A note that cannot be read is none: what follows is refused, nothing is cut off. */
async function readNote(path: string): Promise<string | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  try {
    return note.parse(JSON.parse(Buffer.from(bytes).toString("utf8"))).at;
  } catch {
    return undefined;
  }
}
