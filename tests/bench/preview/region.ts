/** The regions that previews are measured on: the lab as it is, and made ones; with inventory and secrets of their own in a temporary folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureRegionSecrets } from "../../../custody/store.ts";
import { systemClock } from "../../../io/clock.ts";
import { type InventoryFile, readInventory } from "../../../io/inventory.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import { deriveModel, parseInventory, renderProblems } from "../../../model/index.ts";
import { madeInventory } from "../made-inventory.ts";

export interface BenchRegion {
  readonly region: string;
  /** The designated primary. */
  readonly part: string;
  readonly opds: number;
  readonly applications: number;
  /** Where our program finds the inventory and the secrets. */
  readonly env: Readonly<Record<string, string>>;
}

/** The lab's inventory. */
export function labFiles(): Promise<readonly InventoryFile[]> {
  return readInventory(REPOSITORY, "lab");
}

/**
 * A region of so many OPD, each with a site, and an application and a database of its own that run in the region's data centre: what a
 * stack registers grows with the region. (In the lab a single application runs.)
 */
export function madeFiles(opds: number): readonly InventoryFile[] {
  return madeInventory({ opds, applications: opds, running: opds });
}

/** Writes the inventory below `folder` and makes the region's secrets there. None of this is measured. */
export async function settleRegion(folder: string, files: readonly InventoryFile[]): Promise<BenchRegion> {
  const parsed = parseInventory(files);
  if (!parsed.ok)
    throw new Error(`bench: expected a valid inventory, received\n${renderProblems(parsed.problems, "en")}`);
  const model = deriveModel(parsed.inventory);
  const primary = model.sites.find(({ designation }) => designation === "primary");
  if (!primary) throw new Error("bench: no site is designated primary");
  const env = { LUMBUNG_INVENTORY: join(folder, "inventory"), LUMBUNG_HOME: join(folder, "home") };
  const inventory = join(env.LUMBUNG_INVENTORY, model.region.id);
  await mkdir(inventory, { recursive: true });
  for (const { name, text } of files) await writeFile(join(inventory, name), text);
  await ensureRegionSecrets(model, { env, clock: systemClock });
  return {
    region: model.region.id,
    part: primary.id,
    opds: model.opds.length,
    applications: model.applications.length,
    env,
  };
}
