/** Files made from the source: `npm run generate` writes them, the gate demands that they are current. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "./bootstrap/context.mjs";
import { codeOf } from "./bootstrap/errors.mjs";

/** One generated file. The source is loaded only when asked for, so that a broken one fails this step and no other. */
interface Generator {
  /** From the checkout. */
  readonly path: string;
  readonly content: () => Promise<string>;
}

const GENERATORS: readonly Generator[] = [
  {
    path: "inventory/schema.json",
    content: async () => {
      const { jsonSchema } = await import("../model/schema/json-schema.ts");
      return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
    },
  },
];

/** The paths of every generated file. */
export function generatedPaths(): string[] {
  return GENERATORS.map(({ path }) => path);
}

/** The generated files that are not what their source makes now. */
export async function staleFiles(root: string, generators: readonly Generator[] = GENERATORS): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, content } of generators) {
    if ((await textOf(join(root, path))) !== (await content())) stale.push(path);
  }
  return stale;
}

/** Writes what is stale. @returns the paths written. */
export async function generate(root: string, generators: readonly Generator[] = GENERATORS): Promise<string[]> {
  const stale = await staleFiles(root, generators);
  for (const { path, content } of generators.filter((one) => stale.includes(one.path))) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), await content());
  }
  return stale;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const written = await generate(ROOT);
  process.stdout.write(
    written.length ? `${written.join("\n")}\n` : `${generatedPaths().length} generated files are current\n`,
  );
}
