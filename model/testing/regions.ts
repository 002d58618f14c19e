/** For tests only: the inventories of the four regions. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Inventory, type InventoryFile, parseInventory } from "../index.ts";
import { valid } from "./lab.ts";

export const regionIds = ["empat-lawang", "lamandau", "langsa", "serdang-bedagai"] as const;

export type RegionId = (typeof regionIds)[number];

/** The YAML files of a region, in order of name. */
export function filesOf(region: string): InventoryFile[] {
  const folder = fileURLToPath(new URL(`../../inventory/${region}/`, import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => ({ name, text: readFileSync(`${folder}${name}`, "utf8") }));
}

const loaded = new Map<string, Inventory>();

/** A region's inventory, read once; an Error that names every problem. */
export function inventoryOf(region: string): Inventory {
  const found = loaded.get(region) ?? valid(parseInventory(filesOf(region), { folder: region }));
  loaded.set(region, found);
  return found;
}
