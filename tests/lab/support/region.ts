/** The lab region as the tests know it: its model, its secrets, its engine. */
import { loadSite } from "../../../custody/read.ts";
import type { SiteSecrets } from "../../../custody/types.ts";
import { DockerEngine } from "../../../io/docker-engine.ts";
import { readInventory } from "../../../io/inventory.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import { deriveModel, parseInventory, renderProblems } from "../../../model/index.ts";
import type { Model, SiteModel } from "../../../model/types.ts";

export const REGION = "lab";
export const engine = DockerEngine.at();

export async function labModel(): Promise<Model> {
  const parsed = parseInventory(await readInventory(REPOSITORY, REGION));
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems, "en"));
  return deriveModel(parsed.inventory);
}

export function siteWith(model: Model, designation: SiteModel["designation"]): SiteModel {
  const site = model.sites.find((one) => one.designation === designation);
  if (!site) throw new Error(`no site is designated ${designation}`);
  return site;
}

export function secretsOf(site: string): Promise<SiteSecrets> {
  return loadSite(REGION, site, process.env);
}
