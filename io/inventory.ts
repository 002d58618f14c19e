import { chmod, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { wrongUse } from "./errors.ts";
import { writeAtomically } from "./files.ts";

/** A file of an inventory, as `parseInventory` takes it. */
export interface InventoryFile {
  readonly name: string;
  readonly text: string;
}

const MAX_BYTES = 10 * 1024 * 1024;

/** Of a region: below the repository's `inventory/`, or the folder that LUMBUNG_INVENTORY names. */
export function inventoryFolder(root: string, region: string): string {
  return join(process.env.LUMBUNG_INVENTORY ?? join(root, "inventory"), region);
}

/** Puts a file of a region's inventory in place, whole or not at all; readable as the one before, or else as git makes files. */
export async function writeInventoryFile(root: string, region: string, { name, text }: InventoryFile): Promise<void> {
  const path = join(inventoryFolder(root, region), name);
  const before = await stat(path).catch(() => undefined);
  await writeAtomically(path, text);
  await chmod(path, (before?.mode ?? 0o644) & 0o777);
}

/**
 * The YAML files of a region's inventory, in order of name.
 * @throws LumbungError (2) where the folder is not there or holds no YAML file, or a file is larger than 10 MiB.
 */
export async function readInventory(root: string, region: string): Promise<InventoryFile[]> {
  const folder = inventoryFolder(root, region);
  const all = dirname(folder);
  const names = (await namesIn(all, folder, region)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) {
    throw wrongUse({
      id: `inventaris ${region} tidak berisi berkas YAML`,
      en: `inventory ${region} holds no YAML file`,
    });
  }
  return Promise.all(names.map((name) => readOne(folder, name)));
}

async function namesIn(all: string, folder: string, region: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const there = (await readdir(all, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    throw wrongUse(
      { id: `wilayah "${region}" tidak ada di ${all}`, en: `there is no region "${region}" in ${all}` },
      { id: `yang ada: ${there.join(", ")}`, en: `there are: ${there.join(", ")}` },
      { cause },
    );
  }
}

async function readOne(folder: string, name: string): Promise<InventoryFile> {
  const path = join(folder, name);
  const { size } = await stat(path);
  if (size > MAX_BYTES) {
    throw wrongUse({
      id: `${name}: ${size} bita; paling banyak ${MAX_BYTES}`,
      en: `${name}: ${size} bytes; at most ${MAX_BYTES}`,
    });
  }
  return { name, text: await readFile(path, "utf8") };
}
