import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { imageName } from "./images.ts";
import { REPOSITORY } from "./repository.ts";

/** What others are built on, what only tests run, and what is run for one document at a time. */
const NOT_RUN = new Set(["attacks", "base", "engines", "php", "report", "shared", "toolbox"]);

/** The folders below `images/` that workloads run. */
export async function imageFolders(root: string = REPOSITORY): Promise<string[]> {
  const entries = await readdir(join(root, "images"), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !NOT_RUN.has(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Full name of every image, by folder. Reads the folders; needs no engine. */
export async function imageNames(root: string = REPOSITORY): Promise<ReadonlyMap<string, string>> {
  const folders = await imageFolders(root);
  const names = await Promise.all(folders.map((folder) => imageName(folder, { root })));
  return new Map(folders.map((folder, index) => [folder, names[index] ?? folder]));
}
