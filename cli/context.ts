import { LumbungError, wrongUse } from "../io/errors.ts";
import { readInventory } from "../io/inventory.ts";
import { REPOSITORY } from "../io/repository.ts";
import { deriveModel, type Inventory, parseInventory, renderProblems } from "../model/index.ts";
import type { Model } from "../model/types.ts";
import type { Options } from "./options.ts";
import { language } from "./output/language.ts";

/** The region that the command is about. @throws LumbungError (2) where none was given. */
export function regionOf(options: Options): string {
  if (options.region) return options.region;
  throw wrongUse(
    { id: "wilayah belum disebut", en: "no region was given" },
    { id: "tambahkan --region lab", en: "add --region lab" },
  );
}

/**
 * The model of the command's region.
 * @throws InventoryInvalid with every problem at once.
 */
export async function modelOf(options: Options): Promise<Model> {
  return deriveModel(await inventoryOf(options));
}

/** The inventory that the model follows from. @throws InventoryInvalid as `modelOf`. */
export async function inventoryOf(options: Options): Promise<Inventory> {
  const region = regionOf(options);
  const parsed = parseInventory(await readInventory(REPOSITORY, region), { folder: region });
  if (!parsed.ok)
    throw new InventoryInvalid(region, parsed.problems.length, renderProblems(parsed.problems, language()));
  return parsed.inventory;
}

/** An inventory with problems; the text lists each. Exit code 2. */
export class InventoryInvalid extends LumbungError {
  constructor(region: string, count: number, list: string) {
    super(2, {
      id: `inventaris ${region}: ${count} masalah\n${list}`,
      en: `inventory ${region}: ${count} problems\n${list}`,
    });
    this.name = "InventoryInvalid";
  }
}

/** The site that the command names with --site. @throws LumbungError (2) where it names none or one that is not declared. */
export function siteOption(options: Options, model: Model): Model["sites"][number] {
  const found = model.sites.find((site) => site.id === options.site);
  if (found) return found;
  const there = model.sites.map((site) => site.id).join(", ");
  throw wrongUse(
    { id: `situs "${options.site ?? ""}" tidak dinyatakan`, en: `site "${options.site ?? ""}" is not declared` },
    { id: `--site salah satu dari: ${there}`, en: `--site is one of: ${there}` },
  );
}

/** How many seconds a site may take until it is well: --within, else `usual`. @throws LumbungError (2) where it is no whole number. */
export function withinOption({ within }: Options, usual: number): number {
  if (within === undefined) return usual;
  if (/^[1-9]\d{0,4}$/.test(within)) return Number(within);
  throw wrongUse(
    {
      id: `--within: diharapkan detik, bilangan bulat, diterima "${within}"`,
      en: `--within: expected whole seconds, received "${within}"`,
    },
    { id: "misalnya --within 300", en: "for example --within 300" },
  );
}
