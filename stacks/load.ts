/** What a stack's program needs from this machine: the inventory, the site's secrets, the names of the images. */
import { loadSite } from "../custody/store.ts";
import { imageNames } from "../io/image-names.ts";
import { readInventory } from "../io/inventory.ts";
import { REPOSITORY } from "../io/repository.ts";
import { deriveModel, parseInventory, renderProblems } from "../model/index.ts";
import type { StackInputs } from "./program.ts";

/** @throws Error with every problem of the inventory; LumbungError where the secrets are not there or do not open. */
export async function loadStack(region: string, part: string): Promise<StackInputs> {
  const parsed = parseInventory(await readInventory(REPOSITORY, region), { folder: region });
  if (!parsed.ok) throw new Error(`inventory ${region}:\n${renderProblems(parsed.problems, "en")}`);
  const names = await imageNames();
  return {
    model: deriveModel(parsed.inventory),
    part,
    secrets: () => loadSite(region, part, process.env),
    imageName: (image) => names.get(image) ?? image,
  };
}
