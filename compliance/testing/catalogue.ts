/** For tests only: the catalogue's files as they stand. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Catalogue, type CatalogueFile, type CatalogueFiles, parseCatalogue } from "../catalogue.ts";

function filesOf(folder: "duties" | "profiles"): CatalogueFile[] {
  const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  return readdirSync(path)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(`${path}${name}`, "utf8") }));
}

export const catalogueFiles: CatalogueFiles = { duties: filesOf("duties"), profiles: filesOf("profiles") };

/** The catalogue, or an Error that names every problem. */
export function catalogue(files: CatalogueFiles = catalogueFiles): Catalogue {
  const result = parseCatalogue(files);
  if (result.ok) return result.catalogue;
  throw new Error(
    result.problems
      .map(
        ({ file, line, path, message, expected, received }) =>
          `${file}:${line}: ${path}: ${message.en}; expected ${expected.en}, received ${received}`,
      )
      .join("\n"),
  );
}
