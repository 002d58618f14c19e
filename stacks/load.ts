/** What a stack's program needs from this machine: the inventory, the site's secrets, the names of the images. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type KnownApprover, knownApprovers } from "../custody/approvers.ts";
import { findSite, findWitness, loadSite, loadWitness } from "../custody/read.ts";
import type { PlaceSecrets, SiteSecrets } from "../custody/types.ts";
import { systemClock } from "../io/clock.ts";
import { commitOf } from "../io/commit.ts";
import { imageNames } from "../io/image-names.ts";
import { withReplacements } from "../io/image-references.ts";
import { readInventory } from "../io/inventory.ts";
import { digestsOf, keptPath, readKept, writeKept } from "../io/kept.ts";
import { REPOSITORY } from "../io/repository.ts";
import type { Model, Text } from "../model/types.ts";
import { loadMaterial } from "./material.ts";
import type { StackInputs } from "./program.ts";

/**
 * The model of a region's inventory. One that was found valid is not parsed again until it, or the code that checks it, changed: for a
 * program that runs once per stack, to load the parser and the schemas takes longer than all the rest.
 * @throws Error with every problem of the inventory.
 */
export async function loadModel(region: string): Promise<Model> {
  const files = await readInventory(REPOSITORY, region);
  const path = keptPath("models", { region, files, code: await modelCode(REPOSITORY) });
  const kept = await readKept<Model>(path);
  if (kept !== undefined) return kept;
  const { deriveModel, parseInventory, renderProblems } = await import("../model/index.ts");
  const parsed = parseInventory(files, { folder: region });
  if (!parsed.ok) throw new Error(`inventory ${region}:\n${renderProblems(parsed.problems, "en")}`);
  const model = deriveModel(parsed.inventory);
  await writeKept(path, model);
  return model;
}

/** What decides how an inventory is read: the code of `model/` and the packages that it uses. */
async function modelCode(root: string): Promise<Record<string, string>> {
  const names = await readdir(join(root, "model"), { recursive: true });
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();
  return digestsOf(root, ["package-lock.json", ...sources.map((name) => `model/${name}`)]);
}

/** Told where a preview goes on with throwaway secrets; undefined: nothing is previewed, and it does not go on. */
export type PreviewTeller = ((text: Text) => void) | undefined;

/** The inputs of each of a region's stacks, from its inventory. @throws Error with every problem of the inventory. */
export async function loadInputs(region: string, tell?: PreviewTeller): Promise<(part: string) => StackInputs> {
  const [model, names, commit] = await Promise.all([loadModel(region), imageNames(), commitOf(REPOSITORY)]);
  const inputs = inputsOf(model, names, commit, await knownApprovers(model, process.env));
  if (tell === undefined) return inputs;
  return (part) => ({
    ...inputs(part),
    secrets: () => secretsOfPreview(model, part, tell),
    witnessSecrets: () => witnessSecretsOfPreview(model, tell),
  });
}

/** As `loadSite`; for a region that was never made, throwaway ones. What makes them is loaded only where it is needed. */
async function secretsOfPreview(model: Model, part: string, tell: (text: Text) => void): Promise<SiteSecrets> {
  const found = await findSite(model.region.id, part, process.env);
  if (found !== undefined) return found;
  const { previewSecrets } = await import("../custody/provisional.ts");
  return previewSecrets(model, { env: process.env, clock: systemClock, tell }).site(part, async () => 0);
}

/** As `loadWitness`; otherwise as above. */
async function witnessSecretsOfPreview(model: Model, tell: (text: Text) => void): Promise<PlaceSecrets> {
  const found = await findWitness(model.region.id, process.env);
  if (found !== undefined) return found;
  const { previewSecrets } = await import("../custody/provisional.ts");
  return previewSecrets(model, { env: process.env, clock: systemClock, tell }).witness(async () => 0);
}

/** The inputs of each of a region's stacks; what they share is read once. */
export async function stackInputs(model: Model): Promise<(part: string) => StackInputs> {
  const [names, commit, approvers] = await Promise.all([
    imageNames(),
    commitOf(REPOSITORY),
    knownApprovers(model, process.env),
  ]);
  return inputsOf(model, names, commit, approvers);
}

function inputsOf(
  model: Model,
  folders: ReadonlyMap<string, string>,
  commit: string | undefined,
  approvers: readonly KnownApprover[],
): (part: string) => StackInputs {
  const names = withReplacements(folders, model.region.images);
  return (part) => ({
    model,
    part,
    secrets: () => loadSite(model.region.id, part, process.env),
    witnessSecrets: () => loadWitness(model.region.id, process.env),
    imageName: (image) => names.get(image) ?? image,
    ...(commit ? { commit } : {}),
    approvers,
    material: () => loadMaterial(model.region.id),
  });
}
