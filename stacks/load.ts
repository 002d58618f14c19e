/** What a stack's program needs from this machine: the inventory, the site's secrets, the names of the images. */
import { loadSite } from "../custody/read.ts";
import { imageNames } from "../io/image-names.ts";
import { readInventory } from "../io/inventory.ts";
import { REPOSITORY } from "../io/repository.ts";
import { deriveModel, parseInventory, renderProblems } from "../model/index.ts";
import type { Model } from "../model/types.ts";
import type { StackInputs } from "./program.ts";

/** @throws Error with every problem of the inventory. */
export async function loadModel(region: string): Promise<Model> {
  const parsed = parseInventory(await readInventory(REPOSITORY, region), { folder: region });
  if (!parsed.ok) throw new Error(`inventory ${region}:\n${renderProblems(parsed.problems, "en")}`);
  return deriveModel(parsed.inventory);
}

/** The inputs of each of a region's stacks, from its inventory. @throws Error with every problem of the inventory. */
export async function loadInputs(region: string): Promise<(part: string) => StackInputs> {
  const [model, names] = await Promise.all([loadModel(region), imageNames()]);
  return inputsOf(model, names);
}

/** The inputs of each of a region's stacks; what they share is read once. */
export async function stackInputs(model: Model): Promise<(part: string) => StackInputs> {
  return inputsOf(model, await imageNames());
}

function inputsOf(model: Model, names: ReadonlyMap<string, string>): (part: string) => StackInputs {
  return (part) => ({
    model,
    part,
    secrets: () => loadSite(model.region.id, part, process.env),
    imageName: (image) => names.get(image) ?? image,
  });
}
