/** Which copy a restore takes: of the site's own repositories, or of a copy that was exported elsewhere. */
import { readFile } from "node:fs/promises";
import { wrongUse } from "../../io/errors.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { Copy, Imported } from "../../services/backup/wire.ts";
import { engineOf } from "../engine.ts";
import type { Options } from "../options.ts";
import { importPrefix } from "./import.ts";
import { openKeys } from "./keys.ts";
import { type ExportManifest, KEYS, readManifest } from "./manifest.ts";
import { roomsOf } from "./room.ts";

/** The newest copy, or the one that is named; of an exported copy with its keys. @throws LumbungError (2) where there is none. */
export async function chosen(
  options: Options,
  model: Model,
  site: SiteModel,
  target: string,
): Promise<{ copy: Copy; imported?: Imported }> {
  if (options.from === undefined) {
    const copies = await roomsOf(model.region.id, site, engineOf(site)).copies();
    return {
      copy: pick(
        copies.filter((one) => one.target === target),
        options.copy,
        target,
      ),
    };
  }
  const manifest = await readManifest(options.from);
  const identities = await Promise.all((options.identity ?? []).map((file) => readFile(file, "utf8")));
  const lines = identities.flatMap((text) => text.split("\n")).filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  const { passphrases } = await openKeys(await readFile(`${options.from}/${KEYS}`), lines, `${options.from}/${KEYS}`);
  const copies = copiesIn(manifest, target);
  return { copy: pick(copies, options.copy, target), imported: { prefix: importPrefix(manifest), passphrases } };
}

/** Copies of a target on a medium, each with what it rests on: an incremental one is nothing without. Pure. */
export function copiesIn({ copies }: Pick<ExportManifest, "copies">, target: string): Copy[] {
  return copies
    .filter((one) => one.target === target)
    .map(
      ({ id, at, class: name, type = "full", needs = [] }): Copy => ({
        ...{ id, target, at, type, bytes: 0, needs },
        ...(name === undefined ? {} : { class: name as NonNullable<Copy["class"]> }),
      }),
    );
}

/** Of PostgreSQL the repository that has every change since: from it any later moment can be reached. */
function pick(copies: readonly Copy[], wanted: string | undefined, target: string): Copy {
  const found =
    wanted === undefined
      ? (copies.filter((one) => one.class === undefined || one.class === "base").at(-1) ?? copies.at(-1))
      : copies.find(({ id }) => id === wanted);
  if (found) return found;
  const ids = copies.map(({ id, at }) => `${id} (${at})`).join(", ") || "–";
  throw wrongUse(
    { id: `${target}: tidak ada cadangan ${wanted ?? ""}`, en: `${target}: there is no backup ${wanted ?? ""}` },
    { id: `yang ada: ${ids}`, en: `there are: ${ids}` },
  );
}
