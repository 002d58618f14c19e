/** What a site's `ops` assesses the duties from: catalogue and inventory as they were read, and the documents' digests of today. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SiteInputs } from "../components/workloads.ts";
import { readCatalogueFiles, readDocumentDigests } from "../io/compliance-files.ts";
import { readInventory } from "../io/inventory.ts";
import { digestsOf, keptPath, readKept, writeKept } from "../io/kept.ts";
import { REPOSITORY } from "../io/repository.ts";

export type Material = NonNullable<SiteInputs["material"]>;
type Read = Omit<Material, "documents">;

/** What was found valid is not parsed again until it, or the code that checks it, changed. @throws Error with every problem. */
export async function loadMaterial(region: string): Promise<Material> {
  const read = await readMaterial(region);
  const files = read.inventory.documents.flatMap(({ file }) => file ?? []);
  return { ...read, documents: Object.fromEntries(await readDocumentDigests(REPOSITORY, region, files)) };
}

async function readMaterial(region: string): Promise<Read> {
  const [files, texts] = await Promise.all([readInventory(REPOSITORY, region), readCatalogueFiles(REPOSITORY)]);
  const path = keptPath("material", { region, files, texts, code: await judgingCode(REPOSITORY) });
  const kept = await readKept<Read>(path);
  if (kept !== undefined) return kept;
  const { parseInventory, renderProblems } = await import("../model/index.ts");
  const { parseCatalogue } = await import("../compliance/index.ts");
  const [inventory, catalogue] = [parseInventory(files, { folder: region }), parseCatalogue(texts)];
  if (!inventory.ok) throw new Error(`inventory ${region}:\n${renderProblems(inventory.problems, "en")}`);
  if (!catalogue.ok) throw new Error(`compliance:\n${renderProblems(catalogue.problems, "en")}`);
  const read: Read = { inventory: inventory.inventory, catalogue: catalogue.catalogue };
  await writeKept(path, read);
  return read;
}

/** What decides how duties are judged: the code of these folders and the packages that it uses. */
export async function judgingCode(root: string): Promise<Record<string, string>> {
  const folders = await Promise.all(
    ["model", "compliance", "evidence"].map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => `${folder}/${name}`),
    ),
  );
  const sources = folders.flat().filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  return digestsOf(root, ["package-lock.json", ...sources.sort()]);
}
