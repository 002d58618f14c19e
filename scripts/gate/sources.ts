import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { SourceFile } from "./imports.ts";

const SKIPPED = new Set(["node_modules", ".git", "dist"]);

/** Every TypeScript and JavaScript source of the checkout, in the order of their paths. */
export async function readSources(root: string): Promise<SourceFile[]> {
  const paths = await pathsBelow(root);
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(root, path).split(sep).join("/"),
      text: await readFile(path, "utf8"),
    })),
  );
}

async function pathsBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await pathsBelow(path)));
    else if (entry.isFile() && /\.(?:ts|mts|mjs|js)$/.test(entry.name)) found.push(path);
  }
  return found.sort();
}
