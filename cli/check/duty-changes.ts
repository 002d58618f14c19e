/** What a change of the inventory does to duties, beside what it does to resources. */
import { type DutyChange, designedDuties, dutyChanges } from "../../compliance/index.ts";
import { systemClock } from "../../io/clock.ts";
import { readDeployed } from "../../io/deployed-inventory.ts";
import { deriveModel, type Inventory, parseInventory } from "../../model/index.ts";
import type { Text } from "../../model/types.ts";
import { inventoryOf, regionOf } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { colour } from "../output/table.ts";
import { readCatalogue } from "./gather.ts";
import { STATE_MARKS } from "./marks.ts";

/** Against what was last brought out from here; where nothing was, only what is not met by design. */
export async function changesOf(options: Options): Promise<readonly DutyChange[]> {
  const [catalogue, files] = [await readCatalogue(), await readDeployed(regionOf(options))];
  const now = systemClock.now();
  const dutiesOf = (inventory: Inventory) =>
    designedDuties({ catalogue, inventory, model: deriveModel(inventory), now });
  const deployed = files === undefined ? undefined : parseInventory(files);
  const after = dutiesOf(await inventoryOf(options));
  if (deployed?.ok) return dutyChanges(dutiesOf(deployed.inventory), after);
  return dutyChanges([], after).filter(({ breaks }) => breaks);
}

/** One line for each, with the articles; empty where duties stay as they were. */
export function changesText(changes: readonly DutyChange[]): string {
  return changes.map((change) => `${lineOf(change)}\n`).join("");
}

function lineOf({ id, articles, before, after, breaks, practice, reasons, title }: DutyChange): string {
  const said: Text = practice
    ? { id: "melemahkan praktik baik", en: "weakens good practice" }
    : breaks
      ? { id: "perubahan ini melanggar", en: "this change breaks" }
      : { id: "perubahan ini mengubah", en: "this change alters" };
  const place = articles.length > 0 && !practice ? ` (${articles.map(say).join("; ")})` : "";
  const why = breaks && reasons.length > 0 ? `: ${reasons.map(say).join("; ")}` : `: ${say(title)}`;
  const line = `${STATE_MARKS[before] || "·"} → ${STATE_MARKS[after]} ${say(said)} ${id}${place}${why}`;
  return breaks ? colour(practice ? "yellow" : "red", line) : line;
}
