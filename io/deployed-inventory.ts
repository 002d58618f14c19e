/** The inventory that was last brought out from this machine: what a change is compared with. Lost with the machine, it costs a comparison. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readIfThere, writeAtomically } from "./files.ts";
import { lumbungHome } from "./home.ts";
import type { InventoryFile } from "./inventory.ts";

const pathOf = (region: string): string => join(lumbungHome(), region, "deployed-inventory.json");

/** Undefined where none was, or what was written cannot be read any more. */
export async function readDeployed(region: string): Promise<readonly InventoryFile[] | undefined> {
  const bytes = await readIfThere(pathOf(region));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as InventoryFile[];
  } catch {
    return undefined;
  }
}

export async function writeDeployed(region: string, files: readonly InventoryFile[]): Promise<void> {
  const path = pathOf(region);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, JSON.stringify(files));
}
