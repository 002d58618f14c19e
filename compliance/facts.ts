/** All that checks may look at, put in order once. Pure. */

import { zoneHours } from "../model/derive/retention.ts";
import type { Inventory } from "../model/index.ts";
import type { Model, OpdModel } from "../model/types.ts";
import type { JudgedDocument } from "./documents.ts";
import { type Seen, SeenIndex } from "./seen.ts";

export type InventoryApplication = Inventory["applications"][number];

export interface Facts {
  readonly model: Model;
  readonly inventory: Inventory;
  /** Digest of the model. */
  readonly digest: string;
  /** Exported state by stack; one that is missing was not exported. */
  readonly stacks: ReadonlyMap<string, unknown>;
  readonly seen: SeenIndex;
  readonly documents: readonly JudgedDocument[];
  readonly now: Date;
  /** Local date of the region. */
  readonly today: string;
  /** Agencies that have not been merged into another by today. */
  readonly opds: readonly OpdModel[];
  /** Applications that the region answers for: neither retired nor run by the central government. */
  readonly applications: readonly InventoryApplication[];
  /** Why there is no evidence at all, where the stores could not be read. */
  readonly unreachable: boolean;
}

export interface FactsInput {
  readonly model: Model;
  readonly inventory: Inventory;
  readonly digest: string;
  readonly stacks: ReadonlyMap<string, unknown>;
  readonly seen: readonly Seen[];
  readonly documents: readonly JudgedDocument[];
  readonly now: Date;
  readonly unreachable: boolean;
}

export function factsOf(input: FactsInput): Facts {
  const { model, inventory, now, seen } = input;
  const today = localDate(now, model.region.timezone);
  return {
    ...input,
    seen: new SeenIndex(seen),
    today,
    opds: model.opds.filter(({ mergedInto }) => mergedInto === undefined || mergedInto.on > today),
    applications: inventory.applications.filter(
      ({ status, hostedBy }) => status !== "retired" && hostedBy !== "central",
    ),
  };
}

/** `YYYY-MM-DD` in the region's time. */
export function localDate(moment: Date, zone: Model["region"]["timezone"]): string {
  return new Date(moment.getTime() + zoneHours[zone] * 3_600_000).toISOString().slice(0, 10);
}
