/** Files that duties are assessed from: the catalogue of the checkout, and the documents beside an inventory. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAbsence } from "./files.ts";
import { type InventoryFile, inventoryFolder } from "./inventory.ts";

/** As `parseCatalogue` takes them. */
export interface CatalogueTexts {
  readonly duties: readonly InventoryFile[];
  readonly profiles: readonly InventoryFile[];
}

/** The catalogue's files below a checkout's `compliance/`, in order of name. */
export async function readCatalogueFiles(root: string): Promise<CatalogueTexts> {
  const [duties, profiles] = await Promise.all([folder(root, "duties"), folder(root, "profiles")]);
  return { duties, profiles };
}

async function folder(root: string, name: "duties" | "profiles"): Promise<InventoryFile[]> {
  const path = join(root, "compliance", name);
  const files = (await readdir(path)).filter((file) => file.endsWith(".yaml")).sort();
  return Promise.all(
    files.map(async (file) => ({ name: `${name}/${file}`, text: await readFile(join(path, file), "utf8") })),
  );
}

/** Where a region's documents lie. */
export function documentsFolder(root: string, region: string): string {
  return join(inventoryFolder(root, region), "documents");
}

/** SHA-256 in hex of each document below a region's `documents/`, null for one that is not there. */
export async function readDocumentDigests(
  root: string,
  region: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const top = documentsFolder(root, region);
  const found = await Promise.all(files.map(async (file) => [file, await digestAt(join(top, file))] as const));
  return new Map(found);
}

async function digestAt(path: string): Promise<string | null> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}
