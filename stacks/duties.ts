/**
 * The refusal of what breaks a mandatory duty. It stands here because `pulumi up` can be typed without our command line (D13): a
 * preview tells, an update stops before the first resource.
 */
import type { Refusal } from "../compliance/designed.ts";
import { systemClock } from "../io/clock.ts";
import { readCatalogueFiles } from "../io/compliance-files.ts";
import { type LumbungError, refused } from "../io/errors.ts";
import { readInventory } from "../io/inventory.ts";
import { keptPath, readKept, writeKept } from "../io/kept.ts";
import { REPOSITORY } from "../io/repository.ts";
import type { Text } from "../model/types.ts";
import { judgingCode } from "./material.ts";

/**
 * Mandatory duties that the region's inventory does not meet by design and does not waive. What was judged is kept until the inventory,
 * the catalogue or the code changes: nothing of it depends on the day. @throws Error with every problem of an invalid inventory.
 */
export async function dutyRefusals(region: string): Promise<readonly Refusal[]> {
  const [files, catalogue] = await Promise.all([readInventory(REPOSITORY, region), readCatalogueFiles(REPOSITORY)]);
  const path = keptPath("duties", { region, files, catalogue, code: await judgingCode(REPOSITORY) });
  const kept = await readKept<readonly Refusal[]>(path);
  if (kept !== undefined) return kept;
  const { deriveModel, parseInventory, renderProblems } = await import("../model/index.ts");
  const { parseCatalogue, refusalsOf } = await import("../compliance/index.ts");
  const [inventory, duties] = [parseInventory(files, { folder: region }), parseCatalogue(catalogue)];
  if (!inventory.ok) throw new Error(`inventory ${region}:\n${renderProblems(inventory.problems, "en")}`);
  if (!duties.ok) throw new Error(`compliance:\n${renderProblems(duties.problems, "en")}`);
  const refusals = refusalsOf({
    catalogue: duties.catalogue,
    inventory: inventory.inventory,
    model: deriveModel(inventory.inventory),
    now: systemClock.now(),
  });
  await writeKept(path, refusals);
  return refusals;
}

/** Each duty with its articles and what is wrong, in both languages. */
export function refusalText(refusals: readonly Refusal[]): Text {
  const lines = (language: keyof Text): string =>
    refusals
      .map(({ duty, title, articles, reasons }) => {
        const list = (texts: readonly Text[]): string => texts.map((one) => one[language]).join("; ");
        return `${duty} (${list(articles)}): ${title[language]}\n  ${list(reasons)}`;
      })
      .join("\n");
  return {
    id: `${refusals.length} kewajiban wajib dilanggar oleh rancangan ini:\n${lines("id")}`,
    en: `${refusals.length} mandatory duties are broken by this design:\n${lines("en")}`,
  };
}

/** @throws LumbungError (4) where there is one and nobody is told instead. */
export async function guardDuties(region: string, tell?: (text: Text) => void): Promise<void> {
  const refusals = await dutyRefusals(region);
  if (refusals.length === 0) return;
  if (tell === undefined) throw refusalError(refusals);
  tell(refusalText(refusals));
}

export function refusalError(refusals: readonly Refusal[]): LumbungError {
  return refused(refusalText(refusals), {
    id: "perbaiki inventarisnya, atau catat pengecualian dengan alasan, penyetuju, dan akhirnya di waivers.yaml",
    en: "mend the inventory, or record a waiver with justification, approver and expiry in waivers.yaml",
  });
}
