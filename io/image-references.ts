/** Images that are not built here: the ones that an inventory names by digest, in place of a folder's. */
import type { Text } from "../model/types.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { outOfReach, wrongUse } from "./errors.ts";

/**
 * Full name of every image: those of the folders, with what the inventory puts in their place.
 * @throws LumbungError (2) where it names a folder that does not exist.
 */
export function withReplacements(
  names: ReadonlyMap<string, string>,
  replacements: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const unknown = Object.keys(replacements).filter((folder) => !names.has(folder));
  if (unknown.length > 0) {
    const there = [...names.keys()].join(", ");
    throw wrongUse(
      {
        id: `region.images: tidak ada citra bernama ${unknown.join(", ")}`,
        en: `region.images: there is no image called ${unknown.join(", ")}`,
      },
      { id: `yang ada: ${there}`, en: `there are: ${there}` },
    );
  }
  return new Map([...names, ...Object.entries(replacements)]);
}

/**
 * Fetches what the engine lacks of these images. They are never built, and one that is known by its id alone cannot be fetched.
 * @throws LumbungError (3) with every image that cannot be had.
 */
export async function ensureReferences(
  references: readonly string[],
  engine: Pick<DockerEngine, "inspectImage" | "pullImage" | "describe">,
  signal: AbortSignal,
): Promise<void> {
  const failures: { readonly reference: string; readonly why: Text }[] = [];
  for (const reference of new Set(references)) {
    signal.throwIfAborted();
    if (await engine.inspectImage(reference)) continue;
    const at = reference.indexOf("@");
    if (at < 0) {
      failures.push({ reference, why: NO_NAME });
      continue;
    }
    try {
      await engine.pullImage(reference.slice(0, at), reference.slice(at + 1), { signal });
    } catch (error) {
      signal.throwIfAborted();
      const text = error instanceof Error ? error.message : String(error);
      failures.push({ reference, why: { id: text, en: text } });
    }
  }
  if (failures.length === 0) return;
  const list = (language: keyof Text) =>
    failures.map(({ reference, why }) => `\n  ${reference}: ${why[language]}`).join("");
  throw outOfReach(
    {
      id: `citra yang dinyatakan tidak ada di ${engine.describe()}:${list("id")}`,
      en: `declared images are not on ${engine.describe()}:${list("en")}`,
    },
    {
      id: "`docker load` dari berkas, ambil dari registri, atau hapus barisnya dari region.images",
      en: "`docker load` them from a file, make the registry reachable, or take the line out of region.images",
    },
  );
}

const NO_NAME: Text = {
  id: "hanya id: tidak dapat diambil dari mana pun",
  en: "an id alone: it cannot be fetched from anywhere",
};
